package refund

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/money"
)

// AskedOf is what open requests would give back of an account's advances.
func AskedOf(ctx context.Context, tx *db.Tx, building, account int64) (sum money.Amount, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce(CAST(sum(sum_kop) AS BIGINT), 0) FROM refund_request
		WHERE building_id = $1 AND account_id = $2 AND state IN ('asked', 'agreed', 'returning', 'failed')`, building, account).Scan(&sum)
	if err != nil {
		err = fmt.Errorf("requests about an account: %w", err)
	}
	return sum, err
}
