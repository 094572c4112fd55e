package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/statement"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// bookedAtOnce is how many movements one transaction writes into the centre's book.
const bookedAtOnce = 300

// bookMovements writes the movements that do not stand in the centre's book yet into it, each once.
func (m *Module) bookMovements(ctx context.Context) error {
	for {
		var list []movement
		err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
			list, err = listMovements(ctx, tx, "WHERE booked = 0 ORDER BY day, movement_key LIMIT $1", bookedAtOnce)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		first, err := m.DB.NextIDs(ctx, len(list))
		if err != nil {
			return err
		}
		err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			for i := range list {
				if err := m.bookMovement(ctx, tx, &list[i], first+int64(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("book movements: %w", err)
		}
	}
}

func (m *Module) bookMovement(ctx context.Context, tx *db.Tx, x *movement, id int64) error {
	sum := x.Sum
	if !x.Incoming {
		sum = -sum
	}
	t := ledger.Transaction{ID: id, BuildingID: ledger.Centre, Key: movementKey(x.ID), Kind: "bank", EffectiveOn: x.Date, RecordedAt: m.Now(),
		Entries: []ledger.Entry{{Name: ledger.Bank, Amount: sum}, {Name: x.counterpart(), Amount: -sum}}}
	if _, err := ledger.Post(ctx, tx, &t); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE reconcile_movement SET booked = 1 WHERE movement_key = $1", x.Key)
	return err
}

// movementKey is the key of a movement's posting in the centre's book.
func movementKey(id int64) string { return fmt.Sprintf("bank:%d", id) }

// counterpart is what a movement is for, as far as it is known from itself: the rest passes through ledger.Transit until a
// comparison, or a payout, explains it.
func (x *movement) counterpart() string {
	switch x.Class {
	case classResident:
		return ledger.Clearing(ChannelBank, x.Date)
	case classOwn:
		return ledger.Own
	case classDebit:
		return ledger.OtherOut
	}
	return ledger.Transit
}

// meaning is what a credit is for: the accounts of the centre's book with sums that add up to zero.
type meaning map[string]money.Amount

// meaning of a transfer: the clearing of the days it pays, and what the partner kept back. Nothing while nobody knows.
func (t *transfer) meaning() meaning {
	mean := meaning{}
	for _, s := range t.shares {
		for channel, part := range s.day.parts(s.came+s.fee, t.partner.partner.channels()) {
			mean[ledger.Clearing(channel, s.day.Day)] -= part
		}
		mean[ledger.PartnerFee(s.day.Partner)] += s.fee
	}
	if len(t.shares) > 0 {
		mean[ledger.Transit] += t.Sum
	}
	maps.DeleteFunc(mean, func(_ string, a money.Amount) bool { return a == 0 })
	return mean
}

// parts shares what was taken on a day among the channels of its partner, by what came through each.
func (d *Day) parts(sum money.Amount, channels []string) map[string]money.Amount {
	codes := slices.Sorted(maps.Keys(d.channels))
	weights := make([]int64, len(codes))
	for i, code := range codes {
		if weights[i] = int64(d.channels[code]); weights[i] <= 0 {
			return map[string]money.Amount{channels[0]: sum}
		}
	}
	if len(codes) == 0 {
		return map[string]money.Amount{channels[0]: sum}
	}
	parts := map[string]money.Amount{}
	for i, part := range money.Split(sum, weights) {
		parts[codes[i]] = part
	}
	return parts
}

// explained is what a credit is for as it stands in the book.
type explained struct {
	version int
	mean    meaning
}

func findExplained(ctx context.Context, tx *db.Tx, key string) (e explained, err error) {
	var text string
	err = tx.QueryRowContext(ctx, "SELECT version, entries FROM reconcile_explained WHERE movement_key = $1", key).Scan(&e.version, &text)
	if none(err) {
		return explained{mean: meaning{}}, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &e.mean)
	}
	return e, err
}

// explain writes what the credits of a period are for into the centre's book: what stands there already is changed by the
// difference only. Days that the comparison did not look at keep what they have.
func (m *Module) explain(ctx context.Context, p Period, list []*transfer) error {
	list = slices.DeleteFunc(slices.Clone(list), func(t *transfer) bool { return !p.has(t.Date) })
	for part := range slices.Chunk(list, bookedAtOnce) {
		first, err := m.DB.NextIDs(ctx, len(part))
		if err != nil {
			return err
		}
		err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			for i, t := range part {
				if err := m.explainOne(ctx, tx, p, t, first+int64(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("explain credits: %w", err)
		}
	}
	return nil
}

func (m *Module) explainOne(ctx context.Context, tx *db.Tx, p Period, t *transfer, id int64) error {
	was, err := findExplained(ctx, tx, t.Key)
	if err != nil {
		return err
	}
	mean := t.meaning()
	entries := change(was.mean, mean)
	if len(entries) == 0 || len(mean) == 0 && was.mean.before(p.wide().From) {
		return nil
	}
	text, err := json.Marshal(mean)
	if err != nil {
		return err
	}
	post := ledger.Transaction{ID: id, BuildingID: ledger.Centre, Key: fmt.Sprintf("explain:%d:%d", t.ID, was.version+1), Kind: "explain", EffectiveOn: t.Date, RecordedAt: m.Now(), Entries: entries}
	if _, err := ledger.Post(ctx, tx, &post); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO reconcile_explained (movement_key, version, entries) VALUES ($1, $2, $3)
		ON CONFLICT (movement_key) DO UPDATE SET version = excluded.version, entries = excluded.entries`, t.Key, was.version+1, string(text))
	return err
}

// change are the entries that lead from one meaning to another, in order of names.
func change(from, to meaning) (list []ledger.Entry) {
	all := meaning{}
	for name, a := range to {
		all[name] += a
	}
	for name, a := range from {
		all[name] -= a
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name] != 0 {
			list = append(list, ledger.Entry{Name: name, Amount: all[name]})
		}
	}
	return list
}

// before tells whether a meaning is of days before one.
func (m meaning) before(day calendar.Date) bool {
	for name := range m {
		at := strings.LastIndexByte(name, ':')
		if d, err := calendar.ParseDate(name[at+1:]); err == nil && d < day {
			return true
		}
	}
	return false
}

func insertBalances(ctx context.Context, tx *db.Tx, statementID int64, list []statement.Balance) error {
	for i := range list {
		b := &list[i]
		if !b.HasEnds || b.Account == "" {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO reconcile_balance (account, day_from, day_to, statement_id, opening_kop, closing_kop) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (account, day_from, day_to, statement_id) DO NOTHING`, b.Account, int64(b.From), int64(b.To), statementID, int64(b.Opening), int64(b.Closing))
		if err != nil {
			return fmt.Errorf("keep balances: %w", err)
		}
	}
	return nil
}
