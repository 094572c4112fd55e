package webhook

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/restore"
)

// Bounds of one job: it works on one endpoint, takes so many messages at a time, makes so many calls at once, and ends
// after so long, for others to have their turn. A claim that its job did not renew is taken over.
const (
	batchMax  = 200
	callsMax  = 8
	fillMax   = 500
	runTime   = 10 * time.Second
	claimTime = 40 * time.Second // longer than a run and the last calls begun in it
	shownMax  = 2000             // of an answer is kept
)

// pauses are those before each further attempt (Standard Webhooks 1.0); after the last the endpoint is disabled.
var pauses = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

// jitter makes a pause up to a tenth longer or shorter, so that many do not come back at once.
func jitter(d time.Duration) time.Duration { return d*9/10 + rand.N(d/5+1) }

// Dispatch finds endpoints that have something to be called with and nobody who does it, claims each and hands it to
// enqueue, in one transaction with the claim.
func (m *Module) Dispatch(ctx context.Context, enqueue func(ctx context.Context, tx *db.Tx, endpoint, claim int64) error) error {
	if held, err := restore.HeldNow(ctx, m.DB, restore.StepWebhooks); err != nil || held {
		return err
	}
	now := int64(m.Now())
	var idle []int64
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		idle = nil
		return tx.Scan(ctx, `SELECT e.endpoint_id FROM webhook_endpoint e LEFT JOIN event_feed_head h ON h.supplier_id = e.supplier_id
			WHERE e.state = 'active' AND e.claimed_until < $1 AND (h.position > e.position OR EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.endpoint_id = e.endpoint_id AND `+ready+`))`,
			[]any{now}, func(v []int64, _ []byte) error {
				idle = append(idle, v[0])
				return nil
			})
	})
	for i := 0; i < len(idle) && err == nil; i++ {
		err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			res, err := tx.ExecContext(ctx, "UPDATE webhook_endpoint SET claim = $2, claimed_until = $3 WHERE endpoint_id = $1 AND claimed_until < $2 AND state = 'active'",
				idle[i], now, now+int64(claimTime/time.Microsecond))
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return err // another server was quicker
			}
			return enqueue(ctx, tx, idle[i], now)
		})
	}
	return err
}

// ready is the condition of a delivery d that may be sent at $1: no message of its account before it, nor itself, waits
// for a later attempt.
const ready = `d.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM webhook_delivery b WHERE b.endpoint_id = d.endpoint_id AND b.account_id = d.account_id
	AND b.state = 'waiting' AND b.position <= d.position AND b.next_at > $1)`

// Run calls one endpoint with what is ready until there is nothing more or its time is over. A job whose claim was
// taken over does nothing.
func (m *Module) Run(ctx context.Context, id, claim int64) error {
	if held, err := restore.HeldNow(ctx, m.DB, restore.StepWebhooks); err != nil || held {
		return err
	}
	for end := time.Now().Add(runTime); time.Now().Before(end) && ctx.Err() == nil; {
		e, held, err := m.renew(ctx, id, claim)
		if err != nil || !held {
			return err
		}
		batch, err := m.next(ctx, &e, claim)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			break
		}
		if err := m.record(ctx, &e, claim, m.send(ctx, &e, batch, end)); err != nil {
			return err
		}
	}
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE webhook_endpoint SET claimed_until = 0 WHERE endpoint_id = $1 AND claim = $2", id, claim)
		return err
	})
}

// renew keeps the claim and reads the endpoint with its secrets.
func (m *Module) renew(ctx context.Context, id, claim int64) (e Endpoint, held bool, err error) {
	var secret, old []byte
	var oldUntil calendar.Micros
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		if held, err = holds(ctx, tx, m.Now(), id, claim); err != nil || !held {
			return err
		}
		if e, err = scanEndpoint(tx.QueryRowContext(ctx, "SELECT "+endpointColumns+" FROM webhook_endpoint WHERE endpoint_id = $1", id).Scan); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT secret, old_secret, old_until FROM webhook_endpoint WHERE endpoint_id = $1", id).Scan(&secret, &old, &oldUntil)
	})
	if err != nil || !held {
		return e, false, err
	}
	sealed := [][]byte{secret}
	if oldUntil > m.Now() {
		sealed = append(sealed, old)
	}
	for _, s := range sealed {
		key, err := m.Access.Unseal(label(id), s)
		if err != nil {
			return e, false, fmt.Errorf("secret of webhook %d: %w", id, err)
		}
		e.secrets = append(e.secrets, key)
	}
	return e, true, nil
}

