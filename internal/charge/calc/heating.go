package calc

import (
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// house is what the house used of a service in the month; nil when nothing is known.
func (c *charging) house(s Service) *Resource { return c.houseIn(s, c.month) }

func (c *charging) houseIn(s Service, m calendar.Month) *Resource {
	if c.p.House == nil {
		return nil
	}
	for i := range c.p.House.Resources {
		if r := &c.p.House.Resources[i]; r.Service == s && (r.Month == m || r.Month == 0) {
			return r
		}
	}
	return nil
}

// heating charges heat: by the flat's own meter in a private house, by the normative without a house meter (formulas 2
// and 2(1)), else by the house meter (the whole family of formula 3).
func (c *charging) heating() {
	r := c.house(c.sub.Service)
	if c.p.House == nil && len(c.sub.Meters) > 0 {
		c.metered()
		return
	}
	volume, l, ok := c.heat(r)
	if ok {
		c.heatLines(volume, l)
	}
	if r != nil && r.Correction && !c.past {
		c.heatCorrection()
	}
}

// heatLines prices a month's heat, cut by prices and parties.
func (c *charging) heatLines(volume decimal.Ratio, as Line) {
	if p := c.p.Communal; p != nil && p.FlatLiving != 0 {
		volume = volume.Times(p.LivingArea).Over(p.FlatLiving)
	}
	for _, s := range c.cut(c.rate(c.rateKey())) {
		l := c.line(Charged, as.Method, as.Formula)
		l.Base, l.Norm, l.NormRow, l.Factor, l.Inputs, l.Party = as.Base, as.Norm, as.NormRow, as.Factor, as.Inputs, s.party
		share := c.shareOfMonth(l, s, volume)
		c.price(l, share, s.rate)
		c.use(volumeOf{party: s.party, method: as.Method, volume: share})
	}
}

// heat finds the heat of the premises in the month, and the inputs of its line.
func (c *charging) heat(r *Resource) (decimal.Ratio, Line, bool) {
	if r == nil || !r.HasMeter || r.MetersMissing > c.brokenLimit() {
		return c.heatByNorm()
	}
	supply := r.Volume.Exact()
	if c.p.House.Heating.Even {
		if r.LastYear == 0 {
			return c.heatByNorm()
		}
		supply = r.LastYear.Exact().OverInt(12)
	}
	return c.heatByHouse(r, supply)
}

// brokenLimit is how many months a house meter out of order is replaced by its average (п. 59(1)).
func (c *charging) brokenLimit() int { return 3 }

// heatByNorm is S × N in the season (formula 2), or S × N × months of the season ÷ 12 through the year (2(1)). A full
// month is charged even when heating began or stopped inside it.
func (c *charging) heatByNorm() (volume decimal.Ratio, l Line, ok bool) {
	mode := HeatingMode{}
	if c.p.House != nil {
		mode = c.p.House.Heating
	}
	if !mode.Even && len(mode.SeasonMonths) > 0 && !slices.Contains(mode.SeasonMonths, c.month.Number()) {
		return volume, l, false
	}
	n, found := c.norm(c.wantNorm(""))
	if !found {
		if !mode.Even && len(mode.SeasonMonths) == 0 && len(c.engineNorms()) > 0 {
			return volume, l, false // the normative itself is seasonal
		}
		c.issue("charge.no_normative")
		return volume, l, false
	}
	if c.p.OwnHeat {
		return volume, l, false
	}
	l = Line{Method: ByNormative, Formula: FormulaHeatNorm, Base: c.heatedArea(), Norm: n.Value, NormRow: n.row}
	volume = c.monthly(n).Times(c.heatedArea())
	if mode.Even {
		l.Formula = FormulaHeatNormEven
		months := int64(len(mode.SeasonMonths))
		volume = volume.TimesInt(months).OverInt(12)
		l.Factor = decimal.Int(months).OverInt(12).Decimal()
	}
	return volume, l, true
}

// engineNorms are the catalogue's rows of the service in any month.
func (c *charging) engineNorms() (rows []int) {
	for i := range c.engine.catalog.Normatives {
		if c.engine.catalog.Normatives[i].Service == c.of.Code {
			rows = append(rows, i)
		}
	}
	return rows
}

// heatByHouse is (V_i + S_i × (V_d − ΣV) ÷ S_ob): formula 3 without flat meters, 3(1) with some, 3(3) with all
// (charging.md 6.2). The common part may be negative, but takes no more than the flat's own heat.
func (c *charging) heatByHouse(r *Resource, supply decimal.Ratio) (volume decimal.Ratio, l Line, ok bool) {
	h := c.p.House
	if h.Area == 0 {
		c.issue("charge.no_house_area")
		return volume, l, false
	}
	area := c.p.Area
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
	h, area := c.p.House, c.p.Area.Exact()
	metered, hasMeter := c.heatMetered()
	switch {
	case r.AllMetered:
		l.Formula, l.Method = FormulaHeatAllMetered, ByMeter
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

// heatCorrection is the yearly correction of even payment (п. 42(1), formula 3(2)): what the year before really cost,
// month by month at its prices, less what was charged for it. It may be a credit.
func (c *charging) heatCorrection() {
	year := c.month.Year() - 1
	var actual decimal.Ratio
	var charged money.Amount
	for n := 1; n <= 12; n++ {
		m := calendar.NewMonth(year, n)
		then := charging{Book: c.engine.Month(m), p: c.p, out: &Bill{}, sub: c.sub, of: c.of, habit: c.habit, past: true}
		r := then.house(c.sub.Service)
		if r == nil {
			c.issue("charge.no_house_data")
			return
		}
		if r.HasMeter {
			volume, _, ok := then.heatByHouse(r, r.Volume.Exact())
			rate, priced := then.rateOn(then.rateKey(), uint8(then.days))
			if !ok || !priced {
				c.issue("charge.no_rate")
				return
			}
			actual = actual.Plus(volume.Times(rate.value))
		}
		charged += then.chargedBefore(r)
	}
	l := c.line(Correction, ByHouse, FormulaHeatCorrection)
	l.Base = c.p.Area
	l.Inputs = [4]decimal.Decimal{actual.Decimal(), decimal.Int(int64(charged)).OverInt(100).Decimal()}
	l.Exact = actual
	c.round(l)
	l.Amount -= charged
	l.Exact = actual.Minus(decimal.Int(int64(charged)).OverInt(100))
}

// chargedBefore is what the month was charged: as it is known, else as it would be computed.
func (c *charging) chargedBefore(r *Resource) (sum money.Amount) {
	known := false
	for i := range c.sub.Past {
		if p := &c.sub.Past[i]; p.Month == c.month {
			sum, known = sum+p.Amount, true
		}
	}
	if known {
		return sum
	}
	if volume, l, ok := c.heat(r); ok {
		c.heatLines(volume, l)
	}
	for i := range c.out.Lines {
		sum += c.out.Lines[i].Amount
	}
	return sum
}
