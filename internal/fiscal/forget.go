package fiscal

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Forget removes contacts from receipts: those that were printed have been sent, the others are printed without.
func Forget(ctx context.Context, tx *db.Tx, contacts []string) error {
	if len(contacts) == 0 {
		return nil
	}
	for _, query := range []string{"DELETE FROM fiscal_contact WHERE ", "UPDATE fiscal_receipt SET contact = '' WHERE "} {
		var args []any
		where := db.In("contact", contacts, &args)
		if _, err := tx.ExecContext(ctx, query+where, args...); err != nil {
			return fmt.Errorf("forget contacts of receipts: %w", err)
		}
	}
	return nil
}
