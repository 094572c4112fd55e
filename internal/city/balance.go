package city

import (
	"slices"

	"kvit/internal/money"
)

// sums are the figures of an account or of a line of it, in kopecks. Always
// due = opening + charge + recalc + penalty − paid.
type sums struct {
	opening, charge, recalc, penalty, paid, due int64
}

func (s *sums) close() { s.due = s.opening + s.charge + s.recalc + s.penalty - s.paid }

func (s *sums) add(o sums) {
	s.opening += o.opening
	s.charge += o.charge
	s.recalc += o.recalc
	s.penalty += o.penalty
	s.paid += o.paid
	s.due += o.due
}

// balance draws what was owed before and what was paid this month, by the habits of the household.
func balance(charge int64, b behaviour, r *rng) sums {
	base := max(charge, 100)
	before := base * int64(r.between(88, 112)) / 100
	s := sums{charge: charge}
	if r.percent(3) {
		s.recalc = base * int64(r.between(-30, 30)) / 100
	}
	switch b {
	case paysInFull:
		s.opening, s.paid = before, before
	case paysAhead:
		aheadOf(&s, base, before, r)
	case paysLate:
		s.opening, s.paid = before*int64(r.between(2, 3)), before
		s.penalty = s.opening * 95 * 15 / 300000 // 9,5 % a year, 1/300 a day, half a month
	case paysPart:
		s.opening, s.paid = before, before*int64(r.between(30, 85))/100
	case paysNothing:
		months := pick(r, []int64{4, 5, 6, 8, 12, 18, 24, 36})
		s.opening = before * months
		days := int64(300000)
		if months >= 5 {
			days = 130000 // from the 91st day, 1/130
		}
		s.penalty = s.opening * 95 * 30 / days
	}
	s.close()
	return s
}

func aheadOf(s *sums, base, before int64, r *rng) {
	if r.percent(50) {
		s.opening, s.paid = before, before+base*int64(r.between(50, 300))/100
		return
	}
	s.opening = -base * int64(r.between(20, 250)) / 100
	if r.percent(50) {
		s.paid = base
	}
}

// shares splits the balance of an account over its services by their charges.
func shares(s sums, list []service) []sums {
	weights := make([]int64, len(list))
	for i, l := range list {
		weights[i] = l.charge
	}
	if slices.Max(weights) == 0 {
		weights[0] = 1
	}
	split := func(v int64) []money.Amount { return money.Split(money.Amount(v), weights) }
	opening, recalc, penalty, paid := split(s.opening), split(s.recalc), split(s.penalty), split(s.paid)
	out := make([]sums, len(list))
	for i, l := range list {
		out[i] = sums{opening: int64(opening[i]), charge: l.charge, recalc: int64(recalc[i]), penalty: int64(penalty[i]), paid: int64(paid[i])}
		out[i].close()
	}
	return out
}
