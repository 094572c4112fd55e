package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

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
