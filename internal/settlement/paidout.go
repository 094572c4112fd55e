package settlement

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/payment"
)

// PaidOut tells whether any of an order's money has gone to its suppliers: a payout with it was given to the bank. What the
// bank gave back is with us again.
func PaidOut(ctx context.Context, tx *db.Tx, o *payment.Order) (bool, error) {
	buildings := map[int64]bool{}
	for i := range o.Parts {
		buildings[o.Parts[i].BuildingID] = true
	}
	list, err := ledger.ListCountedOf(ctx, tx, o.ID, slices.Sorted(maps.Keys(buildings)))
	if err != nil {
		return false, err
	}
	for i := range list {
		for k := range list[i].Entries {
			e := &list[i].Entries[k]
			if list[i].CloseNo == 0 || e.SupplierID == 0 {
				continue
			}
			if gone, err := duePaid(ctx, tx, e.SupplierID, list[i].CloseNo); err != nil || gone {
				return gone, err
			}
		}
	}
	return false, nil
}

// duePaid tells whether what a close owes a supplier has left: with its payout, or with a later one that carries what it left.
func duePaid(ctx context.Context, tx *db.Tx, supplierID, closeNo int64) (gone bool, err error) {
	var n int
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM settlement_due d JOIN settlement_payout p ON p.payout_id = d.payout_id WHERE d.supplier_id = $1 AND d.close_no = $2
		AND (p.state IN ('sent', 'confirmed') OR p.state = 'carried' AND EXISTS (SELECT 1 FROM settlement_payout l WHERE l.supplier_id = $1 AND l.payout_id > p.payout_id AND l.state IN ('sent', 'confirmed')))`,
		supplierID, closeNo).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("due of close %d: %w", closeNo, err)
	}
	return n > 0, nil
}
