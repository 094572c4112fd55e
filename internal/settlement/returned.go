package settlement

import (
	"context"
	"database/sql"
	"errors"

	"kvit/internal/db"
	"kvit/internal/restore"
)

// Steps numbers take after a return: more than were given in any time that copies reach back to.
const (
	ordersSkipped = 10_000
	closesSkipped = 1_000
)

// Skip lets payment orders and closes go on above the numbers that may have been given in the time that is lost.
func Skip(ctx context.Context, tx *db.Tx, r *restore.Return) error {
	var last int64
	err := tx.QueryRowContext(ctx, "SELECT order_no FROM settlement_payout WHERE order_no > 0 ORDER BY order_on DESC, order_no DESC LIMIT 1").Scan(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := restore.SetLeast(ctx, tx, r, restore.NumberOrder, "", last+ordersSkipped); err != nil {
		return err
	}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(close_no), 0) FROM settlement_close").Scan(&last); err != nil {
		return err
	}
	return restore.SetLeast(ctx, tx, r, restore.NumberClose, "", last+closesSkipped)
}
