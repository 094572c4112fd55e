package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
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
	for _, part := range c.cutBands(list, c.limits(), decimal.Ratio{}) {
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
	key := c.rateKey()
	key.zone, key.plan = u.zone, c.plan()
	if c.of.hasBands {
		key.band = part.band
	}
	if c.of.hasHeat {
		key.component = Water
	}
	book := c.Book
	if u.month != c.month {
		book = c.engine.Month(u.month)
	}
	raise, _ := c.raising(u.factor)
	c.use(volumeOf{zone: u.zone, party: party, method: u.method, month: u.month, volume: volume, factor: raise, kind: kindOf(u)})
	if c.habit.byDays && u.from != 0 && u.to != 0 && c.byDays(u, key, party, part.band, volume) {
		return
	}
	rate, ok := book.rateOn(key, uint8(book.days))
	if !ok {
		c.issue("charge.no_rate")
		return
	}
	c.volumeLine(u, key, party, part.band, volume, rate)
	if raise.value != 0 {
		c.surcharge(len(c.out.Lines)-1, raise)
	}
	if c.of.hasHeat {
		c.heatOfWater(volume, party, u.method, uint8(book.days), book, kindOf(u))
	}
}

func kindOf(u *usage) Kind {
	if u.trueUp {
		return TrueUp
	}
	return Charged
}

func (c *charging) volumeLine(u *usage, key rateKey, party, band uint8, volume decimal.Ratio, rate span) *Line {
	l := c.line(kindOf(u), u.method, FormulaMeter)
	if u.method == ByAverage {
		l.Formula = FormulaAverage
	} else if u.method == ByNormative {
		l.Formula = FormulaNormative
		c.describeNorm(l, c.first, c.last)
	}
	l.Component, l.Zone, l.Band, l.Party, l.Missed, l.Month = key.component, key.zone, band, party, u.missed, u.month
	l.Before, l.After = u.before, u.after
	l.Inputs[0] = u.reduced
	c.price(l, volume, rate)
	return l
}

// byDays cuts a volume between two readings by the days of each price; false when the prices of all days are one.
func (c *charging) byDays(u *usage, key rateKey, party, band uint8, volume decimal.Ratio) bool {
	type piece struct {
		rate span
		days int64
		book *Book
	}
	var pieces []piece
	total := int64(u.to.Days(u.from))
	for d := u.from; d < u.to; d = d.AddDays(1) {
		book := c.engine.Month(d.Month())
		rate, ok := book.rateOn(key, uint8(d.Day()))
		if !ok {
			return false
		}
		if n := len(pieces); n > 0 && pieces[n-1].rate.row == rate.row {
			pieces[n-1].days++
		} else {
			pieces = append(pieces, piece{rate, 1, book})
		}
	}
	if len(pieces) < 2 {
		return false
	}
	for _, p := range pieces {
		share := volume.TimesInt(p.days).OverInt(total)
		l := c.volumeLine(u, key, party, band, share, p.rate)
		l.Days, l.DaysOf = int32(p.days), int32(total)
		if c.of.hasHeat {
			c.heatOfWater(share, party, u.method, uint8(p.book.days), p.book, kindOf(u))
		}
	}
	return true
}

// plan is how many zones the service's meter tells apart.
func (c *charging) plan() uint8 {
	var seen [5]bool
	n := uint8(0)
	for i := range c.out.usage {
		if z := c.out.usage[i].zone; !seen[z] {
			seen[z], n = true, n+1
		}
	}
	return min(n, 3)
}

