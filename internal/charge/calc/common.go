package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// common charges a resource used for common property: by the normative (formula 15), by last year's average, or by the
// house meter less all premises (10–14), by area. The house meter's difference is capped at the normative unless the
// meeting decided otherwise (п. 44), and is zero when it is not positive. Sewage that has neither follows the water of
// the common property.
func (c *charging) common() {
	r := c.commonResource()
	switch _, l, ok := c.commonVolume(r); {
	case !ok && c.byLinks():
		return
	case !ok:
		c.issue("charge.no_house_data")
		return
	case l.ofCommonArea() && l.Inputs[0] == 0: // an area nobody told is no area of nothing
		c.issue("charge.no_house_area")
		return
	}
	key, prices := c.commonPrices()
	for _, s := range c.cut(prices) {
		c.onDay(s.to)
		volume, l, _ := c.commonVolume(r)
		c.commonLines(key, s, c.part(volume), &l)
	}
	if r != nil && r.Correction && !c.past {
		c.commonCorrection()
	}
}

// commonPrices are the prices of the resource, its own first, and the key they stand under; where water and heat are
// apart, of the water.
func (c *charging) commonPrices() (rateKey, spans) {
	key := c.rateKey()
	if c.of.hasHeat {
		key.component = Water
	}
	if list := c.Book.rate(key); list != nil || c.of.resource < 0 {
		return key, list
	}
	seller, category := c.resourceSeller()
	for _, try := range [...]rateKey{
		{service: c.of.resource, supplier: key.supplier, category: key.category},
		{service: c.of.resource, supplier: key.supplier, category: key.category, component: Water},
		{service: c.of.resource, supplier: key.supplier, category: key.category, band: 1},
		{service: c.of.resource, supplier: seller, category: category},
		{service: c.of.resource, supplier: seller, category: category, component: Water},
		{service: c.of.resource, supplier: seller, category: category, band: 1},
	} {
		if list := c.Book.rate(try); list != nil {
			return try, list
		}
	}
	return key, nil
}

// commonLines prices a segment's part of the month: in bands where the owners manage the house themselves and common
// electricity counts within the household's limits, and with the heat of hot water.
func (c *charging) commonLines(key rateKey, s segment, volume decimal.Ratio, as *Line) {
	days := Line{}
	volume = c.shareOfMonth(&days, s, volume)
	c.out.usage = append(c.out.usage[:0], usage{method: as.Method, month: c.month, volume: volume})
	var limits []decimal.Decimal
	var before decimal.Ratio
	if c.p.House.Direct && key.band != 0 {
		limits, before = c.limitsOf(key.service, key.category), c.used(key.service).Plus(c.used(c.sub.Service))
	}
	for _, part := range c.cutBands(c.out.usage, limits, before) {
		x := c.line(Charged, as.Method, as.Formula)
		x.Base, x.Norm, x.NormRow, x.Inputs, x.Party = as.Base, as.Norm, as.NormRow, as.Inputs, s.party
		x.From, x.To, x.Days, x.DaysOf = days.From, days.To, days.Days, days.DaysOf
		if x.Component = key.component; limits != nil {
			x.Band, key.band = part.band, part.band
			var ok bool
			if s.rate, ok = c.rateOn(key, s.to); !ok {
				c.issue("charge.no_rate")
			}
		}
		c.price(x, part.volume, s.rate)
	}
	c.use(volumeOf{party: s.party, method: as.Method, volume: volume, from: s.from, to: s.to})
	if key.component == Water {
		c.commonHeat(key, s, volume, as)
	}
}

// commonHeat adds the heat of the hot water used for common property.
func (c *charging) commonHeat(key rateKey, s segment, volume decimal.Ratio, as *Line) {
	w := c.wantNorm(tariff.ForHeatOfWater)
	w.service, w.supplier, w.category = key.service, key.supplier, key.category
	n, ok := c.norm(w)
	if !ok && c.of.resource >= 0 {
		w.service = c.of.resource
		n, ok = c.norm(w)
	}
	key.component = Heat
	rate, priced := c.rateOn(key, s.to)
	if !ok || !priced {
		c.issue("charge.no_heat_component")
		return
	}
	l := c.line(Charged, as.Method, FormulaCommonHeat)
	l.Component, l.Party, l.Norm, l.NormRow, l.Base = Heat, s.party, n.Value, n.row, as.Base
	c.price(l, c.stepped(volume.By(c.monthly(n))), rate)
}

// commonResource is the house's use of the resource the common property takes.
func (c *charging) commonResource() *Resource {
	if r := c.house(c.sub.Service); r != nil || c.of.resource < 0 {
		return r
	}
	return c.house(c.of.resource)
}

