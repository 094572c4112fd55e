package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// groupVolume is what of a group's volumes falls on the days of a price: by the persons of these days, of absences by
// the days away.
func (c *charging) groupVolume(of *volumeOf, s span) (sum decimal.Ratio) {
	for i := range c.out.volume {
		v := &c.out.volume[i]
		factor, ok := c.linkTo(v)
		if !ok || !c.sameGroup(v, of) {
			continue
		}
		from, to := v.from, v.to
		if from == 0 {
			from, to = 1, uint8(c.days)
		}
		a, z := max(from, s.from), min(to, s.to)
		if a > z {
			continue
		}
		part, whole := int64(z-a)+1, int64(to-from)+1
		if v.kind != AbsenceCut {
			day := func(d uint8) calendar.Date { return c.first.AddDays(int(d) - 1) }
			if all := c.p.personDays(day(from), day(to)); all != 0 {
				part, whole = c.p.personDays(day(a), day(z)), all
			}
		}
		sum = sum.Plus(v.volume.Times(factor).TimesInt(part).OverInt(whole))
	}
	return sum
}

// dayPrice is a part of linked volumes at one price.
type dayPrice struct {
	rate   span
	volume decimal.Ratio
}

// linkedByDays parts metered volumes by the days between their readings, each at its day's price; false when the price
// is one, or a volume is not between readings.
func (c *charging) linkedByDays(formula Formula, kind Kind, of *volumeOf) bool {
	var parts []dayPrice
	var total decimal.Ratio
	for i := range c.out.volume {
		v := &c.out.volume[i]
		factor, ok := c.linkTo(v)
		if !ok || !c.sameGroup(v, of) {
			continue
		}
		if v.since == 0 || v.since >= v.till {
			return false
		}
		first, last := daysBetween(v.since, v.till)
		days := int64(last.Days(first)) + 1
		for d := first; d <= last; d = d.AddDays(1) {
			rate, ok := c.rateOrResource(c.engine.Month(d.Month()), c.rateKey()).on(uint8(d.Day()))
			if !ok {
				return false
			}
			parts = addDay(parts, rate, v.volume.Times(factor).OverInt(days))
		}
		total = total.Plus(v.volume.Times(factor))
	}
	if len(parts) < 2 || total.Sign() < 0 {
		return false
	}
	c.use(volumeOf{party: of.party, kind: kind, method: ByLinks, month: of.month, volume: total})
	for _, p := range parts {
		l := c.line(kind, ByLinks, formula)
		l.Party, l.Month = of.party, of.month
		c.price(l, p.volume, p.rate)
	}
	return true
}

func addDay(parts []dayPrice, rate span, volume decimal.Ratio) []dayPrice {
	for i := range parts {
		if parts[i].rate.row == rate.row {
			parts[i].volume = parts[i].volume.Plus(volume)
			return parts
		}
	}
	return append(parts, dayPrice{rate, volume})
}
