package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// usage is what one zone of a metered service used, and how it was found.
type usage struct {
	zone    Zone
	method  Method
	missed  uint8          // which month in a row without a reading, for averages and normatives after them
	factor  bool           // the raising factor applies
	month   calendar.Month // whose price holds: an earlier month corrected, or the month charged
	volume  decimal.Ratio
	from    calendar.Date // of the interval between readings
	to      calendar.Date
	before  int64 // ids of the readings
	after   int64
	trueUp  bool            // less what was charged without a reading
	reduced decimal.Decimal // by a negative difference of the house meter
	party   uint8           // 1 + index of who is charged, where a reading parts owners; 0 is all
}

// usageOf decides how the month's volume is found (charging.md 2.1 and 9) and finds it, zone by zone.
func (c *charging) usageOf() []usage {
	c.out.usage = c.out.usage[:0]
	if refused, month := c.refusal(); refused != 0 {
		c.withoutMeter(refused, month)
		return c.out.usage
	}
	any := false
	for i := range c.sub.Meters {
		m := &c.sub.Meters[i]
		if m.From > c.last || m.Until != 0 && m.Until < c.first {
			continue
		}
		any = true
		if ok, missed := c.meterUsage(m); !ok {
			c.byNormative(missed, c.factorAfter(m))
			return c.out.usage
		}
	}
	if !any {
		c.byNormative(0, c.sub.MeterOK && !c.impossible())
	}
	return c.out.usage
}

// refusal is the act of refused access in force, and the month it was drawn.
func (c *charging) refusal() (kind ActKind, month calendar.Month) {
	for i := range c.sub.Acts {
		a := &c.sub.Acts[i]
		if a.On > c.last {
			continue
		}
		switch a.Kind {
		case ActRefusal, ActRepeat:
			if kind != ActRepeat {
				kind, month = a.Kind, a.On.Month()
			}
		case ActCheck:
			if a.On.Month() < c.month || a.On <= c.last {
				kind, month = 0, 0
			}
		}
	}
	return kind, month
}

func (c *charging) impossible() bool {
	for i := range c.sub.Acts {
		if a := &c.sub.Acts[i]; a.Kind == ActImpossible && a.On <= c.last {
			return true
		}
	}
	return false
}

// withoutMeter charges a meter that nobody may look at: by average for so many months from the act, then by normative
// with the raising factor; after a repeated refusal by normative at once (п. 60(3)).
func (c *charging) withoutMeter(kind ActKind, since calendar.Month) {
	k := monthsBetween(since, c.month) + 1
	if kind == ActRefusal && k <= 3 {
		for i := range c.sub.Meters {
			m := &c.sub.Meters[i]
			if m.From <= c.last && (m.Until == 0 || m.Until >= c.first) && !c.byAverage(m, since, k) {
				c.byNormative(k, true)
				return
			}
		}
		if len(c.out.usage) > 0 {
			return
		}
	}
	c.byNormative(k, true)
}

// meterUsage adds what a meter used in the month; not ok means that the normative must be taken. Missed is which month
// in a row has no reading that counts.
func (c *charging) meterUsage(m *Meter) (ok bool, missed int) {
	if since := c.unusableSince(m); since != 0 {
		k, limit := monthsBetween(since, c.month)+1, c.habit.averageLimit
		if m.FailedOn != 0 && m.FailedOn.Month() == since {
			limit = c.habit.failedLimit
		}
		return (limit == 0 || k <= limit) && c.byAverage(m, since, k), k
	}
	if c.byReadings(m) {
		return true, 0
	}
	last := c.lastReadMonth(m)
	if last == 0 {
		return false, 1
	}
	k := monthsBetween(last, c.month)
	if c.habit.averageLimit != 0 && k > c.habit.averageLimit {
		return false, k
	}
	return c.byAverage(m, last.Add(1), k), k
}

