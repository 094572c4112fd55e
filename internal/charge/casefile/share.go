package casefile

import (
	"cmp"
	"fmt"
	"slices"

	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/penalty"
)

// sharePayments shares each payment made before over the debts it is for, in the order of their days: of the supplier
// and service named, oldest month first, in proportion inside a month (п. 118).
func (r *runner) sharePayments() error {
	r.money.shares = make([]map[debtKey]money.Amount, len(r.c.Payments))
	order := make([]int, len(r.c.Payments))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.c.Payments[a].Date, r.c.Payments[b].Date) })
	for _, i := range order {
		if err := r.sharePayment(i); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) sharePayment(i int) error {
	p := &r.c.Payments[i]
	r.money.shares[i] = map[debtKey]money.Amount{}
	var of []*owed
	for _, o := range r.money.list {
		if (p.Supplier == "" || o.key.supplier == p.Supplier) && (p.Service == "" || o.key.service == p.Service) {
			of = append(of, o)
		}
	}
	switch len(of) {
	case 0:
		return fmt.Errorf("платёж %s: нет долга поставщика %q и услуги %q, на который он идёт", p.Date, p.Supplier, p.Service)
	case 1:
		r.money.shares[i][of[0].key] = money.Amount(p.Amount)
		return nil
	}
	debts, err := r.debtsBefore(of, p)
	if err != nil {
		return err
	}
	plan, err := payment.Split(debts, payment.Wish{Sum: money.Amount(p.Amount), Ahead: true}, payment.RulesOf(r.catalog, p.Date))
	if err != nil {
		return err
	}
	for _, part := range plan.Parts {
		r.money.shares[i][of[part.AccountID-1].key] += part.Amount
	}
	return nil
}

// debtsBefore are the debts a payment is shared over, after the payments before it. What its day is past limitation for
// is left out, unless the payer named the month (Пленум № 22 of 27.06.2017 п. 32).
func (r *runner) debtsBefore(of []*owed, p *Payment) (debts []payment.Debt, err error) {
	for i, o := range of {
		if o.parts, err = penalty.Allocate(o.open, o.given, r.incoming(o.key)); err != nil {
			return nil, err
		}
		d := o.debt(int64(i + 1))
		d.Buckets = slices.DeleteFunc(d.Buckets, func(b payment.Bucket) bool {
			return p.Penalty || p.Month != 0 && b.Month != p.Month || p.Month == 0 && penalty.Expired(o.dueOf(b.Month), p.Date)
		})
		if p.Month != 0 {
			d.Penalty = 0
		}
		debts = append(debts, d)
	}
	return debts, nil
}
