package charge

import (
	"context"
	"fmt"
	"sync"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/penalty"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// known is what every bill asks for and what hardly ever changes.
type known struct {
	mu    sync.Mutex
	until calendar.Micros
	words words
}

// words are the codes of services by their lasting numbers and of suppliers by their ids, and suppliers' services that
// are the heat of another by that other.
type words struct {
	services  map[int64]string
	suppliers map[int64]string
	heat      map[int64]int64
	owners    map[int64]int64 // suppliers of their services
}

// knownFor is how long words are believed without asking.
const knownFor = calendar.Micros(5_000_000)

// Reader reads what Kvit charges, in a snapshot its caller holds.
type Reader struct {
	m         *Module
	catalog   *tariff.Catalog
	engine    *calc.Engine
	penalties *penalty.Rules
	words     words
}

// Reader makes a reader that goes by the catalogue as it was known at a moment. It must be made outside of a snapshot:
// it may need one of its own.
func (m *Module) Reader(ctx context.Context, at calendar.Micros) (*Reader, error) {
	x, err := m.madeAt(ctx, at)
	if err != nil {
		return nil, err
	}
	w, err := m.know(ctx)
	if err != nil {
		return nil, fmt.Errorf("words of charging: %w", err)
	}
	return &Reader{m: m, catalog: x.catalog, engine: x.engine, penalties: x.penalties, words: w}, nil
}

// Catalog is the catalogue the reader goes by. It is not to be changed.
func (r *Reader) Catalog() *tariff.Catalog { return r.catalog }

// Penalties are the rules of penalties of the catalogue.
func (r *Reader) Penalties() *penalty.Rules { return r.penalties }

// forget makes the next reader ask again.
func (m *Module) forget() {
	m.known.mu.Lock()
	defer m.known.mu.Unlock()
	m.known.until = 0
}

func (m *Module) know(ctx context.Context) (words, error) {
	k := &m.known
	k.mu.Lock()
	defer k.mu.Unlock()
	if m.Now() < k.until {
		return k.words, nil
	}
	var w words
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		numbers, err := listNumbers(ctx, tx)
		if err != nil {
			return err
		}
		w.services = make(map[int64]string, len(numbers))
		for code, n := range numbers {
			w.services[n] = code
		}
		if w.heat, err = supplier.ListParts(ctx, tx); err != nil {
			return err
		}
		if w.owners, err = supplier.ListServices(ctx, tx); err != nil {
			return err
		}
		w.suppliers, err = supplier.ListCodes(ctx, tx)
		return err
	})
	if err != nil {
		return w, err
	}
	if len(w.suppliers) > 0 { // before the first supplier there is nothing to keep
		k.words, k.until = w, m.Now()+knownFor
	}
	return w, nil
}

// service is the engine's service of a lasting number.
func (r *Reader) service(number int64) (calc.Service, bool) {
	return r.engine.Service(r.words.services[number])
}

// numbers are the lasting numbers of the engine's services; 0 is one that was never charged.
func (r *Reader) numbers() []int64 {
	list := make([]int64, r.engine.Services())
	for n, code := range r.words.services {
		if s, ok := r.engine.Service(code); ok {
			list[s] = n
		}
	}
	return list
}
