package bill

import (
	"context"
	"errors"
	"time"

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

// Issuing is how long it takes to make bills, to write them, and to tell of them in the same transaction.
type Issuing struct{ Made, Written, Told time.Duration }

// IssueAll makes the bills of a month of building 1 as a publication does and writes them in a transaction that is taken back.
func (m *Module) IssueAll(ctx context.Context, month calendar.Month, at calendar.Micros) (bills int, took Issuing, err error) {
	p := publishing{m, &Publication{Run: 1, Month: month, StartedBy: "bench"}}
	begun := time.Now()
	s, err := p.collect(ctx, &batch{first: 1, last: 1, buildings: []int64{1}}, at)
	if err != nil {
		return 0, took, err
	}
	took.Made = time.Since(begun)
	undone := errors.New("taken back")
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		begun := time.Now()
		if err := loadSnapshots(ctx, tx, s.snapshots); err != nil {
			return err
		}
		took.Written = time.Since(begun)
		begun = time.Now()
		if err := tellIssued(ctx, tx, s.snapshots); err != nil {
			return err
		}
		took.Told = time.Since(begun)
		return undone
	})
	if errors.Is(err, undone) {
		err = nil
	}
	return len(s.snapshots), took, err
}
