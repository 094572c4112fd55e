package charge

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Recalculation asks what months charged before come to by what is known now.
type Recalculation struct {
	In        calendar.Month // the open month that takes the corrections
	From      calendar.Month // the first month counted again
	Buildings []int64        // none is all
	Cause     string
	Actor     string
	Progress  func(done, total int64)
}

// Change is what an account's corrections come to.
type Change struct {
	Building int64        `json:"building"`
	Account  int64        `json:"account"`
	Amount   money.Amount `json:"amount"`
}

// Recalculated is what a recalculation comes to, posted or not.
type Recalculated struct {
	Run       int64        `json:"run,omitempty"`
	Month     string       `json:"month"`
	From      string       `json:"from"`
	Posted    bool         `json:"posted"`
	Buildings int64        `json:"buildings"`
	Accounts  int64        `json:"accounts"` // whose sum changes
	Lines     int64        `json:"lines"`
	More      money.Amount `json:"more"` // charged more, in all
	Less      money.Amount `json:"less"` // charged less
	Amount    money.Amount `json:"amount"`
	Largest   []Change     `json:"largest"`

	Worked calendar.Micros `json:"-"` // how long it took, without the checks after it
}

// notStored is the number of a run that is only seen.
const notStored = -1

// largestMax is how many of the largest changes a recalculation names.
const largestMax = 50

func (r *Recalculation) run(id int64, at calendar.Micros, digest string) (*Run, error) {
	if !r.In.Valid() || !r.From.Valid() || r.From > r.In {
		return nil, fault.Newf(fault.Invalid, "charge.month", "Пересчитать можно месяцы не позже %s: проверьте --from и --month.", r.In)
	}
	slices.Sort(r.Buildings)
	return &Run{
		ID: id, Kind: KindRecalculation, Month: r.In, FromMonth: r.From, Buildings: r.Buildings, State: StateRunning, FactsAt: at, Catalog: digest, Cause: r.Cause,
		CreatedBy: r.Actor, CreatedAt: at,
	}, nil
}

// PreviewRecalculation computes a recalculation and stores nothing.
func (m *Module) PreviewRecalculation(ctx context.Context, req Recalculation) (*Recalculated, error) {
	at := m.Now()
	_, digest, err := m.engineAt(ctx, at)
	if err != nil {
		return nil, err
	}
	run, err := req.run(notStored, at, digest)
	if err != nil {
		return nil, err
	}
	sum := newSummary(run)
	err = m.recount(ctx, run, req.Progress, sum, false)
	return sum.done(false), err
}

// Recalculate posts the corrections of months charged before in an open month. Nothing charged is edited.
func (m *Module) Recalculate(ctx context.Context, req Recalculation) (*Recalculated, error) {
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	at := m.Now()
	_, digest, err := m.engineAt(ctx, at)
	if err != nil {
		return nil, err
	}
	run, err := req.run(id, at, digest)
	if err != nil {
		return nil, err
	}
	if run, err = m.begin(ctx, run, "charge.recalculated"); err != nil {
		return nil, err
	}
	sum := newSummary(run)
	if err := m.recount(ctx, run, req.Progress, sum, true); err != nil {
		return nil, err
	}
	sum.res.Worked = m.Now() - at
	_, err = m.finish(ctx, run)
	return sum.done(true), err
}

// begin stores a run in an open month, or gives the same one that was stopped before.
func (m *Module) begin(ctx context.Context, like *Run, action string) (run *Run, err error) {
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		run = like
		closed, err := closedAt(ctx, tx, run.Month)
		if err == nil {
			err = monthClosed(run.Month, closed)
		}
		if err != nil {
			return err
		}
		list, err := ListRuns(ctx, tx, run.Month)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].going() && list[i].same(like) {
				run = &list[i]
				return setState(ctx, tx, run, StateRunning)
			}
		}
		if err := insertRun(ctx, tx, run); err != nil {
			return err
		}
		return audit.Record(ctx, tx, run.CreatedAt, run.CreatedBy, action, fmt.Sprintf("charge_run:%d", run.ID),
			map[string]any{"month": run.Month.String(), "from": run.FromMonth.String(), "cause": run.Cause, "undoes": run.Undoes})
	})
	return run, err
}

// same tells whether two runs are asked to do the same.
func (r *Run) same(o *Run) bool {
	return r.Kind == o.Kind && r.Month == o.Month && r.FromMonth == o.FromMonth && r.Cause == o.Cause && r.Undoes == o.Undoes && slices.Equal(r.Buildings, o.Buildings)
}

// recount computes the corrections of a run's buildings and writes them, or only adds them up.
func (m *Module) recount(ctx context.Context, run *Run, progress func(done, total int64), sum *summary, write bool) error {
	return m.each(ctx, run, progress, sum, write, func(ctx context.Context, tx *db.Tx, f *filler) error {
		return f.correctMonths(ctx, tx, run.FromMonth, run.Month)
	})
}

// correctors is how many workers compute corrections: each waits for the database most of its time.
const correctors = 2

// each does the buildings of a run that adds only corrections; fill adds the lines of the building begun.
func (m *Module) each(ctx context.Context, run *Run, progress func(done, total int64), sum *summary, write bool, fill func(context.Context, *db.Tx, *filler) error) error {
	var left []pending
	if err := m.DB.Read(ctx, func(tx *db.Tx) (err error) { left, err = run.listPending(ctx, tx); return err }); err != nil {
		return err
	}
	total, err := m.transactionIDs(ctx, left)
	if err != nil {
		return err
	}
	var workers []computing
	var sums []*summary
	for range correctors {
		f, _, err := m.newFiller(ctx, run)
		if err != nil {
			return err
		}
		own := newSummary(run)
		f.see = func(sub *fact.Sub, l *calc.Line, beside bool) {
			if !beside {
				own.add(f.b.ID, sub.AccountID, l)
			}
		}
		workers = append(workers, func(ctx context.Context, p pending, w *wave) error { return m.correct(ctx, f, p, w, fill) })
		sums = append(sums, own)
	}
	if write {
		err = m.pipeline(ctx, run, left, workers, total, progress)
	} else {
		err = look(ctx, left, workers)
	}
	for _, s := range sums {
		sum.join(s)
	}
	return err
}

// correct computes the corrections of a stretch of buildings into a wave.
func (m *Module) correct(ctx context.Context, f *filler, p pending, w *wave, fill func(context.Context, *db.Tx, *filler) error) error {
	return m.DB.Read(ctx, func(tx *db.Tx) error {
		w.reset()
		w.first, w.last, f.at = p.first, p.last, m.Now()
		buildings, err := fact.ListBetween(ctx, tx, p.first, p.last)
		for i := 0; err == nil && i < len(buildings); i++ {
			f.begin(w, &fact.Building{ID: buildings[i]})
			if err = fill(ctx, tx, f); err == nil {
				err = f.end(p.txn + int64(i))
			}
		}
		return err
	})
}

// look lets workers compute and writes nothing.
func look(ctx context.Context, left []pending, workers []computing) error {
	group, ctx := errgroup.WithContext(ctx)
	for k, compute := range workers {
		group.Go(func() error {
			w := newWave()
			for i := k; i < len(left); i += len(workers) {
				if err := compute(ctx, left[i], w); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}
