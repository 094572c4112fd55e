package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// metered charges a service by its meters, else by average, else by normative (formulas 1, 4 and 4(1)).
func (c *charging) metered() {
	list := c.usageOf()
	if len(list) == 1 && list[0].method == ByNormative && !list[0].partial {
		c.normative(&list[0])
	} else {
		if c.sharesMeter() {
			list = c.byTerms(list)
		}
		for i := range list {
			if c.p.Communal != nil && c.sub.FlatRest == 0 && c.p.Communal.FlatPersons != 0 {
				list[i].volume = c.roomShare(list[i].volume)
			}
		}
		if c.sub.FlatRest != 0 && len(list) > 0 && c.p.Communal != nil && c.p.Communal.FlatPersons != 0 {
			list[0].volume = list[0].volume.Plus(c.roomShare(c.sub.FlatRest.Exact()))
		}
		c.apart(list)
		c.reduce(list)
		c.byVolume(list)
	}
}

// roomShare is a room's part of its flat's volume: by residents (п. 50).
func (c *charging) roomShare(v decimal.Ratio) decimal.Ratio {
	return v.TimesInt(c.p.personDays(c.first, c.last)).OverInt(int64(c.days)).OverInt(int64(c.p.Communal.FlatPersons))
}

// normative charges what approved normatives say for the persons counted, cut by prices and parties, and the
// surcharge of the raising factor apart.
func (c *charging) normative(u *usage) {
	if c.of.Rules == tariff.RulesGas {
		c.gasNormative(u)
		return
	}
	if _, ok := c.norm(c.wantNorm("")); !ok {
		c.issue("charge.no_normative")
		return
	}
	if c.normativeByZones(u) {
		return
	}
	raise, _ := c.raising(u.factor)
	limits := c.limits()
	if c.houseReduces() {
		list := append(c.out.usage[:0], *u)
		list[0].volume = c.normVolume(c.first, c.last)
		c.reduce(list)
		c.byVolume(list)
		return
	}
	if len(limits) > 0 {
		if total := c.normVolume(c.first, c.last); total.Cmp(limits[0].Exact()) > 0 {
			u.volume = total
			c.byVolume([]usage{*u})
			return
		}
	}
	key := c.waterKey()
	for _, s := range c.cut(c.ratesIn(c.Book, key)) {
		from, to := c.first.AddDays(int(s.from)-1), c.first.AddDays(int(s.to)-1)
		volume := c.normVolume(from, to)
		l := c.line(Charged, ByNormative, FormulaNormative)
		c.describeNorm(l, from, to)
		if u.missed > 0 {
			l.Formula = FormulaNormativeMissed
		}
		l.Component, l.Party, l.Missed, l.Band = key.component, s.party, u.missed, key.band
		if c.of.Kind == tariff.InBuilding {
			l.Formula, l.Component = FormulaInBuildingWater, Water
		}
		c.price(l, volume, s.rate)
		c.use(volumeOf{party: s.party, method: ByNormative, volume: volume, factor: raise, from: s.from, to: s.to})
		if raise.value != 0 {
			c.surcharge(len(c.out.Lines)-1, raise)
		}
	}
	if c.twoPart() {
		c.heatOfNormative()
	}
}

// heatOfNormative adds the heat of the water a normative gives, cut by its own prices.
func (c *charging) heatOfNormative() {
	key := c.rateKey()
	key.component = Heat
	prices := c.rate(key)
	if c.of.Kind == tariff.InBuilding {
		c.out.whole[0] = span{from: 1, to: uint8(c.days), row: -1}
		prices = c.out.whole[:]
	}
	if len(prices) == 0 {
		c.issue("charge.no_heat_component")
		return
	}
	for _, s := range c.cut(prices) {
		from, to := c.first.AddDays(int(s.from)-1), c.first.AddDays(int(s.to)-1)
		if l := c.heatOfWater(c.normVolume(from, to), s.party, ByNormative, s.to, c.Book, Charged); l != nil {
			norm, row := l.Norm, l.NormRow
			c.describeNorm(l, from, to)
			l.Norm, l.NormRow = norm, row
		}
	}
}

