package reconcile

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/exchange/statement"
)

// Classes of movements: where each belongs.
const (
	classCredit   = "credit"   // payments somebody took and passes on: compared with registers
	classResident = "resident" // one resident's payment, credited to an account or held as unidentified
	classOwn      = "own"      // between our own accounts
	classPayout   = "payout"   // money sent to a supplier
	classReturned = "returned" // money sent to a supplier that came back
	classDebit    = "debit"    // other money out: fees of the bank
)

// movement is a movement as kept.
type movement struct {
	statement.Movement
	ID       int64
	Key      string
	Class    string
	OrderKey string // of the payment made of it; of a payout, the payout's
}

// key is the identity of a movement (formats.md 3.7): numbers repeat every year and between banks. Bytes of the encoding,
// spaces and the order of files play no part.
func key(x *statement.Movement) string {
	side := "out"
	if x.Incoming {
		side = "in"
	}
	return strings.Join([]string{x.Account, side, x.Date.String(), strings.ToLower(x.Kind), x.Number, fmt.Sprint(int64(x.Sum)), x.Other().Account, strings.Join(strings.Fields(x.Purpose), " ")}, "|")
}

// stating is one statement on its way.
type stating struct {
	m    *Module
	f    *File
	id   int64
	seen map[string]int
	own  []string
	list []movement
	out  Loaded
}

func (m *Module) loadStatement(ctx context.Context, f *File, r *os.File) (Loaded, error) {
	return m.state(ctx, f, func(fn func(*statement.Movement) error) (statement.Summary, error) {
		return statement.Read(r, f.Size, fn)
	})
}

// loadRows takes a statement in a bank's own layout, by its profile: a row is a movement, money out is negative.
func (m *Module) loadRows(ctx context.Context, f *File, r *os.File) (Loaded, error) {
	return m.state(ctx, f, func(fn func(*statement.Movement) error) (sum statement.Summary, err error) {
		s, err := register.Read(ctx, register.File{Name: f.Name, Data: r, Size: f.Size}, *f.Profile, register.Options{}, func(row *register.Row) error {
			if row.Quarantined() || row.Amount == 0 {
				return nil
			}
			x := statement.Movement{Pos: row.Pos, Account: row.Extra["own_account"], Incoming: row.Amount > 0, Date: row.Date, Number: row.Number, Sum: row.Amount.Abs(), Purpose: row.Purpose}
			*x.Other() = statement.Party{Name: row.FIO, INN: row.Extra["inn"], Account: row.Extra["other_account"]}
			if sum.From == 0 || x.Date < sum.From {
				sum.From = x.Date
			}
			sum.To = max(sum.To, x.Date)
			return fn(&x)
		})
		for _, n := range s.Notes {
			sum.Notes = append(sum.Notes, statement.Note{Code: n.Code, Text: n.Text})
		}
		return sum, err
	})
}

// state keeps the movements of a statement, each once whatever statements it comes in, and books residents' payments.
func (m *Module) state(ctx context.Context, f *File, read func(func(*statement.Movement) error) (statement.Summary, error)) (Loaded, error) {
	s := &stating{m: m, f: f, seen: map[string]int{}, out: Loaded{File: f.Name, Kind: kindStatement, Notes: []string{}}}
	sum, err := read(func(x *statement.Movement) error {
		if x.Account != "" && !slices.Contains(s.own, x.Account) {
			s.own = append(s.own, x.Account)
		}
		y := movement{Movement: *x, Key: key(x)}
		if s.seen[y.Key]++; s.seen[y.Key] > 1 {
			y.Key += fmt.Sprintf("|%d", s.seen[y.Key])
		}
		s.list = append(s.list, y)
		return nil
	})
	if err != nil {
		return s.out, err
	}
	s.own = append(s.own, sum.Accounts...)
	for _, n := range sum.Notes {
		s.out.Notes = append(s.out.Notes, n.Text)
	}
	return s.out, s.keep(ctx, &sum)
}

