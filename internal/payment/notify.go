package payment

import (
	"context"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment/gateway"
)

// Bounds of notifications.
const (
	notificationMax = 1 << 20                                    // of a body, bytes
	floodFrom       = 8                                          // more than so many coming in at once are only stored: FinishOpen acts on them
	floodWait       = 60 * time.Second                           // the longest a round of FinishOpen lets those coming in go first
	eventLife       = calendar.Micros(3 * 24 * 3600 * 1_000_000) // how long the bank is asked to confirm what it notified of
	eventsMax       = 5000                                       // acted on at once, without looking which are new meanwhile
	eventRounds     = 40                                         // so often in one round of FinishOpen, while there are new ones
)

// States of a notification.
const (
	eventReceived    = "received"    // stored, not acted on yet
	eventWaiting     = "waiting"     // the bank did not answer, or does not confirm it yet
	eventApplied     = "applied"     // what the bank says is in our books
	eventQuarantined = "quarantined" // nothing of ours: for a person to look at
)

// Notify takes a notification of the acquirer of a name: its sender is checked over the raw bytes, the body is stored, and
// then the acquirer is asked: what the notification says is never believed. A forged one is Unauthenticated and not stored;
// one met before changes nothing. The answer is the body the acquirer waits for. Where many come at once they are stored first and
// acted on by FinishOpen: a bank waits for no more than that.
func (m *Module) Notify(ctx context.Context, name string, n gateway.Notification) (answer string, err error) {
	if len(n.Body) > notificationMax {
		return "", fault.New(fault.Invalid, "notification.large", "Уведомление слишком большое.")
	}
	a := m.acquirers.Named(name)
	if a == nil || name == "" {
		return "", errNoAcquirer
	}
	if n.At.IsZero() {
		n.At = m.now().Time()
	}
	note, err := a.Gateway.Verify(n)
	if err != nil {
		return "", fault.New(fault.Unauthenticated, "notification.signature", "Подпись уведомления не сошлась.").Because(err)
	}
	e := message{key: name + ":" + note.Event, gateway: name, payment: note.PaymentID, state: note.State, saved: note.Saved, at: m.now()}
	defer m.asking.come(e.key)()
	flood := m.asking.flood()
	act, err := m.storeEvent(ctx, &e, n)
	if err != nil || !act || flood {
		return a.Gateway.Acknowledgment(), err
	}
	return a.Gateway.Acknowledgment(), m.act(ctx, &e)
}

// message is a stored notification.
type message struct {
	key, gateway, payment string
	state                 string // which state of the payment it tells of
	saved                 *gateway.Saved
	at                    calendar.Micros
}

// storeEvent keeps a notification. act tells whether there is something to do: it is new, or nothing came of it so far.
func (m *Module) storeEvent(ctx context.Context, e *message, n gateway.Notification) (act bool, err error) {
	state, note := eventReceived, e.state
	if e.payment == "" {
		state, note = eventApplied, "не о платеже"
	}
	source := ""
	if n.From.IsValid() {
		source = n.From.String()
	}
	added, err := m.db.InsertNew(ctx, `INSERT INTO gateway_event (event_key, body, state, note, received_at, gateway, payment_ref, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (event_key) DO NOTHING`, e.key, n.Body, state, note, int64(e.at), e.gateway, e.payment, source)
	if err != nil || added {
		return e.payment != "", err
	}
	err = m.db.Ask(ctx, "SELECT state FROM gateway_event WHERE event_key = $1", []any{e.key}, func(scan func(...any) error) error { return scan(&state) })
	return state == eventWaiting, err
}

// act asks the acquirer about the payment of a notification and keeps what became of it. Until something came of it the
// note is the state it tells of.
func (m *Module) act(ctx context.Context, e *message) error {
	state, note := m.applyEvent(ctx, e)
	if state == eventWaiting {
		note = e.state
		if m.now()-e.at > eventLife {
			state, note = eventQuarantined, "банк не подтвердил"
		}
	}
	var b db.Batch
	b.Add("UPDATE gateway_event SET state = $2, note = $3 WHERE event_key = $1 AND state IN ('received', 'waiting')", e.key, state, note)
	return m.db.WriteBatch(ctx, &b)
}

func (m *Module) applyEvent(ctx context.Context, e *message) (state, note string) {
	a := m.acquirers.Named(e.gateway)
	if a == nil {
		return eventWaiting, ""
	}
	remote, err := a.Gateway.Find(ctx, e.payment)
	switch {
	case fault.Is(err, fault.NotFound):
		return eventQuarantined, "эквайер не знает такого платежа"
	case err != nil:
		return eventWaiting, ""
	}
	o, err := m.Find(ctx, remote.Key)
	if err != nil || o.Gateway != e.gateway && o.Gateway != "" {
		return eventQuarantined, "платёж не наш"
	}
	if e.saved != nil {
		remote.Saved = e.saved
	}
	o, err = m.advance(ctx, o, remote)
	switch {
	case fault.CodeOf(err) == "payment.foreign":
		m.log.Error("a notification is not about our payment", "order", o.ID, "event", e.key, "error", err)
		return eventQuarantined, "payment.foreign"
	case err != nil: // our own trouble, not the notification's
		m.log.Error("notification was not applied", "order", o.ID, "error", err)
		return eventWaiting, ""
	case ranksOf[e.state] > ranksOf[o.State]: // it runs before what the bank itself says, or it is forged
		return eventWaiting, ""
	}
	return eventApplied, ""
}

// retryEvents acts on the notifications that a crash, a burst or a silent acquirer left without a result, the new ones
// first, and all of the new ones.
func (m *Module) retryEvents(ctx context.Context, begun time.Time) error {
	if len(m.acquirers) == 0 {
		return nil
	}
	for range eventRounds {
		if more, err := m.retrySome(ctx, begun); !more || err != nil {
			return err
		}
	}
	return nil
}

// retrySome is a part of retryEvents; more tells that it was of new ones only, as many as are acted on at once.
func (m *Module) retrySome(ctx context.Context, begun time.Time) (more bool, err error) {
	var events []message
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		events = nil
		rows, err := tx.QueryContext(ctx, `SELECT event_key, gateway, payment_ref, note, received_at, state FROM gateway_event WHERE state IN ('received', 'waiting')
			ORDER BY state, received_at LIMIT $1`, int64(eventsMax))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e message
			var state string
			if err := rows.Scan(&e.key, &e.gateway, &e.payment, &e.state, &e.at, &state); err != nil {
				return err
			}
			more = state == eventReceived
			events = append(events, e)
		}
		return rows.Err()
	})
	if err != nil {
		return false, err
	}
	return more && len(events) == eventsMax, inParallel(len(events), m.acquirers.calls(), func(i int) error {
		m.asking.giveWay(ctx, begun)
		if !m.asking.due(events[i].key, events[i].at, m.now()) {
			return nil
		}
		return m.act(ctx, &events[i])
	})
}

// replaceID puts the order's public id into a return address.
func replaceID(url, id string) string { return strings.ReplaceAll(url, "{id}", id) }
