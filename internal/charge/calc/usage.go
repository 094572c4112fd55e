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
	partial bool            // a normative for the days before another meter took over, not for the month
	party   uint8           // 1 + index of who is charged, where a reading parts owners; 0 is all
}

// usageOf decides how the month's volume is found (charging.md 2.1 and 9) and finds it, zone by zone.
func (c *charging) usageOf() []usage {
	c.out.usage = c.out.usage[:0]
	if c.byReported() {
		return c.out.usage
	}
	any := false
	for i := range c.sub.Meters {
		m := &c.sub.Meters[i]
		if !c.counts(m) {
			continue
		}
		any = true
		ok, missed, raised := c.meterUsage(m)
		switch {
		case ok:
		case c.relievedOf(m):
			u := usage{method: ByNormative, month: c.month, missed: uint8(min(missed, 255)), factor: raised, partial: true, to: m.Until}
			u.volume = c.normVolume(c.first, m.Until)
			c.out.usage = append(c.out.usage, u)
		default:
			c.byNormative(missed, raised)
			return c.out.usage
		}
	}
	if !any {
		refused, _ := c.refusal(c.last)
		c.byNormative(0, refused != 0 || c.sub.MeterOK && !c.impossible())
	} else {
		c.beforeFirstMeter()
	}
	return c.out.usage
}

// counts tells whether a meter is in service in the month. One that failed and was taken away without another in its
// place still counts as failed.
func (c *charging) counts(m *Meter) bool {
	if m.From > c.last {
		return false
	}
	if m.Until == 0 || m.Until >= c.first {
		return true
	}
	for i := range c.sub.Meters {
		if x := &c.sub.Meters[i]; x.From >= m.Until && x.From <= c.last {
			return false
		}
	}
	return m.FailedOn != 0
}

// relievedOf tells whether another meter took a meter's place inside the month.
func (c *charging) relievedOf(m *Meter) bool {
	if m.Until < c.first || m.Until >= c.last {
		return false
	}
	for i := range c.sub.Meters {
		if x := &c.sub.Meters[i]; x != m && x.From >= m.Until && x.From <= c.last {
			return true
		}
	}
	return false
}

func (c *charging) impossible() bool {
	for i := range c.sub.Acts {
		if a := &c.sub.Acts[i]; a.Kind == ActImpossible && a.On <= c.last {
			return true
		}
	}
	return false
}

// meterUsage adds what a meter used in the month; not ok means that the normative must be taken, raised or not. Missed
// is which month in a row has no reading that counts. A refusal of access is averaged from its act, a second one
// (п. 60(3)) is not.
func (c *charging) meterUsage(m *Meter) (ok bool, missed int, raised bool) {
	if kind, since := c.refusal(c.last); kind != 0 {
		k := monthsBetween(since, c.month) + 1
		return kind == ActRefusal && k <= refusedMonths && c.byAverage(m, since, k), k, true
	}
	if since := c.unusableSince(m, c.last); since != 0 {
		k, limit := monthsBetween(since, c.month)+1, c.habit.averageLimit
		if m.FailedOn != 0 && m.FailedOn.Month() == since {
			limit = c.habit.failedLimit
		}
		return (limit == 0 || k <= limit) && c.byAverage(m, since, k), k, true
	}
	if c.byReadings(m) {
		return true, 0, false
	}
	if c.justReplaced(m) {
		return true, 0, false
	}
	last, k := c.lastReadMonth(m), 1
	if last != 0 {
		k = monthsBetween(last, c.month)
	}
	if c.habit.averageLimit != 0 && k > c.habit.averageLimit {
		return false, k, false
	}
	if last != 0 && c.byAverage(m, last.Add(1), k) {
		return true, k, false
	}
	return false, k, c.sub.MeterOK && !c.impossible() // no history to average (п. 59)
}

// justReplaced tells whether a meter took another's place in the month and has only its first figure yet: what ran
// through it since counts with the next reading.
func (c *charging) justReplaced(m *Meter) bool {
	started := false
	for i := range m.Readings {
		r := &m.Readings[i]
		started = started || r.Initial && r.On.Month() == c.month
	}
	for i := range c.sub.Meters {
		if x := &c.sub.Meters[i]; started && x != m && x.Until >= c.first && x.Until <= c.last {
			return true
		}
	}
	return false
}

