package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// zoneHours are how many hours of a day the zones of a plan have (charging.md 4.1): night 23–07; peak 07–10 and 17–21.
var zoneHours = [...][]struct {
	zone  Zone
	hours int64
}{
	{{Day, 16}, {Night, 8}},
	{{Peak, 7}, {HalfPeak, 9}, {Night, 8}},
}

// normativeByZones charges a normative where the catalogue has prices of zones only: by the hours of the zones, unless the
// supplier's habit is to ask for a single price. False when there is a single one, or none at all.
func (c *charging) normativeByZones(u *usage) bool {
	if c.of.Unit != tariff.KWh || c.habit.zonesApart {
		return false
	}
	key := c.waterKey()
	if c.Book.rate(key) != nil {
		return false
	}
	for _, plan := range zoneHours {
		key.zone, key.plan = plan[0].zone, uint8(len(plan))
		if c.Book.rate(key) == nil {
			continue
		}
		from, to, _ := c.within(tariff.Term(c.sub.Term))
		whole := c.normVolume(c.first.AddDays(int(from)-1), c.first.AddDays(int(to)-1))
		list, part := c.out.usage[:0], *u
		for _, z := range plan {
			part.zone, part.volume = z.zone, hoursOf(whole, z.hours)
			list = append(list, part)
		}
		c.out.usage = list
		c.reduce(list)
		c.byVolume(list)
		return true
	}
	return false
}

func hoursOf(whole decimal.Ratio, hours int64) decimal.Ratio {
	return whole.TimesInt(hours).OverInt(24)
}
