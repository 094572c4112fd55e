package reading

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
)

// round is one building of a load.
type round struct {
	*batch
	d        *decision
	at       calendar.Micros
	nextID   int64
	sells    func(service string) bool // of which services the house's own meters are open to who gives
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
	spare := map[*placed]error{}
	for _, x := range list {
		err := r.meter(x)
		if err != nil && x.meter != nil && x.isSpare() {
			spare[x] = err
			continue
		}
		if err != nil {
			verdicts[x.no] = verdicts[x.no].refused(err)
			continue
		}
		k := x.together()
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], x)
	}
	slices.SortStableFunc(order, func(a, b together) int { return cmp.Compare(a.on, b.on) })
	for _, k := range order {
		r.group(k, groups[k], verdicts)
	}
	for x, err := range spare {
		if groups[x.together()] == nil {
			verdicts[x.no] = verdicts[x.no].refused(err)
			continue
		}
		verdicts[x.no].Meter, verdicts[x.no].State = x.meter.Serial, Same
	}
}

// isSpare tells a figure that is no register's of its meter: a zero in the column of a rate the meter lacks, or the sum of
// its rates. Beside figures of its registers it says nothing.
func (x *placed) isSpare() bool {
	return x.beside && x.value == 0 || obisRegister(x.Zone) == obisTotal || zoneSpelling.Replace(strings.ToLower(x.Zone)) == obisTotal
}

func (x *placed) together() together { return together{x.meter.ID, x.on, x.confirm, x.Control} }

func (r *round) meter(x *placed) (err error) {
	x.meter, err = r.d.stock.find(wanted{x.account, r.scope.All, x.Meter, x.Service, x.on})
	if err == nil && x.account == 0 && !r.sells(x.meter.Service) {
		x.meter, err = nil, unknownHouse(x.House)
	}
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
	write := func() error { return r.record(ctx, tx, r.d, r.at) }
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
	if r.Household == 0 { // of a house's own meters: no single bill is theirs
		return write()
	}
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
