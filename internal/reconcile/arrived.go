package reconcile

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// Came is money that came to our bank account.
type Came struct {
	On     calendar.Date
	Number string // of the bank's document
	Sum    money.Amount
}

// Arrived gives the movements by which the money of a payment came: its own, or those that pay the payers' day of its channel.
func Arrived(ctx context.Context, tx *db.Tx, clientKey, channel string, day calendar.Date) (list []Came, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT day, number, sum_kop FROM reconcile_movement v WHERE incoming = 1 AND (order_key = $1
		OR EXISTS (SELECT 1 FROM reconcile_explained e WHERE e.movement_key = v.movement_key AND e.entries LIKE $2)) ORDER BY day, movement_key`, clientKey, `%"`+ledger.Clearing(channel, day)+`"%`)
	if err != nil {
		return nil, fmt.Errorf("arrival of %s: %w", clientKey, err)
	}
	defer rows.Close()
	for rows.Next() {
		var x Came
		if err := rows.Scan(&x.On, &x.Number, &x.Sum); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}
