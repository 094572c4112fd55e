package reading

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
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
	if err != nil {
		return nil, err
	}
	return b.report, nil
}

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
	for _, building := range slices.Sorted(maps.Keys(byBuilding)) {
		list := byBuilding[building]
		if err := b.building(ctx, building, list, verdicts, len(byBuilding) == 1 && b.load.Judged == nil); err != nil {
			return fmt.Errorf("readings of building %d: %w", building, err)
		}
		if b.done += int64(len(list)); b.load.Progress != nil {
			b.load.Progress("Показания", b.done, -1)
		}
	}
	for i := range verdicts {
		b.report.add(verdicts[i], b.load.Every)
	}
	return nil
}

// verdictOf begins the verdict of an entry.
func verdictOf(e *Entry) Judged {
	return Judged{File: e.File, Line: e.Line, Account: e.Account, Meter: e.Meter, Service: e.Service, Zone: e.Zone, Day: e.Date, Value: string(e.Value)}
}

func (v Judged) refused(err error) Judged {
	f := fault.As(err)
	v.State, v.Code, v.Says = Refused, f.Code, f.Message
	return v
}

// place finds the accounts of entries; what cannot be placed gets its verdict.
func (b *batch) place(ctx context.Context, tx *db.Tx, entries []Entry, verdicts []Judged) (map[int64][]*placed, error) {
	p, err := b.newPlaces(ctx, tx)
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
			route, err = p.find(ctx, cmp.Or(x.Supplier, b.load.Supplier), x.Account)
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
	accounts := map[int64]bool{}
	for _, x := range list {
		accounts[x.account] = true
	}
	first, err := b.m.DB.NextIDs(ctx, 2*len(accounts)) // each may have what an inspector read too
	if err != nil {
		return err
	}
	var of *fact.Scope
	if len(accounts) <= scopeAccounts {
		of = &fact.Scope{Accounts: slices.Sorted(maps.Keys(accounts))}
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

// round is one building of a load.
type round struct {
	*batch
	d        *decision
	at       calendar.Micros
	nextID   int64
	receipts map[receiptKey]*Receipt
}

// receiptKey tells receipts of a load apart.
type receiptKey struct {
	household int64
	control   bool
}

func compareKeys(a, b receiptKey) int {
	if a.household == b.household && a.control != b.control {
		if b.control {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.household, b.household)
}

// together tells entries that one meter showed at once.
type together struct {
	meter   int64
	on      calendar.Date
	confirm Confirm
	control bool
}

// judge decides entries meter by meter, so that registers told line by line are looked at together.
func (r *round) judge(list []*placed, verdicts []Judged) {
	groups, order := map[together][]*placed{}, []together(nil)
	for _, x := range list {
		err := r.meter(x)
		if err != nil {
			verdicts[x.no] = verdicts[x.no].refused(err)
			continue
		}
		k := together{x.meter.ID, x.on, x.confirm, x.Control}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], x)
	}
	slices.SortStableFunc(order, func(a, b together) int { return cmp.Compare(a.on, b.on) })
	for _, k := range order {
		r.group(k, groups[k], verdicts)
	}
}

func (r *round) meter(x *placed) (err error) {
	x.meter, err = r.d.stock.find(wanted{x.account, r.scope.All, x.Meter, x.Service, x.on})
	if err == nil {
		x.zone, err = x.meter.parseZone(x.Zone)
	}
	return err
}

func (r *round) group(k together, list []*placed, verdicts []Judged) {
	g := Given{Meter: k.meter, On: k.on, Confirm: k.confirm, Control: k.control}
	at := map[calc.Zone]int{}
	for _, x := range list {
		if i, again := at[x.zone]; again { // of one register told twice the last one holds
			g.Values[i].Value = x.value
			continue
		}
		at[x.zone] = len(g.Values)
		g.Values = append(g.Values, Value{x.zone, x.value})
	}
	receipt := r.receipt(list[0])
	lines := r.d.decide(g, r.origin(list[0]), receipt.Number, false)
	for _, x := range list {
		verdicts[x.no] = lines[at[x.zone]].verdict(verdicts[x.no], receipt.Number)
	}
	for _, l := range lines {
		if l.State != Same && l.State != Asked && l.State != Refused {
			receipt.Lines = append(receipt.Lines, l)
		}
	}
}

// origin is where an entry comes from: what it says itself of who read it is kept with the receipt.
func (r *round) origin(x *placed) *Origin {
	o := r.load.Origin
	if o.Author == "" {
		o.Author = cmp.Or(x.By, x.File)
	}
	if x.Control {
		o.Channel = Control
	}
	return &o
}

// receipt is the one of a household, begun with its first figure; what an inspector read has one of its own.
func (r *round) receipt(x *placed) *Receipt {
	home := receiptKey{r.d.stock.householdOf(x.account), x.Control}
	if r.receipts[home] == nil {
		o := r.origin(x)
		r.receipts[home] = &Receipt{Number: receiptNumber(r.nextID), Building: r.d.stock.building, Household: home.household, At: r.at, Channel: o.Channel, Author: o.Author, Device: cmp.Or(x.Source, o.Device)}
		r.nextID++
	}
	return r.receipts[home]
}

// verdict tells what became of a register's figure.
func (l *Line) verdict(v Judged, receipt string) Judged {
	v.Meter, v.Service, v.Zone, v.Day, v.Value, v.State = l.Serial, l.Service, l.Zone, l.Day, l.Value, l.State
	v.Month, v.Late, v.Volume, v.Until, v.Doubts = l.Month, l.Late, l.Volume, l.Until, l.Doubts
	for _, d := range l.Doubts {
		v.Code, v.Says = "reading."+string(d.Kind), joined(v.Says, d.Says)
	}
	for _, n := range l.Notes {
		v.Says = joined(v.Says, n)
	}
	switch l.State {
	case Taken, Corrected, Noted:
		v.Receipt = receipt
	case Refused:
		v.Code = cmp.Or(v.Code, "reading.impossible")
	}
	return v
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + ". " + b
}

// write keeps what was decided of a building, unless it is only tried.
func (r *round) write(ctx context.Context, tx *db.Tx, verdicts []Judged, alone bool) error {
	nothing := r.d.set.Empty() && len(r.d.events) == 0
	if r.load.DryRun || nothing && r.load.Judged == nil {
		return errUnwritten
	}
	if !nothing {
		if err := r.keep(ctx, tx, alone); err != nil {
			return err
		}
	}
	if r.load.Judged != nil {
		if err := r.load.Judged(ctx, tx, verdicts); err != nil {
			return err
		}
	}
	return tell(ctx, tx, r.d.events, r.at)
}

// keep writes the figures and their receipts.
func (r *round) keep(ctx context.Context, tx *db.Tx, alone bool) error {
	var all []*Receipt
	for _, home := range slices.SortedFunc(maps.Keys(r.receipts), compareKeys) {
		if len(r.receipts[home].Lines) > 0 {
			all = append(all, r.receipts[home])
		}
	}
	write := func() error { return writeFacts(ctx, tx, &r.d.set, r.at) }
	if alone && len(all) == 1 {
		if err := r.effect(ctx, tx, all[0], write); err != nil {
			return err
		}
		r.report.Effect = all[0].Effect
	} else if err := write(); err != nil {
		return err
	}
	return insert(ctx, tx, all, "")
}

// effect writes the figures of one household between two computations of its month.
func (w *work) effect(ctx context.Context, tx *db.Tx, r *Receipt, write func() error) error {
	month, home := r.month(), Home{r.Building, r.Household}
	before, err := w.month(ctx, tx, home, month, r.At)
	if err == nil {
		err = write()
	}
	if err != nil {
		return err
	}
	after, err := w.month(ctx, tx, home, month, r.At)
	r.Effect = difference(month, before, after)
	return err
}
