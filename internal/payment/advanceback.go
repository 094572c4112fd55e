package payment

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Returnable is what of a payment may go back to its payer.
type Returnable struct {
	All     money.Amount // of what was captured, less what went back already
	Advance money.Amount // of it: paid ahead and not used by any bill yet
}

// ReturnableOf tells what of an order may go back. Nothing, unless it is credited.
func (m *Module) ReturnableOf(ctx context.Context, publicID string) (r Returnable, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		r = Returnable{}
		o, err := findOrder(ctx, tx, "public_id", publicID)
		if err != nil || o.State != StateCredited || o.Sum <= 0 {
			return err
		}
		r.All = o.Sum - o.Refunded
		r.Advance, err = advanceLeft(ctx, tx, &o, 0)
		r.Advance = min(r.Advance, r.All)
		return err
	})
	return r, err
}

// advanceLeft is what is left of the money an order paid an account ahead, 0 all accounts; what is on its way back counts as gone.
func advanceLeft(ctx context.Context, tx *db.Tx, o *Order, account int64) (left money.Amount, err error) {
	type whose struct{ building, account int64 }
	paid := map[whose]money.Amount{}
	for i := range o.Parts {
		if p := &o.Parts[i]; p.Kind == PartAdvance && (account == 0 || p.AccountID == account) {
			paid[whose{p.BuildingID, p.AccountID}] += p.Amount
		}
	}
	for of, sum := range paid {
		var used money.Amount
		err := tx.QueryRowContext(ctx, "SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM payment_advance_use WHERE building_id = $1 AND account_id = $2 AND order_id = $3", of.building, of.account, o.ID).Scan(&used)
		if err != nil {
			return 0, fmt.Errorf("advance used: %w", err)
		}
		left += max(0, sum-used)
	}
	return left, nil
}

func mayReturnAdvance(ctx context.Context, tx *db.Tx, o *Order, account int64, sum money.Amount) error {
	left, err := advanceLeft(ctx, tx, o, account)
	if err == nil && sum > left {
		err = fault.Newf(fault.Conflict, "refund.advance_used", "Аванса от этого платежа осталось %s.", left.Format())
	}
	return err
}
