package penalty

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Account is what one account was charged by one supplier, what it paid, and the penalties charged of it before.
type Account struct {
	Supplier string // code
	Owed     []Owed
	Paid     []Incoming // a negative sum takes money back: of the payment of the same ID first
	Charged  []Charged
}

// Owed is a sum charged in a month and about a month: the same one, or an earlier one that was corrected.
type Owed struct {
	Group string // of services
	About calendar.Month
	In    calendar.Month
	Sum   money.Amount
}

// Charged is what was charged as penalty of a month's debt so far.
type Charged struct {
	Group string
	Month calendar.Month
	Sum   money.Amount
}

// Due is the penalty of what an account owes for one month in one group of services.
type Due struct {
	Debt
	Result
	Charged money.Amount  // before
	Paid    []Payment     // of the principal
	Starts  calendar.Date // the first day that carries penalty if the debt stays unpaid; 0 is none
	Policy  string        // ChargeThem, ShowThem, NoPenalties
	Refused error         // why it cannot be counted: the catalogue lacks a rule of that time
}

// More is what is to be charged now: what the penalty comes to less what was charged; negative when too much was. What
// cannot be counted stays as it is.
func (d *Due) More() money.Amount {
	switch {
	case d.Refused != nil:
		return 0
	case d.Policy == ChargeThem:
		return d.Total - d.Charged
	}
	return -d.Charged
}

// Unpaid is what is not paid of the principal, be the penalty refused.
func (d *Due) Unpaid() money.Amount {
	rest := d.Principal
	for _, p := range d.Paid {
		rest -= p.Sum
	}
	return rest
}

// Of counts the penalties of an account up to and including a day, month by month. unpaid is what is not paid yet of the
// penalties charged.
//
// A correction that lowers an earlier month lowers its debt from its first day: what was never owed carries no penalty.
// One that adds to an earlier month is owed with the month it was charged in, for nobody could pay it before. A month
// that comes to less than nothing is money received.
func (r *Rules) Of(a *Account, at calendar.Date) (dues []Due, unpaid money.Amount, err error) {
	owed, credits := principals(a.Owed)
	for _, c := range a.Charged {
		if unpaid += c.Sum; c.Sum != 0 {
			owed[key{c.Group, c.Month}] += 0
		}
	}
	open := make([]Open, 0, len(owed))
	for k, sum := range owed {
		due, err := r.DueDate(k.month, a.Supplier)
		dues = append(dues, Due{Debt: Debt{Month: k.month, Group: k.group, Supplier: a.Supplier, Principal: sum, Due: due}, Refused: err})
		open = append(open, Open{k.group, k.month, due, sum})
	}
	slices.SortFunc(dues, func(a, b Due) int { return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Group, b.Group)) })
	slices.SortFunc(open, func(a, b Open) int { return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Group, b.Group)) })
	parts, err := Allocate(open, unpaid, received(append(credits, a.Paid...)))
	if err != nil {
		return nil, 0, err
	}
	for _, p := range parts {
		if p.For == ForPenalty {
			unpaid -= p.Sum
		}
	}
	for i := range dues {
		r.count(&dues[i], a, parts, at)
	}
	return dues, unpaid, nil
}

// count fills a month's penalty in.
func (r *Rules) count(d *Due, a *Account, parts []Part, at calendar.Date) {
	for _, c := range a.Charged {
		if c.Group == d.Group && c.Month == d.Month {
			d.Charged += c.Sum
		}
	}
	if d.Paid = PaidFor(parts, d.Group, d.Month); d.Refused != nil {
		return
	}
	d.Policy = r.Charging(d.Supplier, d.Debt.Due)
	if d.Refused = r.Compute(d.Debt, d.Paid, at, &d.Result); d.Refused != nil || d.Rest == 0 || d.Policy == NoPenalties {
		return
	}
	d.Starts, _, d.Refused = r.Starts(d.Debt)
}

// Wait fills in the term of a debt that is not late yet and when its penalty starts; false when the catalogue does not say.
func (r *Rules) Wait(d *Due) bool {
	if d.Debt.Due, d.Refused = r.DueDate(d.Month, d.Supplier); d.Refused != nil {
		return false
	}
	d.Policy = r.Charging(d.Supplier, d.Debt.Due)
	d.Starts, _, d.Refused = r.Starts(d.Debt)
	return d.Refused == nil
}

// key names the debt of a month.
type key struct {
	group string
	month calendar.Month
}

// principals are what is owed of each month, and the months that came to less than nothing as money received.
func principals(list []Owed) (owed map[key]money.Amount, credits []Incoming) {
	owed = map[key]money.Amount{}
	var later []Owed // additions about earlier months, as long as nothing took them back
	for _, o := range netted(list) {
		switch about := (key{o.Group, o.About}); {
		case o.In <= o.About:
			owed[about] += o.Sum
		case o.Sum > 0:
			later = append(later, o)
		default:
			owed[about] += takenOff(later, o)
		}
	}
	for _, o := range later {
		owed[key{o.Group, o.In}] += o.Sum
	}
	for k, sum := range owed {
		if sum < 0 {
			credits = append(credits, Incoming{ID: -int64(k.month), On: k.month.Last(), Sum: -sum, Group: k.group})
			owed[k] = 0
		}
	}
	slices.SortFunc(credits, func(a, b Incoming) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Group, b.Group)) })
	return owed, credits
}

// netted sums what was charged in one month about one, in order of the months charged.
func netted(list []Owed) (sums []Owed) {
	list = slices.Clone(list)
	compare := func(a, b Owed) int {
		return cmp.Or(cmp.Compare(a.In, b.In), cmp.Compare(a.About, b.About), cmp.Compare(a.Group, b.Group))
	}
	slices.SortFunc(list, compare)
	for _, o := range list {
		if n := len(sums); n > 0 && compare(sums[n-1], o) == 0 {
			sums[n-1].Sum += o.Sum
			continue
		}
		sums = append(sums, o)
	}
	return sums
}

// takenOff lets a negative correction cancel the additions about the same month, the latest first; it gives what is left.
func takenOff(later []Owed, o Owed) money.Amount {
	for i := len(later) - 1; i >= 0 && o.Sum < 0; i-- {
		if l := &later[i]; l.Group == o.Group && l.About == o.About {
			back := min(l.Sum, -o.Sum)
			l.Sum, o.Sum = l.Sum-back, o.Sum+back
		}
	}
	return o.Sum
}

// received are payments by their days, without what was taken back, as if that had not been paid: of the same payment
// first, then the latest before. What nobody paid here cannot be taken back.
func received(in []Incoming) (kept []Incoming) {
	in = slices.Clone(in)
	slices.SortStableFunc(in, func(a, b Incoming) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(max(b.Sum, 0), max(a.Sum, 0)), cmp.Compare(a.ID, b.ID)) // what goes back comes last
	})
	for _, p := range in {
		if p.Sum >= 0 {
			kept = append(kept, p)
			continue
		}
		for _, same := range [...]bool{true, false} {
			for i := len(kept) - 1; i >= 0 && p.Sum < 0; i-- {
				if k := &kept[i]; !same || k.ID == p.ID && k.Group == p.Group && k.Month == p.Month {
					back := min(k.Sum, -p.Sum)
					k.Sum, p.Sum = k.Sum-back, p.Sum+back
				}
			}
		}
	}
	return slices.DeleteFunc(kept, func(p Incoming) bool { return p.Sum == 0 })
}

// Code is the code of what the catalogue lacks for a debt; ” when it lacks nothing.
func (d *Due) Code() string {
	if d.Refused == nil {
		return ""
	}
	return fault.CodeOf(d.Refused)
}
