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
	Month   calendar.Month
	Sum     money.Amount
}

// Expired tells whether a debt due on a day can no longer be claimed on another, and so is closed only by name.
func Expired(due, on calendar.Date) bool { return due+limitation*10000 < on }

// Allocate lets payments close debts, by their days and, within a day, as given. Each first follows its payer: the
// month or the penalty named. What is left goes to months by their due dates, the earliest first, but not to those
// past limitation (Пленум № 22 of 27.06.2017 п. 32); then to the penalty (ГК РФ ст. 319); the rest is an advance. The
// parts of a payment always add up to it.
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
		left -= a.close(p, ForPenalty, 0, &a.penalty, left)
	}
	for i := range a.open {
		if o := &a.open[i]; p.Month != 0 && o.Month == p.Month {
			left -= a.close(p, ForMonth, o.Month, &o.Sum, left)
		}
	}
	for i := range a.open {
		if o := &a.open[i]; !Expired(o.due(), p.On) {
			left -= a.close(p, ForMonth, o.Month, &o.Sum, left)
		}
	}
	left -= a.close(p, ForPenalty, 0, &a.penalty, left)
	a.add(p, ForAdvance, 0, left)
	return nil
}

// close pays as much of a debt as the money left allows and says how much.
func (a *allocation) close(p *Incoming, purpose Purpose, month calendar.Month, debt *money.Amount, left money.Amount) money.Amount {
	sum := max(min(*debt, left), 0)
	*debt -= sum
	a.add(p, purpose, month, sum)
	return sum
}

func (a *allocation) add(p *Incoming, purpose Purpose, month calendar.Month, sum money.Amount) {
	if sum != 0 {
		a.parts = append(a.parts, Part{Payment: p.ID, On: p.On, For: purpose, Month: month, Sum: sum})
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
			a.parts = append(a.parts, Part{Payment: p.ID, On: part.On, For: part.For, Month: part.Month, Sum: -part.Sum})
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
		if part.For == ForMonth && a.open[i].Month == part.Month {
			a.open[i].Sum += part.Sum
			return
		}
	}
}

// PaidFor picks what payments did to one month, as Compute takes it.
func PaidFor(parts []Part, month calendar.Month) (paid []Payment) {
	for _, p := range parts {
		if p.For == ForMonth && p.Month == month {
			paid = append(paid, Payment{On: p.On, Sum: p.Sum})
		}
	}
	return paid
}
