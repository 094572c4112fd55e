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
	left := max(0, base+c.absent())
	for i := range c.sub.Events {
		e := &c.sub.Events[i]
		if !c.ofMonth(e) {
			continue
		}
		rule := c.rule(e)
		if rule == nil {
			c.issue("charge.no_quality_rule")
			continue
		}
		if c.eventCounted(rule, i) {
			continue
		}
		if cold := c.coldHours(rule, e); cold != 0 {
			left += c.asCold(base, cold)
			continue
		}
		left = c.cutFor(rule, e, base, left)
	}
}

// cutFor takes off an event's percent of the charge and, of interruptions, the volume not delivered; it gives what of
// the charge is left.
func (c *charging) cutFor(q *tariff.Quality, e *Event, base, left money.Amount) money.Amount {
	percent, over := c.reduction(q, e)
	if percent.IsZero() {
		return left
	}
	l := c.line(QualityCut, 0, FormulaQuality)
	l.Factor, l.Inputs, l.Base = percent.Decimal(), over.inputs(), decimal.Decimal(int64(base)*decimal.Scale/100)
	l.Exact = decimal.Int(-int64(base)).OverInt(100).By(percent).OverInt(100)
	c.round(l)
	l.Amount = max(l.Amount, -left)
	left += l.Amount
	if e.Kind == outage {
		left = c.undelivered(over, left)
	}
	return left
}

// undelivered takes off what who pays by normative did not get: the normative for the hours of the interruption, once it
// was longer than allowed (п. 100). A planned repair is in the normative already: only hours beyond it count.
func (c *charging) undelivered(over excess, left money.Amount) money.Amount {
	hours := over.hours
	if c.habit.undelivered == undeliveredExcess || over.apart != 0 {
		hours = over.counted
	}
	end := len(c.out.Lines)
	for i := c.start; i < end && c.habit.undelivered != undeliveredNone; i++ {
		l := c.out.Lines[i]
		if l.Kind != Charged || l.Method != ByNormative {
			continue
		}
		l.Kind, l.Formula, l.Inputs = Undelivered, FormulaUndelivered, [4]decimal.Decimal{hours}
		share := func(r decimal.Ratio) decimal.Ratio { return r.Neg().Times(hours).OverInt(24 * int64(c.days)) }
		l.Volume, l.Exact = share(exactVolume(&c.out.Lines[i])).Decimal(), share(l.Exact)
		c.round(&l)
		l.Amount = max(l.Amount, -left)
		left += l.Amount
		c.out.Lines = append(c.out.Lines, l)
	}
	return left
}

// absent is what absences took off the month's charge.
func (c *charging) absent() (sum money.Amount) {
	for i := c.start; i < len(c.out.Lines); i++ {
		if l := &c.out.Lines[i]; l.Kind == AbsenceCut {
			sum += l.Amount
		}
	}
	return sum
}

// ofMonth tells whether an event is of the month charged.
func (c *charging) ofMonth(e *Event) bool {
	if e.From != 0 {
		return e.From.Month() == c.month
	}
	return e.Month == 0 || e.Month == c.month
}

// eventCounted tells whether an event's hours were added to an earlier event of its kind: allowances are of the month.
func (c *charging) eventCounted(q *tariff.Quality, i int) bool {
	for k := range i {
		if c.mergeable(q, &c.sub.Events[k], &c.sub.Events[i]) {
			return true
		}
	}
	return false
}

// mergeable events are interruptions of one kind; breaches that are measured, or counted by days, stand alone.
func (c *charging) mergeable(q *tariff.Quality, a, b *Event) bool {
	return a.Kind == b.Kind && q.Step == 0 && q.Percent != wholeDay && c.ofMonth(a) && c.ofMonth(b)
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

// outage is the event of a service not delivered.
const outage = "outage"

// excess is how interruptions of a month went beyond what is allowed.
type excess struct {
	hours   decimal.Decimal // in all
	allowed decimal.Decimal
	total   decimal.Decimal // that count against the month's allowance
	once    decimal.Decimal // beyond what is allowed at once, added up
	apart   decimal.Decimal // the same of events whose circumstance allows more at once than a month does
	counted decimal.Decimal
	steps   int64
}

func (x *excess) inputs() [4]decimal.Decimal {
	return [4]decimal.Decimal{x.hours, x.allowed, x.counted, decimal.FromInt(x.steps)}
}

// reduction is the percent of the charge an event takes, with those of its kind, and how it was counted.
func (c *charging) reduction(q *tariff.Quality, e *Event) (percent decimal.Ratio, x excess) {
	if q.Percent == wholeDay { // the charge of each day without conforming service
		days := max(int64(e.Days), int64(e.Hours/decimal.FromInt(24)))
		x = excess{hours: decimal.FromInt(24 * days), counted: decimal.FromInt(24 * days), steps: 1}
		return decimal.Int(100 * days).OverInt(int64(c.days)), x
	}
	x.allowed, x.steps = q.Allowed, c.steps(q, e)
	for i := range c.sub.Events {
		if o := &c.sub.Events[i]; o == e || c.mergeable(q, e, o) {
			x.add(q, o)
		}
	}
	x.counted = x.once
	if q.Allowed != 0 || len(q.AtOnce) == 0 {
		x.counted = max(0, x.total-q.Allowed, x.once)
	}
	x.counted += x.apart
	per := q.Per
	if per == 0 {
		per = decimal.FromInt(1)
	}
	count := x.counted.Exact().Over(per)
	if q.Whole {
		count = decimal.Int(int64(x.counted / per))
	}
	return count.Times(q.Percent).TimesInt(x.steps), x
}

// add counts one event.
func (x *excess) add(q *tariff.Quality, e *Event) {
	allowed, over := atOnce(q, e)
	x.hours += e.Hours
	if q.Allowed != 0 && allowed > q.Allowed {
		x.apart += over
		return
	}
	x.total += e.Hours
	x.once += over
}

// atOnce is how long one interruption may last under an event's circumstance, and how far it went beyond. Where only
// the month's hours are known nothing went beyond.
func atOnce(q *tariff.Quality, e *Event) (allowed, over decimal.Decimal) {
	once := e.Longest
	if once == 0 && (e.From != 0 || e.HasValue || q.Allowed == 0) {
		once = e.Hours // an event of a day, or with its own temperature, is one interruption
	}
	for _, named := range [2]bool{true, false} { // the circumstance of the event before any other
		for i := range q.AtOnce {
			a := &q.AtOnce[i]
			if named == (a.Case != "" || a.Low != 0 || a.High != 0) && (!named || fits(a, e)) {
				return a.Hours, max(0, once-a.Hours)
			}
		}
	}
	return 0, 0
}
