package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// ahead computes months in memory. It is one caller's at a time: its memory is used again.
type ahead struct {
	loader fact.Loader
	filler filler
	wave   *wave
}

// Ahead computes what a month of accounts that is not charged yet comes to by the facts known at a moment, with the
// corrections that late facts about earlier months will bring. It says what a run would charge, and stores nothing.
func (r *Reader) Ahead(ctx context.Context, tx *db.Tx, building int64, accounts []int64, month calendar.Month, at calendar.Micros) ([]Service, error) {
	a, ok := r.m.workers.Get().(*ahead)
	if !ok {
		a = &ahead{wave: newWave()}
	}
	defer r.m.workers.Put(a)
	a.loader.Engine, a.loader.Suppliers = r.engine, r.words.suppliers
	b, err := a.loader.LoadOf(ctx, tx, building, accounts, month, at)
	if err != nil || b == nil {
		return nil, err
	}
	if err := given(ctx, tx, b, month, at, r.words.heat); err != nil {
		return nil, err
	}
	o := &Own{}
	f := &a.filler
	*f = filler{
		run: &Run{ID: notStored, Kind: KindMonth, Month: month, FactsAt: at}, engine: r.engine, book: r.engine.Month(month), numbers: r.numbers(),
		suppliers: r.words.suppliers, heat: r.words.heat, again: f.again, only: accounts,
	}
	f.see = func(sub *fact.Sub, l *calc.Line, beside bool) {
		if !beside && !isGiven(l) && f.wants(sub.AccountID) {
			s := o.at(sub.AccountID, f.b.Refs[f.refOf(l, sub)].ServiceID)
			s.Name = r.engine.Of(l.Service).Name
			s.add(calc.UnitOf(r.engine, l), l)
		}
	}
	a.wave.reset()
	f.begin(a.wave, b)
	for i := range b.Households {
		f.household(&b.Households[i])
	}
	if err := f.late(ctx, tx); err != nil {
		return nil, fmt.Errorf("corrections of building %d: %w", building, err)
	}
	return o.Services, nil
}

// late adds the corrections of earlier months that facts recorded since their charge are about.
func (f *filler) late(ctx context.Context, tx *db.Tx) error {
	late, err := listLate(ctx, tx, f.run, f.b.ID)
	if err != nil || late[f.b.ID] == 0 {
		return err
	}
	return f.correctMonths(ctx, tx, late[f.b.ID], f.run.Month.Add(-1))
}