// keep records the statement and its movements in one go: a statement is small beside registers.
func (s *stating) keep(ctx context.Context, sum *statement.Summary) error {
	id, err := s.m.DB.NextIDs(ctx, 1+len(s.list))
	if err != nil {
		return err
	}
	s.id = id
	for i := range s.list {
		x := &s.list[i]
		if x.Incoming {
			s.out.Sum += x.Sum
		}
	}
	s.out.Lines, s.out.From, s.out.To = len(s.list), dayText(sum.From), dayText(sum.To)
	err = s.m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		known, err := s.known(ctx, tx)
		if err != nil || known {
			return err
		}
		return s.insert(ctx, tx, sum)
	})
	if err != nil {
		return err
	}
	// Of a known one too: what loaded it may have died before it booked.
	if err := s.m.bookMovements(ctx); err != nil {
		return err
	}
	s.out.Booked, s.out.Suspense, err = s.m.BookResidents(ctx)
	return err
}

func (s *stating) known(ctx context.Context, tx *db.Tx) (bool, error) {
	var lines, repeated int
	err := tx.QueryRowContext(ctx, "SELECT movements, repeated FROM reconcile_statement WHERE digest = $1", s.f.Digest).Scan(&lines, &repeated)
	if none(err) {
		s.out.Known = false
		return false, nil
	}
	s.out.Known, s.out.Lines, s.out.Repeated = true, lines, repeated
	return true, err
}

func (s *stating) insert(ctx context.Context, tx *db.Tx, sum *statement.Summary) error {
	partners, err := listPartners(ctx, tx)
	if err != nil {
		return err
	}
	own, err := ownAccounts(ctx, tx, s.own)
	if err != nil {
		return err
	}
	s.out.Repeated = 0
	for i := range s.list {
		x := s.list[i]
		x.Class = classify(&x.Movement, partners, own)
		if x.Class == classPayout || x.Class == classReturned {
			if err := s.outgoing(ctx, tx, &x); err != nil {
				return err
			}
		}
		fresh, err := insertMovement(ctx, tx, &x, s.id+1+int64(i), s.id)
		if err != nil {
			return err
		}
		if !fresh {
			s.out.Repeated++
		}
	}
	if err := insertBalances(ctx, tx, s.id, sum.Balances); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO reconcile_statement (digest, statement_id, file_id, name, accounts, day_from, day_to, movements, repeated, notes, loaded_at, loaded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, s.f.Digest, s.id, s.f.FileID, s.f.Name, strings.Join(own, " "), int64(sum.From), int64(sum.To), len(s.list), s.out.Repeated,
		strings.Join(s.out.Notes, "\n"), int64(s.m.Now()), s.f.Actor)
	return err
}

// ownAccounts adds to accounts of ours those that earlier statements were of.
func ownAccounts(ctx context.Context, tx *db.Tx, own []string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, "SELECT accounts FROM reconcile_statement")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := slices.Clone(own)
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, strings.Fields(text)...)
	}
	slices.Sort(all)
	return slices.Compact(all), rows.Err()
}

// outgoing asks the keeper of payouts whose a movement is.
func (s *stating) outgoing(ctx context.Context, tx *db.Tx, x *movement) error {
	payout := ""
	if s.m.Outgoing != nil {
		other := x.Other()
		var err error
		payout, err = s.m.Outgoing(ctx, tx, Outgoing{Key: x.Key, Number: x.Number, Day: x.Date, DocDay: x.DocDate, Sum: x.Sum, Account: other.Account, INN: other.INN, Purpose: x.Purpose, Returned: x.Class == classReturned})
		if err != nil {
			return err
		}
	}
	x.OrderKey = payout
	switch {
	case payout == "" && x.Class == classReturned:
		p := ReadPurpose(x.Purpose, x.Code)
		x.Class = incoming(&x.Movement, &p)
	case payout == "" && !x.Incoming:
		x.Class = classDebit
	}
	return nil
}

