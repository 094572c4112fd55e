package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// quality takes from the month's charge what Приложение 1 says for each breach. Reductions of one service add up and
// never exceed its charge; common property is not reduced.
func (c *charging) quality() {
	if len(c.sub.Events) == 0 || c.of.Kind == tariff.Common {
		return
	}
	base := c.base()
	left := base
	for i := range c.sub.Events {
		e := &c.sub.Events[i]
		if e.From != 0 && e.From.Month() != c.month {
			continue
		}
		rule := c.rule(e)
		if rule == nil {
			c.issue("charge.no_quality_rule")
			continue
		}
		if c.eventCounted(i) {
			continue
		}
		percent, inputs := c.reduction(rule, e)
		if cold := c.coldHours(rule, e); cold != 0 {
			left += c.asCold(base, cold)
			continue
		}
		if percent.IsZero() {
			continue
		}
		l := c.line(QualityCut, 0, FormulaQuality)
		l.Factor, l.Inputs, l.Base = percent.Decimal(), inputs, decimal.Decimal(int64(base)*decimal.Scale/100)
		l.Exact = decimal.Int(-int64(base)).OverInt(100).By(percent).OverInt(100)
		c.round(l)
		if -l.Amount > left {
			l.Amount = -left
		}
		left += l.Amount
	}
}

// eventCounted tells whether an event's hours were added to an earlier event of its kind: allowances are of the month.
func (c *charging) eventCounted(i int) bool {
	for k := range i {
		if c.mergeable(&c.sub.Events[k], &c.sub.Events[i]) {
			return true
		}
	}
	return false
}

// mergeable events are interruptions of one kind; breaches with a measured value stand alone.
func (c *charging) mergeable(a, b *Event) bool {
	return a.Kind == b.Kind && a.Case == b.Case && !a.HasValue && !b.HasValue && a.Days == 0 && b.Days == 0 &&
		(a.From == 0 || a.From.Month() == c.month)
}

// rule is the catalogue's rule of an event.
func (c *charging) rule(e *Event) *tariff.Quality {
	for _, row := range c.Book.quality[c.sub.Service] {
		if q := &c.engine.catalog.Quality[row]; q.Event == e.Kind {
			return q
		}
	}
	return nil
}

// reduction is the percent of the charge an event takes, and its inputs: hours, hours allowed, hours counted, steps.
func (c *charging) reduction(q *tariff.Quality, e *Event) (percent decimal.Ratio, inputs [4]decimal.Decimal) {
	if q.Percent == wholeDay { // the charge of each day without conforming service
		days := max(int64(e.Days), int64(e.Hours/decimal.FromInt(24)))
		return decimal.Int(100 * days).OverInt(int64(c.days)), [4]decimal.Decimal{decimal.FromInt(24 * days)}
	}
	hours, over := e.Hours, decimal.Decimal(0)
	for i := range c.sub.Events {
		if x := &c.sub.Events[i]; x != e && c.mergeable(e, x) {
			hours += x.Hours
			over += c.beyondOnce(q, x)
		}
	}
	over += c.beyondOnce(q, e)
	excess := max(0, hours-q.Allowed, over)
	if q.Allowed == 0 && len(q.AtOnce) > 0 {
		excess = over // only single interruptions are bounded
	}
	steps := c.steps(q, e)
	per := q.Per
	if per == 0 {
		per = decimal.FromInt(1)
	}
	count := excess.Exact().Over(per)
	if q.Whole {
		n, _ := count.Minus(decimal.One().OverInt(2)).Round(0)
		if decimal.Int(n+1).Cmp(count) <= 0 {
			n++
		}
		count = decimal.Int(n)
	}
	return count.Times(q.Percent).TimesInt(steps), [4]decimal.Decimal{hours, q.Allowed, excess, decimal.FromInt(steps)}
}

// beyondOnce is how far one interruption went beyond what is allowed at once.
func (c *charging) beyondOnce(q *tariff.Quality, e *Event) decimal.Decimal {
	once := e.Longest
	if once == 0 {
		once = e.Hours
	}
	if e.Longest == 0 && q.Allowed != 0 && !e.HasValue {
		return 0 // only the month's total is known
	}
	for _, named := range [2]bool{true, false} { // the circumstance of the event before any other
		for i := range q.AtOnce {
			a := &q.AtOnce[i]
			if named == (a.Case != "" || a.Low != 0 || a.High != 0) && (!named || fits(a, e)) {
				return max(0, once-a.Hours)
			}
		}
	}
	return 0
}

