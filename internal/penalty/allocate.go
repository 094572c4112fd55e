package penalty

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// limitation is how many years a debt can be claimed for, and so is paid without being named (ГК РФ ст. 196).
const limitation = 3

// Open is what is owed for a month by one account to one supplier in one group of services.
type Open struct {
	Group string // of services
	Month calendar.Month
	Due   calendar.Date // 0 is the first day of the next month
	Sum   money.Amount
}

func (o *Open) due() calendar.Date {
	if o.Due != 0 {
		return o.Due
	}
	return o.Month.Add(1).First()
}

// Incoming is money of a payer for those debts.
type Incoming struct {
	ID       int64
	On       calendar.Date // the payer's day
	Sum      money.Amount
	Group    string         // of services, named by the payer; '' is none
	Month    calendar.Month // named by the payer; 0 is none
	Penalty  bool           // marked by the payer as penalty
	Reverses int64          // the payment this one takes back whole; Sum is then not read
}

// Purpose is what a part of a payment closed.
type Purpose uint8

// Purposes.
const (
	ForMonth Purpose = iota
	ForPenalty
	ForAdvance
)

// Part is what a payment did to one month, to the penalty or to the advance. A part of a reversal is negative and keeps
// the day of the payment it reverses, so that penalties are counted as if that payment had not been.
type Part struct {
	Payment int64
	On      calendar.Date
	For     Purpose
	Group   string
	Month   calendar.Month
	Sum     money.Amount
}

// Expired tells whether a debt due on a day can no longer be claimed on another, and so is closed only by name.
func Expired(due, on calendar.Date) bool { return due+limitation*10000 < on }

// Allocate lets payments close debts, by their days and, within a day, as given. Each first follows its payer: the
// month, the group of services or the penalty named. What is left goes to months by their due dates, the earliest first,
// but not to those past limitation (Пленум № 22 of 27.06.2017 п. 32), and in proportion to those due on one day (ПП № 354
// п. 118); then to the penalty (ГК РФ ст. 319); the rest is an advance. The parts of a payment always add up to it.
func Allocate(open []Open, penalty money.Amount, in []Incoming) ([]Part, error) {
	a := allocation{open: slices.Clone(open), penalty: penalty, reversed: map[int64]bool{}}
	slices.SortStableFunc(a.open, func(a, b Open) int { return cmp.Or(cmp.Compare(a.due(), b.due()), cmp.Compare(a.Month, b.Month)) })
	in = slices.Clone(in)
	slices.SortStableFunc(in, func(a, b Incoming) int { // on one day what comes is before what goes back
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(min(a.Reverses, 1), min(b.Reverses, 1)))
	})
	for i := range in {
		if err := a.take(&in[i]); err != nil {
			return nil, err
		}
	}
	return a.parts, nil
}

type allocation struct {
	open     []Open
	penalty  money.Amount
	parts    []Part
	reversed map[int64]bool
}

func (a *allocation) take(p *Incoming) error {
	switch {
	case p.Reverses != 0:
		return a.reverse(p)
	case p.Sum < 0:
		return fault.Newf(fault.Invalid, "penalty.negative", "Платёж %d отрицателен. Возврат называет платёж, который отменяет.", p.ID)
	}
	left := p.Sum
	if p.Penalty {
		left -= a.closePenalty(p, left)
	}
	claimed := func(o *Open) bool { return !Expired(o.due(), p.On) }
	for _, chosen := range [...]func(*Open) bool{
		func(o *Open) bool { return p.Month != 0 && o.Month == p.Month },
		func(o *Open) bool { return p.Group != "" && o.Group == p.Group && claimed(o) },
		claimed,
	} {
		left -= a.inTurn(p, left, chosen)
	}
	left -= a.closePenalty(p, left)
	a.add(p, ForAdvance, &Open{}, left)
	return nil
}

// inTurn closes the debts chosen by their terms as far as the money left allows, and says how much that was.
func (a *allocation) inTurn(p *Incoming, left money.Amount, chosen func(*Open) bool) (given money.Amount) {
	for first := 0; first < len(a.open) && given < left; {
		end := first + 1
		for end < len(a.open) && a.open[end].due() == a.open[first].due() {
			end++
		}
		given += a.together(p, a.open[first:end], left-given, chosen)
		first = end
	}
	return given
}

// together closes debts of one term, each in proportion to what is owed of it.
func (a *allocation) together(p *Incoming, open []Open, left money.Amount, chosen func(*Open) bool) money.Amount {
	weights, total := make([]int64, len(open)), money.Amount(0)
	for i := range open {
		if chosen(&open[i]) && open[i].Sum > 0 {
			weights[i] = int64(open[i].Sum)
			total += open[i].Sum
		}
	}
	given := min(total, left)
	if given <= 0 {
		return 0
	}
	for i, sum := range money.Split(given, weights) {
		open[i].Sum -= sum
		a.add(p, ForMonth, &open[i], sum)
	}
	return given
}

// closePenalty pays as much of the penalty as the money left allows and says how much.
func (a *allocation) closePenalty(p *Incoming, left money.Amount) money.Amount {
	sum := max(min(a.penalty, left), 0)
	a.penalty -= sum
	a.add(p, ForPenalty, &Open{}, sum)
	return sum
}

func (a *allocation) add(p *Incoming, purpose Purpose, of *Open, sum money.Amount) {
	if sum != 0 {
		a.parts = append(a.parts, Part{Payment: p.ID, On: p.On, For: purpose, Group: of.Group, Month: of.Month, Sum: sum})
	}
}

// reverse mirrors the parts of an earlier payment, once.
func (a *allocation) reverse(p *Incoming) error {
	if a.reversed[p.Reverses] {
		return fault.Newf(fault.Conflict, "penalty.reversed", "Платёж %d уже отменён.", p.Reverses)
	}
	before := len(a.parts)
	for _, part := range a.parts[:before] {
		if part.Payment == p.Reverses {
			back := part
			back.Payment, back.Sum = p.ID, -part.Sum
			a.parts = append(a.parts, back)
			a.reopen(part)
		}
	}
	if len(a.parts) == before {
		return fault.Newf(fault.NotFound, "penalty.no_payment", "Платёж %d, который отменяет возврат %d, не найден.", p.Reverses, p.ID)
	}
	a.reversed[p.Reverses] = true
	return nil
}

func (a *allocation) reopen(part Part) {
	if part.For == ForPenalty {
		a.penalty += part.Sum
	}
	for i := range a.open {
		if part.For == ForMonth && a.open[i].Month == part.Month && a.open[i].Group == part.Group {
			a.open[i].Sum += part.Sum
			return
		}
	}
}

// PaidFor picks what payments did to one month of a group of services, as Compute takes it.
func PaidFor(parts []Part, group string, month calendar.Month) (paid []Payment) {
	for _, p := range parts {
		if p.For == ForMonth && p.Group == group && p.Month == month {
			paid = append(paid, Payment{On: p.On, Sum: p.Sum})
		}
	}
	return paid
}
