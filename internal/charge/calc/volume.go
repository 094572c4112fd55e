package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// zonePart is a part of a zone's volume within one band.
type zonePart struct {
	usage  *usage
	band   uint8
	volume decimal.Ratio
	rest   decimal.Ratio // of rounding
}

// byVolume charges volumes that are known: cut by bands or the social norm, by the days of prices and by parties.
func (c *charging) byVolume(list []usage) {
	for _, part := range c.cutBands(list, c.termLimits(), decimal.Ratio{}) {
		if len(c.p.Parties) > 1 {
			c.byParties(part)
			continue
		}
		c.volumeLines(part, 0, part.volume)
	}
}

// byParties shares a volume among old and new owner by their days; the last takes the rest.
func (c *charging) byParties(part zonePart) {
	if part.usage.party != 0 {
		c.volumeLines(part, part.usage.party-1, part.volume)
		return
	}
	for day := uint8(1); int32(day) <= c.days; {
		end := min(c.partyEnd(day), uint8(c.days))
		share := part.volume.TimesInt(int64(end-day) + 1).OverInt(int64(c.days))
		c.volumeLines(part, c.party(day), share)
		day = end + 1
	}
}

// volumeLines prices one volume: by the price of the billing month, or by days where the supplier does so.
func (c *charging) volumeLines(part zonePart, party uint8, volume decimal.Ratio) {
	u := part.usage
	key := c.waterKey()
	key.zone, key.plan = u.zone, c.plan(u.zone)
	if c.of.hasBands {
		key.band = part.band
	}
	book := c.Book
	if u.month != c.month {
		book = c.engine.Month(u.month)
	}
	raise, _ := c.raising(u.factor)
	c.use(volumeOf{zone: u.zone, party: party, method: u.method, month: u.month, volume: volume, factor: raise, kind: kindOf(u), since: u.from, till: u.to})
	if c.habit.byDays && u.from != 0 && u.to != 0 && c.byDays(u, key, party, part.band, volume) {
		return
	}
	rate, ok := c.ratesIn(book, key).on(uint8(book.days))
	if !ok {
		c.issue("charge.no_rate")
		return
	}
	c.volumeLine(u, key, party, part.band, volume, rate)
	if raise.value != 0 {
		c.surcharge(len(c.out.Lines)-1, raise)
	}
	if c.twoPart() {
		c.heatOfWater(volume, party, u.method, uint8(book.days), book, kindOf(u))
	}
}

// twoPart tells whether the service is charged as water and as its heat.
func (c *charging) twoPart() bool { return c.of.hasHeat || c.of.Kind == tariff.InBuilding }

// waterKey is the key of the service's prices by volume: of its water, where heat is apart.
func (c *charging) waterKey() rateKey {
	key := c.rateKey()
	if c.of.hasBands {
		key.band = 1
	}
	if c.of.hasHeat {
		key.component = Water
	}
	return key
}

// spans are the prices of a month, by days.
type spans []span

// on is the price of a day.
func (list spans) on(day uint8) (span, bool) {
	for _, s := range list {
		if s.from <= day && day <= s.to {
			return s, true
		}
	}
	return span{}, false
}

// ratesIn are the prices of a key in a month; water heated in the building costs what cold water does.
func (c *charging) ratesIn(book *Book, k rateKey) spans {
	if c.of.Kind == tariff.InBuilding && k.service == c.sub.Service {
		return c.rateOrResource(book, k)
	}
	return book.rate(k)
}

func kindOf(u *usage) Kind {
	if u.trueUp {
		return TrueUp
	}
	return Charged
}

func (c *charging) volumeLine(u *usage, key rateKey, party, band uint8, volume decimal.Ratio, rate span) *Line {
	l := c.line(kindOf(u), u.method, FormulaMeter)
	if u.method == ByReported {
		l.Formula = FormulaReported
	} else if u.method == ByAverage {
		l.Formula = FormulaAverage
	} else if u.method == ByNormative {
		l.Formula = FormulaNormative
		if u.missed > 0 {
			l.Formula = FormulaNormativeMissed
		}
		last := c.last
		if u.partial {
			last = u.to
		}
		c.describeNorm(l, c.first, last)
	}
	if c.of.Kind == tariff.InBuilding {
		l.Formula, key.component = FormulaInBuildingWater, Water
	}
	l.Component, l.Zone, l.Band, l.Party, l.Missed, l.Month = key.component, key.zone, band, party, u.missed, u.month
	l.Before, l.After = u.before, u.after
	l.Inputs[0] = u.reduced
	c.price(l, volume, rate)
	return l
}

// daysBetween are the days a volume between two readings is of. A reading stands at the beginning of its day, but that of
// the last day of a month closes the month.
func daysBetween(from, to calendar.Date) (first, last calendar.Date) {
	first, last = from, to
	if from == from.Month().Last() {
		first = from.AddDays(1)
	}
	if to != to.Month().Last() {
		last = to.AddDays(-1)
	}
	if last < first { // from the last day of a month to the first of the next
		return from, from
	}
	return first, last
}

