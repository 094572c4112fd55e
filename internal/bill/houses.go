package bill

import (
	"context"
	"fmt"
	"sync"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// flat is what the figures of a house are made of: a household's bill without persons.
type flat struct {
	month   calendar.Month
	charged money.Amount // charges, recalculations, penalties
	total   money.Amount
	used    map[string]decimal.Decimal // by service
}

// houseState tells one state of a house's facts from another: what its bills are worked out of, and the day.
type houseState struct {
	accounts int64
	charged  charge.Version
	book     ledger.Version
	day      calendar.Date
}

// houses keeps the flats of houses that were looked at: a page of a house costs a question whether anything has changed.
type houses struct {
	mu   sync.Mutex
	kept map[int64]keptHouse
}

type keptHouse struct {
	state houseState
	until calendar.Micros
	flats []flat
}

// Bounds of what is kept: so many houses, and for so long whatever their state: a new word of the catalogue has no mark of its
// own.
const (
	housesMax = 1000
	houseLife = calendar.Micros(10 * 60_000_000)
)

func (h *houses) find(building int64, state *houseState, now calendar.Micros) ([]flat, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	x, ok := h.kept[building]
	return x.flats, ok && x.state == *state && now < x.until
}

func (h *houses) keep(building int64, state *houseState, now calendar.Micros, flats []flat) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.kept == nil || len(h.kept) >= housesMax {
		h.kept = map[int64]keptHouse{}
	}
	h.kept[building] = keptHouse{*state, now + houseLife, flats}
}

// flatsOf are the flats of a house as they are now.
func (m *Module) flatsOf(ctx context.Context, building int64) (flats []flat, err error) {
	at := m.now()
	reader, err := m.charges.Reader(ctx, at)
	if err != nil {
		return nil, err
	}
	var state houseState
	known := false
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		if state, err = stateOf(ctx, tx, building); err != nil {
			return err
		}
		state.day = calendar.DateOf(at.Time().In(m.zone))
		if flats, known = m.cache.houses.find(building, &state, at); known {
			return nil
		}
		flats = nil
		return m.each(ctx, tx, reader, building, building, at, func(x *Bill) error {
			used, _ := usedOf(x)
			flats = append(flats, flat{x.month(), x.Charge + x.Recalc + x.Penalty, x.Total, used})
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("flats of building %d: %w", building, err)
	}
	if !known {
		m.cache.houses.keep(building, &state, at, flats)
	}
	return flats, nil
}

// stateOf reads the state of a house.
func stateOf(ctx context.Context, tx *db.Tx, building int64) (s houseState, err error) {
	if s.accounts, err = account.VersionOf(ctx, tx, building); err != nil {
		return s, err
	}
	if s.charged, err = charge.VersionOf(ctx, tx, building); err != nil {
		return s, err
	}
	s.book, err = ledger.VersionOf(ctx, tx, building)
	return s, err
}
