package charge

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Request asks for the charge run of a month.
type Request struct {
	Month     calendar.Month
	Buildings []int64 // none is all
	Actor     string
	Progress  func(done, total int64) // buildings
	// Join runs in the transaction that begins the run or goes on with it; nil is nothing.
	Join func(ctx context.Context, tx *db.Tx, run *Run) error
}

func (req *Request) join(ctx context.Context, tx *db.Tx, run *Run) error {
	if req.Join == nil {
		return nil
	}
	return req.Join(ctx, tx, run)
}

// Charge charges a month: it goes on with the run of the same scope that was stopped, else begins one over the
// buildings not charged yet, and checks what came out. Done twice it changes nothing.
func (m *Module) Charge(ctx context.Context, req Request) (*Report, error) {
	begun := m.Now()
	run, err := m.Begin(ctx, req)
	if err != nil {
		return nil, err
	}
	return m.goOn(ctx, run, begun, req.Progress)
}

// Continue goes on with a run that is running and checks what came out; a paused or finished one it leaves alone.
func (m *Module) Continue(ctx context.Context, id int64) error {
	var run *Run
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		run, err = FindRun(ctx, tx, id)
		return err
	})
	if err != nil || run.State != StateRunning {
		return err
	}
	_, err = m.goOn(ctx, run, m.Now(), nil)
	return err
}

func (m *Module) goOn(ctx context.Context, run *Run, begun calendar.Micros, progress func(done, total int64)) (*Report, error) {
	if run.going() {
		if err := m.work(ctx, run, progress); err != nil {
			return nil, err
		}
	}
	worked := m.Now() - begun
	r, err := m.finish(ctx, run)
	if r != nil {
		r.Worked = worked
	}
	return r, err
}

// Begin finds the run to go on with, or begins one. When everything in scope is charged it gives the last run.
func (m *Module) Begin(ctx context.Context, req Request) (*Run, error) {
	slices.Sort(req.Buildings)
	if !req.Month.Valid() {
		return nil, fault.Newf(fault.Invalid, "charge.month", "Месяц %d не годится. Ожидается, например, 2026-10.", int(req.Month))
	}
	id, err := m.DB.NextIDs(ctx, 1) // before the transaction: SQLite has one writing connection
	if err != nil {
		return nil, err
	}
	at := m.Now()
	_, digest, err := m.engineAt(ctx, at)
	if err != nil {
		return nil, err
	}
	var run *Run
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		run = &Run{ID: id, Kind: KindMonth, Month: req.Month, Buildings: req.Buildings, State: StateRunning, FactsAt: at, Catalog: digest, CreatedBy: req.Actor, CreatedAt: at}
		last, err := lastRun(ctx, tx, run)
		if err != nil {
			return err
		}
		if last != nil && last.going() {
			run = last
			if err := setState(ctx, tx, run, StateRunning); err != nil {
				return err
			}
			return req.join(ctx, tx, run)
		}
		if closed, err := closedAt(ctx, tx, req.Month); err != nil || closed != 0 {
			return errors.Join(err, monthClosed(req.Month, closed))
		}
		left, err := run.listPending(ctx, tx)
		if err != nil {
			return err
		}
		if len(left) == 0 && last != nil {
			run = last
			return nil
		}
		if err := insertRun(ctx, tx, run); err != nil {
			return err
		}
		if err := req.join(ctx, tx, run); err != nil {
			return err
		}
		return audit.Record(ctx, tx, at, req.Actor, "charge.started", fmt.Sprintf("charge_run:%d", run.ID), map[string]any{"month": req.Month.String(), "buildings": len(req.Buildings)})
	})
	return run, err
}

func monthClosed(month calendar.Month, at calendar.Micros) error {
	if at == 0 {
		return nil
	}
	return fault.Newf(fault.Conflict, "charge.month_closed", "Месяц %s закрыт. Изменения за него станут перерасчётом в открытом месяце.", month)
}

// lastRun is the last run of the month with the same scope.
func lastRun(ctx context.Context, tx *db.Tx, like *Run) (last *Run, err error) {
	list, err := ListRuns(ctx, tx, like.Month)
	for i := range list {
		if list[i].Kind == KindMonth && slices.Equal(list[i].Buildings, like.Buildings) {
			last = &list[i]
		}
	}
	return last, err
}