// holds renews the claim of a job; false when it is another's, or the endpoint was disabled.
func holds(ctx context.Context, tx *db.Tx, now calendar.Micros, id, claim int64) (bool, error) {
	res, err := tx.ExecContext(ctx, "UPDATE webhook_endpoint SET claimed_until = $3 WHERE endpoint_id = $1 AND claim = $2 AND state = 'active'", id, claim, int64(now)+int64(claimTime/time.Microsecond))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// delivery is a message on its way.
type delivery struct {
	position int64
	account  int64
	attempts int
	message  feed.Message
	status   int
	answer   string
	tried    bool
}

func (d *delivery) delivered() bool { return d.status >= 200 && d.status < 300 }

// next gives the messages that are ready, after taking more from the feed when they are few.
func (m *Module) next(ctx context.Context, e *Endpoint, claim int64) (batch []delivery, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		batch, err = m.listReady(ctx, tx, e)
		return err
	})
	if err != nil || len(batch) >= batchMax {
		return batch, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		held, err := holds(ctx, tx, m.Now(), e.ID, claim)
		if err != nil || !held {
			return err
		}
		if err := fill(ctx, tx, e); err != nil {
			return err
		}
		batch, err = m.listReady(ctx, tx, e)
		return err
	})
	return batch, err
}

// fill gives the next messages of the feed their deliveries, until there is one for this endpoint or no more.
func fill(ctx context.Context, tx *db.Tx, e *Endpoint) error {
	for taken, more := 0, true; more && taken == 0; {
		page, err := feed.Page(ctx, tx, e.supplier, e.position, fillMax)
		if err != nil {
			return err
		}
		more = len(page) == fillMax
		var rows []feed.Message
		for i := range page {
			e.position = page[i].Position
			if e.wants(page[i].Kind) {
				rows = append(rows, page[i])
			}
		}
		taken = len(rows)
		if err := insertDeliveries(ctx, tx, e.ID, rows); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "UPDATE webhook_endpoint SET position = $2 WHERE endpoint_id = $1 AND position < $2", e.ID, e.position)
	return err
}

// wants tells whether the endpoint is told of a kind.
func (e *Endpoint) wants(k event.Kind) bool { return len(e.Kinds) == 0 || slices.Contains(e.Kinds, k) }

func insertDeliveries(ctx context.Context, tx *db.Tx, endpoint int64, rows []feed.Message) error {
	columns := []string{"endpoint_id", "position", "account_id", "state", "attempts", "next_at", "tried_at", "status", "answer"}
	_, err := tx.Copy(ctx, "webhook_delivery", columns, db.Rows(rows, len(columns), func(f *feed.Message, row []any) {
		row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8] = endpoint, f.Position, f.AccountID, "waiting", int64(0), int64(0), int64(0), int64(0), ""
	}))
	return err
}

func (m *Module) listReady(ctx context.Context, tx *db.Tx, e *Endpoint) (list []delivery, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT d.position, d.account_id, d.attempts FROM webhook_delivery d WHERE d.endpoint_id = $2 AND "+ready+" ORDER BY d.position LIMIT $3", int64(m.Now()), e.ID, batchMax)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var positions []int64
	for rows.Next() {
		var d delivery
		if err := rows.Scan(&d.position, &d.account, &d.attempts); err != nil {
			return nil, err
		}
		list, positions = append(list, d), append(positions, d.position)
	}
	if err := rows.Err(); err != nil || len(list) == 0 {
		return nil, err
	}
	messages, err := feed.ListAt(ctx, tx, e.supplier, positions)
	if err != nil || len(messages) != len(list) {
		return nil, fmt.Errorf("messages of webhook %d: %d of %d: %w", e.ID, len(messages), len(list), err)
	}
	for i := range list {
		list[i].message = messages[i]
	}
	return list, nil
}
