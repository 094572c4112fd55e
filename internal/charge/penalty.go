package charge

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/penalty"
)

// penaltyNo is what lines of penalties are numbered from in a building, apart from the others: corrections before them do
// not move them.
const penaltyNo = 1 << 20

// Late is the penalty of one month's debt of an account, as it comes to on a day.
type Late struct {
	AccountID int64
	ServiceID int64 // of the supplier: the line of the bill it stands on
	penalty.Due
}

// penalizer finds the penalties of buildings for a run of a month.
type penalizer struct {
	rules *penalty.Rules
	day   calendar.Date // they are counted up to
	again bool          // a run is checked: debtors are those of its time
	found *debts
	of    map[int64][]int64 // debtors by building
	fresh []freshLine       // of the building begun, about earlier months
	late  []Late            // of the building begun, those that come to nothing too

	unpaid map[int64]money.Amount // of penalties charged, by account of the building begun
}

// freshLine is a line about an earlier month that is not stored yet.
type freshLine struct {
	account int64
	ref     uint16
	number  int64
	about   calendar.Month
	sum     money.Amount
}

// newPenalizer counts penalties up to the last day of the month charged.
func newPenalizer(rules *penalty.Rules, month calendar.Month) *penalizer {
	return &penalizer{rules: rules, day: month.Last(), unpaid: map[int64]money.Amount{}}
}

// load finds the debtors of a stretch of buildings and reads what they owe, here and where they lived before.
func (p *penalizer) load(ctx context.Context, tx *db.Tx, run *Run, of stretch) error {
	p.found, p.of = nil, nil
	if !p.rules.Known() {
		return nil
	}
	s := screening{stretch: of, month: run.Month, again: p.again}
	list, err := s.debtors(ctx, tx)
	if err != nil {
		return err
	}
	former, err := s.former(ctx, tx)
	if list = former.with(list); err != nil || len(list) == 0 {
		return err
	}
	p.of = map[int64][]int64{}
	for _, d := range list {
		p.of[d.building] = append(p.of[d.building], d.account)
	}
	p.found, err = readDebts(ctx, tx, run, list, former)
	return err
}

// notes tells whether a line is about an earlier month of one who may be late.
func (f *filler) notes(sub *fact.Sub, l *calc.Line, beside bool) bool {
	return !beside && l.Month < f.run.Month && l.Kind != calc.ReliefShown && !isGiven(l) && slices.Contains(f.overdue.of[f.b.ID], sub.AccountID)
}

// penalties adds to the building begun what penalties of its debtors come to now, less what was charged of them before: so
// a payment that came to be known late, or was taken back, corrects what was charged by itself.
func (f *filler) penalties() error {
	f.overdue.late = f.overdue.late[:0]
	clear(f.overdue.unpaid)
	for _, account := range f.overdue.of[f.b.ID] {
		if !f.wants(account) {
			continue
		}
		if err := f.penaltiesOf(account); err != nil {
			return fmt.Errorf("penalties of account %d: %w", account, err)
		}
	}
	f.overdue.fresh = f.overdue.fresh[:0]
	return nil
}

func (f *filler) penaltiesOf(account int64) error {
	supplier := f.supplierOf(account)
	o := f.overdue.found.of[debtor{f.b.ID, account}]
	w := &owner{f: f, account: account, supplier: supplier, places: o.places(account, f.run.Month), on: map[lateKey]carrier{}}
	dues, unpaid, err := f.overdue.rules.Of(w.put(o), f.overdue.day)
	if err != nil {
		return err
	}
	f.overdue.unpaid[account] = unpaid
	for i := range dues {
		w.charge(&dues[i])
	}
	return nil
}

// supplierOf is whose account it is.
func (f *filler) supplierOf(account int64) int64 {
	for i := range f.b.Households {
		for _, s := range f.b.Households[i].Subs {
			if s.AccountID == account {
				return f.b.Refs[s.Ref].SupplierID
			}
		}
	}
	for _, l := range f.overdue.found.of[debtor{f.b.ID, account}].lines {
		if id := f.owners[l.service]; id != 0 {
			return id
		}
	}
	return 0
}

// lateKey names the debt of a month.
type lateKey struct {
	group string
	month calendar.Month
}

// carrier is the service whose line carries the penalty of a debt: the one the most was charged for, or the one that
// carried it before.
type carrier struct {
	service, number int64
	sum             money.Amount
	before          bool
}

// owner puts together what an account owes.
type owner struct {
	f                 *filler
	account, supplier int64
	places            []Place
	on                map[lateKey]carrier
	of                penalty.Account
}

func (w *owner) put(o *owing) *penalty.Account {
	w.of = penalty.Account{Supplier: w.f.suppliers[w.supplier]}
	for _, l := range o.lines {
		w.line(l)
	}
	for _, l := range w.f.overdue.fresh {
		if l.account == w.account && !o.moved {
			w.line(owedLine{service: w.f.b.Refs[l.ref].ServiceID, number: l.number, in: w.f.run.Month, about: l.about, sum: l.sum})
		}
	}
	for i := range w.places {
		w.opening(&w.places[i], o)
	}
	for i := range o.payments {
		w.payment(&o.payments[i])
	}
	return &w.of
}