// classify tells where a movement belongs from itself and what is known of partners and our accounts.
func classify(x *statement.Movement, partners []Partner, own []string) string {
	other := x.Other()
	if other.Account != "" && slices.Contains(own, other.Account) {
		return classOwn
	}
	p := ReadPurpose(x.Purpose, x.Code)
	if !x.Incoming {
		return classPayout // or nobody's, once the payouts are asked
	}
	switch {
	case partnerOf(x, &p, partners) != nil:
		return classCredit
	case p.Returned:
		return classReturned // or not, once the payouts are asked
	}
	return incoming(x, &p)
}

// incoming tells of money that came from no partner we know whether it is a resident's.
func incoming(x *statement.Movement, p *Purpose) string {
	other := x.Other()
	switch {
	case p.Summary && p.Register != "":
		return classCredit
	case natural(other.Account, other.INN):
		return classResident
	case p.Summary:
		return classCredit
	case len(p.Marked) > 0, other.Account+other.INN == "" && personName(other.Name):
		return classResident
	}
	return classCredit
}

// partnerOf tells which partner a credit is from: its tax number or account, its code among the words of the purpose, its
// name.
func partnerOf(x *statement.Movement, p *Purpose, partners []Partner) *Partner {
	other := x.Other()
	for i := range partners {
		if q := &partners[i]; q.INN != "" && q.INN == other.INN || q.Account != "" && q.Account == other.Account {
			return q
		}
	}
	if !p.Summary && natural(other.Account, other.INN) {
		return nil
	}
	words := strings.FieldsFunc(strings.ToLower(x.Purpose), func(r rune) bool { return strings.ContainsRune(" ,.;:()\"«»\t", r) })
	var found *Partner
	for i := range partners {
		q := &partners[i]
		named := q.Name != "" && (strings.Contains(fold(other.Name), fold(q.Name)) || strings.Contains(fold(x.Purpose), fold(q.Name)))
		if named || slices.Contains(words, strings.ToLower(q.Code)) {
			if found != nil && found != q {
				return nil // two are named: the sums decide
			}
			found = q
		}
	}
	return found
}

// fold makes names comparable: small letters, no quotes, single spaces.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\"«»“”'", r) {
			return -1
		}
		return r
	}, strings.ToLower(s))
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "ё", "е")), " ")
}

func insertMovement(ctx context.Context, tx *db.Tx, x *movement, id, statementID int64) (fresh bool, err error) {
	other := x.Other()
	res, err := tx.ExecContext(ctx, `INSERT INTO reconcile_movement (movement_key, movement_id, statement_id, row_no, account, incoming, day, kind, number, doc_day, sum_kop, other_name, other_inn, other_account,
		other_bic, code, purpose, class, order_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT (movement_key) DO NOTHING`,
		x.Key, id, statementID, int64(x.Pos), x.Account, flag(x.Incoming), int64(x.Date), x.Kind, x.Number, int64(x.DocDate), int64(x.Sum), other.Name, other.INN, other.Account, other.BIC, x.Code, x.Purpose,
		x.Class, x.OrderKey)
	if err != nil {
		return false, fmt.Errorf("keep movement: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

const movementColumns = "movement_id, movement_key, account, incoming, day, kind, number, doc_day, sum_kop, other_name, other_inn, other_account, other_bic, code, purpose, class, order_key"

func scanMovement(scan func(...any) error) (x movement, err error) {
	var incoming int
	var other statement.Party
	err = scan(&x.ID, &x.Key, &x.Account, &incoming, &x.Date, &x.Kind, &x.Number, &x.DocDate, &x.Sum, &other.Name, &other.INN, &other.Account, &other.BIC, &x.Code, &x.Purpose, &x.Class, &x.OrderKey)
	x.Incoming = incoming == 1
	*x.Other() = other
	return x, err
}

func listMovements(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []movement, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+movementColumns+" FROM reconcile_movement "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list movements: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		x, err := scanMovement(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// credits are what came from partners in a stretch of days.
func credits(ctx context.Context, tx *db.Tx, from, to calendar.Date) ([]movement, error) {
	return listMovements(ctx, tx, "WHERE class = 'credit' AND day BETWEEN $1 AND $2 ORDER BY day, movement_key", int64(from), int64(to))
}
