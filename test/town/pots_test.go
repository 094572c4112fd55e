package town

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// Bounds of the book that clients share.
const (
	potsCount = 10      // pots, in pairs
	potSum    = 100_000 // what each begins with
)

func potName(pot int) string { return fmt.Sprintf("pot:%d", pot) }

// transfer moves money between two pots, of one house or of two, unless the giver and the pot it is paired with would be below
// nothing together: it reads three pots and writes two, as serializable as the product's own writes.
func (c *client) transfer(ctx context.Context, d *deed) error {
	id, err := c.app.DB.NextIDs(ctx, 2)
	if err != nil {
		return err
	}
	from, to := c.rng.IntN(potsCount), c.rng.IntN(potsCount-1)
	if to >= from {
		to++
	}
	sum := money.Amount(1 + c.rng.Int64N(potSum))
	d.Name = d.ID
	return c.app.DB.Write(ctx, func(tx *db.Tx) error {
		d.Saw = map[string][]string{}
		var held money.Amount
		for _, pot := range slices.Compact([]int{from, from ^ 1, to}) {
			sum, names, err := c.look(ctx, tx, pot)
			if err != nil {
				return err
			}
			if pot != from && pot != to {
				names = append(names, onlySeen)
			}
			if d.Saw[potName(pot)] = names; pot == from || pot == from^1 {
				held += sum
			}
		}
		if held < sum && to != from^1 {
			return fault.New(fault.Conflict, "town.poor", "Не хватает.")
		}
		if err := c.post(ctx, tx, d.ID, id, from, to, sum); err != nil {
			return err
		}
		c.journal.note(d)
		return nil
	})
}

// look gives what a pot holds and the transfers it was changed by.
func (c *client) look(ctx context.Context, tx *db.Tx, pot int) (sum money.Amount, names []string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT t.key, e.amount_kop FROM ledger_entry e JOIN ledger_transaction t ON t.building_id = e.building_id AND t.txn_id = e.txn_id
		WHERE e.building_id = $1 AND e.name = $2`, c.pots[pot], potName(pot))
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var amount money.Amount
		if err := rows.Scan(&key, &amount); err != nil {
			return 0, nil, err
		}
		sum, names = sum+amount, append(names, key)
	}
	return sum, names, rows.Err()
}

// post writes a transfer: one posting in a house, or one in each of two with a passage between.
func (c *client) post(ctx context.Context, tx *db.Tx, key string, id int64, from, to int, sum money.Amount) error {
	t := ledger.Transaction{ID: id, BuildingID: c.pots[from], Key: key, Kind: "test", EffectiveOn: calendar.NewDate(2026, 2, 1), RecordedAt: calendar.MicrosOf(time.Now())}
	out, in := ledger.Entry{Name: potName(from), Amount: -sum}, ledger.Entry{Name: potName(to), Amount: sum}
	if c.pots[from] == c.pots[to] {
		t.Entries = []ledger.Entry{out, in}
		_, err := ledger.Post(ctx, tx, &t)
		return err
	}
	there := t
	there.ID, there.BuildingID = id+1, c.pots[to]
	t.Entries = []ledger.Entry{out, {Name: ledger.Transfer(id), Amount: sum}}
	there.Entries = []ledger.Entry{{Name: ledger.Transfer(id), Amount: -sum}, in}
	_, err := ledger.Post(ctx, tx, &t)
	if err == nil {
		_, err = ledger.Post(ctx, tx, &there)
	}
	return err
}
