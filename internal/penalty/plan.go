package penalty

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Bounds of an instalment plan (ПП № 354 п. 72–75).
const (
	planMonths  = 12                // at most so many
	planPoints  = 3 * decimal.Scale // percentage points the interest may lie above the key rate
	jumpPercent = 25                // a growth over the same month of last year above which a plan must be offered
)

// Plan is a sum deferred in equal monthly parts (рассрочка) with interest a year on what is still deferred.
type Plan struct {
	Sum    money.Amount
	First  calendar.Month // billed with the first part
	Months int
	Rate   decimal.Decimal // percent a year, agreed; at most the key rate and 3 points
}

// Instalment is one month of a plan.
type Instalment struct {
	Month    calendar.Month
	Part     money.Amount  // of the sum
	Rest     money.Amount  // deferred into this month, what interest is taken of
	Exact    decimal.Ratio // interest before rounding, roubles
	Interest money.Amount
}

// Jumped tells whether a payment for a utility grew over the same month of last year so much that the supplier must
// offer a plan: by more than 25 % (п. 72).
func Jumped(now, yearAgo money.Amount) bool {
	return yearAgo > 0 && int64(now)*100 > int64(yearAgo)*(100+jumpPercent)
}

// Schedule lays a plan out under the key rate of the day it is agreed on. Parts are equal but for single kopecks and
// add up to the sum. The first part is paid in its own month and was not deferred; each later month carries a twelfth
// of the yearly interest of the sum deferred into it.
// 12 000 ₽ over 12 months at 19 %: parts of 1 000; interest of month 2 is 11 000 × 19 % ÷ 12 = 174.17, of month 3 158.33.
func Schedule(p Plan, key decimal.Decimal) ([]Instalment, error) {
	if err := p.check(key); err != nil {
		return nil, err
	}
	weights := make([]int64, p.Months)
	for i := range weights {
		weights[i] = 1
	}
	list := make([]Instalment, p.Months)
	left := p.Sum
	for i, part := range money.Split(p.Sum, weights) {
		it := Instalment{Month: p.First.Add(i), Part: part}
		if i > 0 {
			it.Rest = left
			it.Exact = decimal.Int(int64(left)).Times(p.Rate).OverInt(100 * 100 * 12)
		}
		interest, err := round(it.Exact)
		if err != nil {
			return nil, err
		}
		it.Interest = interest
		list[i] = it
		left -= part
	}
	return list, nil
}

func (p *Plan) check(key decimal.Decimal) error {
	switch {
	case p.Months < 1 || p.Months > planMonths:
		return fault.Newf(fault.Invalid, "plan.months", "Рассрочка на %d мес. невозможна: от 1 до %d.", p.Months, planMonths).WithField("months")
	case p.Sum <= 0 || p.Sum > money.Max:
		return fault.Newf(fault.Invalid, "plan.sum", "Рассрочить можно только долг, а не %s.", p.Sum.Format()).WithField("sum")
	case !p.First.Valid():
		return fault.Newf(fault.Invalid, "plan.first", "Первый месяц рассрочки %d не существует.", int(p.First)).WithField("first")
	case p.Rate < 0 || p.Rate > key+planPoints:
		return fault.Newf(fault.Invalid, "plan.rate", "Проценты за рассрочку %s %% не могут быть выше %s %%: ключевая ставка и три пункта.", p.Rate, key+planPoints).WithField("rate")
	}
	return nil
}
