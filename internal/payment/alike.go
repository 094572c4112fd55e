package payment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kvit/internal/calendar"
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
	of := db.In("p.account_id", accounts, &args)
	var id int64
	// Joined, not IN: with that SQLite walks all orders of the city by their state.
	err := tx.QueryRowContext(ctx, `SELECT o.order_id FROM payment_part p JOIN payment_order o ON o.order_id = p.order_id WHERE p.building_id = $1 AND `+of+` AND p.paid_on >= $2
		AND o.sum_kop = $3 AND o.refunded_kop < o.sum_kop AND o.state IN ('created', 'pending', 'authorised', 'captured', 'credited') ORDER BY o.created_at DESC LIMIT 1`, args...).Scan(&id)
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

// ListAlike gives pairs of credited payments of an equal sum for one account, not more than AlikeDays apart, the second of them
// made since a day; what went back in full is no payment. The latest first.
func ListAlike(ctx context.Context, tx *db.Tx, since calendar.Date, limit int) (pairs [][2]Order, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT a.order_id, b.order_id FROM payment_order b
		JOIN payment_part q ON q.order_id = b.order_id AND q.account_id <> 0
		JOIN payment_part p ON p.building_id = q.building_id AND p.account_id = q.account_id AND p.order_id < q.order_id AND p.paid_on >= $2
		JOIN payment_order a ON a.order_id = p.order_id AND a.sum_kop = b.sum_kop AND a.refunded_kop < a.sum_kop AND a.state = 'credited'
		WHERE b.paid_on >= $1 AND b.sum_kop > 0 AND b.refunded_kop < b.sum_kop AND b.state = 'credited' ORDER BY b.order_id DESC, a.order_id DESC LIMIT $3`,
		int64(since), int64(since.AddDays(-AlikeDays)), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("list equal payments: %w", err)
	}
	defer rows.Close()
	var ids [][2]int64
	for rows.Next() {
		var x [2]int64
		if err := rows.Scan(&x[0], &x[1]); err != nil {
			return nil, err
		}
		ids = append(ids, x)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, x := range ids {
		var pair [2]Order
		for i := range pair {
			if pair[i], err = findOrder(ctx, tx, "order_id", x[i]); err != nil {
				return nil, err
			}
		}
		if days := pair[1].PaidOn.Days(pair[0].PaidOn); max(days, -days) <= AlikeDays {
			pairs = append(pairs, pair)
		}
	}
	return pairs, nil
}
