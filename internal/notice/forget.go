package notice

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Forget removes what a person was told and how he wanted to be told.
func Forget(ctx context.Context, tx *db.Tx, person int64) error {
	for _, table := range []string{"notice", "notice_order", "notice_person", "notice_off", "notice_browser"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE person_id = $1", person); err != nil {
			return fmt.Errorf("forget messages of a person: %w", err)
		}
	}
	return nil
}
