package record

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Supposed is what a household's month costs now, and would with records that are not written yet.
type Supposed struct {
	Report        *Report
	Before, After money.Amount
}

// Suppose judges records, writes them, computes the month and takes all back: the same way as Load, without a trace.
func (m *Module) Suppose(ctx context.Context, actor access.Actor, l Load, building, household int64, month calendar.Month) (*Supposed, error) {
	engine, err := m.Charges.Engine(ctx)
	if err != nil {
		return nil, err
	}
	s := &Supposed{}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s.Before, err = charge.MonthIn(ctx, tx, engine, building, household, month)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.After = s.Before
	l.suppose = func(ctx context.Context, tx *db.Tx) error {
		s.After, err = charge.MonthIn(ctx, tx, engine, building, household, month)
		return err
	}
	s.Report, err = m.Load(ctx, actor, l)
	return s, err
}
