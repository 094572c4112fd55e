package signin

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Forget removes how a person signed in: his keys, devices and the codes of «это не я».
func Forget(ctx context.Context, tx *db.Tx, person int64) error {
	for _, table := range []string{"passkey", "person_device", "person_alarm"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE person_id = $1", person); err != nil {
			return fmt.Errorf("forget how a person signs in: %w", err)
		}
	}
	return nil
}