// heatOfWater adds the heat component of hot water: volume × the approved normative of heat × the price of heat. No
// raising factor touches it, and no house meter changes the normative (charging.md 3.3).
func (c *charging) heatOfWater(volume decimal.Ratio, party uint8, method Method, day uint8, book *Book, kind Kind) {
	n, ok := book.norm(c.wantNormOn("heat_of_water", book))
	key := c.rateKey()
	key.component = Heat
	rate, priced := book.rateOn(key, day)
	if !ok || !priced {
		c.issue("charge.no_heat_component")
		return
	}
	l := c.line(kind, method, FormulaHeatOfWater)
	l.Component, l.Party, l.Norm, l.NormRow, l.Base, l.Month = Heat, party, n.Value, n.row, volume.Decimal(), book.month
	c.price(l, c.stepped(volume.By(book.monthly(n))), rate)
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

// limits are the upper ends of the cheaper bands: the social norm where there is one, else the bands; none is no cut.
func (c *charging) limits() []decimal.Decimal {
	if !c.of.hasBands {
		return nil
	}
	for _, category := range [2]Category{c.sub.Category, 0} {
		if n, ok := c.socials[bandKey{c.sub.Service, category}]; ok {
			persons := c.p.livingOn(c.last)
			norm := n.PerPerson.Exact().TimesInt(persons).Decimal()
			if persons > 0 {
				norm = max(norm, n.Minimum)
			}
			c.out.limit[0] = norm + n.PerAccount
			return c.out.limit[:]
		}
		if x, ok := c.bands[bandKey{c.sub.Service, category}]; ok {
			return x.limits
		}
	}
	return nil
}

// cutBands cuts volumes by zone into bands in proportion to the zones (charging.md 4.3, 4.4). Before tells how much of
// the limits was used already.
func (c *charging) cutBands(list []usage, limits []decimal.Decimal, before decimal.Ratio) []zonePart {
	parts := c.out.parts[:0]
	var total decimal.Ratio
	for i := range list {
		total = total.Plus(list[i].volume)
	}
	if len(limits) == 0 || total.Sign() <= 0 || total.Plus(before).Cmp(limits[0].Exact()) <= 0 {
		for i := range list {
			parts = append(parts, zonePart{usage: &list[i], band: 1, volume: list[i].volume})
		}
		c.out.parts = parts
		return parts
	}
	whole := c.habit.wholeVolumes != exactVolumes && allWhole(list)
	var low decimal.Ratio
	for band := range len(limits) + 1 {
		high := total.Plus(before)
		last := band == len(limits) || high.Cmp(limits[band].Exact()) <= 0
		if !last {
			high = limits[band].Exact()
		}
		width := high.Minus(maxRatio(low, before))
		if width.Sign() > 0 {
			parts = c.shareBand(parts, list, uint8(band+1), width, total, whole, last)
		}
		if low = high; last {
			break
		}
	}
	c.out.parts = parts
	return parts
}

// shareBand gives each zone its part of a band. Whole kWh: rounded so that the zones' parts add up to the band, or
// down with the zone's last band taking the rest, as the supplier does.
func (c *charging) shareBand(parts []zonePart, list []usage, band uint8, width, total decimal.Ratio, whole, last bool) []zonePart {
	start := len(parts)
	for i := range list {
		parts = append(parts, zonePart{usage: &list[i], band: band, volume: list[i].volume.By(width).Quo(total)})
	}
	if !whole {
		return parts
	}
	if last {
		for i := range list {
			rest := list[i].volume
			for k := range start {
				if parts[k].usage == &list[i] {
					rest = rest.Minus(parts[k].volume)
				}
			}
			parts[start+i].volume = rest
		}
		return parts
	}
	wholeParts(parts[start:], width, c.habit.wholeVolumes == wholeDown)
	return parts
}

// wholeParts rounds the parts of a band to whole units; their sum stays the band's width unless they are cut down.
func wholeParts(parts []zonePart, width decimal.Ratio, down bool) {
	left := width
	for i := range parts {
		n, err := parts[i].volume.Minus(decimal.One().OverInt(2)).Round(0)
		if err != nil {
			return
		}
		if floor := decimal.Int(n); floor.Plus(decimal.One()).Cmp(parts[i].volume) <= 0 {
			n++
		}
		fraction := parts[i].volume.Minus(decimal.Int(n))
		parts[i].volume, parts[i].rest = decimal.Int(n), fraction
		left = left.Minus(parts[i].volume)
	}
	for !down && left.Cmp(decimal.One()) >= 0 {
		best := 0
		for i := range parts {
			if parts[i].rest.Cmp(parts[best].rest) > 0 {
				best = i
			}
		}
		parts[best].volume, parts[best].rest = parts[best].volume.Plus(decimal.One()), decimal.Ratio{}
		left = left.Minus(decimal.One())
	}
}

func allWhole(list []usage) bool {
	for i := range list {
		n, err := list[i].volume.Round(0)
		if err != nil || decimal.Int(n).Cmp(list[i].volume) != 0 {
			return false
		}
	}
	return true
}

func maxRatio(a, b decimal.Ratio) decimal.Ratio {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

// trueUpUsage adds a difference of readings less what months between them were charged, at the price of each: months
// of one price make one volume (charging.md 9.4).
func (c *charging) trueUpUsage(m *Meter, u usage, since calendar.Month) {
	interval := int64(max(1, u.to.Days(u.from)))
	now, _ := c.priceOf(c.Book, u.zone)
	own := u
	own.trueUp, own.volume = true, u.volume
	spare := len(c.out.usage)
	c.out.usage = append(c.out.usage, own)
	for g := since; g < c.month; g = g.Add(1) {
		method, charged := c.chargedIn(m, u.zone, g)
		days := int64(Term{u.from.AddDays(1), u.to}.Days(g.First(), g.Last()))
		ran := u.volume.TimesInt(days).OverInt(interval)
		if c.habit.trueUp == trueUpNone || c.habit.trueUp == trueUpAverage && method == ByNormative {
			c.out.usage[spare].volume = c.out.usage[spare].volume.Minus(ran)
			continue
		}
		price, ok := c.priceOf(c.engine.Month(g), u.zone)
		if c.habit.trueUpCurrent || !ok || price == now {
			c.out.usage[spare].volume = c.out.usage[spare].volume.Minus(charged)
			continue
		}
		c.out.usage[spare].volume = c.out.usage[spare].volume.Minus(ran)
		c.correctMonth(u, g, price, ran.Minus(charged))
	}
}

// correctMonth adds a correction of an earlier month to the one of the same price, if there is one.
func (c *charging) correctMonth(u usage, g calendar.Month, price decimal.Decimal, volume decimal.Ratio) {
	for i := range c.out.usage {
		x := &c.out.usage[i]
		if p, ok := c.priceOf(c.engine.Month(x.month), x.zone); x.trueUp && x.zone == u.zone && x.month != c.month && ok && p == price {
			x.volume, x.month = x.volume.Plus(volume), g
			return
		}
	}
	u.trueUp, u.month, u.volume, u.from, u.to = true, g, volume, 0, 0
	c.out.usage = append(c.out.usage, u)
}

// priceOf is the price of a zone on the last day of a month.
func (c *charging) priceOf(book *Book, zone Zone) (decimal.Decimal, bool) {
	key := c.rateKey()
	key.zone = zone
	if c.of.hasBands {
		key.band = 1
	}
	if c.of.hasHeat {
		key.component = Water
	}
	s, ok := book.rateOn(key, uint8(book.days))
	return s.value, ok
}

// chargedIn is what a month without a reading was charged: as it is known, else as it would be computed.
func (c *charging) chargedIn(m *Meter, zone Zone, g calendar.Month) (Method, decimal.Ratio) {
	for i := range c.sub.Past {
		if p := &c.sub.Past[i]; p.Month == g && p.Zone == zone {
			return p.Method, p.Volume.Exact()
		}
	}
	book := c.engine.Month(g)
	then := charging{Book: book, p: c.p, out: &Bill{}, sub: c.sub, of: c.of, habit: book.policy(c.sub.Service, c.sub.Supplier)}
	if ok, _ := then.meterUsage(m); ok {
		for i := range then.out.usage {
			if then.out.usage[i].zone == zone {
				return then.out.usage[i].method, then.out.usage[i].volume
			}
		}
		return ByAverage, decimal.Ratio{}
	}
	if zone != AllDay && zone != Day {
		return ByNormative, decimal.Ratio{} // the normative was charged once, without zones
	}
	return ByNormative, then.normVolume(book.first, book.last)
}
