package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// tamperingFactor is how many normatives interference with a meter costs (п. 81(11)).
const tamperingFactor = 10

// actMonths is how far back from the act unauthorised use is charged at most (п. 62, 81(11)).
const actMonths = 3

// acts charges unauthorised use and interference by the act: its volume, the power of what was connected for all hours,
// or else the normative of the persons counted, times its factor. None of it is within a social norm; bands go on
// where the month's own volume stopped.
func (c *charging) acts() {
	for i := range c.sub.Acts {
		a := &c.sub.Acts[i]
		if a.Kind != ActUnauthorised && a.Kind != ActTampering || a.On.Month() != c.month {
			continue
		}
		c.out.usage = append(c.out.usage[:0], usage{method: ByActs, month: c.month, volume: c.actVolume(a)})
		limits, before := c.limits(), c.used(c.sub.Service)
		if c.hasSocial(c.sub.Service, c.sub.Category) {
			before = limits[0].Exact()
		}
		for _, part := range c.cutBands(c.out.usage, limits, before) {
			c.actLine(a, part)
		}
	}
}

func (c *charging) actLine(a *Act, part zonePart) {
	key := c.waterKey()
	if c.of.hasBands {
		key.band = part.band
	}
	rate, ok := c.ratesIn(c.Book, key).on(c.dayOf(a.On))
	if !ok {
		c.issue("charge.no_rate")
		return
	}
	l := c.line(ByAct, ByActs, FormulaAct)
	l.Band, l.Component, l.Party = part.band, key.component, c.party(c.dayOf(a.On))
	c.price(l, part.volume, rate)
	if l.Factor = a.factor(); l.Factor != 0 {
		l.Exact = l.Exact.Times(l.Factor)
		c.round(l)
	}
}

func (a *Act) factor() decimal.Decimal {
	if a.Factor == 0 && a.Kind == ActTampering {
		return decimal.FromInt(tamperingFactor)
	}
	return a.Factor
}

// actVolume is what an act charges before its factor.
func (c *charging) actVolume(a *Act) (sum decimal.Ratio) {
	from := a.begins()
	days := int64(a.Days)
	if days == 0 && from != 0 {
		days = int64(a.On.Days(from)) + 1
	}
	switch {
	case a.Volume != 0:
		return a.Volume.Exact()
	case a.Power != 0:
		return a.Power.Exact().TimesInt(24 * days)
	case from != 0:
		for m := from.Month(); m <= a.On.Month(); m = m.Add(1) {
			then := c.in(m)
			sum = sum.Plus(then.normVolume(max(from, then.first), min(a.On, then.last)))
		}
		return sum
	case days != 0:
		return c.normVolume(c.first, c.last).TimesInt(days).OverInt(int64(c.days))
	}
	return c.normVolume(c.first, c.last)
}

// begins is the first day charged: that of the last check, at most three months before the act; 0 is not known.
func (a *Act) begins() calendar.Date {
	if a.Since == 0 {
		return 0
	}
	m := a.On.Month().Add(-actMonths)
	return max(a.Since, calendar.NewDate(m.Year(), m.Number(), min(a.On.Day(), m.Last().Day())).AddDays(1))
}

// instalments adds what was put off to this month and its interest (п. 72–75).
func (c *charging) instalments() {
	for i := range c.sub.Instalments {
		x := &c.sub.Instalments[i]
		if x.Month != c.month {
			continue
		}
		l := c.line(PutOff, ByGiven, FormulaInstalment)
		l.Amount, l.Party = x.Amount+x.Interest, c.party(uint8(c.days))
		l.Exact = decimal.Int(int64(l.Amount)).OverInt(100)
		l.Inputs[0] = InRoubles(x.Interest)
	}
}

// base is what the month's lines of the service come to, without cuts: what reductions and reliefs are taken of.
func (c *charging) base(party uint8) (sum money.Amount) {
	for i := c.start; i < len(c.out.Lines); i++ {
		if l := &c.out.Lines[i]; l.Service == c.sub.Service && l.of(party) && (l.Kind == Charged || l.Kind == Surcharge || l.Kind == TrueUp && l.Month == c.month) {
			sum += l.Amount
		}
	}
	return max(sum, 0) // a credit for earlier months is nobody's service of this one
}
