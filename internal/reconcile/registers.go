package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"regexp"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// Line is an operation as a partner's register tells it.
type Line struct {
	Row       int
	Day       calendar.Date
	Operation string
	Reference string // another number of it: our order, the 32 signs of СБП
	Parent    string // of money given back: the payment it is of
	OrderKey  string // under which it is booked
	Supplier  string
	Number    string // of the account
	Currency  string
	Amount    money.Amount // negative: given back
	Fee       money.Amount
	key       string
}

// loading is one register on its way.
type loading struct {
	m       *Module
	f       *File
	id      int64
	partner string
	channel string
	book    bool
	day     calendar.Date // of rows that tell none
	seen    map[uint64]int
	feeTold bool
	out     Loaded
	lines   []Line
	from    calendar.Date
	to      calendar.Date
}

// registerChunk is how many lines one transaction takes.
const registerChunk = 300

// loadRegister reads a register twice: one that breaks off is refused before anything of it is taken.
func (m *Module) loadRegister(ctx context.Context, f *File, r *os.File) (Loaded, error) {
	rec := f.Profile.Reconcile
	if rec == nil {
		rec = &register.Reconcile{}
	}
	l := &loading{m: m, f: f, seen: map[uint64]int{}, out: Loaded{File: f.Name, Kind: kindRegister, Notes: []string{}}}
	l.channel = cmp.Or(f.Channel, rec.Channel, rec.Partner, register.ChannelOf(f.Name))
	l.partner = cmp.Or(rec.Partner, l.channel)
	l.book = !f.Booked && !rec.CompareOnly && !strings.HasPrefix(l.channel, agentPrefix)
	l.out.Partner = l.partner
	file := register.File{Name: f.Name, Data: r, Size: f.Size}
	sum, err := register.Read(ctx, file, *f.Profile, register.Options{}, func(*register.Row) error { return nil })
	if err != nil {
		return l.out, err
	}
	l.day = cmp.Or(dayOf(rec.Day, f.Name, sum.Heading), f.Day)
	known, err := l.open(ctx)
	if err != nil || known {
		return l.out, err
	}
	sum, err = register.Read(ctx, file, *f.Profile, register.Options{}, func(row *register.Row) error { return l.take(ctx, row, rec) })
	if err == nil {
		err = l.flush(ctx)
	}
	if err != nil {
		return l.out, err
	}
	return l.out, l.close(ctx, &sum, rec)
}

// agentPrefix begins the channels of agents: their operations are booked when they are told of, and only compared here.
const agentPrefix = "agent:"

// dayOf is the day that a heading line, or the file's name, tells of all rows.
func dayOf(pattern, name string, heading []string) calendar.Date {
	if pattern == "" {
		return 0
	}
	re := regexp.MustCompile(pattern) // checked with the profile
	for _, line := range append(slices.Clone(heading), name) {
		if found := re.FindStringSubmatch(line); found != nil {
			if d, err := calendar.ParseDate(found[1]); err == nil {
				return d
			}
		}
	}
	return 0
}

