package casefile

import (
	"cmp"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/penalty"
)

// debtKey is whose debt it is: payments of one supplier close only his.
type debtKey struct{ supplier, service, group string }

// account is the debts of one supplier and service, what was paid for them, and the penalty on each month.
type owed struct {
	key     debtKey
	open    []penalty.Open
	given   money.Amount // penalty charged before
	results map[calendar.Month]*penalty.Result
	parts   []penalty.Part
}

// accounts is the money side of a case.
type accounts struct {
	list []*owed
	plan payment.Plan
	left []payment.Debt // before the payment

	offered []payment.Debt // what of it the payment may close

	shares []map[debtKey]money.Amount // of each payment made before
}

// settle computes penalties of the debts and splits the payment.
func (r *runner) settle() error {
	r.money = &accounts{}
	if len(r.c.Debts) == 0 {
		return nil
	}
	for i := range r.c.Debts {
		d := &r.c.Debts[i]
		if _, ok := r.engine.Service(d.Service); !ok && d.Service != "" {
			return fmt.Errorf("строка %d: услуги %q нет в каталоге%s: исправьте код или добавьте её в catalog.services", d.line, d.Service, perhapsService(r.engine, d.Service))
		}
		r.addDebt(d)
	}
	if err := r.penalties(); err != nil {
		return err
	}
	return r.split()
}

// group is the group of services whose penalties go together.
func (r *runner) group(d *Debt) string {
	if d.Group != "" {
		return d.Group
	}
	if s, ok := r.engine.Service(d.Service); ok {
		return r.engine.Of(s).Group
	}
	return ""
}

func (r *runner) addDebt(d *Debt) {
	key := debtKey{d.Supplier, d.Service, r.group(d)}
	i := slices.IndexFunc(r.money.list, func(o *owed) bool { return o.key == key })
	if i < 0 {
		i = len(r.money.list)
		r.money.list = append(r.money.list, &owed{key: key, results: map[calendar.Month]*penalty.Result{}})
	}
	o := r.money.list[i]
	if d.Penalty {
		o.given += money.Amount(d.Amount)
		return
	}
	o.open = append(o.open, penalty.Open{Month: d.Month, Due: d.Due, Sum: money.Amount(d.Amount)})
}

