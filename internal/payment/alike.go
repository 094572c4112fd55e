package payment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// AlikeDays is how long an equal payment of the same household is taken for the same one made twice (ux.md 10).
const AlikeDays = 3

// FindAlike gives the latest payment of an equal sum for some of the accounts, made within three days or still at the
// bank; what went back in full is left out. nil when there is none.
func (m *Module) FindAlike(ctx context.Context, tx *db.Tx, building int64, accounts []int64, sum money.Amount) (*Order, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	args := []any{building, int64(m.today().AddDays(-AlikeDays)), int64(sum)}
	of := db.In("account_id", accounts, &args)
	var id int64
	err := tx.QueryRowContext(ctx, `SELECT order_id FROM payment_order WHERE order_id IN (SELECT order_id FROM payment_part WHERE building_id = $1 AND `+of+` AND paid_on >= $2)
		AND sum_kop = $3 AND refunded_kop < sum_kop AND state IN ('created', 'pending', 'authorised', 'captured', 'credited') ORDER BY created_at DESC LIMIT 1`, args...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find an equal payment: %w", err)
	}
	o, err := findOrder(ctx, tx, "order_id", id)
	return &o, err
}

// Alike is the question whether to pay again; the answer is another call that confirms it.
func Alike(o *Order) error {
	return fault.Newf(fault.Conflict, "payment.alike", "Такой же платёж по этому счёту уже был: %s, %s, № %s. Если платите ещё раз, подтвердите это.", o.Sum.Format(), o.PaidOn.Dotted(), o.PublicID).WithField("again")
}
