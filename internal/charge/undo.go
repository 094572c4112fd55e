package charge

import (
	"cmp"
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Undo posts the reverse of a recalculation in an open month: each of its lines with the other sign.
func (m *Module) Undo(ctx context.Context, id int64, in calendar.Month, actor string) (*Recalculated, error) {
	var of *Run
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		of, err = FindRun(ctx, tx, id)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case of.Kind != KindRecalculation:
		return nil, fault.Newf(fault.Conflict, "charge.undo_kind", "Расчёт № %d – не перерасчёт, отменить можно только перерасчёт.", id)
	case of.State == StateUndone || of.going():
		return nil, fault.Newf(fault.Conflict, "charge.state", "Расчёт № %d сейчас %s, отменить нельзя.", id, of.State)
	}
	next, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	run := &Run{
		ID: next, Kind: KindUndo, Month: in, FromMonth: of.FromMonth, Buildings: of.Buildings, State: StateRunning, FactsAt: m.Now(), Catalog: of.Catalog,
		Cause: of.Cause, Undoes: of.ID, CreatedBy: actor, CreatedAt: m.Now(),
	}
	if run, err = m.begin(ctx, run, "charge.undone"); err != nil {
		return nil, err
	}
	sum := newSummary(run)
	err = m.each(ctx, run, nil, sum, true, func(ctx context.Context, tx *db.Tx, f *filler) error { return f.reverse(ctx, tx, of) })
	if err != nil {
		return nil, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return setState(ctx, tx, of, StateUndone) })
	if err == nil {
		_, err = m.finish(ctx, run)
	}
	return sum.done(true), err
}

// reverse adds to the building begun the lines of a run with the other sign.
func (f *filler) reverse(ctx context.Context, tx *db.Tx, of *Run) error {
	before, err := f.listCharged(ctx, tx, of.FromMonth, of.Month, nil)
	if err != nil {
		return err
	}
	for _, month := range sortedKeys(before) {
		for _, account := range sortedKeys(before[month]) {
			for _, l := range before[month][account] {
				if l.run != of.ID {
					continue
				}
				h := &fact.Household{}
				l.Service, l.Sub = f.subOf(h, account, &l)
				l.Amount, l.Volume = -l.Amount, -l.Volume
				l.RateRow, l.NormRow, l.FactorRow = -1, -1, -1
				f.line(&l.Line, &h.Subs[l.Sub], l.beside)
			}
		}
	}
	return nil
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
