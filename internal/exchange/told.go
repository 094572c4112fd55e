package exchange

import (
	"context"
	"fmt"

	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/event"
)

// findKnown notes the suppliers who handed over accounts before this batch. Only they are told that an account was
// opened: the first register of a supplier is all of them, and is no news to him.
func (b *batch) findKnown(ctx context.Context) error {
	b.known = map[int64]bool{}
	err := b.m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Scan(ctx, "SELECT DISTINCT supplier_id FROM intake_file WHERE batch_id <> $1 AND purpose = 'charges' AND state = 'applied'", []any{b.id}, func(v []int64, _ []byte) error {
			b.known[v[0]] = true
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("find known suppliers: %w", err)
	}
	return nil
}

// tellNews writes what a chunk is told of, after everything else of it: accounts that were opened, and facts of charging that
// became others.
func (b *batch) tellNews(ctx context.Context, tx *db.Tx, c *chunk) error {
	var list []event.Event
	for i := range c.accounts.Accounts {
		if a := &c.accounts.Accounts[i]; b.known[a.SupplierID] {
			list = append(list, event.Event{BuildingID: a.BuildingID, AccountID: a.AccountID, At: a.OpenedAt, Body: event.AccountOpened{}})
		}
	}
	for _, f := range c.facts {
		if !f.news {
			continue
		}
		told, err := fact.Told(ctx, tx, f.Set, f.at, fact.ChangesOnly)
		if err != nil {
			return err
		}
		list = append(list, told...)
	}
	return event.Write(ctx, tx, list)
}

// tellMoved writes that an account lives in another house now.
func (v *move) tellMoved(ctx context.Context, tx *db.Tx) error {
	return event.Write(ctx, tx, []event.Event{{BuildingID: v.to, AccountID: v.account, At: v.recorded, FactID: v.id, Body: event.AccountMoved{House: v.to}}})
}
