package bill

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// Flow is how a balance went over a time, in kopecks: Closing = Opening + Charge + Recalc + Penalty − Paid + Other. Other is
// what a supplier changed without saying why: his opening is not what he said was due before.
type Flow struct {
	Opening money.Amount `json:"opening"`
	Charge  money.Amount `json:"charge"`
	Recalc  money.Amount `json:"recalc"`
	Penalty money.Amount `json:"penalty"`
	Paid    money.Amount `json:"paid"`
	Other   money.Amount `json:"other,omitempty"`
	Closing money.Amount `json:"closing"`
}

// charged is what the flow adds to a debt.
func (f *Flow) charged() money.Amount { return f.Charge + f.Recalc + f.Penalty }

// add adds what moved, not the balances.
func (f *Flow) add(o *Flow) {
	f.Charge, f.Recalc, f.Penalty, f.Paid, f.Other = f.Charge+o.Charge, f.Recalc+o.Recalc, f.Penalty+o.Penalty, f.Paid+o.Paid, f.Other+o.Other
}

// MonthFlow is a flow of one month.
type MonthFlow struct {
	Month calendar.Month `json:"month"`
	Flow
}

// AccountFlow is what an account of a supplier went through over the time of a Turnover.
type AccountFlow struct {
	AccountID  int64
	SupplierID int64
	Supplier   string // its name
	Account    string // as it is printed
	Flow
	Months []MonthFlow
}

// ServiceFlow is what was charged for a service over the time of a Turnover; balances stay zero.
type ServiceFlow struct {
	AccountID, ServiceID    int64
	SupplierID              int64
	Supplier, Account, Name string
	Flow
	Months []MonthFlow
}

// Turnover is how a household's balance went from month to month, as known at the moment of its bill. Its last closing, when To
// is the month of that moment, is what the bill says is due less what it says is paid in advance.
type Turnover struct {
	From, To calendar.Month
	First    calendar.Month // the first month anything is known of; 0 is none
	Total    Flow
	Months   []MonthFlow
	Accounts []AccountFlow
	Services []ServiceFlow
	Parts    []payment.Part // posted payments of the household dated within, oldest first
}

