package casefile

import (
	"cmp"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/penalty"
)

// compareMoney compares an expectation about debts, penalties and payments.
func (r *runner) compareMoney(e *Expect) (Compared, error) {
	x := comparison{Compared: Compared{Expected: map[string]any{}, Got: map[string]any{}, OK: true}}
	var err error
	switch {
	case e.Penalty != nil:
		r.comparePenalty(e.Penalty, &x)
	case e.PenaltySum != nil:
		x.about(e.subject())
		same(&x, "penalty_sum", money.Amount(e.PenaltySum.Amount), r.penaltySum(e.subject()))
	case e.Due != 0:
		x.about(e.about())
		same(&x, "due", e.Due.String(), r.dueOf(e.about()).String())
	case e.Paid != nil:
		r.comparePaid(e.Paid, &x)
	case e.Balance != nil:
		r.compareBalance(e.Balance, &x)
	default:
		err = r.compareOther(e, &x)
	}
	return x.Compared, err
}

// subject is whose debt an expectation is about; what is not named is any.
type subject struct {
	supplier, service string
	month             calendar.Month
}

func (e *Expect) about() subject      { return subject{e.Supplier, e.Service, e.Month} }
func (p *PenaltyLine) about() subject { return subject{p.Supplier, p.Service, p.Month} }
func (p *PaidPart) about() subject    { return subject{p.Supplier, p.Service, p.Month} }
func (b *BalanceOf) about() subject   { return subject{b.Supplier, b.Service, b.Month} }

// subject is whose debt an expectation is about, wherever it says so.
func (e *Expect) subject() subject {
	switch {
	case e.Penalty != nil:
		return e.Penalty.about()
	case e.PenaltySum != nil:
		s, t := e.about(), e.PenaltySum
		return subject{cmp.Or(t.Supplier, s.supplier), cmp.Or(t.Service, s.service), cmp.Or(t.Month, s.month)}
	case e.Paid != nil:
		return e.Paid.about()
	case e.Balance != nil:
		return e.Balance.about()
	}
	return e.about()
}

// of tells whether a debt is of the supplier and service.
func (s subject) of(supplier, service string) bool {
	return (s.supplier == "" || s.supplier == supplier) && (s.service == "" || s.service == service)
}

// about names whose debt is compared.
func (x *comparison) about(s subject) {
	x.name("service", s.service, s.service != "")
	x.name("supplier", s.supplier, s.supplier != "")
	x.name("month", s.month.String(), s.month != 0)
}

// each calls fn for the debts and months an expectation is about.
func (r *runner) each(about subject, fn func(o *owed, d *penalty.Open, res *penalty.Result)) {
	for _, o := range r.money.list {
		for i := range o.open {
			d := &o.open[i]
			if about.of(o.key.supplier, o.key.service) && (about.month == 0 || d.Month == about.month) {
				fn(o, d, o.results[d.Month])
			}
		}
	}
}

func (r *runner) penaltySum(about subject) (sum money.Amount) {
	r.each(about, func(_ *owed, _ *penalty.Open, res *penalty.Result) {
		if res != nil {
			sum += res.Total
		}
	})
	return sum
}

func (r *runner) dueOf(about subject) (due calendar.Date) {
	r.each(about, func(_ *owed, d *penalty.Open, res *penalty.Result) {
		if due = d.Due; res != nil {
			due = res.Due // moved to a working day
		}
	})
	return due
}

// interval finds the interval of the days expected, else the one of the sum expected: parts paid at different rates have
// intervals of the same days, and the one that differs least is meant.
func (r *runner) interval(p *PenaltyLine) (found *penalty.Interval) {
	least := 0
	r.each(p.about(), func(_ *owed, _ *penalty.Open, res *penalty.Result) {
		for i := 0; res != nil && i < len(res.Intervals); i++ {
			iv := &res.Intervals[i]
			dated := (p.From == 0 || iv.From == p.From) && (p.To == 0 || iv.To == p.To)
			if !dated || p.From == 0 && p.To == 0 && p.Amount != nil && iv.Amount != money.Amount(*p.Amount) {
				continue
			}
			if n := p.differs(iv); found == nil || n < least {
				found, least = iv, n
			}
		}
	})
	return found
}

