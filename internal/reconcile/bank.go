package reconcile

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// Day is what the three books say of a partner's payments of a day.
type Day struct {
	Partner     string
	Day         calendar.Date
	Ours        money.Amount
	Register    money.Amount
	HasRegister bool
	Fee         money.Amount // by the register, or by the contract
	Bank        money.Amount // came to our account
	BankFee     money.Amount // kept back of what came
	HasBank     bool
	State       string
	lines       int
	channels    map[string]money.Amount // our payments by channel
}

// States of a day.
const (
	DayEqual   = "equal"
	DayDiffers = "differs"
	DayWaiting = "waiting" // money or register are not due yet
	DayMissing = "missing" // no register came
)

// DayWords are the states as people read them.
var DayWords = map[string]string{DayEqual: "сходится", DayDiffers: "расходится", DayWaiting: "рано судить", DayMissing: "нет реестра"}

// taken is what the partner took by the best book there is: his register, else ours.
func (d *Day) taken() money.Amount {
	if d.HasRegister {
		return d.Register
	}
	return d.Ours
}

// Difference is what shouts: our payments against the register, else what came and was kept back against what was taken.
func (d *Day) Difference() money.Amount {
	if d.HasRegister && d.Ours != d.Register {
		return d.Ours - d.Register
	}
	if d.HasBank {
		return d.taken() - d.Bank - d.BankFee
	}
	return 0
}

// transfer is money that came for some days of a partner.
type transfer struct {
	*movement
	purpose Purpose
	partner *side // nil: nobody's yet
	done    bool
	shares  []dayShare // what it pays of which days
}

// dayShare is what came for a day, and what was kept back of it.
type dayShare struct {
	day       *Day
	came, fee money.Amount
}

// side is a partner with his days that money has to come for.
type side struct {
	partner   Partner
	days      []*Day // by date
	settled   map[calendar.Date]bool
	registers []registerRow
	cases     *[]Case
	feeTold   bool
}

func (s *side) add(x Case) {
	x.Partner = s.partner.Code
	x.identify()
	*s.cases = append(*s.cases, x)
}

// fee is what is expected to be kept back of a day's payments.
func (s *side) fee(d *Day) money.Amount {
	switch {
	case d.HasRegister && s.feeTold:
		return d.Fee
	case s.partner.Fee != nil:
		return share(d.taken(), *s.partner.Fee)
	}
	return 0
}

// knowsFee tells whether the fee is told by registers or a contract; otherwise the bank's word is taken.
func (s *side) knowsFee() bool { return s.feeTold || s.partner.Fee != nil }

// share is so many ten-thousandths of a sum, rounded half up.
func share(sum money.Amount, e4 int64) money.Amount {
	if sum < 0 {
		return -share(-sum, e4)
	}
	return (sum*money.Amount(e4) + 5000) / 10000
}

// rounding is how much the sum of fees may differ from the fee of the sum: half a kopeck an operation.
func rounding(days []*Day) (most money.Amount) {
	for _, d := range days {
		most += money.Amount(d.lines/2 + 1)
	}
	return most
}

// arrives is the working day on which the money of a day comes.
func (s *side) arrives(d calendar.Date) calendar.Date {
	for range s.partner.settle() {
		d = calendar.NextWorkday(d.AddDays(1))
	}
	return d
}

// settleAll finds of every transfer which days of which partner it is for, from the surest evidence to the least: payment
// order of a register; partner and days named; partner named and the day it arrives; a payer known from transfers found so
// far; the sum alone, when it fits days of one partner only.
func settleAll(sides []*side, list []*transfer) {
	each := func(fn func(*transfer) bool) {
		for _, t := range list {
			if !t.done {
				t.done = fn(t)
			}
		}
	}
	each(func(t *transfer) bool { return byOrder(sides, t) })
	each(func(t *transfer) bool { return t.partner != nil && t.partner.byNamedDays(t, true) })
	each(func(t *transfer) bool { return t.partner != nil && t.partner.byArrival(t, true) })
	each(func(t *transfer) bool { return t.partner != nil && t.partner.byRun(t) })
	each(func(t *transfer) bool { return t.partner == nil && bySum(sides, t) })
	learn(list)
	each(func(t *transfer) bool { return t.partner != nil && t.partner.byRun(t) })
	each(func(t *transfer) bool { return t.partner != nil && twice(t, list) })
	each(func(t *transfer) bool { return t.partner != nil && t.partner.byNamedDays(t, false) })
	each(func(t *transfer) bool { return t.partner != nil && t.partner.byArrival(t, false) })
}

