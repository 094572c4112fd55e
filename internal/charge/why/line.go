// Package why explains charges to who pays them: why a month costs another sum than an earlier one, and how one line
// of a bill was found.
//
// Owns: the split of a difference by causes, the sentences about it, the shape of a line's explanation. Does not own:
// the figures (bill reads them, calc computes them), how pages look. It is pure: no clock, no database.
//
// Invariants: the parts of a line add up to its difference and the lines to the bill's, to the kopeck; what a supplier
// has not sent is said to be unknown, never guessed.
package why

import (
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Line is what is known of one priced thing in one month: a service of an account, or a component, zone or band of it.
// A zero Volume or Rate is not known unless Charge is zero too.
type Line struct {
	Key      string // the same in both months
	Also     string // a second name to be found by when no Key matches: suppliers rename services
	Title    string
	Supplier string
	Number   int // of the line on the bill it opens on; 0 opens nothing
	Unit     string

	Method  calc.Method // 0: not told
	Missed  uint8       // which month in a row without a reading
	Band    uint8       // above the first there is a dearer part of the same use
	Volume  decimal.Ratio
	Rate    decimal.Ratio
	Persons decimal.Ratio   // counted, on average of the month
	Base    decimal.Decimal // area, heads or units the volume grows with
	Days    int32           // charged, of DaysOf; 0: the whole month
	DaysOf  int32
	Factor  decimal.Decimal // raising

	RateFrom     calendar.Date // when known
	RateDocument string

	Charge  money.Amount // volume × rate
	Raised  money.Amount // what the raising factor adds
	Recalc  money.Amount
	Benefit money.Amount // below zero
	PutOff  money.Amount // an instalment and its interest
	Penalty money.Amount
}

// Sum is what the line comes to.
func (l *Line) Sum() money.Amount {
	return l.Charge + l.Raised + l.Recalc + l.Benefit + l.PutOff + l.Penalty
}

// total is what lines come to.
func total(lines []Line) (sum money.Amount) {
	for i := range lines {
		sum += lines[i].Sum()
	}
	return sum
}
