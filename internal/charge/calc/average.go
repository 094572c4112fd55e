package calc

import (
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// byAverage adds a meter's monthly average, zone by zone, found before the month since from which readings are
// missing; false when the meter has too short a history (п. 59: six months, or its time in service but not under
// three).
func (c *charging) byAverage(m *Meter, since calendar.Month, k int) bool {
	n := len(c.out.usage)
	for zone := AllDay; zone <= HalfPeak; zone++ {
		volume, ok := c.average(m, zone, since)
		if ok {
			if days := m.Days(c.first, c.last); days > 0 && days < c.days { // commissioned or removed inside the month (п. 59)
				volume = volume.TimesInt(int64(days)).OverInt(int64(c.days))
			}
			c.out.usage = append(c.out.usage, usage{zone: zone, method: ByAverage, month: c.month, missed: uint8(min(k, 255)), volume: volume})
		}
	}
	return len(c.out.usage) > n
}

// average is the mean of the last months known before a month. Months charged before are taken where they are given;
// else the months between readings, each reading's difference spread over the months it covers.
func (c *charging) average(m *Meter, zone Zone, before calendar.Month) (decimal.Ratio, bool) {
	sum, months := c.averagePast(zone, before)
	if months == 0 {
		sum, months = c.averageReadings(m, zone, before)
	}
	if months < c.habit.averageMin {
		return decimal.Ratio{}, false
	}
	return sum.OverInt(int64(months)), true
}

func (c *charging) averagePast(zone Zone, before calendar.Month) (sum decimal.Ratio, months int) {
	for i := len(c.sub.Past) - 1; i >= 0 && months < c.habit.averageMonths; i-- {
		if p := &c.sub.Past[i]; p.Month < before && p.Zone == zone && p.Method == ByMeter && c.averaged(p.Month) {
			sum, months = sum.Plus(p.Volume.Exact()), months+1
		}
	}
	return sum, months
}

// averageReadings walks back from the last reading before a month until the months looked back on are covered.
func (c *charging) averageReadings(m *Meter, zone Zone, before calendar.Month) (sum decimal.Ratio, months int) {
	var later *Reading
	for i := len(m.Readings) - 1; i >= 0 && months < c.habit.averageMonths; i-- {
		r := &m.Readings[i]
		if r.Zone != zone || c.billedIn(r) >= before || c.ignored(m, r) {
			continue
		}
		if later == nil {
			later = r
			continue
		}
		covered := monthsBetween(c.countedFrom(r), c.billedIn(later))
		if covered == 0 {
			continue // of two readings of one month the last holds, and it is later already
		}
		diff, ok := c.difference(m, r, later)
		if !ok {
			break
		}
		if covered == 1 && !c.averaged(c.billedIn(later)) {
			later = r
			continue
		}
		if over := months + covered - c.habit.averageMonths; over > 0 {
			diff = diff.TimesInt(int64(covered - over)).OverInt(int64(covered))
			covered -= over
		}
		sum, months, later = sum.Plus(diff), months+covered, r
	}
	return sum, months
}

// averaged tells whether a month counts in an average: of heat only months of the season do (п. 59).
func (c *charging) averaged(m calendar.Month) bool {
	return c.of.Kind != tariff.Heating || c.p.House == nil || len(c.p.House.Heating.SeasonMonths) == 0 || slices.Contains(c.p.House.Heating.SeasonMonths, m.Number())
}

// countedFrom is the month after which a reading's successor counts: a meter's first month counts from its installation.
func (c *charging) countedFrom(r *Reading) calendar.Month {
	if r.Initial {
		return r.On.Month().Add(-1)
	}
	return c.billedIn(r)
}
