package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/money"
)

// ahead computes months in memory. It is one caller's at a time: its memory is used again.
type ahead struct {
	loader fact.Loader
	filler filler
	wave   *wave
}

// Coming is what accounts are to be charged next, and what they are late with.
type Coming struct {
	Services []Service
	Late     []Late                 // as of a day, by account and month
	Unpaid   map[int64]money.Amount // of penalties charged before, by account
}

// Ahead computes what a month of accounts that is not charged yet comes to by the facts known at a moment, with the
// corrections that late facts about earlier months will bring, penalties left out. It stores nothing.
func (r *Reader) Ahead(ctx context.Context, tx *db.Tx, building int64, accounts []int64, month calendar.Month, at calendar.Micros) ([]Service, error) {
	c, err := r.coming(ctx, tx, stretch{building, building, accounts, at}, month, nil, true)
	return c.Services, err
}

// Coming is Ahead with penalties as they come to on a day of the month or before it. It says what a run would charge if
// the debts were paid on that day, and stores nothing.
func (r *Reader) Coming(ctx context.Context, tx *db.Tx, building int64, accounts []int64, month calendar.Month, day calendar.Date, at calendar.Micros) (Coming, error) {
	return r.coming(ctx, tx, stretch{building, building, accounts, at}, month, r.penaltiesBy(month, day), true)
}

// Overdue is Coming without its services: the penalties alone, for which the flats of the house need not be summed.
func (r *Reader) Overdue(ctx context.Context, tx *db.Tx, building int64, accounts []int64, month calendar.Month, day calendar.Date, at calendar.Micros) (Coming, error) {
	c, err := r.coming(ctx, tx, stretch{building, building, accounts, at}, month, r.penaltiesBy(month, day), false)
	c.Services = nil
	return c, err
}

// penaltiesBy counts penalties of a month up to a day of it.
func (r *Reader) penaltiesBy(month calendar.Month, day calendar.Date) *penalizer {
	p := newPenalizer(r.penalties, month)
	p.day = min(p.day, day)
	return p
}

// LateThen is what accounts were late with as a run of a month saw it.
func (r *Reader) LateThen(ctx context.Context, tx *db.Tx, building int64, accounts []int64, run *Run) ([]Late, error) {
	p := newPenalizer(r.penalties, run.Month)
	p.again = true
	c, err := r.coming(ctx, tx, stretch{building, building, accounts, run.FactsAt}, run.Month, p, false)
	return c.Late, err
}

// coming computes a month in memory. Without shared, what the house shares by its own meter is left out: its services are then
// not what they will be.
func (r *Reader) coming(ctx context.Context, tx *db.Tx, of stretch, month calendar.Month, overdue *penalizer, shared bool) (c Coming, err error) {
	a, ok := r.m.workers.Get().(*ahead)
	if !ok {
		a = &ahead{wave: newWave()}
	}
	defer r.m.workers.Put(a)
	a.loader.Engine, a.loader.Suppliers = r.engine, r.words.suppliers
	b, err := a.loader.LoadOf(ctx, tx, of.first, of.accounts, month, of.at)
	if err != nil || b == nil {
		return c, err
	}
	if err := given(ctx, tx, b, month, of.at, r.words.heat); err != nil {
		return c, err
	}
	if shared {
		if err := sumFlats(ctx, tx, r.engine, b, month, of.at, r.words.heat, false); err != nil {
			return c, err
		}
	}
	o := &Own{}
	f := &a.filler
	*f = filler{
		run: &Run{ID: notStored, Kind: KindMonth, Month: month, FactsAt: of.at}, engine: r.engine, book: r.engine.Month(month), numbers: r.numbers(),
		suppliers: r.words.suppliers, owners: r.words.owners, heat: r.words.heat, again: f.again, only: of.accounts, overdue: overdue,
	}
	f.see = func(sub *fact.Sub, l *calc.Line, beside bool) {
		if !beside && !isGiven(l) && f.wants(sub.AccountID) {
			o.at(sub.AccountID, f.b.Refs[f.refOf(l, sub)].ServiceID).take(r, l)
		}
	}
	a.wave.reset()
	if overdue != nil {
		if err := overdue.load(ctx, tx, f.run, of); err != nil {
			return c, err
		}
	}
	f.begin(a.wave, b)
	for i := range b.Households {
		f.household(&b.Households[i])
	}
	if err := f.late(ctx, tx); err != nil {
		return c, fmt.Errorf("corrections of building %d: %w", of.first, err)
	}
	if overdue != nil {
		if err := f.penalties(); err != nil {
			return c, err
		}
		c.Late, c.Unpaid = overdue.late, overdue.unpaid
	}
	c.Services = o.Services
	return c, nil
}

// take adds a line computed in memory.
func (s *Service) take(r *Reader, l *calc.Line) {
	if l.Service < 0 { // the catalogue has dropped it
		s.add("", l)
		return
	}
	of := r.engine.Of(l.Service)
	s.Name, s.Code, s.Group = of.Name, of.Code, of.Group
	s.add(calc.UnitOf(r.engine, l), l)
}

// late adds the corrections of earlier months that facts recorded since their charge are about.
func (f *filler) late(ctx context.Context, tx *db.Tx) error {
	late, err := listLate(ctx, tx, f.run, f.b.ID)
	if err != nil || late[f.b.ID] == 0 {
		return err
	}
	return f.correctMonths(ctx, tx, late[f.b.ID], f.run.Month.Add(-1))
}
