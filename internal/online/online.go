// Package online asks suppliers what accounts owe at this moment, by a simple signed protocol (docs/formats/online.md).
//
// Owns: table online_balance, the protocol, its client. Does not own: money – a balance a supplier tells changes nothing by
// itself –, the bill (bill), who is asked (package supplier).
//
// Invariants: all suppliers of a page together are waited for no longer than one budget; a supplier who is silent or talks
// nonsense costs nobody more than that, and after a few failures is left alone for a while; an answer is a fact with his
// moment and ours, and the last known one is shown with its age when he does not answer.
package online

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// Bounds of asking.
const (
	Budget      = 800 * time.Millisecond // a page waits for all suppliers together
	callTimeout = 5 * time.Second        // one call goes on behind the page, so that the next page has its answer
	freshFor    = time.Minute            // an answer of this age is not asked for again
	failuresMax = 3                      // in a row, then a supplier is left alone …
	restFor     = 30 * time.Second       // … for so long
	callsMax    = 32                     // to one supplier at once
	answerMax   = 1 << 20                // bytes
	AccountsMax = 100                    // of one request
)

// Account is an account to be asked about.
type Account struct {
	Building, ID int64
	SupplierID   int64
	Number       string // as the supplier prints it
}

// Balance is what a supplier said an account owes.
type Balance struct {
	Account    int64           `json:"-"`
	Supplier   int64           `json:"-"`
	Due        money.Amount    `json:"due"`  // below zero: overpaid
	AsOf       calendar.Micros `json:"asOf"` // his moment
	RecordedAt calendar.Micros `json:"recordedAt"`
	Fresh      bool            `json:"fresh"` // answered now, not known from before
}

// Deps are what the module works with.
type Deps struct {
	DB     *db.DB
	Now    func() calendar.Micros
	Secret func(name string) ([]byte, error) // of a supplier, by the name in his settings
	Budget time.Duration                     // of a page; 0 is Budget
	Client *http.Client                      // nil is one of its own
}

// Module asks suppliers.
type Module struct {
	Deps
	mu     sync.Mutex
	places map[int64]*place // by supplier
}

