package town

import (
	"context"
	"fmt"
	"sync"
	"time"

	"kvit/internal/app"
	"kvit/internal/db"
	"kvit/internal/ledger"
)

// readBook reads the book again and again beside the clients, by two readers; stop waits for them.
func readBook(a *app.App, j *journal, life int) (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	for n := range 2 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				case <-time.After(20 * time.Millisecond):
				}
				j.note(readOnce(a, fmt.Sprintf("read-%d-%d-%d", life, n, i)))
			}
		})
	}
	return func() { close(done); wg.Wait() }
}

// readOnce reads the whole book in one snapshot.
func readOnce(a *app.App, id string) *deed {
	d, ctx := &deed{ID: id, Kind: "read", Began: clockNow()}, context.Background()
	r := &reading{}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT (SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM ledger_entry), (SELECT coalesce(CAST(sum(balance_kop) AS BIGINT), 0) FROM ledger_balance),
			(SELECT count(*) FROM (`+ledger.Checks[2].Query+`) u), (SELECT count(*) FROM (`+ledger.Checks[3].Query+`) h
				WHERE NOT EXISTS (SELECT 1 FROM account_move m WHERE m.finished_at = 0 AND h.name = 'transfer:' || m.move_id)),
			(SELECT coalesce(CAST(sum(balance_kop) AS BIGINT), 0) FROM ledger_balance WHERE name LIKE 'clearing:%' AND building_id <> 0) - (SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM payment_part WHERE posted_at > 0),
			(SELECT coalesce(CAST(sum(balance_kop) AS BIGINT), 0) FROM ledger_balance WHERE name LIKE 'pot:%'),
			(SELECT min(pair) FROM (SELECT CAST(sum(balance_kop) AS BIGINT) AS pair FROM ledger_balance WHERE name LIKE 'pot:%' GROUP BY CAST(substr(name, 5) AS BIGINT) / 2) p)`).
			Scan(&r.Entries, &r.Balances, &r.Uneven, &r.Halves, &r.Lost, &r.Pots, &r.Lowest)
		if err != nil {
			return err
		}
		r.Names, err = names(ctx, tx)
		return err
	})
	d.Ended, d.Done, d.Reading = clockNow(), true, r
	if err != nil {
		d.Trouble, d.Reading = err.Error(), nil
	}
	return d
}

// names are all that deeds leave in a book.
func names(ctx context.Context, tx *db.Tx) (list []string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT key FROM ledger_transaction UNION ALL SELECT client_key FROM payment_order UNION ALL SELECT 'suspense:' || order_id FROM payment_suspense WHERE assigned_at > 0
		UNION ALL SELECT 'back:' || o.client_key FROM payment_order o JOIN payment_refund r ON r.order_id = o.order_id WHERE r.state = 'posted'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, rows.Err()
}
