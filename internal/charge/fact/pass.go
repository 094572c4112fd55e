package fact

import "kvit/internal/calendar"

// BeginOn gives the facts of accounts as they go on from a day in another building; their households stay those they were.
func (s *Set) BeginOn(day calendar.Date) *Set {
	to := &Set{Readings: s.Readings, Volumes: s.Volumes}
	for _, x := range s.Subscriptions {
		if x.Until == 0 || x.Until >= day {
			x.From = max(x.From, day)
			to.Subscriptions = append(to.Subscriptions, x)
		}
	}
	for _, x := range s.Meters {
		if x.Until == 0 || x.Until >= day {
			x.From = max(x.From, day)
			to.Meters = append(to.Meters, x)
		}
	}
	to.Rare = append(to.Rare, s.Rare...)
	return to
}

// EndBefore gives the facts of accounts as they end in a building the day before a day; what begins on that day or later is
// withdrawn.
func (s *Set) EndBefore(day calendar.Date) *Set {
	to := &Set{}
	for _, x := range s.Subscriptions {
		switch {
		case x.From >= day:
			x.Mode = Withdrawn
		case x.Until != 0 && x.Until < day:
			continue
		default:
			x.Until = day.AddDays(-1)
		}
		to.Subscriptions = append(to.Subscriptions, x)
	}
	for _, x := range s.Meters {
		if x.Until == 0 || x.Until >= day {
			x.Until = max(x.From, day).AddDays(-1)
			to.Meters = append(to.Meters, x)
		}
	}
	for _, x := range s.Rare {
		if x.From >= day {
			x.Body = ""
			to.Rare = append(to.Rare, x)
		}
	}
	return to
}