// New makes the module.
func New(d Deps) *Module {
	if d.Budget == 0 {
		d.Budget = Budget
	}
	if d.Client == nil {
		d.Client = &http.Client{
			Timeout:       callTimeout,
			Transport:     &http.Transport{MaxIdleConnsPerHost: callsMax, IdleConnTimeout: time.Minute},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return &Module{Deps: d, places: map[int64]*place{}}
}

// place is one supplier as he is asked: how he does, and what is on its way.
type place struct {
	mu       sync.Mutex
	failures int
	rests    time.Time // left alone until then
	calls    int
	asked    map[int64]chan struct{} // accounts being asked about, closed when the answer is in
	known    map[int64]Balance       // answers of this process, by account
}

func (m *Module) place(id int64) *place {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.places[id]
	if p == nil {
		p = &place{asked: map[int64]chan struct{}{}, known: map[int64]Balance{}}
		m.places[id] = p
	}
	return p
}

// knownMax bounds the answers a place remembers; beyond, it begins again: the database has them all.
const knownMax = 100_000

// Ask gives what is known of accounts whose suppliers are asked: what they answer within the budget, else what they said
// before. Accounts of whom nothing is known are left out.
func (m *Module) Ask(ctx context.Context, accounts []Account) (map[int64]Balance, error) {
	bySupplier, suppliers, err := m.online(ctx, accounts)
	if err != nil || len(bySupplier) == 0 {
		return nil, err
	}
	wait, cancel := context.WithTimeout(ctx, m.Budget)
	defer cancel()
	var pending []chan struct{}
	for id, list := range bySupplier {
		pending = append(pending, m.begin(ctx, suppliers[id], list)...)
	}
	for _, done := range pending {
		select {
		case <-done:
		case <-wait.Done():
		}
	}
	return m.collect(ctx, bySupplier)
}

// online keeps the accounts whose suppliers are asked.
func (m *Module) online(ctx context.Context, accounts []Account) (map[int64][]Account, map[int64]*supplier.Supplier, error) {
	found, suppliers := map[int64][]Account{}, map[int64]*supplier.Supplier{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := supplier.ListOnline(ctx, tx)
		clear(suppliers)
		for i := range list {
			suppliers[list[i].ID] = &list[i]
		}
		return err
	})
	for _, a := range accounts {
		if suppliers[a.SupplierID] != nil && a.Building > 0 {
			found[a.SupplierID] = append(found[a.SupplierID], a)
		}
	}
	return found, suppliers, err
}

// begin asks a supplier about accounts not asked about lately, behind the page. It gives what to wait for: nothing, when
// he is left alone.
func (m *Module) begin(ctx context.Context, s *supplier.Supplier, list []Account) (pending []chan struct{}) {
	p := m.place(s.ID)
	p.mu.Lock()
	defer p.mu.Unlock()
	now := m.Now().Time()
	var ask []Account
	for _, a := range list {
		if b, ok := p.known[a.ID]; ok && b.RecordedAt.Time().Add(freshFor).After(now) {
			continue
		}
		if done := p.asked[a.ID]; done != nil {
			pending = append(pending, done)
			continue
		}
		ask = append(ask, a)
	}
	if len(ask) == 0 || p.calls >= callsMax || now.Before(p.rests) {
		return pending
	}
	if p.failures >= failuresMax {
		p.rests = now.Add(restFor) // one call tries him; the others wait for how it ends
	}
	done := make(chan struct{})
	for _, a := range ask {
		p.asked[a.ID] = done
	}
	p.calls++
	go m.call(context.WithoutCancel(ctx), s, p, ask, done)
	return append(pending, done)
}

// call asks a supplier and keeps what he answers.
func (m *Module) call(ctx context.Context, s *supplier.Supplier, p *place, ask []Account, done chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := m.Query(ctx, s, ask)
	if err == nil {
		err = m.keep(ctx, s, p, ask, answer)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	defer close(done)
	p.calls--
	for _, a := range ask {
		delete(p.asked, a.ID)
	}
	if err == nil {
		p.failures, p.rests = 0, time.Time{}
		return
	}
	if p.failures++; p.failures >= failuresMax {
		p.rests = m.Now().Time().Add(restFor)
	}
}

// keep appends answers that say something new, and remembers all.
func (m *Module) keep(ctx context.Context, s *supplier.Supplier, p *place, ask []Account, answer *Answer) error {
	at := m.Now()
	told := map[string]Told{}
	for _, t := range answer.Balances {
		told[t.Account] = t
	}
	var fresh []Balance
	err := m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		fresh = fresh[:0]
		for _, a := range ask {
			t, ok := told[a.Number]
			if !ok {
				continue
			}
			b := Balance{Account: a.ID, Supplier: s.ID, Due: money.Amount(*t.Due), AsOf: calendar.MicrosOf(t.AsOf), RecordedAt: at, Fresh: true}
			if err := insert(ctx, tx, a.Building, &b, answer.ID); err != nil {
				return err
			}
			fresh = append(fresh, b)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep balances of %s: %w", s.Code, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) > knownMax {
		clear(p.known)
	}
	for _, b := range fresh {
		p.known[b.Account] = b
	}
	return nil
}

// collect gives the latest known of accounts: of this process, else of the database.
func (m *Module) collect(ctx context.Context, bySupplier map[int64][]Account) (map[int64]Balance, error) {
	found, rest := map[int64]Balance{}, map[int64][]int64{}
	for id, list := range bySupplier {
		p := m.place(id)
		p.mu.Lock()
		for _, a := range list {
			b, ok := p.known[a.ID]
			if ok && b.RecordedAt.Time().Add(freshFor).After(m.Now().Time()) {
				found[a.ID] = b
				continue
			}
			rest[a.Building] = append(rest[a.Building], a.ID)
		}
		p.mu.Unlock()
	}
	if len(rest) == 0 {
		return found, nil
	}
	return found, m.DB.Read(ctx, func(tx *db.Tx) error {
		for building, ids := range rest {
			for _, id := range ids {
				b, err := Latest(ctx, tx, building, id, m.Now())
				switch {
				case fault.Is(err, fault.NotFound):
				case err != nil:
					return err
				default:
					found[id] = b
				}
			}
		}
		return nil
	})
}
