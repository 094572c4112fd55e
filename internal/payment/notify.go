package payment

import (
	"context"
	"errors"
	"strings"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// notificationMax bounds a notification's body.
const notificationMax = 1 << 20

// Notify takes a notification of the acquirer: its signature is checked over the raw bytes, the body is stored,
// and then the acquirer is asked: what the notification says is never believed. A wrong signature is
// Unauthenticated and not stored; an event met before changes nothing.
func (m *Module) Notify(ctx context.Context, body []byte, headers map[string]string) error {
	if len(body) > notificationMax {
		return fault.New(fault.Invalid, "notification.large", "Уведомление слишком большое.")
	}
	if m.gateway == nil {
		return errNoAcquirer
	}
	event, paymentID, err := m.gateway.Verify(body, headers, m.now().Time())
	if err != nil {
		return fault.New(fault.Unauthenticated, "notification.signature", "Подпись уведомления не сошлась.").Because(err)
	}
	fresh, err := m.storeEvent(ctx, event, paymentID, body)
	if err != nil || !fresh {
		return err
	}
	return m.act(ctx, event, paymentID)
}

// act asks the acquirer about the payment of a notification and keeps what became of it.
func (m *Module) act(ctx context.Context, event, paymentID string) error {
	state, note := m.applyEvent(ctx, paymentID)
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE gateway_event SET state = $2, note = $3 WHERE event_key = $1 AND state IN ('received', 'waiting')", event, state, note)
		return err
	})
}

// storeEvent keeps a notification; until something came of it its note is the acquirer's id of the payment.
func (m *Module) storeEvent(ctx context.Context, event, paymentID string, body []byte) (fresh bool, err error) {
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "INSERT INTO gateway_event (event_key, body, state, note, received_at) VALUES ($1, $2, 'received', $4, $3) ON CONFLICT (event_key) DO NOTHING",
			event, body, int64(m.now()), paymentID)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		fresh = n == 1
		return err
	})
	return fresh, err
}

func (m *Module) applyEvent(ctx context.Context, paymentID string) (state, note string) {
	remote, err := m.gateway.Find(ctx, paymentID)
	switch {
	case fault.Is(err, fault.NotFound):
		return "quarantined", "эквайер не знает такого платежа"
	case err != nil:
		return "waiting", paymentID
	}
	o, err := m.Find(ctx, remote.Key)
	if err != nil {
		return "quarantined", "платёж не наш"
	}
	_, err = m.advance(ctx, o.ID, remote)
	switch {
	case fault.CodeOf(err) == "payment.foreign":
		return "quarantined", "payment.foreign"
	case err != nil: // our own trouble, not the notification's
		m.log.Error("notification was not applied", "order", o.ID, "error", err)
		return "waiting", paymentID
	}
	return "applied", ""
}

// eventsMax bounds the notifications acted on in one round.
const eventsMax = 1000

// retryEvents acts on the notifications that a crash or a silent acquirer left without a result.
func (m *Module) retryEvents(ctx context.Context) error {
	if m.gateway == nil {
		return nil
	}
	var events [][2]string
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		events = nil
		rows, err := tx.QueryContext(ctx, "SELECT event_key, note FROM gateway_event WHERE state IN ('received', 'waiting') ORDER BY received_at LIMIT $1", int64(eventsMax))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e [2]string
			if err := rows.Scan(&e[0], &e[1]); err != nil {
				return err
			}
			events = append(events, e)
		}
		return rows.Err()
	})
	for _, e := range events {
		err = errors.Join(err, m.act(ctx, e[0], e[1]))
	}
	return err
}

// replaceID puts the order's public id into a return address.
func replaceID(url, id string) string { return strings.ReplaceAll(url, "{id}", id) }
