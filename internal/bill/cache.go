package bill

import (
	"context"
	"sync"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/housing"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// cache keeps what every bill needs and what hardly changes: suppliers and houses for a minute, files for ever
// (a file's name, unit and cutoff are facts); the flats of houses by the state of their facts.
type cache struct {
	suppliers kept[supplier.Supplier]
	buildings kept[housing.Building]
	files     kept[file]
	houses    houses
}

// keepMicros is how long a supplier or a house is believed without asking.
const keepMicros = calendar.Micros(60_000_000)

type kept[T any] struct {
	mu    sync.RWMutex
	items map[int64]keptItem[T]
}

type keptItem[T any] struct {
	value T
	until calendar.Micros
}

func (k *kept[T]) get(id int64, now, keep calendar.Micros, load func() (T, error)) (T, error) {
	k.mu.RLock()
	it, ok := k.items[id]
	k.mu.RUnlock()
	if ok && it.until > now {
		return it.value, nil
	}
	value, err := load()
	if err != nil {
		return value, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.items == nil {
		k.items = map[int64]keptItem[T]{}
	}
	k.items[id] = keptItem[T]{value, now + keep}
	return value, nil
}

// file is what a bill needs to know of the file a figure came from.
type file struct {
	Name, Unit string
	charge.Cutoff
}

// counts tells whether the file's «paid» for a month has counted a payment.
func (f *file) counts(p *payment.Part, month calendar.Month) bool {
	return f.Counts(p.PaidOn, p.Channel == payment.ChannelOnline, p.RecordedAt, month)
}

const never = calendar.Micros(1 << 62)

func (m *Module) supplierOf(ctx context.Context, tx *db.Tx, id int64) (supplier.Supplier, error) {
	return m.cache.suppliers.get(id, m.now(), keepMicros, func() (supplier.Supplier, error) { return supplier.FindByID(ctx, tx, id) })
}

func (m *Module) buildingOf(ctx context.Context, tx *db.Tx, id int64) (housing.Building, error) {
	return m.cache.buildings.get(id, m.now(), keepMicros, func() (housing.Building, error) { return housing.FindBuilding(ctx, tx, id) })
}

func (m *Module) fileOf(ctx context.Context, tx *db.Tx, id int64) (file, error) {
	return m.cache.files.get(id, 0, never, func() (f file, err error) {
		err = tx.QueryRowContext(ctx, "SELECT name, unit, cutoff_day, cutoff_months, created_at FROM v_intake_file WHERE file_id = $1", id).Scan(&f.Name, &f.Unit, &f.Day, &f.Months, &f.Received)
		return f, db.Fold(err)
	})
}
