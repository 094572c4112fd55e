package reading

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/meter"
)

// Load is figures of many households, one verdict each.
type Load struct {
	Origin
	Supplier string // whose accounts are named without a supplier
	DryRun   bool
	Every    bool // the report lists every verdict, not only those that need a person
	Entries  func(emit func(Entry) error) error
	Progress func(stage string, done, total int64)
	// Judged is told the verdicts of a building in the transaction that writes its readings: what they came of is kept with
	// them or not at all. Entries without an account are in the report only.
	Judged func(ctx context.Context, tx *db.Tx, verdicts []Judged) error
}

// chunkEntries is how many entries are judged at once: what is held of a file is bounded, whatever its size.
const chunkEntries = 50_000

// Load judges entries and writes those that raise no question, building after building.
func (m *Module) Load(ctx context.Context, actor access.Actor, l Load) (*Outcome, error) {
	scope, err := actor.Scope("reading", "write")
	if err != nil {
		return nil, err
	}
	return m.load(ctx, actor, scope, l)
}

func (m *Module) load(ctx context.Context, actor access.Actor, scope access.Scope, l Load) (*Outcome, error) {
	w, err := m.look(ctx)
	if err != nil {
		return nil, err
	}
	b := &batch{work: w, load: &l, scope: scope, own: actor.SupplierID, report: &Outcome{OK: true, DryRun: l.DryRun, Files: []Tally{}, Lines: []Judged{}}}
	err = l.Entries(func(e Entry) error {
		if b.entries = append(b.entries, e); len(b.entries) < chunkEntries {
			return nil
		}
		return b.flush(ctx)
	})
	if err == nil {
		err = b.flush(ctx)
	}
	if err == nil && b.done >= analyzeEntries && !l.DryRun {
		err = m.DB.AnalyzeChanged(ctx)
	}
	if err != nil {
		return nil, err
	}
	return b.report, nil
}

// analyzeEntries is from how many figures on a load may turn the plans of what comes after it.
const analyzeEntries = 5000

// batch is one load.
type batch struct {
	*work
	load    *Load
	scope   access.Scope
	own     int64 // of a supplier's program
	entries []Entry
	done    int64
	report  *Outcome
}

// placed is an entry with its account.
type placed struct {
	*Entry
	no      int // among the entries of a chunk
	account int64
	value   decimal.Decimal
	on      calendar.Date
	confirm Confirm
	meter   *Meter
	zone    calc.Zone
}

// flush judges the entries read so far.
func (b *batch) flush(ctx context.Context) error {
	entries, verdicts := b.entries, make([]Judged, len(b.entries))
	b.entries = nil
	var byBuilding map[int64][]*placed
	err := b.m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		byBuilding, err = b.place(ctx, tx, entries, verdicts)
		return err
	})
	if err != nil {
		return err
	}
	if err := b.buildings(ctx, byBuilding, verdicts); err != nil {
		return err
	}
	for i := range verdicts {
		b.report.add(verdicts[i], b.load.Every)
	}
	return nil
}

// workersMax is how many buildings of a chunk are judged and written at once: while one waits for the disk the others
// compute, and most of the pool is left to people.
const workersMax = 4

// workers is how many buildings may go on at once: SQLite has one writer, and whoever is told the verdicts hears of one
// building after another.
func (b *batch) workers() int {
	if b.m.DB.Dialect == db.SQLite || b.load.Judged != nil {
		return 1
	}
	return workersMax
}

// buildings judges and writes the entries of a chunk, each building in a transaction of its own.
func (b *batch) buildings(ctx context.Context, byBuilding map[int64][]*placed, verdicts []Judged) error {
	alone := len(byBuilding) == 1 && b.load.Judged == nil
	var told sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.workers())
	for _, building := range slices.Sorted(maps.Keys(byBuilding)) {
		group.Go(func() error {
			if ctx.Err() != nil { // another building failed
				return ctx.Err()
			}
			list := byBuilding[building]
			if err := b.building(ctx, building, list, verdicts, alone); err != nil {
				return fmt.Errorf("readings of building %d: %w", building, err)
			}
			told.Lock()
			defer told.Unlock()
			if b.done += int64(len(list)); b.load.Progress != nil {
				b.load.Progress("Показания", b.done, -1)
			}
			return nil
		})
	}
	return group.Wait()
}

