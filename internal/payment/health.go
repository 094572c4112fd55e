package payment

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Health is how an acquirer took the online payments of the last hour.
type Health struct {
	Acquirer string
	Silent   int64 // orders it has not answered about in a minute
	Answered int64 // orders it has; counted only while some are silent
}

// Times of Health.
const (
	healthSpan  = calendar.Micros(time.Hour / time.Microsecond)
	silentAfter = calendar.Micros(time.Minute / time.Microsecond)
)

// ListHealth tells how each acquirer set up answers, the preferred first.
func (m *Module) ListHealth(ctx context.Context) ([]Health, error) {
	list := make([]Health, len(m.acquirers))
	now := m.now()
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		for i := range m.acquirers {
			h := Health{Acquirer: m.acquirers[i].Name}
			err := tx.QueryRowContext(ctx, "SELECT count(*) FROM payment_order WHERE state = 'created' AND channel = $1 AND gateway = $2 AND created_at > $3 AND created_at <= $4",
				ChannelOnline, h.Acquirer, int64(now-healthSpan), int64(now-silentAfter)).Scan(&h.Silent)
			if err == nil && h.Silent > 0 {
				err = tx.QueryRowContext(ctx, "SELECT count(*) FROM payment_order WHERE paid_on >= $1 AND state <> 'created' AND channel = $2 AND gateway = $3 AND created_at > $4",
					int64(m.today().AddDays(-1)), ChannelOnline, h.Acquirer, int64(now-healthSpan)).Scan(&h.Answered)
			}
			if err != nil {
				return err
			}
			list[i] = h
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("how acquirers answer: %w", err)
	}
	return list, nil
}
