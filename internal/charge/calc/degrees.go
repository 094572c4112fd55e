package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// wholeDay is the percent that stands for the charge of a whole day.
const wholeDay = decimal.Decimal(100 * decimal.Scale)

// cornerDegrees is how much warmer a corner room must be.
const cornerDegrees = decimal.Decimal(2 * decimal.Scale)

// steps is how many full steps a measured value lies beyond its tolerance; 1 where the rule measures nothing.
func (c *charging) steps(q *tariff.Quality, e *Event) int64 {
	if q.Step == 0 || !e.HasValue {
		return 1
	}
	tolerance, norm, most := q.Tolerance, q.Norm, q.NormMax
	if e.Norm != 0 {
		norm, most = e.Norm, max(most, e.Norm)
	}
	if e.Night {
		tolerance = q.Night
	}
	if e.Corner {
		norm, most = norm+cornerDegrees, most+cornerDegrees
	}
	off := norm - tolerance - e.Value
	if q.NormMax != 0 && e.Value > most+q.Above {
		off = e.Value - most - q.Above
	}
	n := int64(max(0, off) / q.Step)
	if c.habit.flatDegrees && n > 1 {
		return 1
	}
	return n
}

// fits tells whether an allowance is of the event's circumstance: its name, or the room's temperature.
func fits(a *tariff.AtOnce, e *Event) bool {
	if a.Low != 0 || a.High != 0 {
		return e.HasValue && a.Low <= e.Value && e.Value < a.High
	}
	return a.Case == e.Case
}

// coldHours are hours of hot water so cold that it is priced as cold water.
func (c *charging) coldHours(q *tariff.Quality, e *Event) decimal.Decimal {
	if q.ColdBelow == 0 || !e.HasValue || e.Value >= q.ColdBelow {
		return 0
	}
	return e.Hours
}

// asCold prices the volume of some hours as cold water: the share of the month by time, where no meter tells hours
// apart. It gives what it takes off, negative.
func (c *charging) asCold(of *breach, hours decimal.Decimal) money.Amount {
	var volume decimal.Ratio
	for i := c.start; i < len(c.out.Lines); i++ {
		if l := &c.out.Lines[i]; l.Kind == Charged && l.Component != Heat && l.of(of.from) {
			volume = volume.Plus(l.Volume.Exact())
		}
	}
	if c.of.resource < 0 {
		c.issue("charge.no_rate")
		return 0
	}
	seller, category := c.resourceSeller()
	prices := c.Book.rate(rateKey{service: c.of.resource, supplier: seller, category: category})
	if len(prices) == 0 {
		c.issue("charge.no_rate")
		return 0
	}
	cold := prices[len(prices)-1]
	share := func(r decimal.Ratio) decimal.Ratio { return r.Times(hours).OverInt(24 * int64(c.days)) }
	l := c.line(Repriced, 0, FormulaAsCold)
	l.Volume, l.Rate, l.RateRow = share(volume).Decimal(), cold.value, cold.row
	l.Party, l.Base, l.Inputs[0] = of.party, InRoubles(of.base), hours
	l.Exact = share(volume).Times(cold.value).Minus(share(decimal.Int(int64(of.base)).OverInt(100)))
	c.round(l)
	return l.Amount
}
