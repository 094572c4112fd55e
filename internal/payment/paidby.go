package payment

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// PaidBy is what payers paid for accounts of a building by orders they began since a moment, as it was posted until another; what
// went back is not among it. Payers are named as orders name them.
func PaidBy(ctx context.Context, tx *db.Tx, building int64, accounts []int64, payers []string, since, until calendar.Micros) (map[string]money.Amount, error) {
	paid := map[string]money.Amount{}
	if len(accounts) == 0 || len(payers) == 0 {
		return paid, nil
	}
	args := []any{building, int64(since), int64(until)}
	of := db.In("p.account_id", accounts, &args)
	of += " AND " + db.In("o.actor", payers, &args)
	rows, err := tx.QueryContext(ctx, `SELECT o.actor, CAST(sum(p.amount_kop) AS BIGINT) FROM payment_part p JOIN payment_order o ON o.order_id = p.order_id
		WHERE p.building_id = $1 AND o.created_at >= $2 AND p.posted_at > 0 AND p.posted_at <= $3 AND p.kind <> 'forwarded' AND `+of+" GROUP BY o.actor", args...)
	if err != nil {
		return nil, fmt.Errorf("what payers paid: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var who string
		var sum int64
		if err := rows.Scan(&who, &sum); err != nil {
			return nil, err
		}
		paid[who] = money.Amount(sum)
	}
	return paid, rows.Err()
}