// byOrder settles the days of the register that names this payment order: its number, date and sum.
func byOrder(sides []*side, t *transfer) bool {
	for _, s := range sides {
		if t.partner != nil && t.partner != s {
			continue
		}
		for i := range s.registers {
			r := &s.registers[i]
			if r.Order == "" || !sameOrder(r, t) || r.Gross-r.Fee != t.Sum && !(!r.FeeTold && t.Sum <= r.Gross) {
				continue
			}
			days := s.unsettled(func(d *Day) bool { return d.Day >= r.From && d.Day <= r.To })
			if len(days) == 0 || s.net(days) != t.Sum && r.Repeated > 0 {
				continue
			}
			t.partner = s
			s.take(days, t)
			return true
		}
	}
	return false
}

// sameOrder compares a register's payment order with a transfer: the number by which the bank sent it, or which it names.
func sameOrder(r *registerRow, t *transfer) bool {
	number := trimZeros(t.Number)
	if number == r.Order && (t.DocDate == r.OrderDay || t.Date == r.OrderDay || t.DocDate == 0) {
		return true
	}
	return t.purpose.Register == r.Order && (t.purpose.Of == r.OrderDay || t.purpose.Of == 0)
}

func trimZeros(s string) string {
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	return s
}

// unsettled are the days that no money came for yet, by date.
func (s *side) unsettled(fits func(*Day) bool) (list []*Day) {
	for _, d := range s.days {
		if !s.settled[d.Day] && d.taken() != 0 && fits(d) {
			list = append(list, d)
		}
	}
	return list
}

// net is what should come for days.
func (s *side) net(days []*Day) (sum money.Amount) {
	for _, d := range days {
		sum += d.taken() - s.fee(d)
	}
	return sum
}

func (s *side) gross(days []*Day) (sum money.Amount) {
	for _, d := range days {
		sum += d.taken()
	}
	return sum
}

// fits tells whether a transfer is the money of days: to the kopeck, but for rounding of fees; or by what it says itself was
// taken and kept back, when no other book tells the fee.
func (s *side) fits(days []*Day, t *transfer) bool {
	if len(days) == 0 {
		return false
	}
	if off := s.net(days) - t.Sum; off == 0 || s.knowsFee() && off.Abs() <= rounding(days) {
		return true
	}
	return !s.knowsFee() && t.purpose.HasFee && s.gross(days)-t.purpose.Fee == t.Sum
}

// byNamedDays settles the days the purpose names.
func (s *side) byNamedDays(t *transfer, exact bool) bool {
	days := s.unsettled(func(d *Day) bool { return slices.Contains(t.purpose.Days, d.Day) })
	if len(days) == 0 || exact && !s.fits(days, t) {
		return false
	}
	s.take(days, t)
	return true
}

// byArrival settles the days whose money was to come on the day it came.
func (s *side) byArrival(t *transfer, exact bool) bool {
	if len(t.purpose.Days) > 0 && exact {
		return false // it says itself what it is for
	}
	days := s.unsettled(func(d *Day) bool { return s.arrives(d.Day) == t.Date })
	if len(days) == 0 || exact && !s.fits(days, t) {
		return false
	}
	s.take(days, t)
	return true
}

// runMax bounds the days one transfer is tried for.
const runMax = 31

// byRun settles the one stretch of days that the sum fits, none of which is later than the money.
func (s *side) byRun(t *transfer) bool {
	days := s.run(t)
	if days == nil {
		return false
	}
	s.take(days, t)
	return true
}

func (s *side) run(t *transfer) (found []*Day) {
	open := s.unsettled(func(d *Day) bool { return d.Day <= t.Date })
	for i := range open {
		for j := i + 1; j <= len(open) && j-i <= runMax; j++ {
			if !s.fits(open[i:j], t) {
				continue
			}
			if found != nil && s.arrives(found[len(found)-1].Day) == t.Date {
				continue
			}
			found = open[i:j]
		}
	}
	return found
}

// bySum settles days of the only partner whose days the sum fits.
func bySum(sides []*side, t *transfer) bool {
	var one *side
	for _, s := range sides {
		if s.run(t) == nil {
			continue
		}
		if one != nil {
			return false
		}
		one = s
	}
	if one == nil {
		return false
	}
	t.partner = one
	return one.byRun(t)
}

// learn tells of transfers nobody's yet whose they are, by those of the same payer.
func learn(list []*transfer) {
	who := func(t *transfer) string { return t.Payer.INN + "|" + t.Payer.Account + "|" + fold(t.Payer.Name) }
	known := map[string]*side{}
	for _, t := range list {
		if t.done && t.partner != nil && who(t) != "||" {
			known[who(t)] = t.partner
		}
	}
	for _, t := range list {
		if t.partner == nil {
			t.partner = known[who(t)]
		}
	}
}