// differs counts the figures of an interval that are not as expected.
func (p *PenaltyLine) differs(iv *penalty.Interval) (n int) {
	for _, other := range [...]bool{
		p.Days != nil && *p.Days != iv.Days,
		p.Balance != nil && money.Amount(*p.Balance) != iv.Balance,
		p.Rate != nil && p.Rate.String() != iv.Rate.String(),
		p.Over != nil && *p.Over != iv.Over,
		p.Amount != nil && money.Amount(*p.Amount) != iv.Amount,
	} {
		if other {
			n++
		}
	}
	return n
}

// comparePenalty compares the figures of one interval.
func (r *runner) comparePenalty(p *PenaltyLine, x *comparison) {
	found := r.interval(p)
	x.about(p.about())
	if found == nil {
		x.figure("interval", "есть", "нет такого отрезка", false)
		return
	}
	if p.From != 0 {
		same(x, "from", p.From.String(), found.From.String())
	}
	if p.To != 0 {
		same(x, "to", p.To.String(), found.To.String())
	}
	if p.Days != nil {
		same(x, "days", *p.Days, found.Days)
	}
	if p.Balance != nil {
		same(x, "balance", money.Amount(*p.Balance), found.Balance)
	}
	if p.Rate != nil {
		same(x, "rate", p.Rate.String(), found.Rate.String())
	}
	if p.Over != nil {
		same(x, "over", *p.Over, found.Over)
	}
	if p.Amount != nil {
		same(x, "amount", money.Amount(*p.Amount), found.Amount)
	}
}

var paidKinds = map[string]string{"debt": payment.PartDebt, "penalty": payment.PartPenalty, "advance": payment.PartAdvance, "": ""}

// comparePaid compares a part of the payment: of a service, supplier, month or kind.
func (r *runner) comparePaid(p *PaidPart, x *comparison) {
	x.about(p.about())
	x.name("kind", p.Kind, p.Kind != "")
	kind, ok := paidKinds[p.Kind]
	if !ok {
		x.figure("kind", p.Kind, "бывает debt, penalty, advance", false)
		return
	}
	var sum money.Amount
	for i, o := range r.money.list {
		if p.about().of(o.key.supplier, o.key.service) {
			sum += r.money.paidTo(int64(i+1), kind, p.Month)
		}
	}
	same(x, "amount", money.Amount(p.Amount), sum)
}

// paidTo is what the payment gave one debt: of a kind, and of one month when it is named.
func (a *accounts) paidTo(account int64, kind string, month calendar.Month) (sum money.Amount) {
	var principal money.Amount
	for _, part := range a.plan.Parts {
		if part.AccountID != account || kind != "" && part.Kind != kind {
			continue
		}
		sum += part.Amount
		if part.Kind == payment.PartDebt {
			principal += part.Amount
		}
	}
	if month == 0 {
		return sum
	}
	if len(a.offered) == 0 {
		return 0
	}
	for _, b := range a.offered[account-1].Buckets { // months are closed oldest first
		closed := max(0, min(b.Amount, principal)) // a credit takes no money
		if b.Month == month {
			return closed
		}
		principal -= closed
	}
	return 0
}

// compareBalance compares what stays owed, or the advance, after the payments and the payment.
func (r *runner) compareBalance(b *BalanceOf, x *comparison) {
	x.about(b.about())
	x.name("kind", b.Kind, b.Kind != "")
	var sum money.Amount
	debts := r.money.left
	if debts == nil {
		debts = r.money.rest()
	}
	for i := range debts {
		if d := &debts[i]; b.about().of(d.Supplier, d.Service) {
			sum += r.money.balance(d, b)
		}
	}
	same(x, "amount", money.Amount(b.Amount), sum)
}

func (a *accounts) balance(d *payment.Debt, b *BalanceOf) (sum money.Amount) {
	if b.Kind == "advance" {
		for _, p := range a.list[d.AccountID-1].parts {
			if p.For == penalty.ForAdvance {
				sum += p.Sum
			}
		}
		return sum + a.paidTo(d.AccountID, payment.PartAdvance, 0)
	}
	if b.Kind != "penalty" {
		for _, x := range d.Buckets {
			if b.Month == 0 || x.Month == b.Month {
				sum += x.Amount - a.paidTo(d.AccountID, payment.PartDebt, x.Month)
			}
		}
	}
	if b.Kind != "debt" && b.Month == 0 {
		sum += d.Penalty - a.paidTo(d.AccountID, payment.PartPenalty, 0)
	}
	return sum
}
