package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// gasPurposes are what gas has normatives for.
var gasPurposes = [...]string{"", tariff.ForCooking, tariff.ForHotWater, tariff.ForHeating}

// gasNormative is persons × (cooking + hot water) + heated area × heating of the month (section 5 of the charging
// rules; ПП № 549). One line for each purpose there is a normative for; gas has no raising factor.
func (c *charging) gasNormative(u *usage) {
	key, found := c.rateKey(), false
	for _, purpose := range gasPurposes {
		n, ok := c.norm(c.wantNorm(purpose))
		if !ok {
			continue
		}
		found = true
		for _, s := range c.cut(c.rate(key)) {
			from, to := c.first.AddDays(int(s.from)-1), c.first.AddDays(int(s.to)-1)
			l := c.line(Charged, ByNormative, FormulaGas)
			l.Norm, l.NormRow, l.Party, l.Missed = n.Value, n.row, s.party, u.missed
			l.From, l.To, l.Days, l.DaysOf = s.from, s.to, s.days(), c.days
			c.onDay(s.to)
			volume := c.gasOf(n, from, to)
			if n.measure.Base == "m2" {
				l.Base = c.heatedArea()
			} else {
				l.PersonDays = int32(c.p.personDays(from, to))
			}
			c.price(l, volume, s.rate)
			c.use(volumeOf{party: s.party, method: ByNormative, volume: volume, from: s.from, to: s.to})
		}
	}
	if !found {
		c.issue("charge.no_normative")
	}
}

// gasOf is what one purpose takes by its normative from a day of the month to a day.
func (c *charging) gasOf(n *norm, from, to calendar.Date) decimal.Ratio {
	v := c.monthly(n)
	if n.measure.Base == "m2" {
		v = v.Times(c.heatedArea()).TimesInt(int64(to.Day() - from.Day() + 1))
	} else {
		v = v.TimesInt(c.p.personDays(from, to))
	}
	return v.OverInt(int64(c.days))
}

// gasVolume is the normative volume of all purposes.
func (c *charging) gasVolume(from, to calendar.Date) (sum decimal.Ratio) {
	for _, purpose := range gasPurposes {
		if n, ok := c.norm(c.wantNorm(purpose)); ok {
			sum = sum.Plus(c.gasOf(n, from, to))
		}
	}
	return sum
}
