package payment

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Times of finishing what is open.
const (
	orderLife    = calendar.Micros(90 * 60 * 1_000_000)       // of an unpaid order before the acquirer is asked whether to give it up
	expiredFor   = calendar.Micros(3 * 24 * 3600 * 1_000_000) // how long an order given up is asked about: money may come late
	askPause     = calendar.Micros(5 * 60 * 1_000_000)        // the longest pause between two questions about one order
	askShare     = 4                                          // the pause grows with the age of the order: age ÷ 4
	openMax      = 10_000                                     // orders looked at in one round
	askersMax    = 8                                          // who ask at once
	answerLife   = calendar.Micros(15 * 60 * 1_000_000)       // banks answer within it
	registerLife = calendar.Micros(24 * 3600 * 1_000_000)     // the bank's register of the day comes within it
)

// asking remembers when each open order and notification was asked about, so that old ones are not asked about all the
// time.
type asking struct {
	mu     sync.Mutex
	at     map[string]calendar.Micros
	taking map[string]int // notifications that are coming in; those of one event are one
}

// come notes that a notification of an event comes in, until the gone that it gives.
func (a *asking) come(event string) (gone func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.taking[event]++
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.taking[event]--; a.taking[event] == 0 {
			delete(a.taking, event)
		}
	}
}

// flood tells whether so many come in at once that they are only stored.
func (a *asking) flood() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.taking) > floodFrom
}

// giveWay lets notifications that are coming in, many at once, be stored first; a round that began long ago waits no more.
func (a *asking) giveWay(ctx context.Context, begun time.Time) {
	for a.flood() && time.Since(begun) < floodWait {
		select {
		case <-ctx.Done():
			return
		case <-time.After(floodLook):
		}
	}
}

// floodLook is how often it is looked whether the flood is over.
const floodLook = 20 * time.Millisecond

// due tells whether it is time to ask again about something that began at a moment, and notes that it is being done.
func (a *asking) due(name string, began, now calendar.Micros) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	last, asked := a.at[name]
	if asked && now-last < min((last-began)/askShare, askPause) {
		return false
	}
	if a.at == nil || len(a.at) > 2*(openMax+eventsMax) { // forgetting only means asking once more
		a.at = map[string]calendar.Micros{}
	}
	a.at[name] = now
	return true
}

// inParallel calls do for 0 … n−1, so many at once, and gives all errors: one that fails does not hold up the others.
func inParallel(n, atOnce int, do func(i int) error) error {
	if atOnce == 1 {
		return inTurn(n, do)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed []error
	next := make(chan int)
	for range min(n, atOnce) {
		wg.Go(func() {
			for i := range next {
				if err := do(i); err != nil {
					mu.Lock()
					failed = append(failed, err)
					mu.Unlock()
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	return errors.Join(failed...)
}

func inTurn(n int, do func(i int) error) error {
	var failed []error
	for i := range n {
		if err := do(i); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
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
	begun := time.Now()
	events := m.retryEvents(ctx, begun) // first: the orders they are of need not be asked about again
	list, err := m.listOpen(ctx)
	if err != nil {
		return 0, errors.Join(events, err)
	}
	var done atomic.Int64
	err = inParallel(len(list), m.acquirers.calls(), func(i int) error {
		m.asking.giveWay(ctx, begun)
		open := &list[i]
		if open.state != StateCaptured && !m.asking.due(open.id, open.created, m.now()) {
			return nil
		}
		o, err := m.finish(ctx, open)
		if err != nil {
			return fmt.Errorf("order %s: %w", open.id, err)
		}
		if Final(o.State) && o.State != open.state {
			done.Add(1)
		}
		return nil
	})
	return int(done.Load()), errors.Join(events, err, m.finishRefunds(ctx))
}

func (m *Module) listOpen(ctx context.Context) (list []openOrder, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT public_id, state, created_at FROM payment_order WHERE state IN ('created', 'pending', 'authorised', 'captured')
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
	if o.State == StateAuthorised {
		return m.finishHold(ctx, o)
	}
	if !Final(o.State) && m.now()-open.created > orderLife && len(m.acquirers) > 0 {
		err = m.expire(ctx, &o)
	}
	return o, err
}

// finishHold carries out what was decided about a held sum and the bank has not confirmed.
func (m *Module) finishHold(ctx context.Context, o Order) (Order, error) {
	var h hold
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		h, err = findHold(ctx, tx, o.ID)
		return err
	})
	if err != nil || h.decision == "" {
		return o, err
	}
	return m.carryOut(ctx, o, h)
}

// expire gives up an order that the acquirer does not say was paid.
func (m *Module) expire(ctx context.Context, o *Order) error {
	g, err := m.gatewayOf(o)
	if err != nil {
		return nil //nolint:nilerr // its acquirer is not set up now: nothing is concluded
	}
	remote, err := m.ask(ctx, g, o)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil //nolint:nilerr // nothing is concluded from a lost answer
	}
	if err == nil && remote.State != StatePending {
		return nil
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		o.State = StateExpired
		_, err := tx.ExecContext(ctx, "UPDATE payment_order SET state = 'expired', changed_at = $2 WHERE client_key = $1 AND state IN ('created', 'pending')", o.Key, int64(m.now()))
		return err
	})
}

// KnownBy is the moment by which it will be known what became of an order the bank has not answered about: the banks
// answer in minutes, an unfinished payment is given up after an hour and a half, and by the next day the bank's register
// tells of it.
func (o *Order) KnownBy(now calendar.Micros) calendar.Micros {
	for _, wait := range []calendar.Micros{answerLife, orderLife, registerLife} {
		if by := o.CreatedAt + wait; now < by {
			return by
		}
	}
	return o.CreatedAt + expiredFor
}
