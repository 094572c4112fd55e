package access

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// ForgetSessions ends all sessions of a person.
func ForgetSessions(ctx context.Context, tx *db.Tx, person int64) error {
	for _, query := range []string{"DELETE FROM session WHERE user_id = $1 AND role = $2", "DELETE FROM demo_link WHERE person_id = $1 AND role = $2"} {
		if _, err := tx.ExecContext(ctx, query, person, string(Resident)); err != nil {
			return fmt.Errorf("forget sessions: %w", err)
		}
	}
	return nil
}
