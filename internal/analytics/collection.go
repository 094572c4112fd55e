// Package analytics holds the arithmetic of figures over many accounts: how much of what is charged is collected, and
// shares of counts. It is pure.
//
// Owns: collection rates and their levels. Does not own: the sums they are made of.
//
// Invariants: a rate keeps its numerator and denominator; nothing is rounded before it is shown; a rate of nothing is
// unknown, not zero.
package analytics

import (
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Collection is what was charged and received in a period. Received holds everything; OldDebt and Advance are parts.
type Collection struct {
	Charged  money.Amount
	Received money.Amount
	OldDebt  money.Amount // closed debts of earlier periods
	Advance  money.Amount // paid ahead
}

// Rate is a part of a whole, both kept: a published rate can be counted again.
type Rate struct {
	Part, Whole int64
}

// Percent is the rate in percent with seven digits, unknown when there is no whole.
func (r Rate) Percent() (percent decimal.Decimal, known bool) {
	if r.Whole == 0 {
		return 0, false
	}
	return decimal.Int(r.Part).TimesInt(100).OverInt(r.Whole).Decimal(), true
}

// Gross is all that was received to what was charged: 11 532 000 of 12 400 000 is 93 %.
func (c Collection) Gross() Rate { return Rate{int64(c.Received), int64(c.Charged)} }

// Current leaves old debts and advances out: (11 532 000 − 1 116 000 − 620 000) of 12 400 000 is 79 %.
func (c Collection) Current() Rate {
	return Rate{int64(c.Received - c.OldDebt - c.Advance), int64(c.Charged)}
}

// AdvanceShare is the part of receipts paid ahead.
func (c Collection) AdvanceShare() Rate { return Rate{int64(c.Advance), int64(c.Received)} }

// Plus adds a period: the rates of a sum are cumulative.
func (c Collection) Plus(d Collection) Collection {
	return Collection{c.Charged + d.Charged, c.Received + d.Received, c.OldDebt + d.OldDebt, c.Advance + d.Advance}
}

// Level is a named range of rates, from its lowest percent up.
type Level struct {
	From decimal.Decimal
	Name string // Russian
}

// Levels are the ranges used in tariff work, the highest first. An installation may use its own.
var Levels = []Level{
	{decimal.FromInt(92), "высокий"},
	{decimal.FromInt(85), "допустимый"},
	{-1 << 63, "недоступный"},
}

// LevelOf is the level of a rate, compared exactly; empty when the rate is unknown.
func LevelOf(r Rate, levels []Level) string {
	if r.Whole == 0 {
		return ""
	}
	exact := decimal.Int(r.Part).TimesInt(100).OverInt(r.Whole)
	for _, l := range levels {
		if exact.Cmp(l.From.Exact()) >= 0 {
			return l.Name
		}
	}
	return ""
}