// unusableSince is the month from which a meter's readings do not count: it failed, or its verification expired
// (п. 59 «а»); 0 while they do.
func (c *charging) unusableSince(m *Meter) calendar.Month {
	if m.FailedOn != 0 && m.FailedOn <= c.last {
		return m.FailedOn.Month()
	}
	if m.VerifiedBy != 0 && m.VerifiedBy < c.last && !c.habit.expiredReads {
		return m.VerifiedBy.AddDays(1).Month()
	}
	return 0
}

// factorAfter tells whether the normative that follows a meter's averages is raised: when it failed or expired, but
// not when a reading was merely not given (п. 60).
func (c *charging) factorAfter(m *Meter) bool { return c.unusableSince(m) != 0 }

// billedIn is the month a reading counts in.
func (c *charging) billedIn(r *Reading) calendar.Month {
	if c.habit.cutoffDay != 0 && r.On.Day() > c.habit.cutoffDay && !r.Initial {
		return r.On.Month().Add(1)
	}
	return r.On.Month()
}

// lastReadMonth is the month of the last reading before this one; 0 when there is none.
func (c *charging) lastReadMonth(m *Meter) (last calendar.Month) {
	for i := range c.sub.Past {
		if p := &c.sub.Past[i]; p.Method == ByMeter && p.Month < c.month {
			last = max(last, p.Month)
		}
	}
	for i := range m.Readings {
		if month := c.billedIn(&m.Readings[i]); month < c.month {
			last = max(last, month)
		}
	}
	return last
}

// byReadings adds the difference of readings for each zone of a meter that was read in the month.
func (c *charging) byReadings(m *Meter) bool {
	found := false
	for zone := AllDay; zone <= HalfPeak; zone++ {
		before, after := c.readingsOf(m, zone)
		if after == nil || before == nil {
			continue
		}
		diff, ok := c.difference(m, before, after)
		if !ok {
			c.issue("charge.reading_below")
			continue
		}
		found = true
		c.addDifference(m, zone, before, after, diff)
	}
	return found
}

// readingsOf are the last reading of a zone that counts in the month and the one before that month.
func (c *charging) readingsOf(m *Meter, zone Zone) (before, after *Reading) {
	for i := range m.Readings {
		r := &m.Readings[i]
		if r.Zone != zone {
			continue
		}
		switch month := c.billedIn(r); {
		case month < c.month || r.Initial && month == c.month:
			before = r
		case month == c.month:
			after = r
		}
	}
	return before, after
}

// difference is what ran through a meter between two readings; a dial may have gone over its end. ok is false when the
// figure went down and no turn of the dial explains it.
func (c *charging) difference(m *Meter, before, after *Reading) (decimal.Ratio, bool) {
	v := after.Value - before.Value
	if v < 0 {
		dial := int64(decimal.Scale)
		for range max(m.Digits, c.of.dial) {
			dial *= 10
		}
		if max(m.Digits, c.of.dial) == 0 {
			return decimal.Ratio{}, false
		}
		if v += decimal.Decimal(dial); int64(v) > dial/2 || v < 0 {
			return decimal.Ratio{}, false
		}
	}
	r := v.Exact()
	if m.GasFactor != 0 {
		r = r.Times(m.GasFactor)
	}
	return r, true
}

// addDifference takes from a difference what months without a reading were charged already (charging.md 9.4).
func (c *charging) addDifference(m *Meter, zone Zone, before, after *Reading, diff decimal.Ratio) {
	u := usage{zone: zone, method: ByMeter, month: c.month, volume: diff, from: before.On, to: after.On, before: before.Ref, after: after.Ref}
	if since := c.billedIn(before).Add(1); since < c.month {
		c.trueUpUsage(m, u, since)
		return
	}
	c.out.usage = append(c.out.usage, u)
}

// byNormative adds the normative of the persons counted in the month.
func (c *charging) byNormative(missed int, raised bool) {
	c.out.usage = append(c.out.usage[:0], usage{method: ByNormative, month: c.month, missed: uint8(min(missed, 255)), factor: raised})
}

// monthsBetween is how many months from a to b.
func monthsBetween(a, b calendar.Month) int {
	return (b.Year()-a.Year())*12 + b.Number() - a.Number()
}
