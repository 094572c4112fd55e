package refund

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Forget removes what somebody, by his name in the log, wrote in his requests.
func Forget(ctx context.Context, tx *db.Tx, actor string) error {
	if _, err := tx.ExecContext(ctx, "UPDATE refund_request SET comment = '' WHERE actor = $1", actor); err != nil {
		return fmt.Errorf("forget requests of refunds: %w", err)
	}
	return nil
}
