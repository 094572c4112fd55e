package casefile

import (
	"fmt"
	"slices"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// volumes are volumes given without readings, as the readings of a meter they would come from.
func (b *builder) volumes(c *Case, t *Taken) []calc.Meter {
	list := slices.Concat(t.Volumes, t.Volume)
	if len(list) == 0 {
		return nil
	}
	for i := range list {
		if list[i].Month == 0 {
			list[i].Month = c.Month
		}
	}
	slices.SortStableFunc(list, func(x, y ZoneVolume) int { return int(x.Month - y.Month) })
	m, dial := calc.Meter{}, map[calc.Zone]decimal.Decimal{}
	for _, v := range list {
		zone := calc.ZoneOf(v.Zone)
		before := dial[zone]
		dial[zone] += v.Volume
		m.Readings = append(m.Readings, calc.Reading{On: b.lastDay(v.Month.Add(-1)), Zone: zone, Value: before}, calc.Reading{On: b.lastDay(v.Month), Zone: zone, Value: dial[zone]})
	}
	sortReadings(m.Readings)
	return []calc.Meter{m}
}

// lastDay is the last day on which a reading counts in a month, whoever has set a cut-off.
func (b *builder) lastDay(m calendar.Month) calendar.Date {
	day := m.Last().Day()
	for _, p := range b.engine.Catalog().Policies {
		if n, err := strconv.Atoi(p.Value); p.Name == "cutoff_day" && err == nil && n > 0 {
			day = min(day, n)
		}
	}
	return m.First().AddDays(day - 1)
}

func (b *builder) meter(m *Meter) calc.Meter {
	out := calc.Meter{Term: calc.Term{From: m.Installed, Until: m.Removed}, Digits: m.Digits, FailedOn: m.Failed}
	b.fitness(m, &out)
	known := slices.SortedStableFunc(slices.Values(m.Readings), func(x, y Reading) int { return int(x.Recorded - y.Recorded) })
	for _, r := range known { // of two readings of a day the one known last holds
		if b.late(r.Recorded) {
			continue
		}
		b.ids[fmt.Sprintf("%s/%s/%s", m.ID, r.Zone, r.Date)]++
		out.Readings = append(out.Readings, calc.Reading{On: r.Date, Zone: calc.ZoneOf(r.Zone), Value: r.Value, Initial: r.Initial, Control: r.Control, Ref: int64(len(b.ids))})
	}
	sortReadings(out.Readings)
	return out
}

// fitness adds verifications and coefficients.
func (b *builder) fitness(m *Meter, out *calc.Meter) {
	if m.Until != 0 {
		out.Verified = append(out.Verified, calc.Term{Until: m.Until})
	}
	for _, v := range m.Verified {
		if !b.late(v.Recorded) {
			out.Verified = append(out.Verified, calc.Term{From: v.From, Until: v.Until})
		}
	}
	slices.SortStableFunc(out.Verified, func(x, y calc.Term) int { return int(x.From - y.From) })
	for _, g := range m.GasFactor {
		if g.Month == 0 {
			out.GasFactor = g.Value
			continue
		}
		out.GasFactors = append(out.GasFactors, calc.GasFactor{Month: g.Month, Value: g.Value})
	}
}

func sortReadings(list []calc.Reading) {
	slices.SortStableFunc(list, func(x, y calc.Reading) int { return int(x.On - y.On) })
}