// line adds what was charged after the register a service goes on from: what was charged before is in it, or is its
// supplier's affair.
func (w *owner) line(l owedLine) {
	group := w.f.groupOf(l.number)
	p := w.place(l.service)
	if p == nil || l.in < p.Since {
		return
	}
	switch l.kind {
	case owedPenalty:
		if p.Beside && l.about < p.Since { // of a debt that is in his register now
			return
		}
		w.of.Charged = append(w.of.Charged, penalty.Charged{Group: group, Month: l.about, Sum: l.sum})
		w.on[lateKey{group, l.about}] = carrier{service: l.service, number: l.number, before: true}
		return
	case owedPutOff: // its parts are owed with the months they are charged in
		w.of.Paid = append(w.of.Paid, penalty.Incoming{ID: -int64(l.in), On: l.in.First(), Sum: -l.sum, Group: group})
		return
	}
	w.owe(penalty.Owed{Group: group, About: l.about, In: l.in, Sum: l.sum}, l.service, l.number)
}

func (w *owner) owe(o penalty.Owed, service, number int64) {
	w.of.Owed = append(w.of.Owed, o)
	for _, month := range [...]calendar.Month{o.About, o.In} {
		k := lateKey{o.Group, month}
		c := w.on[k]
		if !c.before && (c.number == 0 || o.Sum > c.sum || o.Sum == c.sum && service < c.service) {
			w.on[k] = carrier{service: service, number: number, sum: o.Sum}
		}
	}
}

// opening adds what the supplier's register left due, his own penalty left out: as the debt of the last month before
// Kvit, for the youngest it can be is in the debtor's favour.
func (w *owner) opening(p *Place, o *owing) {
	number := int64(0)
	for _, l := range o.lines {
		if l.service == p.ServiceID && l.kind != owedPenalty {
			number = l.number
		}
	}
	sum := p.Balance
	if sum > 0 {
		sum = max(0, sum-max(0, p.Theirs))
	}
	if sum != 0 {
		w.owe(penalty.Owed{Group: w.f.groupOf(number), About: p.Since, In: p.Since, Sum: sum}, p.ServiceID, number)
	}
}

// payment adds a payment that the register its service goes on from has not counted. One that names a service Kvit does
// not charge pays none of these debts.
func (w *owner) payment(part *paidPart) {
	p := w.place(part.service)
	if part.service == 0 && p == nil && len(w.places) > 0 {
		p = &w.places[0]
	}
	if p == nil {
		return
	}
	if cutoff := w.f.overdue.found.cutoffs[p.Base.File]; p.Base.File != 0 && cutoff.Counts(part.on, part.ours, part.recorded, p.Base.Month) {
		return
	}
	in := penalty.Incoming{ID: part.order, On: part.on, Sum: part.sum, Penalty: part.penalty, Month: part.month}
	if part.service != 0 {
		in.Group = w.groupOfService(part.service)
	}
	w.of.Paid = append(w.of.Paid, in)
}

func (w *owner) place(service int64) *Place {
	for i := range w.places {
		if w.places[i].ServiceID == service {
			return &w.places[i]
		}
	}
	return nil
}

func (w *owner) groupOfService(service int64) string {
	for _, l := range w.f.overdue.found.of[debtor{w.f.b.ID, w.account}].lines {
		if l.service == service && l.kind != owedPenalty {
			return w.f.groupOf(l.number)
		}
	}
	return ""
}

// charge adds the line of one debt's penalty.
func (w *owner) charge(d *penalty.Due) {
	f := w.f
	c := w.on[lateKey{d.Group, d.Month}]
	f.overdue.late = append(f.overdue.late, Late{AccountID: w.account, ServiceID: c.service, Due: *d})
	if code := d.Code(); code != "" && d.Month < f.run.Month.Add(-1) && d.Unpaid() > 0 {
		f.issue(w.sub(c), code)
	}
	more := d.More()
	if more == 0 {
		return
	}
	l := calc.Line{
		Service: f.serviceOf(c.number), Kind: calc.Penalty, Formula: calc.FormulaPenalty, Month: d.Month, Amount: more, RateRow: -1, NormRow: -1, FactorRow: -1,
	}
	for i, sum := range [...]money.Amount{d.Total, d.Charged, d.Principal, d.Rest} {
		l.Inputs[i] = calc.InRoubles(sum)
	}
	f.penaltyLines++
	f.write(&l, w.sub(c), false, penaltyNo+f.penaltyLines)
}

// sub is a subscription for the line of a service.
func (w *owner) sub(c carrier) *fact.Sub {
	ref := w.f.b.RefOf(fact.Ref{ServiceID: c.service, SupplierID: w.supplier, Code: w.f.codeOf(w.f.serviceOf(c.number))})
	return &fact.Sub{AccountID: w.account, Ref: ref}
}

// serviceOf is the engine's service of a lasting number; -1 when the catalogue has dropped it.
func (f *filler) serviceOf(number int64) calc.Service {
	return calc.Service(slices.Index(f.numbers, number))
}

// groupOf is the group of a service by its lasting number.
func (f *filler) groupOf(number int64) string {
	if s := f.serviceOf(number); s >= 0 {
		return f.engine.Of(s).Group
	}
	return ""
}