// open finds the register of the same bytes, or records that this one is being loaded.
func (l *loading) open(ctx context.Context) (known bool, err error) {
	id, err := l.m.DB.NextIDs(ctx, 1)
	if err != nil {
		return false, err
	}
	err = l.m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO reconcile_register (digest, partner, register_id, channel, file_id, name, day_from, day_to, order_no, order_day, lines, repeated, quarantined, gross_kop,
			fee_kop, fee_told, printed_kop, control, loaded_at, loaded_by) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, $7) ON CONFLICT (digest, partner) DO NOTHING`,
			l.f.Digest, l.partner, id, l.channel, l.f.FileID, l.f.Name, l.f.Actor)
		if err != nil {
			return err
		}
		x, err := findRegister(ctx, tx, l.f.Digest, l.partner)
		if known = x.LoadedAt != 0; known {
			x.loaded(&l.out)
		}
		l.id = x.ID
		return err
	})
	return known, err
}

// take files one row.
func (l *loading) take(ctx context.Context, r *register.Row, rec *register.Reconcile) error {
	if r.Quarantined() {
		l.out.Quarantined++
		return nil
	}
	if slices.Contains(rec.SkipType, r.Extra["type"]) {
		return nil
	}
	x := l.lineOf(r, rec)
	if x.Day == 0 {
		return fault.Newf(fault.Invalid, "register.no_day", "Строка %d: не видно, за какой день операция. Укажите в профиле колонку date или reconcile.day.", r.Pos).At(fault.Place{Pos: r.Pos, Unit: r.Unit})
	}
	l.feeTold = l.feeTold || r.Has&(register.HasCommission|register.HasNet) != 0
	if l.from == 0 || x.Day < l.from {
		l.from = x.Day
	}
	l.to = max(l.to, x.Day)
	l.out.Lines++
	l.out.Sum += x.Amount
	l.out.Fee += x.Fee
	l.identify(&x, r.Time)
	l.lines = append(l.lines, x)
	if len(l.lines) >= registerChunk {
		return l.flush(ctx)
	}
	return nil
}

// lineOf reads an operation of a row.
func (l *loading) lineOf(r *register.Row, rec *register.Reconcile) Line {
	x := Line{Row: r.Pos, Day: cmp.Or(r.Date, l.day), Operation: r.Operation, Reference: r.Extra["reference"], Parent: r.Extra["parent"], Supplier: cmp.Or(r.Supplier, l.f.Profile.Supplier),
		Number: r.Account, Currency: foreign(r.Extra["currency"]), Amount: r.Amount, Fee: feeOf(r)}
	if rec.Refunds || slices.Contains(rec.RefundType, r.Extra["type"]) {
		x.Amount, x.Fee = -r.Amount.Abs(), -x.Fee.Abs()
		if id := r.Extra["refund"]; id != "" {
			x.Parent, x.Operation = cmp.Or(x.Parent, x.Operation), id
		}
	}
	return x
}

// feeOf is what the partner keeps back of an operation: the difference of what was paid and what is passed on, else the
// fee and the tax on it.
func feeOf(r *register.Row) money.Amount {
	if r.Has&register.HasNet != 0 {
		return r.Amount - r.Net
	}
	vat, err := money.Parse(r.Extra["vat"])
	if err != nil {
		vat = 0 // a register without the column
	}
	return r.Commission + vat
}

// foreign is a currency that is not the rouble, else nothing.
func foreign(code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	if slices.Contains([]string{"", "RUB", "RUR", "643", "810", "РУБ", "РУБ.", "₽"}, code) {
		return ""
	}
	return code
}

// identify gives an operation the key it is known by in whatever registers it comes; the second of a file that is the same
// to a sign is another.
func (l *loading) identify(x *Line, at string) {
	line := payment.Line{Row: x.Row, Operation: x.Operation, SupplierCode: x.Supplier, Number: x.Number, Date: x.Day, Amount: x.Amount}
	if l.book || l.f.Booked {
		x.OrderKey = line.OrderKey(l.channel)
	}
	who := x.Operation
	if who == "" {
		who = at
	}
	x.key = fmt.Sprintf("%s|%s|%s|%s|%d", who, x.Reference, x.Supplier, x.Number, x.Amount)
	h := fnv.New64a()
	fmt.Fprintf(h, "%d|%s", x.Day, x.key)
	if l.seen[h.Sum64()]++; l.seen[h.Sum64()] > 1 {
		x.key += fmt.Sprintf("|%d", l.seen[h.Sum64()])
	}
}

// flush books the lines gathered, unless an intake did, and keeps them.
func (l *loading) flush(ctx context.Context) error {
	if len(l.lines) == 0 {
		return nil
	}
	if l.book {
		if err := l.bookLines(ctx); err != nil {
			return err
		}
	}
	err := l.m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return insertLines(ctx, tx, l.partner, l.id, l.lines) })
	l.lines = l.lines[:0]
	return err
}

func (l *loading) bookLines(ctx context.Context) error {
	list := make([]payment.Line, 0, len(l.lines))
	for i := range l.lines {
		x := &l.lines[i]
		if x.Currency != "" {
			continue
		}
		supplier, number, err := l.m.placed(ctx, x.Supplier, x.Number)
		if err != nil {
			return err
		}
		list = append(list, payment.Line{Row: x.Row, Operation: x.Operation, SupplierCode: supplier, Number: number, Date: x.Day, Amount: x.Amount, Commission: x.Fee, Key: x.OrderKey})
	}
	verdicts, err := l.m.Payments.TakeLines(ctx, payment.Source{FileID: l.id, Channel: l.channel}, list, nil)
	for _, v := range verdicts {
		switch v {
		case payment.Applied:
			l.out.Booked++
		case payment.Suspense:
			l.out.Suspense++
		}
	}
	return err
}

// placed finds whose account a number is when the register names no supplier: the only one that has it.
func (m *Module) placed(ctx context.Context, supplier, number string) (string, string, error) {
	if supplier != "" || number == "" {
		return supplier, number, nil
	}
	var found []holder
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = listHolders(ctx, tx, []string{number})
		return err
	})
	if err != nil || len(found) != 1 {
		return "", number, err
	}
	return found[0].supplier, found[0].number, nil
}

// close records what the register was.
func (l *loading) close(ctx context.Context, sum *register.Summary, rec *register.Reconcile) error {
	l.out.From, l.out.To = dayText(l.from), dayText(l.to)
	no, day := orderOf(sum.Trailer, rec)
	l.out.Order = no
	control, printed := 0, money.Amount(0)
	if c := sum.Control; c.Found {
		if control, printed = 1, c.File; !c.Equal {
			control = 2
			l.out.Notes = append(l.out.Notes, fmt.Sprintf("Итог файла %s, а по строкам %s. Разница записана.", c.File.FormatBare(), c.Read.FormatBare()))
		}
	}
	for _, n := range sum.Notes {
		l.out.Notes = append(l.out.Notes, n.Text)
	}
	return l.m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		var own int64
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM reconcile_line WHERE partner = $1 AND register_id = $2", l.partner, l.id).Scan(&own)
		if err != nil {
			return err
		}
		l.out.Repeated = l.out.Lines - int(own)
		_, err = tx.ExecContext(ctx, `UPDATE reconcile_register SET day_from = $3, day_to = $4, order_no = $5, order_day = $6, lines = $7, repeated = $8, quarantined = $9, gross_kop = $10, fee_kop = $11,
			fee_told = $12, printed_kop = $13, control = $14, loaded_at = $15 WHERE digest = $1 AND partner = $2`,
			l.f.Digest, l.partner, int64(l.from), int64(l.to), no, int64(day), l.out.Lines, l.out.Repeated, l.out.Quarantined, int64(l.out.Sum), int64(l.out.Fee), flag(l.feeTold), int64(printed), control, int64(l.m.Now()))
		return err
	})
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

func dayText(d calendar.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// orderOf is the payment order by which the money of a register comes: where the profile says, else the last two fields of
// the line of totals when they are a number and a date (formats.md 3.2.1).
func orderOf(trailer []string, rec *register.Reconcile) (no string, day calendar.Date) {
	at := func(index *int, usual int) string {
		if index != nil {
			usual = *index
		}
		if usual < 0 || usual >= len(trailer) {
			return ""
		}
		return trailer[usual]
	}
	day, err := calendar.ParseDate(at(rec.OrderDate, len(trailer)-1))
	no = strings.TrimLeft(at(rec.Order, len(trailer)-2), "0")
	if err != nil || no == "" {
		return "", 0
	}
	return no, day
}
