package record

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Deps are what the module works with.
type Deps struct {
	DB        *db.DB
	Suppliers *supplier.Module
	Charges   *charge.Module
	Now       func() calendar.Micros
	Today     func() calendar.Date // in the region's zone
}

// Module holds the operations on records.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

// Source is a file or body of records.
type Source struct {
	Name string // its ending tells the layout: .csv, .ndjson, else YAML
	Body io.Reader
}

// Load is what to load and how.
type Load struct {
	Sources  []Source
	DryRun   bool
	By       string // begins the source of each fact: «facts», «api:vodokanal», «person:olga: справка» (fact.SourceWords)
	Progress func(stage string, done, total int64)

	suppose func(context.Context, *db.Tx) error // looks at what was written before it is taken back
}

// chunkRecords is how many records are judged at once: what is read of a file is bounded, whatever its size.
const chunkRecords = 20_000

// Load judges records and writes what they tell, building after building.
func (m *Module) Load(ctx context.Context, actor access.Actor, l Load) (*Report, error) {
	scope, err := actor.Scope("fact", "write")
	if err != nil {
		return nil, err
	}
	work := &work{m: m, load: &l, scope: scope, actor: actor, report: &Report{OK: true, DryRun: l.DryRun, Files: []FileReport{}, Records: []Verdict{}}}
	if work.engine, err = m.Charges.Engine(ctx); err != nil {
		return nil, err
	}
	for s := range work.engine.Services() {
		work.services = append(work.services, work.engine.Of(calc.Service(s)).Code)
	}
	for _, s := range l.Sources {
		work.report.Files = append(work.report.Files, FileReport{File: s.Name})
		err := readItems(s, func(it *Item) error {
			if work.items = append(work.items, it); len(work.items) < chunkRecords {
				return nil
			}
			return work.flush(ctx)
		})
		if err != nil {
			return nil, err
		}
	}
	if err := work.flush(ctx); err != nil {
		return nil, err
	}
	return work.report, work.log(ctx)
}

// work is one load.
type work struct {
	m        *Module
	load     *Load
	actor    access.Actor
	scope    access.Scope
	engine   *calc.Engine
	services []string
	items    []*Item
	done     int64
	report   *Report
}

// flush judges the records read so far, and writes what they tell.
func (w *work) flush(ctx context.Context) error {
	items := w.items
	w.items = nil
	verdicts := make([]Verdict, len(items))
	var byBuilding map[int64][]*placed
	err := w.m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		byBuilding, err = w.place(ctx, tx, items, verdicts)
		return err
	})
	if err == nil {
		err = w.nameServices(ctx, byBuilding)
	}
	if err != nil {
		return err
	}
	for _, building := range slices.Sorted(maps.Keys(byBuilding)) {
		list := byBuilding[building]
		if err := w.building(ctx, building, list, verdicts); err != nil {
			return fmt.Errorf("building %d: %w", building, err)
		}
		if w.done += int64(len(list)); w.load.Progress != nil {
			w.load.Progress("Данные", w.done, -1)
		}
	}
	for i := range verdicts {
		w.report.add(verdicts[i])
	}
	return nil
}

// place finds whom records are about; what cannot be placed gets its verdict.
func (w *work) place(ctx context.Context, tx *db.Tx, items []*Item, verdicts []Verdict) (map[int64][]*placed, error) {
	places, byBuilding := newPlaces(tx, w.scope), map[int64][]*placed{}
	for i, it := range items {
		x := &placed{Item: it, no: i}
		err := it.err
		if err == nil {
			x.at, err = places.find(ctx, it.To)
		}
		if err == nil {
			err = places.settle(ctx, x)
		}
		if day := it.day(); err == nil && day != 0 && x.at.account != 0 {
			x.at, err = places.before(ctx, x.at, day)
		}
		switch {
		case err == nil:
			byBuilding[x.at.building] = append(byBuilding[x.at.building], x)
		case it.err == nil && fault.KindOf(err) == fault.Internal:
			return nil, err
		default:
			verdicts[i] = Verdict{File: it.File, Line: it.Line, Key: it.Path, Fact: it.Kind, To: it.To.String()}.refused(err)
		}
	}
	return byBuilding, nil
}

// errNothing takes back a transaction that has nothing to keep.
var errNothing = errors.New("nothing to keep")

// building judges the records of one building and writes what they tell, under the lock of its facts.
func (w *work) building(ctx context.Context, building int64, list []*placed, verdicts []Verdict) error {
	if w.load.DryRun {
		return w.m.DB.Read(ctx, func(tx *db.Tx) error {
			_, err := w.judge(ctx, tx, building, list, verdicts, w.m.Now())
			return err
		})
	}
	err := w.m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		at, err := fact.Lock(ctx, tx, building, w.m.Now())
		if err != nil {
			return err
		}
		known, err := w.judge(ctx, tx, building, list, verdicts, at)
		if err != nil {
			return err
		}
		told := known.set()
		if told.Empty() {
			return errNothing
		}
		out := fact.NewWriter()
		if err := out.Add(told, at); err != nil {
			return err
		}
		if err := out.Write(ctx, tx); err != nil {
			return err
		}
		if err := w.measure(ctx, tx, told, known, at); err != nil {
			return err
		}
		if w.load.suppose != nil {
			return cmp.Or(w.load.suppose(ctx, tx), errNothing)
		}
		news, err := fact.Told(ctx, tx, told, at, fact.Everything)
		if err != nil {
			return err
		}
		return event.Write(ctx, tx, news)
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

func (w *work) judge(ctx context.Context, tx *db.Tx, building int64, list []*placed, verdicts []Verdict, at calendar.Micros) (*held, error) {
	j := &judge{engine: w.engine, services: w.services, by: w.load.By, today: w.m.Today(), own: w.scope.SupplierID}
	var err error
	if j.held, err = load(ctx, tx, building, at); err != nil {
		return nil, err
	}
	if j.charged, err = charge.Charged(ctx, tx, building); err != nil {
		return nil, err
	}
	for _, x := range list {
		verdicts[x.no] = j.verdict(x)
	}
	return j.held, nil
}

// log records who loaded what, once.
func (w *work) log(ctx context.Context) error {
	told := 0
	for _, f := range w.report.Files {
		told += f.New + f.Changed + f.Withdrawn
	}
	if w.load.DryRun || w.load.suppose != nil || told == 0 {
		return nil
	}
	return w.m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, w.m.Now(), w.actor.String(), "facts.told", "facts", map[string]any{"files": w.report.Files, "by": w.load.By})
	})
}
