package settlement

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/payment"
)

// Lines gives the payments a payout is made of, one line an order and account; reversals and refunds are lines of their
// own below zero. They sum to what was collected less what went back. NotFound when the scope does not cover the payout.
func (m *Module) Lines(ctx context.Context, scope access.Scope, id int64) (p *Payout, list []payment.DayLine, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if p, err = findPayout(ctx, tx, scope, id); err != nil {
			return err
		}
		first, last, err := closesOf(ctx, tx, id)
		if err != nil || first == 0 {
			list = nil
			return err
		}
		list, err = linesOf(ctx, tx, p.SupplierID, first, last)
		return err
	})
	return p, list, err
}

// closesOf are the first and the last close of a payout; 0 when it only carries what was left before.
func closesOf(ctx context.Context, tx *db.Tx, payout int64) (first, last int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(min(close_no), 0), coalesce(max(close_no), 0) FROM settlement_due WHERE payout_id = $1", payout).Scan(&first, &last)
	if err != nil {
		return 0, 0, fmt.Errorf("closes of payout %d: %w", payout, err)
	}
	return first, last, nil
}

// linesOf reads the payments to a supplier that closes first … last counted.
func linesOf(ctx context.Context, tx *db.Tx, supplierID, first, last int64) ([]payment.DayLine, error) {
	var list []payment.DayLine
	orders := map[int64]bool{}
	err := ledger.EachCounted(ctx, tx, first, last, supplierID, func(c *ledger.Counted) error {
		list = append(list, linesIn(c)...)
		orders[c.OrderID] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	heads, err := payment.ListHeads(ctx, tx, slices.Collect(maps.Keys(orders)))
	for i := range list {
		o := heads[list[i].OrderID]
		list[i].Operation, list[i].Channel, list[i].At = o.PublicID, o.Channel, o.CreatedAt
	}
	slices.SortStableFunc(list, func(a, b payment.DayLine) int {
		return cmp.Or(cmp.Compare(a.PaidOn, b.PaidOn), cmp.Compare(a.At, b.At))
	})
	return list, err
}

// linesIn are the lines of a transaction: one an account.
func linesIn(c *ledger.Counted) (list []payment.DayLine) {
	for i := range c.Entries {
		e := &c.Entries[i]
		if e.SupplierID == 0 {
			continue
		}
		at := slices.IndexFunc(list, func(l payment.DayLine) bool { return l.AccountID == e.AccountID })
		if at < 0 {
			at = len(list)
			list = append(list, payment.DayLine{SupplierID: e.SupplierID, AccountID: e.AccountID, BuildingID: c.BuildingID, OrderID: c.OrderID, PaidOn: c.EffectiveOn})
		}
		list[at].Amount -= e.Amount
	}
	return list
}