// byDays cuts a volume between two readings by the days of each price; false when the prices of all days are one.
func (c *charging) byDays(u *usage, key rateKey, party, band uint8, volume decimal.Ratio) bool {
	type piece struct {
		rate span
		heat decimal.Decimal
		days int64
		last calendar.Date
	}
	var pieces []piece
	first, last := daysBetween(u.from, u.to)
	total := int64(last.Days(first)) + 1
	for d := first; d <= last; d = d.AddDays(1) {
		book := c.engine.Month(d.Month())
		rate, ok := c.ratesIn(book, key).on(uint8(d.Day()))
		if !ok {
			return false
		}
		heatKey := key
		heatKey.component = Heat
		heat, _ := spans(book.rate(heatKey)).on(uint8(d.Day()))
		if n := len(pieces); n > 0 && pieces[n-1].rate.row == rate.row && pieces[n-1].heat == heat.value {
			pieces[n-1].days, pieces[n-1].last = pieces[n-1].days+1, d
		} else {
			pieces = append(pieces, piece{rate, heat.value, 1, d})
		}
	}
	if len(pieces) < 2 {
		return false
	}
	for _, p := range pieces {
		share := volume.TimesInt(p.days).OverInt(total)
		l := c.volumeLine(u, key, party, band, share, p.rate)
		l.Days, l.DaysOf = int32(p.days), int32(total)
		if c.twoPart() {
			c.heatOfWater(share, party, u.method, uint8(p.last.Day()), c.engine.Month(p.last.Month()), kindOf(u))
		}
	}
	return true
}

// plan is how many zones the meter of a volume tells apart.
func (c *charging) plan(of Zone) uint8 {
	if of == AllDay {
		return 1
	}
	var seen [5]bool
	n := uint8(0)
	for i := range c.out.usage {
		if z := c.out.usage[i].zone; z != AllDay && !seen[z] {
			seen[z], n = true, n+1
		}
	}
	return min(n, 3)
}

// heatOfWater adds the heat component of hot water: volume × the approved normative of heat × the price of heat. No
// raising factor touches it, and no house meter changes the normative (charging.md 3.3).
func (c *charging) heatOfWater(volume decimal.Ratio, party uint8, method Method, day uint8, book *Book, kind Kind) *Line {
	if c.of.Kind == tariff.InBuilding {
		return c.heatInBuilding(volume, party, method, book, kind)
	}
	n, ok := book.norm(c.wantNormOn("heat_of_water", book))
	key := c.rateKey()
	key.component = Heat
	rate, priced := book.rateOn(key, day)
	if !ok || !priced {
		c.issue("charge.no_heat_component")
		return nil
	}
	l := c.line(kind, method, FormulaHeatOfWater)
	l.Component, l.Party, l.Norm, l.NormRow, l.Base, l.Month = Heat, party, n.Value, n.row, volume.Decimal(), book.month
	c.price(l, c.stepped(volume.By(book.monthly(n))), rate)
	return l
}

// heatInBuilding adds the cost of what was burnt or heated, shared by hot-water volumes (п. 54, formula 20).
func (c *charging) heatInBuilding(volume decimal.Ratio, party uint8, method Method, book *Book, kind Kind) *Line {
	r := c.houseIn(c.sub.Service, book.month)
	if r == nil || r.HotVolume == 0 {
		c.issue("charge.no_house_data")
		return nil
	}
	cost := r.cost()
	l := c.line(kind, method, FormulaInBuildingHeat)
	l.Component, l.Party, l.Volume, l.Month = Heat, party, volume.Decimal(), book.month
	l.Inputs = [4]decimal.Decimal{cost.Decimal(), r.HotVolume}
	l.Rate = cost.Over(r.HotVolume).Decimal()
	l.Exact = volume.By(cost).Over(r.HotVolume)
	c.round(l)
	return l
}

func (c *charging) wantNormOn(purpose string, book *Book) want {
	w := c.wantNorm(purpose)
	w.day = book.last
	return w
}

// stepped rounds a derived volume where the supplier does so before pricing; else it stays exact.
func (c *charging) stepped(v decimal.Ratio) decimal.Ratio {
	if !c.habit.stepVolumes {
		return v
	}
	digits := uint8(c.habit.volumeDigits)
	n, err := v.Round(digits)
	if err != nil {
		return v
	}
	r := decimal.Int(n)
	for range digits {
		r = r.OverInt(10)
	}
	if c.habit.stepDown && r.Cmp(v) > 0 && v.Sign() > 0 {
		r = decimal.Int(n - 1)
		for range digits {
			r = r.OverInt(10)
		}
	}
	return r
}
