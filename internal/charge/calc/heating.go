package calc

import (
	"slices"

	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// heating charges heat: by the meter of a private house, by the normative without a house meter (formulas 2 and 2(1)),
// else by the house meter (the whole family of formula 3).
func (c *charging) heating() {
	if c.reported() {
		return
	}
	r := c.house(c.sub.Service)
	c.heatMonth(r)
	if r != nil && r.Correction && !c.past {
		c.heatCorrection()
	}
}

func (c *charging) heatMonth(r *Resource) {
	even := c.mode().Even
	if c.privateHouse() && len(c.sub.Meters) > 0 && !even {
		c.metered()
		return
	}
	if r != nil && len(r.Fuel) > 0 {
		c.heatMadeHere(r)
		return
	}
	c.heatLines(r)
}

// mode is how the house pays for heat in the month: as on its first day.
func (c *charging) mode() (m HeatingMode) {
	if c.p.House == nil {
		return m
	}
	for i := range c.p.House.Heating {
		if x := &c.p.House.Heating[i]; i == 0 || x.From <= c.first {
			m = *x
		}
	}
	return m
}

// privateHouse tells whether the premises are the house: its own meter counts alone.
func (c *charging) privateHouse() bool {
	return c.p.House == nil || c.p.House.Private || c.p.House.Area == 0
}

// heatLines prices a month's heat, cut by prices, parties and areas.
func (c *charging) heatLines(r *Resource) {
	volume, as, ok := c.heat(r)
	if !ok {
		return
	}
	for _, s := range c.cut(c.rate(c.rateKey())) {
		if len(c.p.Areas) > 1 {
			c.onDay(s.to)
			volume, as, _ = c.heat(r)
		}
		l := c.line(Charged, as.Method, as.Formula)
		l.Base, l.Norm, l.NormRow, l.Factor, l.Inputs, l.Party = as.Base, as.Norm, as.NormRow, as.Factor, as.Inputs, s.party
		share := c.shareOfMonth(l, s, c.part(c.communalHeat(volume)))
		c.price(l, share, s.rate)
		c.use(volumeOf{party: s.party, method: as.Method, volume: share})
	}
}

// heatMadeHere shares the cost of what was burnt for heating by area (п. 54, formula 18).
func (c *charging) heatMadeHere(r *Resource) {
	h := c.p.House
	if h.Area == 0 {
		c.issue("charge.no_house_area")
		return
	}
	cost := r.cost()
	c.out.whole[0] = span{from: 1, to: uint8(c.days), row: -1}
	for _, s := range c.cut(c.out.whole[:]) {
		c.onDay(s.to)
		l := c.line(Charged, ByHouse, FormulaHeatInBuilding)
		l.Base, l.Party, l.Inputs = c.area, s.party, [4]decimal.Decimal{cost.Decimal(), h.Area}
		l.Exact = c.shareOfMonth(l, s, c.part(c.communalHeat(cost.Times(c.area).Over(h.Area))))
		c.round(l)
	}
}

// communalHeat is a room's part of its flat's heat, by living areas (п. 50).
func (c *charging) communalHeat(volume decimal.Ratio) decimal.Ratio {
	if p := c.p.Communal; p != nil && p.FlatLiving != 0 {
		return volume.Times(p.LivingArea).Over(p.FlatLiving)
	}
	return volume
}

// heat finds the heat of the premises in the month, and the inputs of its line. Even payment takes a twelfth of the
// year before; a house meter out of order is replaced by its average.
func (c *charging) heat(r *Resource) (decimal.Ratio, Line, bool) {
	even := c.mode().Even
	switch last := c.lastYear(r); {
	case even && last == 0:
		return c.heatByNorm()
	case even && c.privateHouse():
		l := Line{Method: ByAverage, Formula: FormulaHeatPrivateEven, Base: c.area, NormRow: -1, Inputs: [4]decimal.Decimal{last}}
		return last.Exact().OverInt(12), l, true
	case even && r != nil:
		return c.heatByHouse(r, last.Exact().OverInt(12))
	case even:
		return c.heatByHouse(&Resource{}, last.Exact().OverInt(12))
	}
	if r = c.replaced(r, heatMonthsMin); r == nil || !r.HasMeter {
		return c.heatByNorm()
	}
	return c.heatByHouse(r, r.Volume.Exact())
}

// lastYear is the house's heat of the year before; it is the same in all months of a year.
func (c *charging) lastYear(r *Resource) decimal.Decimal {
	if r != nil && r.LastYear != 0 {
		return r.LastYear
	}
	if c.p.House != nil {
		for i := range c.p.House.Resources {
			if x := &c.p.House.Resources[i]; x.Service == c.sub.Service && x.Month.Year() == c.month.Year() && x.LastYear != 0 {
				return x.LastYear
			}
		}
	}
	return 0
}

// heatByNorm is S × N in the season (formula 2), or through the year a twelfth of the season's normatives (2(1)). A full
// month is charged even when heating began or stopped inside it.
func (c *charging) heatByNorm() (volume decimal.Ratio, l Line, ok bool) {
	mode := c.mode()
	if c.p.OwnHeat || !mode.Even && len(mode.SeasonMonths) > 0 && !slices.Contains(mode.SeasonMonths, c.month.Number()) {
		return volume, l, false
	}
	l = Line{Method: ByNormative, Formula: FormulaHeatNorm, Base: c.heatedArea()}
	if mode.Even {
		return c.heatNormEven(mode, l)
	}
	n, found := c.norm(c.wantNorm(""))
	if !found {
		if len(mode.SeasonMonths) > 0 || len(c.norms[c.sub.Service]) == 0 { // else the normative itself is seasonal
			c.issue("charge.no_normative")
		}
		return volume, l, false
	}
	l.Norm, l.NormRow = n.Value, n.row
	return c.monthly(n).Times(l.Base), l, true
}

// heatNormEven is the sum of the normatives of the heated months ÷ 12: N × K_p where they are alike. A normative of a
// year or of the season is its twelfth.
func (c *charging) heatNormEven(mode HeatingMode, l Line) (volume decimal.Ratio, _ Line, ok bool) {
	l.Formula = FormulaHeatNormEven
	var year decimal.Ratio
	months := int64(0)
	for m := 1; m <= 12; m++ {
		if len(mode.SeasonMonths) > 0 && !slices.Contains(mode.SeasonMonths, m) {
			continue
		}
		w := c.wantNorm("")
		w.season = m
		n, found := c.norm(w)
		if !found {
			continue
		}
		l.Norm, l.NormRow, months = n.Value, n.row, months+1
		if n.measure.Period == tariff.PerYear || n.measure.Period == tariff.PerSeason {
			return n.Value.Exact().OverInt(12).Times(l.Base), l, true
		}
		year = year.Plus(c.monthly(n))
	}
	if months == 0 {
		c.issue("charge.no_normative")
		return volume, l, false
	}
	l.Factor = decimal.Int(months).OverInt(12).Decimal()
	return year.OverInt(12).Times(l.Base), l, true
}

// heatByHouse is (V_i + S_i × (V_d − ΣV) ÷ S_ob): formula 3 without flat meters, 3(1) with some, 3(3) with all
// (charging.md 6.2). The common part may be negative, but takes no more than the flat's own heat.
func (c *charging) heatByHouse(r *Resource, supply decimal.Ratio) (volume decimal.Ratio, l Line, ok bool) {
	h := c.p.House
	if h.Area == 0 {
		c.issue("charge.no_house_area")
		return volume, l, false
	}
	area := c.area
	l = Line{Method: ByHouse, Formula: FormulaHeatHouse, Base: area, NormRow: -1}
	if !r.AllMetered && r.MeteredArea == 0 && h.OwnHeat == 0 {
		l.Inputs = [4]decimal.Decimal{supply.Decimal(), h.Area}
		return supply.Times(area).Over(h.Area), l, true
	}
	own, sum := c.ownHeat(r, supply, &l)
	common := supply.Minus(sum).Times(area).Over(h.Area)
	if own.Plus(common).Sign() < 0 {
		common = own.Neg()
	}
	l.Inputs = [4]decimal.Decimal{supply.Decimal(), h.Area, sum.Decimal(), own.Decimal()}
	return own.Plus(common), l, true
}

// ownHeat is the heat of the premises themselves and of all premises of the house.
func (c *charging) ownHeat(r *Resource, supply decimal.Ratio, l *Line) (own, sum decimal.Ratio) {
	h, area := c.p.House, c.area.Exact()
	metered, hasMeter := c.heatMetered()
	switch {
	case r.AllMetered:
		l.Formula, l.Method = FormulaHeatAllMetered, ByMeter
		if !hasMeter && !c.p.OwnHeat { // no reading for too long: the normative stands for it (п. 60)
			if metered, _, hasMeter = c.heatByNorm(); hasMeter {
				l.Method = ByNormative
			}
		}
		return metered, r.Metered.Exact()
	case r.MeteredArea != 0:
		l.Formula = FormulaHeatSomeMetered
		rest := (h.Area - h.OwnHeat - r.MeteredArea).Exact()
		sum = r.Metered.Exact().Plus(rest.Times(r.Metered).Over(r.MeteredArea))
		switch {
		case c.p.OwnHeat:
			return decimal.Ratio{}, sum
		case hasMeter:
			l.Method = ByMeter
			return metered, sum
		}
		return area.Times(r.Metered).Over(r.MeteredArea), sum
	}
	l.Formula = FormulaHeatOwnHeat
	heated := h.Area - h.OwnHeat
	base := heated + h.CommonArea
	sum = supply.Times(heated).Over(base)
	if c.p.OwnHeat {
		return decimal.Ratio{}, sum
	}
	return supply.By(area).Over(base), sum
}

// heatMetered is the heat by the flat's own meter in the month, or its average.
func (c *charging) heatMetered() (volume decimal.Ratio, ok bool) {
	for i := range c.sub.Past {
		if p := &c.sub.Past[i]; p.Month == c.month && p.Method == ByMeter && p.Volume != 0 {
			return p.Volume.Exact(), true
		}
	}
	if twelfth, known := c.heatOfLastYear(); known {
		return twelfth, true
	}
	if len(c.sub.Meters) == 0 {
		return volume, false
	}
	for _, u := range c.usageOf() {
		if u.method == ByNormative {
			return volume, false
		}
		volume, ok = volume.Plus(u.volume), true
	}
	return volume, ok
}

// heatOfLastYear is a twelfth of what the flat's meter showed in the year before, where heat is paid evenly and that is
// known (п. 42(1)).
func (c *charging) heatOfLastYear() (volume decimal.Ratio, known bool) {
	if !c.mode().Even {
		return volume, false
	}
	for i := range c.sub.Past {
		if p := &c.sub.Past[i]; p.Month.Year() == c.month.Year()-1 && p.Method == ByMeter && p.Volume != 0 {
			volume, known = volume.Plus(p.Volume.Exact()), true
		}
	}
	return volume.OverInt(12), known
}
