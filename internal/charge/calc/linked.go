package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// linked charges a service by the volumes of others: sewage = cold + hot − what went into the garden. Its own meter
// comes first, its own normative last (п. 42).
func (c *charging) linked() {
	if len(c.sub.Meters) > 0 {
		c.metered()
		return
	}
	found := false
	for i := range c.out.volume {
		v := &c.out.volume[i]
		if _, ok := c.linkTo(v); ok {
			found = true
			if c.firstOfGroup(i) {
				c.linkedGroup(v)
			}
		}
	}
	switch {
	case found:
	case c.hasNorm(tariff.ForCommon):
		c.common()
	default:
		c.normative(&usage{method: ByNormative, month: c.month, factor: c.sub.MeterOK})
	}
}

func (c *charging) hasNorm(purpose string) bool {
	_, ok := c.norm(c.wantNorm(purpose))
	return ok
}

// linkTo is the factor a volume counts with; ok is false when it does not count. What is taken off must be a volume
// that the main meter has counted: irrigation by normative stands in a line of its own.
func (c *charging) linkTo(v *volumeOf) (decimal.Decimal, bool) {
	for i := range c.of.links {
		if l := &c.of.links[i]; l.service == v.service {
			factor := c.of.Links[l.row].Factor
			return factor, (factor < 0) == v.included
		}
	}
	return 0, false
}

// firstOfGroup tells whether no earlier volume is of the same month, party and kind.
func (c *charging) firstOfGroup(i int) bool {
	for k := range i {
		if _, ok := c.linkTo(&c.out.volume[k]); ok && c.sameGroup(&c.out.volume[k], &c.out.volume[i]) {
			return false
		}
	}
	return true
}

// sameGroup: a true-up of the month itself is one volume with it; absences and earlier months stand apart.
func (c *charging) sameGroup(a, b *volumeOf) bool {
	return a.month == b.month && a.party == b.party && (a.kind == AbsenceCut) == (b.kind == AbsenceCut)
}

// linkedGroup adds up the volumes of one month, party and kind and prices them. What is taken off never makes the
// volume negative, a credit for readings that came late does (charging.md 3.5, 9.4).
func (c *charging) linkedGroup(of *volumeOf) {
	var plus, minus, raised decimal.Ratio
	normative, kind := true, of.kind
	for i := range c.out.volume {
		v := &c.out.volume[i]
		factor, ok := c.linkTo(v)
		if !ok || !c.sameGroup(v, of) {
			continue
		}
		part := v.volume.Times(factor)
		if factor < 0 {
			minus = minus.Plus(part)
			continue
		}
		plus, normative = plus.Plus(part), normative && v.method == ByNormative
		if v.factor.value != 0 && c.habit.linkedFactor {
			raised = raised.Plus(part.Times(v.factor.value).Minus(part))
		}
	}
	volume := plus.Plus(minus)
	if plus.Sign() >= 0 && volume.Sign() < 0 && kind != AbsenceCut {
		volume = decimal.Ratio{}
	}
	c.linkedLines(of, kind, volume, raised, normative)
}

func (c *charging) linkedLines(of *volumeOf, kind Kind, volume, raised decimal.Ratio, normative bool) {
	book := c.Book
	if of.month != c.month {
		book = c.engine.Month(of.month)
	}
	spans := book.rate(c.rateKey())
	if len(spans) == 0 {
		c.issue("charge.no_rate")
		return
	}
	method := ByLinks
	c.use(volumeOf{party: of.party, kind: kind, method: method, month: of.month, volume: volume})
	for i, s := range spans {
		share := volume
		if normative && len(spans) > 1 {
			share = volume.TimesInt(int64(s.to-s.from) + 1).OverInt(int64(book.days))
		} else if i < len(spans)-1 {
			continue // metered volumes take the price of the end of the month
		}
		l := c.line(kind, method, FormulaLinked)
		l.Party, l.Month = of.party, of.month
		c.price(l, share, s)
		if !raised.IsZero() {
			extra := c.line(Surcharge, method, FormulaRaised)
			extra.Party, extra.Month = of.party, of.month
			c.price(extra, raised, s)
			extra.Volume = 0 // the factor multiplies money, never the volume
		}
	}
}

// plot charges watering, animals and baths of a plot: units × normative in season (п. 49, formula 22). What the main
// meter has counted already is not charged again.
func (c *charging) plot() {
	if len(c.sub.Meters) > 0 {
		list := c.usageOf()
		for i := range list {
			if c.sub.Included {
				c.use(volumeOf{method: list[i].method, volume: list[i].volume, included: true})
			}
		}
		if !c.sub.Included {
			c.byVolume(list)
		}
		return
	}
	for i := range c.sub.Objects {
		o := &c.sub.Objects[i]
		w := c.wantNorm("")
		w.object = o.Name
		n, ok := c.norm(w)
		if !ok {
			continue // out of season, or nothing is approved for it
		}
		volume := c.monthly(n).Times(o.Count)
		if c.sub.Included {
			c.use(volumeOf{method: ByNormative, volume: volume, included: true})
			continue
		}
		for _, s := range c.cut(c.rateOrResource(c.rateKey())) {
			l := c.line(Charged, ByNormative, FormulaPlot)
			l.Norm, l.NormRow, l.Base, l.Party = n.Value, n.row, o.Count, s.party
			share := c.shareOfMonth(l, s, volume)
			c.price(l, share, s.rate)
			c.use(volumeOf{party: s.party, method: ByNormative, volume: share})
		}
	}
}

