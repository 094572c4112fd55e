package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/tariff"
)

// refusedMonths is how many months from the act of a refusal are charged by average (п. 59 «в»).
const refusedMonths = 3

// refusal is the act of refused access in force on a day, and the month it was drawn. A check ends it.
func (c *charging) refusal(on calendar.Date) (kind ActKind, month calendar.Month) {
	for i := range c.sub.Acts {
		a := &c.sub.Acts[i]
		if a.On > on {
			continue
		}
		switch a.Kind {
		case ActRefusal, ActRepeat:
			if kind != ActRepeat {
				kind, month = a.Kind, a.On.Month()
			}
		case ActCheck:
			kind, month = 0, 0
		}
	}
	return kind, month
}

// unusableSince is the month from which a meter's readings do not count on a day: it failed, or its verification
// expired (п. 59 «а»); 0 while they do.
func (c *charging) unusableSince(m *Meter, on calendar.Date) calendar.Month {
	return m.UnusableSince(on, c.habit.expiredReads)
}

// UnusableSince is the month from which the readings of a meter do not count on a day; 0 while they do. With expiredReads
// an ended verification is no reason.
func (m *Meter) UnusableSince(on calendar.Date, expiredReads bool) calendar.Month {
	if m.FailedOn != 0 && m.FailedOn <= on {
		return m.FailedOn.Month()
	}
	if m.Until != 0 {
		on = min(on, m.Until)
	}
	if len(m.Verified) == 0 || expiredReads {
		return 0
	}
	since := m.Verified[0].From
	for i := range m.Verified {
		v := &m.Verified[i]
		until := graced(v.Until)
		if (Term{v.From, until}).Holds(on) {
			return 0
		}
		if until != 0 && until < on {
			since = until.AddDays(1)
		}
	}
	return max(since, m.From).Month()
}

// graced is the last day of a verification: one that ended in the pandemic of 2020 held to the end of that year
// (ПП РФ № 424 of 02.04.2020).
func graced(until calendar.Date) calendar.Date {
	last := calendar.NewDate(2020, 12, 31)
	if until < calendar.NewDate(2020, 4, 6) || until > last {
		return until
	}
	return last
}

// ignored tells whether a reading of an earlier month did not count then: the meter was not fit, or access to it was
// refused (п. 59, 60).
func (c *charging) ignored(m *Meter, r *Reading) bool {
	if r.Initial || len(c.sub.Acts) == 0 && len(m.Verified) == 0 && m.FailedOn == 0 {
		return false
	}
	on := c.billedIn(m, r).Last()
	refused, _ := c.refusal(on)
	return refused != 0 || c.unusableSince(m, on) != 0
}

// byOwners parts a month's difference by readings taken on the days owners change; false when there is none.
func (c *charging) byOwners(m *Meter, u usage, before, after *Reading) bool {
	from, parted := before, false
	for i := range c.p.Parties {
		day := c.p.Parties[i].From
		if day <= c.first || day > c.last {
			continue
		}
		for k := range m.Readings {
			r := &m.Readings[k]
			if r.Zone != u.zone || r.On != day || r == after {
				continue
			}
			diff, ok := c.difference(m, from, r)
			if !ok {
				return false
			}
			part := u
			part.volume, part.to, part.after, part.before, part.from, part.party = diff, r.On, r.Ref, from.Ref, from.On, uint8(i)
			c.out.usage = append(c.out.usage, part)
			from, parted = r, true
		}
	}
	if !parted {
		return false
	}
	diff, ok := c.difference(m, from, after)
	u.volume, u.from, u.before, u.party = diff, from.On, from.Ref, uint8(len(c.p.Parties))
	c.out.usage = append(c.out.usage, u)
	return ok
}

// beforeFirstMeter adds the normative of the days before the account's first meter was put in service: nothing else
// tells what they used. Plots, heat and what is linked to other services have rules of their own.
func (c *charging) beforeFirstMeter() {
	if c.of.Kind != tariff.Metered && c.of.Kind != tariff.InBuilding {
		return
	}
	from := c.sub.Meters[0].From
	for i := range c.sub.Meters {
		from = min(from, c.sub.Meters[i].From)
	}
	if from <= c.first || from > c.last || c.sub.From > c.first || c.lastMeteredPast(AllDay, c.month) != 0 || !c.hasNorm("") {
		return
	}
	until := from.AddDays(-1)
	u := usage{method: ByNormative, month: c.month, factor: c.sub.MeterOK && !c.impossible(), partial: true, to: until}
	u.volume = c.normVolume(c.first, until)
	c.out.usage = append(c.out.usage, u)
}

// zoneSet is some zones, a bit for each.
type zoneSet uint8

func (s zoneSet) has(z Zone) bool { return s&(1<<z) != 0 }

// zones are the zones a meter has readings of.
func (m *Meter) zones() (s zoneSet) {
	for i := range m.Readings {
		s |= 1 << m.Readings[i].Zone
	}
	return s
}
