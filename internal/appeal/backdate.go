package appeal

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Backdate moves an open appeal back as if it had been sent so many days ago: a demo shows a term that has passed without waiting
// for it. Its steps and the log keep the moments they were made at.
func (m *Module) Backdate(ctx context.Context, number string, days int) error {
	back := int64(days) * 24 * 3600 * 1_000_000
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, reach{all: true}, number)
		if err != nil {
			return err
		}
		a.SentAt, a.AnswerBy, a.ChangedAt = a.SentAt-calendar.Micros(back), a.AnswerBy.AddDays(-days), m.Now()
		if err := updateAppeal(ctx, tx, &a); err != nil {
			return fmt.Errorf("move appeal %s back: %w", number, err)
		}
		return nil
	})
}