// wholeDay is the percent that stands for the charge of a whole day.
const wholeDay = decimal.Decimal(100 * decimal.Scale)

// steps is how many full steps a measured value lies beyond its tolerance; 1 where the rule measures nothing.
func (c *charging) steps(q *tariff.Quality, e *Event) int64 {
	if q.Step == 0 || !e.HasValue {
		return 1
	}
	tolerance, norm := q.Tolerance, q.Norm
	if e.Night {
		tolerance = q.Night
	}
	if e.Corner {
		norm += decimal.FromInt(2)
	}
	off := norm - tolerance - e.Value
	if q.NormMax != 0 && e.Value > q.NormMax+q.Above {
		off = e.Value - q.NormMax - q.Above
	}
	n := int64(max(0, off) / q.Step)
	if c.habit.flatDegrees && n > 1 {
		return 1
	}
	return n
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
func (c *charging) asCold(base money.Amount, hours decimal.Decimal) money.Amount {
	var volume decimal.Ratio
	for i := c.start; i < len(c.out.Lines); i++ {
		if l := &c.out.Lines[i]; l.Kind == Charged && (l.Component != Heat) {
			volume = volume.Plus(l.Volume.Exact())
		}
	}
	if c.of.resource < 0 {
		c.issue("charge.no_rate")
		return 0
	}
	spans := c.Book.rate(rateKey{service: c.of.resource})
	if len(spans) == 0 {
		c.issue("charge.no_rate")
		return 0
	}
	cold := spans[len(spans)-1]
	share := func(r decimal.Ratio) decimal.Ratio { return r.Times(hours).OverInt(24 * int64(c.days)) }
	l := c.line(Repriced, 0, FormulaAsCold)
	l.Volume, l.Rate, l.RateRow = share(volume).Decimal(), cold.value, cold.row
	l.Base, l.Inputs[0] = decimal.Decimal(int64(base)*decimal.Scale/100), hours
	l.Exact = share(volume).Times(cold.value).Minus(share(decimal.Int(int64(base)).OverInt(100)))
	c.round(l)
	return l.Amount
}

// relief takes benefits off the charge on what is within the standards, or shows them where they are paid apart
// (charging.md 14).
func (c *charging) relief() {
	for i := range c.p.Benefits {
		b := &c.p.Benefits[i]
		if b.From > c.last || b.Until != 0 && b.Until < c.first || !b.covers(c.sub.Service) {
			continue
		}
		base := c.reliefBase(b)
		if base.IsZero() {
			continue
		}
		kind := ReliefShown
		if b.Netted {
			kind = Relief
		}
		l := c.line(kind, 0, FormulaRelief)
		l.Factor, l.Base, l.Inputs[0] = b.Percent, base.Decimal(), b.Area
		l.Exact = base.Times(b.Percent).OverInt(100).Neg()
		c.round(l)
	}
}

func (b *Benefit) covers(s Service) bool {
	for _, x := range b.Services {
		if x == s {
			return true
		}
	}
	return len(b.Services) == 0
}

// reliefBase is the part of the service's charge that a benefit counts: within the area standard, within the
// normative, and for the persons entitled.
func (c *charging) reliefBase(b *Benefit) (sum decimal.Ratio) {
	for i := c.start; i < len(c.out.Lines); i++ {
		l := &c.out.Lines[i]
		if l.Kind != Charged || l.Service != c.sub.Service {
			continue
		}
		part := l.Exact
		if b.Area != 0 && l.Base != 0 && (l.Method == ByArea || l.Method == ByHouse || l.Formula == FormulaHeatNorm || l.Formula == FormulaHeatNormEven) && l.Base > b.Area {
			part = part.Times(b.Area).Over(l.Base)
		}
		if b.WithinNorm && l.Volume != 0 && l.Method != ByArea {
			if limit := c.normVolume(c.first, c.last); !limit.IsZero() && exactVolume(l).Cmp(limit) > 0 {
				part = part.By(limit).Quo(exactVolume(l))
			}
		}
		if all := c.p.counted(c.last); b.Persons != 0 && all > int64(b.Persons) {
			part = part.TimesInt(int64(b.Persons)).OverInt(all)
		}
		sum = sum.Plus(part)
	}
	return sum
}

// fits tells whether an allowance is of the event's circumstance: its name, or the room's temperature.
func fits(a *tariff.AtOnce, e *Event) bool {
	if a.Low != 0 || a.High != 0 {
		return e.HasValue && a.Low <= e.Value && e.Value < a.High
	}
	return a.Case == e.Case
}
