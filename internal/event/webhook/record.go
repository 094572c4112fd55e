package webhook

import (
	"context"
	"net/http"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
)

// record writes what became of calls, all in one transaction, as long as the job still holds its claim: what another
// job has taken over is sent again.
func (m *Module) record(ctx context.Context, e *Endpoint, claim int64, tried []delivery) error {
	if len(tried) == 0 {
		return nil
	}
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		now := m.Now()
		held, err := holds(ctx, tx, now, e.ID, claim)
		if err != nil || !held {
			return err
		}
		good, given := 0, ""
		for i := range tried {
			d := &tried[i]
			if d.delivered() {
				good++
			}
			if reason := d.giveUp(); reason != "" {
				given = reason
			}
			if err := d.save(ctx, tx, e.ID, now); err != nil {
				return err
			}
		}
		if given != "" {
			if err := disable(ctx, tx, e.ID, given); err != nil {
				return err
			}
			return m.note(ctx, tx, access.Actor{Role: access.System}, "webhook.disabled", e.ID, map[string]string{"reason": given})
		}
		return mark(ctx, tx, e, good, len(tried), now)
	})
}

// mark notes since when an endpoint has been failing.
func mark(ctx context.Context, tx *db.Tx, e *Endpoint, good, all int, now calendar.Micros) error {
	since := e.FailingSince
	switch {
	case good == all:
		since = 0
	case since == 0:
		since = now
	}
	if since == e.FailingSince {
		return nil
	}
	_, err := tx.ExecContext(ctx, "UPDATE webhook_endpoint SET failing_since = $2 WHERE endpoint_id = $1", e.ID, int64(since))
	return err
}

// giveUp is why an endpoint is not called any more after an attempt, or nothing.
func (d *delivery) giveUp() string {
	switch {
	case d.status == http.StatusGone:
		return "Получатель ответил 410: больше не присылать."
	case !d.delivered() && d.attempts >= len(pauses):
		return "Событие не удалось доставить ни с одной из попыток за три дня."
	}
	return ""
}

// save writes an attempt of a delivery.
func (d *delivery) save(ctx context.Context, tx *db.Tx, endpoint int64, now calendar.Micros) error {
	state, next := "waiting", int64(0)
	switch {
	case d.delivered():
		state = "delivered"
	case d.attempts < len(pauses):
		next = int64(now) + int64(jitter(pauses[d.attempts])/time.Microsecond)
	}
	_, err := tx.ExecContext(ctx, "UPDATE webhook_delivery SET state = $3, attempts = attempts + 1, next_at = $4, tried_at = $5, status = $6, answer = $7 WHERE endpoint_id = $1 AND position = $2",
		endpoint, d.position, state, next, int64(now), d.status, d.answer)
	return err
}
