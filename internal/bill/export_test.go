package bill

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Each gives the bills of buildings first … last as a publication makes them.
func (m *Module) Each(ctx context.Context, first, last int64, at calendar.Micros) (list []*Bill, err error) {
	reader, err := m.charges.Reader(ctx, at)
	if err != nil {
		return nil, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return m.each(ctx, tx, reader, first, last, at, func(b *Bill) error { list = append(list, b); return nil })
	})
	return list, err
}
