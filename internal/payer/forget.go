package payer

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Forget removes the names somebody, by his name in the log, gave to homes he pays for.
func Forget(ctx context.Context, tx *db.Tx, actor string) error {
	if _, err := tx.ExecContext(ctx, "UPDATE payer_home SET title = '' WHERE actor = $1", actor); err != nil {
		return fmt.Errorf("forget names of homes: %w", err)
	}
	return nil
}
