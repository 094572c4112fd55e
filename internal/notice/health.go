package notice

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Health is how a way to people did in a time: messages the other side took, and those it did not when it was asked – they wait
// to be handed over again, or were given up.
type Health struct {
	Channel     Channel
	Went, Stuck int
}

// Health tells how each way this installation has did since a moment.
func (m *Module) Health(ctx context.Context, since calendar.Micros) (list []Health, err error) {
	for _, c := range append(Channels(), Voice) {
		if m.Ways.of(c) != nil {
			list = append(list, Health{Channel: c})
		}
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		for i := range list {
			list[i].Went, list[i].Stuck = 0, 0
		}
		err := m.count(ctx, tx, list, func(h *Health) *int { return &h.Went }, "changed_at >= $1 AND state IN ('sent', 'delivered')", int64(since))
		if err != nil {
			return err
		}
		err = m.count(ctx, tx, list, func(h *Health) *int { return &h.Stuck }, "changed_at >= $1 AND state = 'failed' AND reason = $2", int64(since), BecauseTries)
		if err != nil {
			return err
		}
		return m.count(ctx, tx, list, func(h *Health) *int { return &h.Stuck }, "next_at > 0 AND state = 'waiting' AND tries > 0")
	})
	return list, err
}

// count adds how many messages of each way a condition holds for.
func (m *Module) count(ctx context.Context, tx *db.Tx, list []Health, to func(*Health) *int, where string, args ...any) error {
	rows, err := tx.QueryContext(ctx, "SELECT channel, count(*) FROM notice WHERE "+where+" GROUP BY channel", args...)
	if err != nil {
		return fmt.Errorf("how messages do: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Channel
		var n int
		if err := rows.Scan(&c, &n); err != nil {
			return err
		}
		for i := range list {
			if list[i].Channel == c {
				*to(&list[i]) += n
			}
		}
	}
	return rows.Err()
}