func (c *charging) commonVolume(r *Resource) (volume decimal.Ratio, l Line, ok bool) {
	h := c.p.House
	if h == nil || h.Area == 0 {
		return volume, l, false
	}
	byNorm, norm, hasNorm := c.commonNorm(r)
	share := func(v decimal.Ratio) decimal.Ratio { return v.Times(c.area).Over(h.Area) }
	r = c.replaced(r, commonMonthsMin)
	switch {
	case r == nil || !r.HasMeter || r.Method == CommonNormative:
		return byNorm, norm, hasNorm
	case r.Method == CommonAverage:
		l = Line{Method: ByAverage, Formula: FormulaCommonAverage, Base: c.area, NormRow: -1, Inputs: [4]decimal.Decimal{r.AverageCommon, h.Area}}
		return share(r.AverageCommon.Exact()), l, true
	}
	left := r.difference()
	l = Line{Method: ByHouse, Formula: FormulaCommonHouse, Base: c.area, NormRow: -1, Inputs: [4]decimal.Decimal{r.Volume, h.Area, left}}
	if left <= 0 {
		return volume, l, true // formula 14
	}
	volume = share(left.Exact())
	if hasNorm && !r.Actual && volume.Cmp(byNorm) > 0 {
		norm.Formula = FormulaCommonCap
		return byNorm, norm, true
	}
	return volume, l, true
}

// difference is what the house meter shows beyond all premises and the executor's own use.
func (r *Resource) difference() decimal.Decimal {
	return r.Volume - r.NonResidential - r.Unmetered - r.Metered - r.OwnUse
}

// commonNorm is N × S_oi × S_i ÷ S_ob (formula 15).
func (c *charging) commonNorm(r *Resource) (volume decimal.Ratio, l Line, ok bool) {
	n, found := c.norm(c.wantNorm(tariff.ForCommon))
	if !found {
		n, found = c.norm(c.wantNorm(""))
	}
	if !found && c.of.resource >= 0 {
		w := c.wantNorm(tariff.ForCommon)
		w.service = c.of.resource
		n, found = c.norm(w)
	}
	if !found {
		return volume, l, false
	}
	area := c.p.House.CommonArea
	if r != nil && r.CommonArea != 0 {
		area = r.CommonArea
	}
	l = Line{Method: ByNormative, Formula: FormulaCommonNorm, Base: c.area, Norm: n.Value, NormRow: n.row, Inputs: [4]decimal.Decimal{area, c.p.House.Area}}
	return c.monthly(n).Times(area).Times(c.area).Over(c.p.House.Area), l, true
}

// CommonNorm is what the approved normative gives a house for its common property in the book's month: N × S_oi (formula
// 15); false where no normative or no area is known.
func (b *Book) CommonNorm(common Service, r *Resource, h *House) (decimal.Decimal, bool) {
	if h.Area == 0 {
		return 0, false
	}
	c := &charging{Book: b, p: &Premises{House: h, Area: h.Area}, out: &Bill{}, sub: &Subscription{Service: common}, of: &b.engine.services[common]}
	c.habit = b.policy(common, 0)
	c.onDay(uint8(b.days))
	volume, l, ok := c.commonNorm(r)
	return volume.Decimal(), ok && l.Inputs[0] != 0
}

// ofCommonArea tells whether a line is of the normative of each m² of common property.
func (l *Line) ofCommonArea() bool {
	return l.Formula == FormulaCommonNorm || l.Formula == FormulaCommonCap
}

// houseReduces tells whether the house meter showed less than the sum of its premises.
func (c *charging) houseReduces() bool {
	r := c.house(c.sub.Service)
	return r != nil && r.HasMeter && r.Method == CommonActual && !c.habit.keepNegative && r.difference() < 0
}

// reduce takes from a flat's own volumes its share of a negative difference of the house meter: by persons, of heat by
// area, never below zero (п. 47). Zones lose in proportion to what they used.
func (c *charging) reduce(list []usage) {
	if !c.houseReduces() {
		return
	}
	share := c.house(c.sub.Service).difference().Exact().Neg()
	switch h := c.p.House; {
	case c.habit.reduceByArea && h.Area != 0:
		share = share.Times(c.area).Over(h.Area)
	case !c.habit.reduceByArea && h.Persons != 0:
		share = share.TimesInt(c.p.personDays(c.first, c.last)).OverInt(int64(c.days)).OverInt(int64(h.Persons))
	default:
		c.issue("charge.no_house_data")
		return
	}
	var total decimal.Ratio
	for i := range list {
		if list[i].reducible() {
			total = total.Plus(list[i].volume)
		}
	}
	if share.Cmp(total) > 0 {
		share = total
	}
	for i := range list {
		if u := &list[i]; u.reducible() {
			taken := share.By(u.volume).Quo(total)
			u.volume, u.reduced = u.volume.Minus(taken), taken.Decimal()
		}
	}
}

// reducible tells whether a negative difference of the house meter takes from a volume: of the month, and not a credit.
func (u *usage) reducible() bool { return !u.trueUp && u.volume.Sign() > 0 }