// raising is the raising factor where it applies; ok is false where none does.
func (c *charging) raising(applies bool) (factor, bool) {
	if !applies {
		return factor{}, false
	}
	f, ok := c.factor(c.sub.Service, c.sub.Supplier)
	if !ok || f.value == decimal.FromInt(1) {
		return factor{}, false
	}
	return f, true
}

// surcharge adds what a raising factor adds to a line: the raised sum, rounded once, less the line (formula 4(1)).
func (c *charging) surcharge(base int, f factor) {
	extra := c.out.Lines[base]
	raised := extra
	raised.Exact = extra.Exact.Times(f.value)
	c.round(&raised)
	extra.Kind, extra.Formula, extra.Factor, extra.FactorRow = Surcharge, FormulaRaised, f.value, f.row
	extra.Exact = raised.Exact.Minus(c.out.Lines[base].Exact)
	extra.Amount = raised.Amount - c.out.Lines[base].Amount
	c.out.Lines = append(c.out.Lines, extra)
}

func (c *charging) wantNorm(purpose string) want {
	return want{service: c.sub.Service, supplier: c.sub.Supplier, category: c.sub.Category, purpose: purpose, rooms: c.p.Rooms, persons: c.persons}
}

// normVolume is Σ over days of persons × normative of so many persons ÷ days of the month.
func (c *charging) normVolume(from, to calendar.Date) decimal.Ratio {
	if c.of.Rules == tariff.RulesGas {
		return c.gasVolume(from, to)
	}
	w := c.wantNorm("")
	n, ok := c.norm(w)
	if !ok {
		return decimal.Ratio{}
	}
	if n.measure.Base == "m2" || n.measure.Base == "account" || n.measure.Base == "" {
		return c.byPremises(n, from, to)
	}
	if !c.byHeads() && len(c.normCuts[c.sub.Service]) == 0 {
		return c.monthly(n).TimesInt(c.p.personDays(from, to)).OverInt(int64(c.days))
	}
	var sum decimal.Ratio
	for d := from; d <= to; {
		end := c.normEnd(d, c.sameCount(d, to))
		w.persons, w.day = int(c.p.counted(d)), d
		if n, ok := c.norm(w); ok {
			sum = sum.Plus(c.monthly(n).TimesInt(c.p.personDays(d, end)).OverInt(int64(c.days)))
		}
		d = end.AddDays(1)
	}
	return sum
}

// normEnd is the last day up to another on which the normatives of a day still hold.
func (c *charging) normEnd(d, to calendar.Date) calendar.Date {
	for _, end := range c.normCuts[c.sub.Service] {
		if end >= d {
			to = min(to, end)
		}
	}
	return to
}

// byPremises is a normative for a square metre or for the premises as a whole, by days.
func (c *charging) byPremises(n *norm, from, to calendar.Date) decimal.Ratio {
	v := c.monthly(n)
	if n.measure.Base == "m2" {
		v = v.Times(c.area)
	}
	return v.TimesInt(int64(to.Day() - from.Day() + 1)).OverInt(int64(c.days))
}

// byHeads tells whether the service's normatives depend on how many persons live here.
func (c *charging) byHeads() bool {
	for i := range c.norms[c.sub.Service] {
		if c.norms[c.sub.Service][i].Persons > 1 {
			return true
		}
	}
	return false
}

// sameCount is the last day up to which as many persons are counted as on a day.
func (c *charging) sameCount(d, to calendar.Date) calendar.Date {
	if len(c.p.Stays)+len(c.p.Owners) <= 1 && c.p.alwaysLivedIn(d, to) {
		return to
	}
	n := c.p.counted(d)
	for next := d.AddDays(1); next <= to; next = next.AddDays(1) {
		if c.p.counted(next) != n {
			return next.AddDays(-1)
		}
	}
	return to
}

// describeNorm keeps the inputs of a normative's line.
func (c *charging) describeNorm(l *Line, from, to calendar.Date) {
	if n, ok := c.norm(c.wantNorm("")); ok {
		l.Norm, l.NormRow = n.Value, n.row
		if n.measure.Base == "person" || n.measure.Base == "head" {
			l.PersonDays = int32(c.p.personDays(from, to))
		}
	}
	l.DaysOf = c.days
	l.From, l.To, l.Days = uint8(from.Day()), uint8(to.Day()), int32(to.Day()-from.Day()+1)
}
