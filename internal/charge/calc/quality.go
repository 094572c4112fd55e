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
	for party := range max(1, len(c.p.Parties)) {
		c.qualityFor(uint8(party))
	}
}

// qualityFor takes off what falls to one owner: of a breach whose day is known to the owner of that day, else by what
// each is charged.
func (c *charging) qualityFor(party uint8) {
	all, own := c.base(everybody), c.base(party)
	left := max(0, own+c.absent(party))
	for i := range c.sub.Events {
		e := &c.sub.Events[i]
		if !c.ofMonth(e) {
			continue
		}
		rule := c.rule(e)
		if rule == nil {
			if party == 0 {
				c.issue("charge.no_quality_rule")
			}
			continue
		}
		of := breach{rule: rule, event: e, base: own, from: party, party: party}
		if e.From != 0 && len(c.p.Parties) > 1 {
			of.base, of.from = all, everybody
		}
		if c.eventCounted(rule, i) || of.from == everybody && c.party(c.dayOf(e.From)) != party {
			continue
		}
		if cold := c.coldHours(rule, e); cold != 0 {
			left += c.asCold(&of, cold)
			continue
		}
		left = c.cutFor(&of, left)
	}
}

// everybody stands for all parties.
const everybody = uint8(255)

// breach is an event and whose charge it lowers.
type breach struct {
	rule  *tariff.Quality
	event *Event
	base  money.Amount // what the percent is of
	from  uint8        // whose lines these are; everybody's when the day of the event says who
	party uint8        // who gets it
}

// of tells whether a line is of a party.
func (l *Line) of(party uint8) bool { return party == everybody || l.Party == party }

// cutFor takes off an event's percent of the charge and, of interruptions, the volume not delivered; it gives what of
// the charge is left.
func (c *charging) cutFor(of *breach, left money.Amount) money.Amount {
	percent, over := c.reduction(of.rule, of.event)
	if percent.IsZero() {
		return left
	}
	l := c.line(QualityCut, 0, FormulaQuality)
	l.Party, l.Factor, l.Inputs, l.Base = of.party, percent.Decimal(), over.inputs(), InRoubles(of.base)
	l.Exact = decimal.Int(-int64(of.base)).OverInt(100).By(percent).OverInt(100)
	c.round(l)
	l.Amount = max(l.Amount, -left)
	left += l.Amount
	if of.event.Kind == outage {
		left = c.undelivered(of, over, left)
	}
	return left
}

// undelivered takes off what who pays by normative did not get: the normative for the hours of the interruption, once it
// was longer than allowed (п. 100). A planned repair is in the normative already: only hours beyond it count.
func (c *charging) undelivered(of *breach, over excess, left money.Amount) money.Amount {
	hours := over.hours
	if c.habit.undelivered == undeliveredExcess || over.apart != 0 {
		hours = over.counted
	}
	end := len(c.out.Lines)
	for i := c.start; i < end && c.habit.undelivered != undeliveredNone; i++ {
		l := c.out.Lines[i]
		if l.Kind != Charged || l.Method != ByNormative || !l.of(of.from) {
			continue
		}
		l.Party, l.Kind, l.Formula, l.Inputs = of.party, Undelivered, FormulaUndelivered, [4]decimal.Decimal{hours}
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
func (c *charging) absent(party uint8) (sum money.Amount) {
	for i := c.start; i < len(c.out.Lines); i++ {
		if l := &c.out.Lines[i]; l.Kind == AbsenceCut && l.of(party) {
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