// Turnover gives the months from … to of a live bill, or of one as of a moment. Months before the first one known are left out.
func (m *Module) Turnover(ctx context.Context, b *Bill, from, to calendar.Month) (*Turnover, error) {
	t := &turning{m: m, b: b, last: m.today(b).Month(), flows: map[int64]map[calendar.Month]*monthFlow{}, services: map[serviceOf]map[calendar.Month]*Flow{}, registers: map[serviceOf]bool{}}
	reader, err := m.charges.Reader(ctx, b.Moment)
	if err == nil {
		err = m.db.Read(ctx, func(tx *db.Tx) error { return t.read(ctx, tx, reader) })
	}
	if err == nil {
		err = t.readOwn(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("turnover: %w", err)
	}
	out := &Turnover{From: from, To: min(to, t.last)}
	t.fill(out)
	return out, nil
}

// turning puts a turnover together.
type turning struct {
	m         *Module
	b         *Bill
	own       *charge.Own
	last      calendar.Month // of the bill's moment
	parts     []payment.Part
	ownMonths []calendar.Month
	flows     map[int64]map[calendar.Month]*monthFlow // by account
	services  map[serviceOf]map[calendar.Month]*Flow
	registers map[serviceOf]bool // services a register was met of, in accounts that Kvit charges too
	names     map[int64]string   // of services
	suppliers map[int64]supplier.Supplier
}

// monthFlow is a month of an account; of one whose supplier sends registers, with what the register says.
type monthFlow struct {
	Flow
	registered bool
	paidGiven  bool
	file       file
}

func (t *turning) month(account int64, month calendar.Month) *monthFlow {
	if t.flows[account] == nil {
		t.flows[account] = map[calendar.Month]*monthFlow{}
	}
	f := t.flows[account][month]
	if f == nil {
		f = &monthFlow{}
		t.flows[account][month] = f
	}
	return f
}

// charge adds what was charged to a month of an account and of its service.
func (t *turning) charge(of serviceOf, month calendar.Month, f Flow) {
	sum := Flow{Charge: f.Charge, Recalc: f.Recalc, Penalty: f.Penalty}
	t.month(of.account, month).add(&sum)
	if t.services[of] == nil {
		t.services[of] = map[calendar.Month]*Flow{}
	}
	if t.services[of][month] == nil {
		t.services[of][month] = &Flow{}
	}
	t.services[of][month].add(&sum)
}

func (t *turning) read(ctx context.Context, tx *db.Tx, reader *charge.Reader) (err error) {
	b := t.b
	t.suppliers, t.names = map[int64]supplier.Supplier{}, map[int64]string{}
	if t.own, err = b.own(ctx, tx, reader, b.accounts()); err != nil {
		return err
	}
	rows, err := charge.ListAll(ctx, tx, b.BuildingID, b.accounts(), b.Moment)
	if err != nil {
		return err
	}
	if t.parts, err = parts(ctx, tx, nil, b.members, b.formers, b.Moment); err != nil {
		return err
	}
	slices.SortStableFunc(t.parts, func(x, y payment.Part) int {
		return cmp.Or(cmp.Compare(x.PaidOn, y.PaidOn), cmp.Compare(x.OrderID, y.OrderID))
	})
	if t.ownMonths, err = t.listOwnMonths(ctx, tx); err != nil {
		return err
	}
	for i := range rows {
		if err := t.register(ctx, tx, &rows[i]); err != nil {
			return err
		}
	}
	for _, id := range t.own.Accounts() {
		t.goOnFromOpening(id, ofAccount(rows, id))
	}
	if err := t.pay(ctx, tx); err != nil {
		return err
	}
	for i := range b.Suppliers {
		if t.suppliers[b.Suppliers[i].SupplierID], err = t.m.supplierOf(ctx, tx, b.Suppliers[i].SupplierID); err != nil {
			return err
		}
	}
	return t.nameServices(ctx, tx)
}

func (t *turning) listOwnMonths(ctx context.Context, tx *db.Tx) (months []calendar.Month, err error) {
	for _, x := range append([]charge.Lived{{Building: t.b.BuildingID, Accounts: t.b.accounts()}}, t.b.formers...) {
		own, err := charge.ListOwnMonths(ctx, tx, x.Building, x.Accounts, t.b.Moment)
		if err != nil {
			return nil, err
		}
		months = append(months, own...)
	}
	slices.Sort(months)
	return slices.Compact(months), nil
}

// nameServices learns the names of the services met: a supplier's as he calls them, Kvit's as the catalogue does.
func (t *turning) nameServices(ctx context.Context, tx *db.Tx) error {
	for i := range t.own.Services {
		s := &t.own.Services[i]
		t.names[s.ServiceID] = s.Name
	}
	for i := range t.b.Lines {
		t.names[t.b.Lines[i].ServiceID] = t.b.Lines[i].Service
	}
	for of := range t.services {
		if of.service == 0 || t.names[of.service] != "" {
			continue
		}
		name, err := t.m.suppliers.ServiceName(ctx, tx, of.service)
		if err != nil {
			return err
		}
		t.names[of.service] = name
	}
	return nil
}

// register adds a row of a supplier's register, as addLines reads it.
func (t *turning) register(ctx context.Context, tx *db.Tx, l *charge.Line) error {
	if !t.own.Counts(l) || l.Month > t.last {
		return nil
	}
	of := serviceOf{l.AccountID, l.ServiceID}
	opening := l.Opening
	if l.Given&(charge.GivenOpening|charge.GivenCharge) != charge.GivenOpening|charge.GivenCharge {
		opening = l.Due - l.Charge - l.Recalc - l.Penalty + l.Paid
	}
	t.charge(of, l.Month, Flow{Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty})
	f := t.month(l.AccountID, l.Month)
	f.Paid += l.Paid
	f.Other += l.Due - (opening + l.Charge + l.Recalc + l.Penalty - l.Paid)
	if !slices.Contains(t.own.Accounts(), l.AccountID) {
		f.registered, f.paidGiven, f.Opening = true, f.paidGiven || l.Given&charge.GivenPaid != 0, f.Opening+opening
	} else if !t.registers[of] {
		f.Opening += opening // of a service Kvit charges since, the first register says what stood before
		t.registers[of] = true
	}
	var err error
	f.file, err = t.m.fileOf(ctx, tx, l.FileID)
	return err
}

// goOnFromOpening adds what a supplier said stood at the beginning of the first month Kvit charged, and was paid in it.
func (t *turning) goOnFromOpening(account int64, rows []charge.Line) {
	for _, p := range t.own.Places(account, rows) {
		if p.Base.File != 0 && p.Since < p.Base.Month {
			f := t.month(account, p.Base.Month)
			f.Opening, f.Paid = f.Opening+p.Balance+p.Claimed, f.Paid+p.Claimed
		}
	}
}

// pay adds the payments that no register the bill stands on has counted.
func (t *turning) pay(ctx context.Context, tx *db.Tx) error {
	for i := range t.parts {
		p := &t.parts[i]
		l := t.b.lineFor(p)
		if l == nil {
			continue
		}
		counted, err := t.m.counted(ctx, tx, t.b, l, p)
		if err != nil {
			return err
		}
		if !counted {
			t.month(p.AccountID, min(p.PaidOn.Month(), t.last)).Paid += p.Amount
		}
	}
	return nil
}

// readOwn adds what Kvit charged, month by month.
func (t *turning) readOwn(ctx context.Context) error {
	for _, month := range t.ownMonths {
		for _, x := range append([]charge.Lived{{Building: t.b.BuildingID, Accounts: t.b.accounts()}}, t.b.formers...) {
			told, err := t.m.charges.Lines(ctx, x.Building, x.Accounts, month, t.b.Moment)
			if err != nil {
				return err
			}
			for i := range told {
				for k := range told[i].Lines {
					t.addOwn(&told[i].Lines[k], min(month, t.last))
				}
			}
		}
	}
	return nil
}

func (t *turning) addOwn(l *charge.ToldLine, month calendar.Month) {
	if l.Beside || l.Repeats() || l.Kind == calc.ReliefShown {
		return
	}
	of := serviceOf{l.AccountID, l.ServiceID}
	switch l.Kind {
	case calc.Charged, calc.Surcharge:
		t.charge(of, month, Flow{Charge: l.Amount})
	case calc.Penalty:
		t.charge(of, month, Flow{Penalty: l.Amount})
	default:
		t.charge(of, month, Flow{Recalc: l.Amount})
	}
}