func setState(ctx context.Context, tx *db.Tx, r *Run, state string) error {
	r.State = state
	_, err := tx.ExecContext(ctx, "UPDATE charge_run SET state = $1 WHERE run_id = $2", state, r.ID)
	if err != nil {
		return fmt.Errorf("state of run %d: %w", r.ID, err)
	}
	return nil
}

// newFiller makes a worker's filler for a run.
func (m *Module) newFiller(ctx context.Context, run *Run) (*filler, *fact.Loader, error) {
	x, err := m.madeAt(ctx, run.FactsAt)
	if err != nil {
		return nil, nil, err
	}
	engine := x.engine
	numbers, err := m.numbers(ctx, engine)
	if err != nil {
		return nil, nil, err
	}
	f := &filler{run: run, part: run.part(), engine: engine, book: engine.Month(run.Month), numbers: numbers, names: map[int64]string{}}
	if run.Kind == KindMonth {
		f.overdue = newPenalizer(x.penalties, run.Month)
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if f.owners, err = supplier.ListServices(ctx, tx); err != nil {
			return err
		}
		if f.heat, err = supplier.ListParts(ctx, tx); err != nil {
			return err
		}
		f.suppliers, err = supplier.ListCodes(ctx, tx)
		return err
	})
	return f, &fact.Loader{Engine: engine, Suppliers: f.suppliers}, err
}

// work does the buildings of a run that are not done, one wave being computed while the one before is written.
func (m *Module) work(ctx context.Context, run *Run, progress func(done, total int64)) error {
	f, loader, err := m.newFiller(ctx, run)
	if err != nil {
		return err
	}
	var left []pending
	if err := m.DB.Read(ctx, func(tx *db.Tx) error { left, err = run.listPending(ctx, tx); return err }); err != nil {
		return err
	}
	late, err := m.lateMonths(ctx, run)
	if err != nil {
		return err
	}
	total, err := m.transactionIDs(ctx, left)
	if err != nil {
		return err
	}
	compute := func(ctx context.Context, p pending, w *wave) error { return m.fill(ctx, f, loader, p, late, w) }
	return m.pipeline(ctx, run, left, []computing{compute}, total, progress)
}

// fill computes a stretch of buildings into a wave.
func (m *Module) fill(ctx context.Context, f *filler, loader *fact.Loader, p pending, late map[int64]calendar.Month, w *wave) error {
	w.first, w.last, f.at = p.first, p.last, m.Now()
	return m.DB.Read(ctx, func(tx *db.Tx) error {
		w.reset()
		buildings, err := loader.Load(ctx, tx, p.first, p.last, f.run.Month, f.run.FactsAt)
		if err != nil {
			return err
		}
		w.sheets = loader.Stale()
		if err := f.overdue.load(ctx, tx, f.run, stretch{first: p.first, last: p.last, at: f.run.FactsAt}); err != nil {
			return err
		}
		for i := range buildings {
			b := &buildings[i]
			f.begin(w, b)
			if err := given(ctx, tx, b, f.run.Month, f.run.FactsAt, f.heat); err != nil {
				return err
			}
			if err := sumFlats(ctx, tx, f.engine, b, f.run.Month, f.run.FactsAt, f.heat, true); err != nil {
				return err
			}
			for k := range b.Households {
				f.household(&b.Households[k])
			}
			if from := late[b.ID]; from != 0 {
				if err := f.correctMonths(ctx, tx, from, f.run.Month.Add(-1)); err != nil {
					return err
				}
			}
			if err := f.penalties(); err != nil {
				return err
			}
			if err := f.end(p.txn + int64(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// transactionIDs reserves a ledger transaction for each building that is left; it gives how many there are.
func (m *Module) transactionIDs(ctx context.Context, left []pending) (total int64, err error) {
	for _, p := range left {
		total += int64(p.buildings)
	}
	next, err := m.DB.NextIDs(ctx, int(total)+1)
	for i := range left {
		left[i].txn = next
		next += int64(left[i].buildings)
	}
	return total, err
}