// verdictOf begins the verdict of an entry.
func verdictOf(e *Entry) Judged {
	return Judged{File: e.File, Line: e.Line, Account: e.Account, House: e.House, Meter: e.Meter, Service: e.Service, Zone: e.Zone, Day: e.Date, Value: string(e.Value)}
}

func (v Judged) refused(err error) Judged {
	f := fault.As(err)
	v.State, v.Code, v.Says = Refused, f.Code, f.Message
	return v
}

// place finds the accounts of entries; what cannot be placed gets its verdict.
func (b *batch) place(ctx context.Context, tx *db.Tx, entries []Entry, verdicts []Judged) (map[int64][]*placed, error) {
	p, err := b.newPlaces(ctx, tx)
	if err == nil {
		err = p.learn(ctx, entries, b.load.Supplier)
	}
	if err != nil {
		return nil, err
	}
	byBuilding, today := map[int64][]*placed{}, b.m.Today()
	for i := range entries {
		x := &placed{Entry: &entries[i], no: i}
		verdicts[i] = verdictOf(x.Entry)
		x.value, x.on, err = x.figure(today)
		if err == nil {
			x.confirm, err = x.Entry.confirm()
		}
		var route account.Route
		if err == nil {
			route, err = p.of(ctx, x.Entry, b.load.Supplier)
		}
		switch {
		case err == nil:
			x.account = route.AccountID
			byBuilding[route.BuildingID] = append(byBuilding[route.BuildingID], x)
		case fault.KindOf(err) == fault.Internal:
			return nil, err
		default:
			verdicts[i] = verdicts[i].refused(err)
		}
	}
	return byBuilding, nil
}

// scopeAccounts is up to how many accounts a building is read in part.
const scopeAccounts = 50

// building judges the entries of one building and writes them, under the lock of its facts.
func (b *batch) building(ctx context.Context, building int64, list []*placed, verdicts []Judged, alone bool) error {
	accounts, house := map[int64]bool{}, false
	for _, x := range list {
		if accounts[x.account] = true; x.account == 0 {
			house = true
		}
	}
	first, err := b.m.DB.NextIDs(ctx, 2*len(accounts)) // each may have what an inspector read too
	if err != nil {
		return err
	}
	var of *fact.Scope
	if len(accounts) <= scopeAccounts {
		of = &fact.Scope{Accounts: slices.Sorted(maps.Keys(accounts)), House: house}
	}
	err = b.m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		at, err := fact.Lock(ctx, tx, building, b.m.Now())
		if err != nil {
			return err
		}
		stock, err := b.loadStock(ctx, tx, building, of, at)
		if err != nil {
			return err
		}
		r := &round{batch: b, d: &decision{stock: stock, today: b.m.Today(), set: fact.Set{Building: building}}, at: at, nextID: first, receipts: map[receiptKey]*Receipt{}}
		if r.sells, err = meter.MayHouse(ctx, tx, b.scope, building); err != nil {
			return err
		}
		for _, x := range list {
			verdicts[x.no] = verdictOf(x.Entry)
		}
		r.judge(list, verdicts)
		return r.write(ctx, tx, verdictsOf(list, verdicts), alone)
	})
	if errors.Is(err, errUnwritten) {
		return nil
	}
	return err
}

// verdictsOf are those of some entries of a chunk.
func verdictsOf(list []*placed, verdicts []Judged) []Judged {
	own := make([]Judged, 0, len(list))
	for _, x := range list {
		own = append(own, verdicts[x.no])
	}
	return own
}
