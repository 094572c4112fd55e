package calc

import (
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// A service taken in two terms of one month (its category or supplier changed) has one meter in both. What the meter
// showed is parted between the terms: by readings on the days of change, else by days (charging.md 10.3).

// sameMeter tells whether two subscriptions name one meter.
func sameMeter(a, b *Meter) bool {
	return a.ID == b.ID && a.Term == b.Term && slices.EqualFunc(a.Readings, b.Readings, func(x, y Reading) bool {
		return x.On == y.On && x.Zone == y.Zone && x.Value == y.Value && x.Initial == y.Initial
	})
}

// sharesMeter tells whether another term of the month has the meter of this one.
func (c *charging) sharesMeter() bool {
	if c.sub.From <= c.first && (c.sub.Until == 0 || c.sub.Until >= c.last) {
		return false
	}
	for i := range c.p.Services {
		if c.sharedWith(&c.p.Services[i]) && &c.p.Services[i] != c.sub {
			return true
		}
	}
	return false
}

// sharedWith tells whether a subscription is a term of the same service and meter in the month, or this one itself.
func (c *charging) sharedWith(s *Subscription) bool {
	if s == c.sub {
		return true
	}
	apart := s.Until != 0 && s.Until < c.sub.From || c.sub.Until != 0 && c.sub.Until < s.From
	return s.Service == c.sub.Service && apart && s.Days(c.first, c.last) > 0 && len(s.Meters) > 0 && len(c.sub.Meters) > 0 && sameMeter(&s.Meters[0], &c.sub.Meters[0])
}

// byTerms leaves of what a shared meter showed the part of this term. What corrects an earlier month belongs to the term
// that held at its end.
func (c *charging) byTerms(list []usage) []usage {
	kept := list[:0]
	for _, u := range list {
		switch {
		case u.month != c.month && !c.sub.Holds(u.month.Last()):
			continue
		case u.month != c.month || c.termByReadings(&u):
		default:
			own, all := c.termDays()
			u.volume = u.volume.TimesInt(own).OverInt(all)
		}
		kept = append(kept, u)
	}
	return kept
}

// termByReadings parts a difference of readings by those on the days the terms begin; false when one is missing.
func (c *charging) termByReadings(u *usage) bool {
	m, before, after := c.readingsBetween(u)
	if m == nil || u.trueUp {
		return false
	}
	low, high := before, after
	for i := range c.p.Services {
		s := &c.p.Services[i]
		if !c.sharedWith(s) || s.From <= before.On || s.From > after.On {
			continue
		}
		at := readingAt(m, u.zone, s.From)
		switch {
		case at == nil:
			return false
		case s.From <= c.sub.From && at.On >= low.On:
			low = at
		case s.From > c.sub.From && at.On <= high.On:
			high = at
		}
	}
	diff, ok := c.difference(m, low, high)
	if ok {
		u.volume, u.from, u.to, u.before, u.after = diff, low.On, high.On, low.Ref, high.Ref
	}
	return ok
}

// readingsBetween are the meter and the readings a usage is the difference of.
func (c *charging) readingsBetween(u *usage) (m *Meter, before, after *Reading) {
	if u.method != ByMeter {
		return nil, nil, nil
	}
	for i := range c.sub.Meters {
		m := &c.sub.Meters[i]
		if before, after = c.readingsOf(m, u.zone); before != nil && after != nil && before.On == u.from && after.On == u.to {
			return m, before, after
		}
	}
	return nil, nil, nil
}

// readingAt is a reading of a zone on the day a term begins, or on the day before; nil when there is none.
func readingAt(m *Meter, zone Zone, day calendar.Date) (at *Reading) {
	for i := range m.Readings {
		if r := &m.Readings[i]; r.Zone == zone && (r.On == day || r.On == day.AddDays(-1)) {
			at = r
		}
	}
	return at
}

// termDays is how many days of the month this term has, and how many all terms of its meter have.
func (c *charging) termDays() (own, all int64) {
	for i := range c.p.Services {
		if s := &c.p.Services[i]; c.sharedWith(s) {
			all += int64(s.Days(c.first, c.last))
		}
	}
	return int64(c.sub.Days(c.first, c.last)), all
}

// termLimits are the limits of the month, of a term with a shared meter for its days.
func (c *charging) termLimits() []decimal.Decimal {
	limits := c.limits()
	if len(limits) == 0 || !c.sharesMeter() {
		return limits
	}
	own, all := c.termDays()
	part := make([]decimal.Decimal, len(limits))
	for i := range limits {
		part[i] = limits[i].Exact().TimesInt(own).OverInt(all).Decimal()
	}
	return part
}
