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
	if len(c.sub.Past) > 0 && len(m.Readings) < 2 && c.firstOf(m) != m {
		return true // months charged before are of all meters together: the first has their average
	}
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
	sum, months := c.history(m, zone, before)
	if months < c.habit.averageMin {
		return decimal.Ratio{}, false
	}
	return sum.OverInt(int64(months)), true
}

// history is what the last months known before a month add up to. Months charged before hold where they are given, and
// the readings tell of the months after them.
func (c *charging) history(m *Meter, zone Zone, before calendar.Month) (sum decimal.Ratio, months int) {
	if c.several() {
		if sum, months = c.averageReadings(m, zone, before, 0); months >= c.habit.averageMin || c.firstOf(m) != m {
			return sum, months
		}
	}
	sum, months = c.averageReadings(m, zone, before, c.lastMeteredPast(zone, before))
	past, more := c.averagePast(zone, before, c.habit.averageMonths-months)
	if more == 0 && months == 0 {
		return c.averageReadings(m, zone, before, 0)
	}
	return sum.Plus(past), months + more
}

// lastMeteredPast is the last month before another that is known to have been charged by a meter; 0 when none is.
func (c *charging) lastMeteredPast(zone Zone, before calendar.Month) (last calendar.Month) {
	for i := range c.sub.Past {
		if p := &c.sub.Past[i]; p.Month < before && p.Zone == zone && p.Method == ByMeter {
			last = p.Month
		}
	}
	return last
}

// several tells whether the service has more than one meter in the month, and firstOf is the first of them that has no
// history of its own.
func (c *charging) several() bool {
	n := 0
	for i := range c.sub.Meters {
		if c.counts(&c.sub.Meters[i]) {
			n++
		}
	}
	return n > 1
}

func (c *charging) firstOf(m *Meter) *Meter {
	for i := range c.sub.Meters {
		if x := &c.sub.Meters[i]; c.counts(x) && len(x.Readings) < 2 {
			return x
		}
	}
	return m
}

func (c *charging) averagePast(zone Zone, before calendar.Month, most int) (sum decimal.Ratio, months int) {
	for i := len(c.sub.Past) - 1; i >= 0 && months < most; i-- {
		if p := &c.sub.Past[i]; p.Month < before && p.Zone == zone && p.Method == ByMeter && c.averaged(p.Month) {
			sum, months = sum.Plus(p.Volume.Exact()), months+1
		}
	}
	return sum, months
}

// averageReadings walks back from the last reading before a month until the months looked back on are covered, or the
// month after which they are asked for is reached.
func (c *charging) averageReadings(m *Meter, zone Zone, before, after calendar.Month) (sum decimal.Ratio, months int) {
	var later *Reading
	for i := len(m.Readings) - 1; i >= 0 && months < c.habit.averageMonths; i-- {
		r := &m.Readings[i]
		if r.Zone != zone || c.billedIn(m, r) >= before || c.ignored(m, r) {
			continue
		}
		if later == nil {
			later = r
			continue
		}
		covered := monthsBetween(c.countedFrom(m, r), c.billedIn(m, later))
		if covered == 0 {
			continue // of two readings of one month the last holds, and it is later already
		}
		if c.countedFrom(m, r) < after {
			break
		}
		diff, ok := c.difference(m, r, later)
		if !ok {
			break
		}
		if covered == 1 && !c.averaged(c.billedIn(m, later)) {
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
	season := c.mode().SeasonMonths
	return c.of.Kind != tariff.Heating || len(season) == 0 || slices.Contains(season, m.Number())
}

// countedFrom is the month after which a reading's successor counts: a meter's first month counts from its installation,
// unless that is the month's last day.
func (c *charging) countedFrom(m *Meter, r *Reading) calendar.Month {
	if r.Initial && r.On != r.On.Month().Last() {
		return r.On.Month().Add(-1)
	}
	return c.billedIn(m, r)
}
