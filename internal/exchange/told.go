package exchange

import (
	"context"
	"fmt"

	"kvit/internal/account"
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

// tellOpened writes that accounts were opened, after everything else of the chunk.
func (b *batch) tellOpened(ctx context.Context, tx *db.Tx, opened []account.Account) error {
	var list []event.Event
	for i := range opened {
		if a := &opened[i]; b.known[a.SupplierID] {
			list = append(list, event.Event{BuildingID: a.BuildingID, AccountID: a.AccountID, At: a.OpenedAt, Body: event.AccountOpened{}})
		}
	}
	return event.Write(ctx, tx, list)
}

// tellMoved writes that an account lives in another house now.
func (v *move) tellMoved(ctx context.Context, tx *db.Tx) error {
	return event.Write(ctx, tx, []event.Event{{BuildingID: v.to, AccountID: v.account, At: v.recorded, FactID: v.id, Body: event.AccountMoved{House: v.to}}})
}