// rateOrResource is the service's own prices, else those of the resource it is made of.
func (c *charging) rateOrResource(k rateKey) []span {
	if spans := c.rate(k); spans != nil || c.of.resource < 0 {
		return spans
	}
	k.service, k.component, k.band = c.of.resource, Whole, 0
	if spans := c.rate(k); spans != nil {
		return spans
	}
	k.supplier = 0
	if spans := c.rate(k); spans != nil {
		return spans
	}
	k.component = Water
	return c.rate(k)
}

// shareOfMonth is a volume's part for the days of a segment.
func (c *charging) shareOfMonth(l *Line, s segment, volume decimal.Ratio) decimal.Ratio {
	if s.days() == c.days {
		return volume
	}
	l.From, l.To, l.Days, l.DaysOf = s.from, s.to, s.days(), c.days
	return volume.TimesInt(int64(s.days())).OverInt(int64(c.days))
}

// inBuilding charges hot water made in the building: the water, and the cost of what was burnt or heated shared by
// hot-water volumes (п. 54, formula 20).
func (c *charging) inBuilding() {
	r := c.house(c.sub.Service)
	if r == nil || r.HotVolume == 0 {
		c.issue("charge.no_house_data")
		return
	}
	list := c.usageOf()
	if len(list) == 1 && list[0].method == ByNormative {
		if !c.hasNorm("") {
			c.issue("charge.no_normative")
			return
		}
		list[0].volume = c.normVolume(c.first, c.last)
	}
	var cost decimal.Ratio
	for i := range r.Fuel {
		cost = cost.Plus(r.Fuel[i].Volume.Exact().Times(r.Fuel[i].Price))
	}
	spans := c.rateOrResource(rateKey{service: c.sub.Service, supplier: c.sub.Supplier, category: c.sub.Category, component: Water})
	if len(spans) == 0 {
		c.issue("charge.no_rate")
		return
	}
	for i := range list {
		u := &list[i]
		l := c.line(Charged, u.method, FormulaInBuildingWater)
		l.Component, l.Before, l.After, l.Missed = Water, u.before, u.after, u.missed
		c.price(l, u.volume, spans[len(spans)-1])
		h := c.line(Charged, u.method, FormulaInBuildingHeat)
		h.Component, h.Volume, h.Before, h.After = Heat, u.volume.Decimal(), u.before, u.after
		h.Inputs = [4]decimal.Decimal{cost.Decimal(), r.HotVolume}
		h.Rate = cost.Over(r.HotVolume).Decimal()
		h.Exact = u.volume.By(cost).Over(r.HotVolume)
		c.round(h)
		c.use(volumeOf{method: u.method, volume: u.volume})
	}
}

// acts charges unauthorised use by the act: its volume, or the power of what was connected for all hours, times its
// factor (п. 62, 81(11)).
func (c *charging) acts() {
	for i := range c.sub.Acts {
		a := &c.sub.Acts[i]
		if a.Kind != ActUnauthorised || a.On.Month() != c.month {
			continue
		}
		volume := a.Volume.Exact()
		if a.Power != 0 {
			volume = a.Power.Exact().TimesInt(24 * int64(a.Days))
		}
		key := c.rateKey()
		if c.of.hasBands {
			key.band = 1
		}
		rate, ok := c.rateOn(key, c.dayOf(a.On))
		if !ok {
			c.issue("charge.no_rate")
			continue
		}
		l := c.line(ByAct, ByActs, FormulaAct)
		if a.Factor != 0 {
			volume, l.Factor = volume.Times(a.Factor), a.Factor
		}
		c.price(l, volume, rate)
	}
}

// instalments adds what was put off to this month and its interest (п. 72–75).
func (c *charging) instalments() {
	for i := range c.sub.Instalments {
		x := &c.sub.Instalments[i]
		if x.Month != c.month {
			continue
		}
		l := c.line(PutOff, ByGiven, FormulaInstalment)
		l.Amount = x.Amount + x.Interest
		l.Exact = decimal.Int(int64(l.Amount)).OverInt(100)
		l.Inputs[0] = decimal.Decimal(int64(x.Interest) * decimal.Scale / 100)
	}
}

// base is what the month's lines of the service come to, without cuts: what reductions and reliefs are taken of.
func (c *charging) base() (sum money.Amount) {
	for i := c.start; i < len(c.out.Lines); i++ {
		if l := &c.out.Lines[i]; l.Service == c.sub.Service && (l.Kind == Charged || l.Kind == Surcharge) {
			sum += l.Amount
		}
	}
	return sum
}
