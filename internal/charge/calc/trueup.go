package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// trueUpUsage adds a difference of readings less what months between them were charged, at the price of each: months
// of one price make one volume (charging.md 9.4).
func (c *charging) trueUpUsage(m *Meter, u usage, since calendar.Month) {
	interval := int64(max(1, u.to.Days(u.from)))
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
		if c.habit.trueUpCurrent || c.samePrices(g, c.month, u.zone) {
			c.out.usage[spare].volume = c.out.usage[spare].volume.Minus(charged)
			continue
		}
		c.out.usage[spare].volume = c.out.usage[spare].volume.Minus(ran)
		c.correctMonth(u, g, ran.Minus(charged))
	}
}

// correctMonth adds a correction of an earlier month to the one of the same prices, if there is one.
func (c *charging) correctMonth(u usage, g calendar.Month, volume decimal.Ratio) {
	for i := range c.out.usage {
		x := &c.out.usage[i]
		if x.trueUp && x.zone == u.zone && x.month != c.month && c.samePrices(x.month, g, u.zone) {
			x.volume, x.month = x.volume.Plus(volume), g
			return
		}
	}
	u.trueUp, u.month, u.volume, u.from, u.to = true, g, volume, 0, 0
	c.out.usage = append(c.out.usage, u)
}

// samePrices tells whether a volume costs the same in two months, with what follows from it: heat of hot water, and
// the services linked to it.
func (c *charging) samePrices(a, b calendar.Month, zone Zone) bool {
	was, is := c.engine.Month(a), c.engine.Month(b)
	key := c.waterKey()
	key.zone = zone
	if !c.sameRate(was, is, key) {
		return false
	}
	if key.component = Heat; c.of.hasHeat && !c.sameRate(was, is, key) {
		return false
	}
	for i := range c.p.Services {
		s := &c.p.Services[i]
		for _, l := range c.engine.services[s.Service].links {
			if l.service == c.sub.Service && !c.sameRate(was, is, rateKey{service: s.Service, supplier: s.Supplier, category: s.Category}) {
				return false
			}
		}
	}
	return true
}

func (c *charging) sameRate(was, is *Book, k rateKey) bool {
	a, okA := c.ratesIn(was, k).on(uint8(was.days))
	b, okB := c.ratesIn(is, k).on(uint8(is.days))
	return !okA || !okB || a.value == b.value
}

// chargedIn is what a month without a reading was charged: as it is known, else as it would be computed.
func (c *charging) chargedIn(m *Meter, zone Zone, g calendar.Month) (Method, decimal.Ratio) {
	for i := range c.sub.Past {
		if p := &c.sub.Past[i]; p.Month == g && p.Zone == zone {
			return p.Method, p.Volume.Exact()
		}
	}
	then := c.in(g)
	if ok, _, _ := then.meterUsage(m); ok {
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
	volume := then.normVolume(then.first, then.last)
	if days := m.Days(then.first, then.last); days < then.days { // only what was charged for the meter's own days
		volume = volume.TimesInt(int64(days)).OverInt(int64(then.days))
	}
	return ByNormative, volume
}
