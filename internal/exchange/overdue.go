package exchange

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Overdue is how long the oldest delivery that is due has waited for its turn; 0 when none waits.
func (m *Module) Overdue(ctx context.Context) (time.Duration, error) {
	var since calendar.Micros
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT coalesce(min(next_at), 0) FROM intake_delivery WHERE state = $1 AND next_at <= $2", StateQueued, int64(m.now())).Scan(&since)
	})
	if err != nil {
		return 0, fmt.Errorf("oldest delivery: %w", err)
	}
	if since == 0 {
		return 0, nil
	}
	return time.Duration(m.now()-since) * time.Microsecond, nil
}
