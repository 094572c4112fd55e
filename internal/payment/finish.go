package payment

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Times of finishing what is open.
const (
	orderLife  = calendar.Micros(90 * 60 * 1_000_000)       // of an unpaid order before the acquirer is asked whether to give it up
	expiredFor = calendar.Micros(3 * 24 * 3600 * 1_000_000) // how long an order given up is asked about: money may come late
	askPause   = calendar.Micros(5 * 60 * 1_000_000)        // the longest pause between two questions about one order
	askShare   = 4                                          // the pause grows with the age of the order: age ÷ 4
	openMax    = 10_000                                     // orders looked at in one round
)

// asking remembers when each open order was asked about, so that old ones are not asked about all the time.
type asking struct {
	mu sync.Mutex
	at map[string]calendar.Micros
}

// due tells whether it is time to ask about an order again, and notes that it is being done.
func (a *asking) due(o *openOrder, now calendar.Micros) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	last, asked := a.at[o.id]
	if asked && o.state != StateCaptured && now-last < min((last-o.created)/askShare, askPause) {
		return false
	}
	if a.at == nil || len(a.at) > 2*openMax { // forgetting only means asking once more
		a.at = map[string]calendar.Micros{}
	}
	a.at[o.id] = now
	return true
}

type openOrder struct {
	id, state string
	created   calendar.Micros
}

// FinishOpen brings on everything a crash or a lost answer left open: created orders are looked up by our key,
// pending ones asked about, captured ones posted, old ones expired after asking and asked about for three days more;
// notifications nobody could act on are acted on; refunds the bank did not confirm are asked for again by their key.
// One that fails does not hold up the others.
func (m *Module) FinishOpen(ctx context.Context) (int, error) {
	list, err := m.listOpen(ctx)
	if err != nil {
		return 0, err
	}
	done := 0
	var failed []error
	for i := range list {
		if !m.asking.due(&list[i], m.now()) {
			continue
		}
		o, err := m.finish(ctx, &list[i])
		if err != nil {
			failed = append(failed, fmt.Errorf("order %s: %w", list[i].id, err))
		} else if Final(o.State) && o.State != list[i].state {
			done++
		}
	}
	return done, errors.Join(append(failed, m.retryEvents(ctx), m.finishRefunds(ctx))...)
}

func (m *Module) listOpen(ctx context.Context) (list []openOrder, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT public_id, state, created_at FROM payment_order WHERE state IN ('created', 'pending', 'captured')
			OR state = 'expired' AND changed_at > $1 ORDER BY order_id LIMIT $2`, int64(m.now()-expiredFor), int64(openMax))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var o openOrder
			if err := rows.Scan(&o.id, &o.state, &o.created); err != nil {
				return err
			}
			list = append(list, o)
		}
		return rows.Err()
	})
	return list, err
}

func (m *Module) finish(ctx context.Context, open *openOrder) (Order, error) {
	o, err := m.Confirm(ctx, open.id)
	if err != nil {
		return o, err
	}
	if !Final(o.State) && m.now()-open.created > orderLife && m.gateway != nil {
		err = m.expire(ctx, &o)
	}
	return o, err
}

// expire gives up an order that the acquirer does not say was paid.
func (m *Module) expire(ctx context.Context, o *Order) error {
	remote, err := m.ask(ctx, o)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil //nolint:nilerr // nothing is concluded from a lost answer
	}
	if err == nil && remote.State == StateCaptured {
		return nil
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		o.State = StateExpired
		_, err := tx.ExecContext(ctx, "UPDATE payment_order SET state = 'expired', changed_at = $2 WHERE client_key = $1 AND state IN ('created', 'pending')", o.Key, int64(m.now()))
		return err
	})
}
