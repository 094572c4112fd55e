package queue

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/db"
)

// Silent is how many messages made longer ago than a time have no receipt yet: ГИС ЖКХ, or the way to it, does not answer.
func (m *Module) Silent(ctx context.Context, longer time.Duration) (n int64, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM gis_request WHERE state = 0 AND made_at < $1", int64(m.Now())-longer.Microseconds()).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("silent messages: %w", err)
	}
	return n, nil
}
