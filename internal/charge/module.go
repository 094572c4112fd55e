package charge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/penalty"
	"kvit/internal/tariff"
)

// Deps are what the module works with.
type Deps struct {
	DB *db.DB
	// Catalog gives the catalogue as it was known at a moment.
	Catalog func(ctx context.Context, at calendar.Micros) (*tariff.Catalog, error)
	Now     func() calendar.Micros
}

// Module holds the operations of charging: runs of a month, closing, recalculation, what-if.
type Module struct {
	Deps

	mu      sync.Mutex
	engines map[*tariff.Catalog]made
	known   known
	loaders sync.Pool // of *fact.Loader: their memory serves the next household
	workers sync.Pool // of *ahead
}

// made is the engine of a catalogue, its rules of penalties, and the catalogue's digest.
type made struct {
	catalog   *tariff.Catalog
	engine    *calc.Engine
	penalties *penalty.Rules
	digest    string
}

// enginesMax is how many engines are kept: of the catalogue in force, and of those that months explained went by.
const enginesMax = 8

// New makes the module.
func New(d Deps) *Module {
	return &Module{Deps: d, engines: map[*tariff.Catalog]made{}, loaders: sync.Pool{New: func() any { return &fact.Loader{} }}}
}

// engineAt gives the engine of the catalogue as it was known at a moment, and the digest of that catalogue.
func (m *Module) engineAt(ctx context.Context, at calendar.Micros) (*calc.Engine, string, error) {
	x, err := m.madeAt(ctx, at)
	return x.engine, x.digest, err
}

// madeAt gives what is made of the catalogue as it was known at a moment.
func (m *Module) madeAt(ctx context.Context, at calendar.Micros) (made, error) {
	c, err := m.Catalog(ctx, at)
	if err != nil {
		return made{}, fmt.Errorf("catalogue: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if x, ok := m.engines[c]; ok {
		return x, nil
	}
	e, err := calc.New(c)
	if err != nil {
		return made{}, err
	}
	penalties, err := penalty.Compile(c, calendar.DayOff)
	if err != nil {
		return made{}, err
	}
	h := sha256.New()
	if err := c.WriteYAML(h); err != nil {
		return made{}, err
	}
	if len(m.engines) >= enginesMax {
		clear(m.engines)
	}
	x := made{c, e, penalties, hex.EncodeToString(h.Sum(nil))}
	m.engines[c] = x
	return x, nil
}

// numbers gives the lasting numbers of an engine's services, by the engine's own; new services get the next ones.
func (m *Module) numbers(ctx context.Context, e *calc.Engine) ([]int64, error) {
	list := make([]int64, e.Services())
	err := m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		known, err := listNumbers(ctx, tx)
		if err != nil {
			return err
		}
		next := int64(len(known) + 1)
		for s := range list {
			if code := e.Of(calc.Service(s)).Code; known[code] == 0 {
				if _, err := tx.ExecContext(ctx, "INSERT INTO charge_service (service_no, code) VALUES ($1, $2) ON CONFLICT DO NOTHING", next, code); err != nil {
					return err
				}
				next++
			}
		}
		if known, err = listNumbers(ctx, tx); err != nil {
			return err
		}
		for s := range list {
			if list[s] = known[e.Of(calc.Service(s)).Code]; list[s] == 0 {
				return fault.New(fault.Conflict, "charge.services_changed", "Список услуг только что изменил кто-то другой. Повторите.")
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("numbers of services: %w", err)
	}
	m.forget()
	return list, nil
}

func listNumbers(ctx context.Context, tx *db.Tx) (map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT code, service_no FROM charge_service")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[string]int64{}
	for rows.Next() {
		var code string
		var n int64
		if err := rows.Scan(&code, &n); err != nil {
			return nil, err
		}
		known[code] = n
	}
	return known, rows.Err()
}
