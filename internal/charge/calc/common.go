package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// common charges a resource used for common property: by the normative (formula 15), by last year's average, or by the
// house meter less all premises (10–14), by area. The house meter's difference is capped at the normative unless the
// meeting decided otherwise (п. 44), and is zero when it is not positive.
func (c *charging) common() {
	r := c.commonResource()
	volume, l, ok := c.commonVolume(r)
	if !ok {
		c.issue("charge.no_house_data")
		return
	}
	spans := c.rateOrResource(c.rateKey())
	if c.of.resource >= 0 && c.engine.services[c.of.resource].hasBands && len(c.rate(c.rateKey())) == 0 {
		spans = c.Book.rate(rateKey{service: c.of.resource, supplier: c.sub.Supplier, category: c.sub.Category, band: 1})
	}
	for _, s := range c.cut(spans) {
		x := c.line(Charged, l.Method, l.Formula)
		x.Base, x.Norm, x.NormRow, x.Inputs, x.Party = l.Base, l.Norm, l.NormRow, l.Inputs, s.party
		share := c.shareOfMonth(x, s, volume)
		c.price(x, share, s.rate)
		c.use(volumeOf{party: s.party, method: l.Method, volume: share})
	}
	if r != nil && r.Correction && !c.past {
		c.commonCorrection()
	}
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
	share := func(v decimal.Ratio) decimal.Ratio { return v.Times(c.p.Area).Over(h.Area) }
	switch {
	case r == nil || !r.HasMeter || r.Method == CommonNormative:
		return byNorm, norm, hasNorm
	case r.Method == CommonAverage:
		l = Line{Method: ByAverage, Formula: FormulaCommonAverage, Base: c.p.Area, NormRow: -1, Inputs: [4]decimal.Decimal{r.AverageCommon, h.Area}}
		return share(r.AverageCommon.Exact()), l, true
	}
	left := r.difference()
	l = Line{Method: ByHouse, Formula: FormulaCommonHouse, Base: c.p.Area, NormRow: -1, Inputs: [4]decimal.Decimal{r.Volume, h.Area, left}}
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
	l = Line{Method: ByNormative, Formula: FormulaCommonNorm, Base: c.p.Area, Norm: n.Value, NormRow: n.row, Inputs: [4]decimal.Decimal{area, c.p.House.Area}}
	return c.monthly(n).Times(area).Times(c.p.Area).Over(c.p.House.Area), l, true
}

// houseReduces tells whether the house meter showed less than the sum of its premises.
func (c *charging) houseReduces() bool {
	r := c.house(c.sub.Service)
	return r != nil && r.HasMeter && r.Method == CommonActual && !c.habit.keepNegative && r.difference() < 0
}

// reduce takes from a flat's own volumes its share of a negative difference of the house meter: by persons, of heat by
// area, never below zero (п. 47). Zones lose in order.
func (c *charging) reduce(list []usage) {
	if !c.houseReduces() {
		return
	}
	share := c.house(c.sub.Service).difference().Exact().Neg()
	switch h := c.p.House; {
	case c.habit.reduceByArea && h.Area != 0:
		share = share.Times(c.p.Area).Over(h.Area)
	case !c.habit.reduceByArea && h.Persons != 0:
		share = share.TimesInt(c.p.personDays(c.first, c.last)).OverInt(int64(c.days)).OverInt(int64(h.Persons))
	default:
		c.issue("charge.no_house_data")
		return
	}
	for i := range list {
		u := &list[i]
		if u.trueUp || u.volume.Sign() <= 0 || share.Sign() <= 0 {
			continue
		}
		taken := share
		if taken.Cmp(u.volume) > 0 {
			taken = u.volume
		}
		u.volume, u.reduced, share = u.volume.Minus(taken), taken.Decimal(), share.Minus(taken)
	}
}

// commonCorrection corrects the year before to the house meter, once a year (ПП № 491 п. 29(2)): a credit is at most
// what was charged.
func (c *charging) commonCorrection() {
	year := c.month.Year() - 1
	var actual decimal.Ratio
	var charged money.Amount
	for n := 1; n <= 12; n++ {
		then := charging{Book: c.engine.Month(calendar.NewMonth(year, n)), p: c.p, out: &Bill{}, sub: c.sub, of: c.of, habit: c.habit, past: true}
		r := then.commonResource()
		if r == nil {
			continue
		}
		charged += then.commonCharged()
		measured := *r
		measured.Method, measured.Actual = CommonActual, true
		if volume, _, ok := then.commonVolume(&measured); ok && measured.HasMeter {
			spans := then.rateOrResource(then.rateKey())
			if len(spans) == 0 {
				c.issue("charge.no_rate")
				return
			}
			actual = actual.Plus(volume.Times(spans[len(spans)-1].value))
		}
	}
	l := c.line(Correction, ByHouse, FormulaCommonCorrection)
	l.Base, l.Exact = c.p.Area, actual
	l.Inputs = [4]decimal.Decimal{actual.Decimal(), decimal.Int(int64(charged)).OverInt(100).Decimal()}
	c.round(l)
	l.Amount = max(l.Amount-charged, -charged)
	l.Exact = actual.Minus(decimal.Int(int64(charged)).OverInt(100))
}

// commonCharged is what the month was charged for common property: as known, else as it would be computed.
func (c *charging) commonCharged() (sum money.Amount) {
	known := false
	for i := range c.sub.Past {
		if p := &c.sub.Past[i]; p.Month == c.month {
			sum, known = sum+p.Amount, true
		}
	}
	if known {
		return sum
	}
	c.common()
	for i := range c.out.Lines {
		sum += c.out.Lines[i].Amount
	}
	return sum
}
