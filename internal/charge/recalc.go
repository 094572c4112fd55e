package charge

import (
	"cmp"
	"context"
	"fmt"
	"slices"

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

// each does the buildings of a run that adds only corrections; fill adds the lines of the building begun.
func (m *Module) each(ctx context.Context, run *Run, progress func(done, total int64), sum *summary, write bool, fill func(context.Context, *db.Tx, *filler) error) error {
	f, _, err := m.newFiller(ctx, run)
	if err != nil {
		return err
	}
	f.see = sum.add
	var left []pending
	if err := m.DB.Read(ctx, func(tx *db.Tx) error { left, err = run.listPending(ctx, tx); return err }); err != nil {
		return err
	}
	total := int64(0)
	for _, p := range left {
		total += int64(p.buildings)
	}
	txn, err := m.DB.NextIDs(ctx, int(total)+1)
	if err != nil {
		return err
	}
	compute := func(ctx context.Context, p pending, w *wave) error {
		return m.DB.Read(ctx, func(tx *db.Tx) error {
			w.reset()
			w.first, w.last = p.first, p.last
			buildings, err := fact.ListBetween(ctx, tx, p.first, p.last)
			for i := 0; err == nil && i < len(buildings); i++ {
				f.begin(w, &fact.Building{ID: buildings[i]})
				if err = fill(ctx, tx, f); err == nil {
					err = f.end(txn)
					txn++
				}
			}
			return err
		})
	}
	if write {
		return m.pipeline(ctx, run, left, compute, total, progress)
	}
	w := newWave()
	for _, p := range left {
		if err := compute(ctx, p, w); err != nil {
			return err
		}
	}
	return nil
}

// Undo posts the reverse of a recalculation in an open month: each of its lines with the other sign.
func (m *Module) Undo(ctx context.Context, id int64, in calendar.Month, actor string) (*Recalculated, error) {
	var of *Run
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		of, err = findRun(ctx, tx, id)
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
	before, err := listCharged(ctx, tx, f.b.ID, of.FromMonth, of.Month)
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
				f.line(&l.Line, &h.Subs[l.Sub])
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

// summary adds up what corrections come to, building by building.
type summary struct {
	run      *Run
	res      Recalculated
	building int64
	accounts map[int64]money.Amount // of the building
}

func newSummary(run *Run) *summary {
	return &summary{run: run, accounts: map[int64]money.Amount{}, res: Recalculated{Month: run.Month.String(), From: run.FromMonth.String(), Largest: []Change{}}}
}

func (s *summary) add(building, account int64, l *calc.Line) {
	if building != s.building {
		s.flush()
		s.building = building
	}
	s.res.Lines++
	s.accounts[account] += l.Amount
}

// flush adds the building up and keeps the largest changes.
func (s *summary) flush() {
	r := &s.res
	changed := false
	for account, amount := range s.accounts {
		r.Amount += amount
		if amount == 0 {
			continue
		}
		r.More, r.Less = r.More+max(amount, 0), r.Less+max(-amount, 0)
		r.Accounts++
		changed = true
		r.Largest = append(r.Largest, Change{s.building, account, amount})
	}
	if changed {
		r.Buildings++
	}
	clear(s.accounts)
	slices.SortFunc(r.Largest, func(a, b Change) int {
		return cmp.Or(cmp.Compare(size(b.Amount), size(a.Amount)), cmp.Compare(a.Building, b.Building), cmp.Compare(a.Account, b.Account))
	})
	r.Largest = r.Largest[:min(len(r.Largest), largestMax)]
}

func (s *summary) done(posted bool) *Recalculated {
	s.flush()
	s.res.Run, s.res.Posted = max(s.run.ID, 0), posted
	return &s.res
}

func size(a money.Amount) money.Amount { return max(a, -a) }