// twice tells whether the same money came before: same sum, same payer, and the same words or number.
func twice(t *transfer, list []*transfer) bool {
	for _, x := range list {
		if x != t && x.done && x.partner == t.partner && x.Sum == t.Sum && x.Payer.Account == t.Payer.Account && (x.Purpose == t.Purpose || x.Number == t.Number) && x.Date <= t.Date && (len(t.purpose.Days) > 0 || t.purpose.Register != "" || x.Number == t.Number) {
			t.partner.add(Case{Day: t.Date, Cause: BankDoubled, Operation: t.Number, OrderKey: operationOf(t.Key), Theirs: t.Sum})
			return true
		}
	}
	return false
}

// take gives days the money of a transfer, and names the difference when there is one. The last day carries it.
func (s *side) take(days []*Day, t *transfer) {
	expected, left := s.net(days), t.Sum
	kept := s.gross(days) - t.Sum // what is missing is the fee, as far as it may be one
	off := expected - t.Sum
	for i, d := range days {
		part, fee := d.taken()-s.fee(d), s.fee(d)
		if i == len(days)-1 {
			part = left
		}
		left -= part
		d.HasBank, d.Bank, d.BankFee = true, d.Bank+part, d.BankFee+fee
		t.shares = append(t.shares, dayShare{d, part, fee})
		s.settled[d.Day] = true
	}
	last := days[len(days)-1]
	isFee := func() { // the last day carries it
		last.BankFee += off
		t.shares[len(t.shares)-1].fee += off
	}
	switch {
	case off == 0:
	case s.knowsFee() && off.Abs() <= rounding(days), !s.knowsFee() && t.purpose.HasFee && kept == t.purpose.Fee:
		isFee()
	case s.feeCase(days, t, kept):
		isFee()
		s.add(Case{Day: last.Day, Cause: FeeDiffers, Operation: t.Number, OrderKey: operationOf(t.Key), Ours: s.gross(days) - expected, Theirs: kept})
	default:
		s.add(Case{Day: last.Day, Cause: BankSum, Operation: t.Number, OrderKey: operationOf(t.Key), Ours: expected, Theirs: t.Sum})
	}
}

// feeMost is the share of a sum, in hundredths, that a difference may be taken for a fee when nothing says so.
const feeMost = 5

// feeCase tells a fee that is not the one agreed from money that is missing: the transfer says itself that all was taken,
// or what it says was kept back is what is missing.
func (s *side) feeCase(days []*Day, t *transfer, kept money.Amount) bool {
	gross := s.gross(days)
	if t.purpose.Gross != 0 {
		return t.purpose.Gross == gross && kept >= 0
	}
	if t.purpose.HasFee {
		return kept == t.purpose.Fee
	}
	return !s.knowsFee() && kept > 0 && kept*100 <= gross*feeMost
}

// missing makes cases of days whose money is overdue, and of money that is for nothing.
func missing(sides []*side, list []*transfer, today calendar.Date, unknown *[]Case) {
	for _, s := range sides {
		for _, d := range s.unsettled(func(d *Day) bool { return overdue(s.arrives(d.Day), today) }) {
			s.add(Case{Day: d.Day, Cause: BankMissing, Ours: d.taken() - s.fee(d)})
		}
	}
	for _, t := range list {
		if t.done {
			continue
		}
		x := Case{Day: t.Date, Cause: BankOnly, Operation: t.Number, OrderKey: operationOf(t.Key), Theirs: t.Sum}
		if t.partner != nil {
			t.partner.add(x)
			continue
		}
		x.identify()
		*unknown = append(*unknown, x)
	}
}

// graceDays are the working days after the due one before money that has not come is a difference.
const graceDays = 2

func overdue(due, today calendar.Date) bool {
	for range graceDays {
		due = calendar.NextWorkday(due.AddDays(1))
	}
	return today > due
}

// state settles what a day is.
func (s *side) state(d *Day, today calendar.Date) {
	late := overdue(s.arrives(d.Day), today)
	switch {
	case d.Difference() != 0:
		d.State = DayDiffers
	case !d.HasRegister && s.partner.Register != NoRegisters && !d.HasBank:
		if d.State = DayWaiting; late {
			d.State = DayMissing
		}
	case d.HasBank || d.taken() == 0:
		d.State = DayEqual
	case late:
		d.State = DayDiffers
	default:
		d.State = DayWaiting
	}
	d.Fee = s.fee(d)
}

func byDate(a, b *Day) int { return cmp.Compare(a.Day, b.Day) }
