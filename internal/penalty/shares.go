package penalty

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// share is a part of the principal that stopped being owed, or was still owed, at the end of one day.
type share struct {
	day  calendar.Date
	sum  money.Amount
	rate decimal.Decimal
	act  string
}

// divide cuts the principal into what was paid on each day up to at and, last, what is left.
func (r *Result) divide(principal money.Amount, paid []Payment, at calendar.Date) error {
	if err := r.net(paid, at); err != nil {
		return err
	}
	if err := r.takeBack(); err != nil {
		return err
	}
	kept := r.shares[:0]
	r.Rest = principal
	for _, s := range r.shares {
		if s.sum = min(s.sum, r.Rest); s.sum > 0 { // what is paid above the debt is somebody else's
			r.Rest -= s.sum
			kept = append(kept, s)
		}
	}
	r.shares = kept
	if r.Rest > 0 {
		r.shares = append(r.shares, share{day: at, sum: r.Rest})
	}
	return nil
}

// net sums the payments of each day: their order inside a day is nobody's business.
func (r *Result) net(paid []Payment, at calendar.Date) error {
	for _, p := range paid {
		switch {
		case !p.On.Exists():
			return noSuchDay(p.On)
		case p.Sum > money.Max || p.Sum < -money.Max:
			return fault.Newf(fault.Invalid, "penalty.sum", "Платёж %s больше допустимого.", p.Sum.Format())
		case p.On <= at:
			r.shares = append(r.shares, share{day: p.On, sum: p.Sum})
		}
	}
	slices.SortFunc(r.shares, func(a, b share) int { return cmp.Compare(a.day, b.day) })
	last := 0
	for i := range r.shares {
		if i > 0 && r.shares[last].day == r.shares[i].day {
			r.shares[last].sum += r.shares[i].sum
			continue
		}
		if i > 0 {
			last++
		}
		r.shares[last] = r.shares[i]
	}
	r.shares = r.shares[:min(last+1, len(r.shares))]
	return nil
}

// takeBack lets each negative sum cancel the payments before it, the latest first, as if they had not been made.
func (r *Result) takeBack() error {
	left := r.shares[:0]
	for _, s := range r.shares {
		for s.sum < 0 && len(left) > 0 {
			top := &left[len(left)-1]
			back := min(top.sum, -s.sum)
			top.sum, s.sum = top.sum-back, s.sum+back
			if top.sum == 0 {
				left = left[:len(left)-1]
			}
		}
		switch {
		case s.sum < 0:
			return fault.Newf(fault.Invalid, "penalty.reversal", "К %s возвращено на %s больше, чем было оплачено.", s.day.Dotted(), (-s.sum).Format())
		case s.sum > 0:
			left = append(left, s)
		}
	}
	r.shares = left
	return nil
}

// price gives each share the rate of its day. Shares paid before any day carried
// penalty are dropped: no rate is asked for them.
func (r *Result) price(rules *Rules) (err error) {
	late := r.shares[:0]
	for _, s := range r.shares {
		if s.day.Ordinal() < r.windows[0].first {
			continue
		}
		if s.rate, s.act, err = rules.Rate(s.day); err != nil {
			return err
		}
		late = append(late, s)
	}
	r.shares = late
	return nil
}