// penalties lets the payments close the debts and counts the penalty of each month.
func (r *runner) penalties() error {
	rules, err := penalty.Compile(r.catalog, calendar.DayOff)
	if err != nil {
		return err
	}
	for _, o := range r.money.list {
		for i := range o.open {
			if d := &o.open[i]; d.Due == 0 && d.Month.Valid() {
				if d.Due, err = rules.DueDate(d.Month, o.key.supplier); err != nil {
					return err
				}
			}
		}
	}
	if err := r.sharePayments(); err != nil {
		return err
	}
	for _, o := range r.money.list {
		if o.parts, err = penalty.Allocate(o.open, o.given, r.incoming(o.key)); err != nil {
			return err
		}
		for i := range o.open {
			d := &o.open[i]
			if _, done := o.results[d.Month]; done {
				return fmt.Errorf("долг за %s стоит дважды: сложите суммы или назовите разные service", d.Month)
			}
			if err := r.penaltyOf(rules, o, d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *runner) penaltyOf(rules *penalty.Rules, o *owed, d *penalty.Open) error {
	at := r.c.PenaltyOn
	paid := penalty.PaidFor(o.parts, d.Group, d.Month)
	for i := range paid {
		if r.c.PenaltyOn == 0 {
			at = max(at, paid[i].On)
		}
	}
	if at == 0 {
		return nil // nothing is asked about penalties
	}
	res := &penalty.Result{}
	o.results[d.Month] = res
	return rules.Compute(penalty.Debt{Month: d.Month, Group: o.key.group, Supplier: o.key.supplier, Principal: d.Sum, Due: d.Due}, paid, at, res)
}

// incoming are what payments made before gave one debt.
func (r *runner) incoming(key debtKey) (list []penalty.Incoming) {
	for i := range r.c.Payments {
		p := &r.c.Payments[i]
		in := penalty.Incoming{ID: int64(i + 1), On: p.Date, Sum: r.money.shares[i][key], Month: p.Month, Penalty: p.Penalty}
		if in.Sum == 0 {
			continue
		}
		list = append(list, in)
		if p.Reversed {
			list = append(list, penalty.Incoming{ID: int64(len(r.c.Payments) + i + 1), On: p.Date, Reverses: in.ID})
		}
	}
	return list
}

// split shares the payment asked for over what the debts still are.
func (r *runner) split() (err error) {
	p := r.c.Pay
	if p == nil {
		return nil
	}
	wish := payment.Wish{All: p.All, Ahead: p.Ahead, Month: p.Month}
	switch {
	case len(p.Lines) > 0:
		for _, l := range p.Lines {
			wish.Lines = append(wish.Lines, payment.WishLine{Supplier: cmp.Or(l.Supplier, r.sellerOf(l.Service)), Service: l.Service, Sum: money.Amount(l.Amount)})
		}
	case !p.All:
		wish.Sum = money.Amount(p.Amount)
	}
	r.money.left = r.money.rest()
	r.money.offered = r.money.mayClose(p)
	r.money.plan, err = payment.Split(r.money.offered, wish, payment.RulesOf(r.catalog, p.Date))
	return err
}

// mayClose are the debts a payment may close: what its payer named, and without a month named nothing past limitation.
func (a *accounts) mayClose(p *Pay) []payment.Debt {
	debts := a.rest()
	if p.Supplier != "" || p.Service != "" {
		debts = named(debts, subject{supplier: p.Supplier, service: p.Service})
	}
	if p.Penalty {
		debts = onlyPenalty(debts)
	}
	switch {
	case p.Month != 0:
		return ofMonth(debts, p.Month)
	case p.Date != 0:
		return a.claimable(debts, p.Date)
	}
	return debts
}

// sellerOf is the supplier of the only debt for a service; nobody where there are several.
func (r *runner) sellerOf(service string) (supplier string) {
	n := 0
	for _, o := range r.money.list {
		if o.key.service == service {
			n, supplier = n+1, o.key.supplier
		}
	}
	if n != 1 {
		return ""
	}
	return supplier
}

// rest is what every debt is after the payments made before, as a payment is split over it.
func (a *accounts) rest() (debts []payment.Debt) {
	for i, o := range a.list {
		debts = append(debts, o.debt(int64(i+1)))
	}
	return debts
}

// debt is what one account owes after the payments so far.
func (o *owed) debt(id int64) payment.Debt {
	d := payment.Debt{BuildingID: 1, AccountID: id, ServiceID: id, Supplier: o.key.supplier, Service: o.key.service, Penalty: o.given}
	for _, x := range o.open {
		d.Buckets = append(d.Buckets, payment.Bucket{Month: x.Month, Amount: x.Sum, Due: x.Due})
		d.LastCharge = x.Sum
	}
	for _, p := range o.parts {
		takeOff(&d, p)
	}
	slices.SortFunc(d.Buckets, func(x, y payment.Bucket) int { return cmp.Compare(x.Month, y.Month) })
	return d
}

func (o *owed) dueOf(m calendar.Month) calendar.Date {
	for i := range o.open {
		if o.open[i].Month == m {
			return o.open[i].Due
		}
	}
	return 0
}

// claimable leaves out what limitation has run out for.
func (a *accounts) claimable(debts []payment.Debt, on calendar.Date) []payment.Debt {
	for i := range debts {
		o := a.list[debts[i].AccountID-1]
		debts[i].Buckets = slices.DeleteFunc(debts[i].Buckets, func(b payment.Bucket) bool { return penalty.Expired(o.dueOf(b.Month), on) })
	}
	return debts
}

// named leaves out what the payer did not name; a payment ahead is then of what he named too.
func named(debts []payment.Debt, by subject) []payment.Debt {
	for i := range debts {
		if d := &debts[i]; !by.of(d.Supplier, d.Service) {
			d.Penalty, d.Buckets, d.LastCharge = 0, nil, 0
		}
	}
	return debts
}

// onlyPenalty leaves the penalties of debts: what the payer marked so closes nothing else.
func onlyPenalty(debts []payment.Debt) []payment.Debt {
	for i := range debts {
		debts[i].Buckets = nil
	}
	return debts
}

func ofMonth(debts []payment.Debt, m calendar.Month) []payment.Debt {
	for i := range debts {
		debts[i].Penalty = 0
		debts[i].Buckets = slices.DeleteFunc(debts[i].Buckets, func(b payment.Bucket) bool { return b.Month != m })
	}
	return debts
}

// takeOff lowers a debt by what an earlier payment closed.
func takeOff(d *payment.Debt, p penalty.Part) {
	switch p.For {
	case penalty.ForPenalty:
		d.Penalty -= p.Sum
	case penalty.ForMonth:
		for i := range d.Buckets {
			if d.Buckets[i].Month == p.Month {
				d.Buckets[i].Amount -= p.Sum
			}
		}
	}
}