// billedIn is the month a reading counts in. What a meter showed when it was taken away counts in its last month, however
// late: no later month has the meter.
func (c *charging) billedIn(m *Meter, r *Reading) calendar.Month {
	if c.habit.cutoffDay != 0 && r.On.Day() > c.habit.cutoffDay && !r.Initial && r.On != m.Until {
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
		if r := &m.Readings[i]; c.billedIn(m, r) < c.month && !c.ignored(m, r) {
			last = max(last, c.billedIn(m, r))
		}
	}
	return last
}

// byReadings adds the difference of readings for each zone of a meter that was read in the month. A zone left out of
// them goes by its average.
func (c *charging) byReadings(m *Meter) bool {
	found, zones := false, m.zones()
	for zone := AllDay; zone <= HalfPeak; zone++ {
		if !zones.has(zone) {
			continue
		}
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
	for zone := Day; found && zone <= HalfPeak; zone++ {
		if zones.has(zone) {
			c.zoneUnread(m, zone)
		}
	}
	return found
}

// zoneUnread adds the average of a zone that was read before but not in a month when the meter's other zones were.
func (c *charging) zoneUnread(m *Meter, zone Zone) {
	before, after := c.readingsOf(m, zone)
	if before == nil {
		return
	}
	if after != nil {
		if _, ok := c.difference(m, before, after); ok {
			return
		}
	}
	since := c.billedIn(m, before).Add(1)
	volume, ok := c.average(m, zone, since)
	if !ok {
		c.issue("charge.zone_unread")
		return
	}
	c.out.usage = append(c.out.usage, usage{zone: zone, method: ByAverage, month: c.month, missed: uint8(min(monthsBetween(since, c.month)+1, 255)), volume: volume})
}

// readingsOf are the last reading of a zone that counts in the month and the one before that month.
func (c *charging) readingsOf(m *Meter, zone Zone) (before, after *Reading) {
	for i := range m.Readings {
		r := &m.Readings[i]
		if r.Zone != zone {
			continue
		}
		switch month := c.billedIn(m, r); {
		case month < c.month && !c.ignored(m, r) || r.Initial && month == c.month:
			before = r
		case month == c.month:
			after = r
		}
	}
	return before, after
}

// difference is what ran through a meter between two readings; a dial may have gone over its end. ok is false when the
// figure went down and no turn of the dial explains it, unless an inspector read it: then too much was told before, and the
// difference is given back (п. 61).
func (c *charging) difference(m *Meter, before, after *Reading) (decimal.Ratio, bool) {
	v := after.Value - before.Value
	if v < 0 {
		digits := m.Digits
		if digits == 0 {
			digits = c.of.dial
		}
		turned, ok := TurnedDial(v, digits)
		switch {
		case ok:
			v = turned
		case !after.Control:
			return decimal.Ratio{}, false
		}
	}
	r := v.Exact()
	if k := c.gasFactor(m, after); k != 0 {
		r = r.Times(k)
	}
	return r, true
}

// TurnedDial is what ran through a meter whose figure went down by so much, when a turn of its dial explains it.
func TurnedDial(down decimal.Decimal, digits uint8) (decimal.Decimal, bool) {
	if digits == 0 {
		return 0, false
	}
	dial := int64(decimal.Scale)
	for range digits {
		dial *= 10
	}
	ran := down + decimal.Decimal(dial)
	return ran, ran >= 0 && int64(ran) <= dial/2
}

// gasFactor is the coefficient to standard conditions of the month a reading counts in; 0 is none.
func (c *charging) gasFactor(m *Meter, r *Reading) decimal.Decimal {
	for i := range m.GasFactors {
		if f := &m.GasFactors[i]; f.Month == c.billedIn(m, r) {
			return f.Value
		}
	}
	return m.GasFactor
}

// addDifference takes from a difference what months without a reading were charged already (charging.md 9.4).
func (c *charging) addDifference(m *Meter, zone Zone, before, after *Reading, diff decimal.Ratio) {
	u := usage{zone: zone, method: ByMeter, month: c.month, volume: diff, from: before.On, to: after.On, before: before.Ref, after: after.Ref}
	since := c.countedFrom(m, before).Add(1)
	if before.Initial && since < c.month && c.in(since).justReplaced(m) {
		since = since.Add(1)
	}
	if since < c.month {
		c.trueUpUsage(m, u, since)
		return
	}
	if c.habit.ownerByReading && c.byOwners(m, u, before, after) {
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
