package restore

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Names of numbers that go on after a return.
const (
	NumberOrder = "payment_order" // of payment orders to the bank
	NumberClose = "day_close"     // of closed days
	NumberFile  = "courier_file"  // of files to suppliers; subject: supplier and exchange
	NumberShift = "cash_shift"    // of shifts; subject: the desk
	FeedHead    = "feed_head"     // how far a supplier's feed had come; subject: the supplier
)

// SetLeast notes from where a number goes on after a return.
func SetLeast(ctx context.Context, tx *db.Tx, r *Return, name, subject string, least int64) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO restore_number (return_id, name, subject, least) VALUES ($1, $2, $3, $4)", r.ID, name, subject, least)
	if err != nil {
		return fmt.Errorf("number %s %s: %w", name, subject, err)
	}
	return nil
}

// Least is the lowest number that may be given; 0 when the data were never returned.
func Least(ctx context.Context, tx *db.Tx, name, subject string) (least int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(least), 0) FROM restore_number WHERE name = $1 AND subject = $2", name, subject).Scan(&least)
	if err != nil {
		return 0, fmt.Errorf("number %s %s: %w", name, subject, err)
	}
	return least, nil
}
