package meter

import (
	"cmp"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
)

// Bounds of what closes a month, in days.
const (
	closingDays = 10 // before its end: a reading of these days closes the month
	graceDays   = 3  // of the next month: one up to these does where those days have none, as «на 1-е число»
	begunDays   = 5  // after its beginning: a meter put there later did not measure the month
)

// gauge is a house's own meter with what it showed.
type gauge struct {
	calc.Meter
	serial string
	zones  []calc.Zone
	factor decimal.Decimal // units of the service in one of the dial; below zero it is taken away
}

// measuring works out what a house used of one service by its own meters.
type measuring struct {
	service string
	meters  []gauge
	cutoff  func(calendar.Month) int // the day of a month that closes it; 0 is the last one
	expired bool                     // readings count past the verification

	used    map[calendar.Month]decimal.Ratio
	covered map[register]map[calendar.Month]bool
	begin   calendar.Month // the first month that can be measured
}

// register is one zone of one meter.
type register struct {
	meter int64
	zone  calc.Zone
}

// months gives what was measured of each month up to one.
func (x *measuring) months(until calendar.Month) (list []fact.Measured) {
	x.used, x.covered, x.begin = map[calendar.Month]decimal.Ratio{}, map[register]map[calendar.Month]bool{}, 0
	for i := range x.meters {
		for _, zone := range x.meters[i].zones {
			x.run(&x.meters[i], zone)
		}
	}
	if x.begin == 0 {
		return nil
	}
	missing := 0
	for month := x.begin; month <= until; month = month.Add(1) {
		gap, standing := x.gap(month)
		if !standing {
			missing = 0
			continue
		}
		m := fact.Measured{Head: fact.Head{Source: "meters:" + x.serials(month)}, Service: x.service, Month: month, Gap: gap}
		if volume := x.used[month].Decimal(); gap == fact.Whole && volume >= 0 {
			m.Volume, missing = volume, 0
		} else {
			missing++
			m.Gap, m.Missing = cmp.Or(gap, fact.Unread), missing
		}
		list = append(list, m)
	}
	return list
}

// end is the day that closes a month.
func (x *measuring) end(month calendar.Month) calendar.Date {
	if day := x.cutoff(month); day != 0 && day < month.Last().Day() {
		return calendar.NewDate(month.Year(), month.Number(), day)
	}
	return month.Last()
}

// monthOf is the month a day is measured in.
func (x *measuring) monthOf(on calendar.Date) calendar.Month {
	if month := on.Month(); on > x.end(month) {
		return month.Add(1)
	}
	return on.Month()
}

// run adds what went through one register, from one closing reading to the next.
func (x *measuring) run(m *gauge, zone calc.Zone) {
	k := register{m.ID, zone}
	x.covered[k] = map[calendar.Month]bool{}
	var before *calc.Reading
	var from calendar.Month // the first month that runs from it
	marks := x.marks(m, zone)
	for i := range marks {
		after := &marks[i]
		closed := x.closes(m, after)
		if before != nil && from <= closed {
			if ran, ok := m.ran(before, after); ok {
				x.spread(k, before.On, after.On, from, closed, ran)
			}
		}
		before = after
		if from = closed.Add(1); after.Initial {
			from = x.monthOf(after.On)
		}
		if x.begin == 0 || from < x.begin {
			x.begin = from
		}
	}
}

// marks are the readings of a register that begin or close months: of one month the last.
func (x *measuring) marks(m *gauge, zone calc.Zone) (list []calc.Reading) {
	for i := range m.Readings {
		r := m.Readings[i]
		if r.Zone != zone || x.ignored(m, &r) {
			continue
		}
		if n := len(list); n > 0 && !list[n-1].Initial && x.closes(m, &list[n-1]) == x.closes(m, &r) {
			list = list[:n-1]
		}
		list = append(list, r)
	}
	return list
}

// ignored tells whether a reading does not count: the meter was not fit (п. 59).
func (x *measuring) ignored(m *gauge, r *calc.Reading) bool {
	return !r.Initial && m.UnusableSince(x.end(x.monthOf(r.On)), x.expired) != 0
}

// closes is the month a reading closes: its own, or, shortly after the end of one whose last days have none, that one. What
// a meter showed when it was taken away closes the month it stood in.
func (x *measuring) closes(m *gauge, r *calc.Reading) calendar.Month {
	month := x.monthOf(r.On)
	last := x.end(month.Add(-1))
	if r.Initial || r.On == m.Until || r.On > month.Add(-1).Last().AddDays(graceDays) {
		return month
	}
	for i := range m.Readings {
		if o := &m.Readings[i]; o.Zone == r.Zone && (o.On > last.AddDays(-closingDays) && o.On <= last || o.On > last && o.On < r.On) {
			return month
		}
	}
	return month.Add(-1)
}

// ran is what went through a meter between two readings, in the unit of the service; false when the figure went down and
// no turn of the dial explains it, unless an inspector read it.
func (m *gauge) ran(before, after *calc.Reading) (decimal.Ratio, bool) {
	v := after.Value - before.Value
	if v < 0 {
		turned, ok := calc.TurnedDial(v, m.Digits)
		switch {
		case ok:
			v = turned
		case !after.Control:
			return decimal.Ratio{}, false
		}
	}
	return v.Exact().Times(m.factor), true
}

// spread gives a volume to the months it ran through, by their days.
func (x *measuring) spread(k register, from, to calendar.Date, first, last calendar.Month, volume decimal.Ratio) {
	total := int64(to.Days(from))
	for month := first; month <= last; month = month.Add(1) {
		x.covered[k][month] = true
		begin, end := from, to
		if month != first {
			begin = max(from, x.end(month.Add(-1)))
		}
		if month != last {
			end = min(to, x.end(month))
		}
		switch days := int64(end.Days(begin)); {
		case first == last:
			x.used[month] = x.used[month].Plus(volume)
		case days > 0:
			x.used[month] = x.used[month].Plus(volume.TimesInt(days).OverInt(total))
		}
	}
}

// gap is why a month was not measured; not standing where no meter stood through it.
func (x *measuring) gap(month calendar.Month) (gap fact.Gap, standing bool) {
	first, last := x.end(month.Add(-1)).AddDays(1), x.end(month)
	begun, ended := false, false
	for i := range x.meters {
		m := &x.meters[i]
		lost := m.FailedOn != 0 && m.Until != 0 && !x.relieved(m)
		if m.From > last || m.Until != 0 && m.Until < first && !lost {
			continue
		}
		begun = begun || m.From <= first.AddDays(begunDays)
		ended = ended || m.Until == 0 || m.Until >= last || lost
		gap = worse(gap, x.gapOf(m, month, last))
	}
	return gap, begun && ended
}

// relieved tells whether another meter took the place of one that was taken away.
func (x *measuring) relieved(m *gauge) bool {
	return slices.ContainsFunc(x.meters, func(o gauge) bool { return o.ID != m.ID && o.From >= m.Until })
}

func (x *measuring) gapOf(m *gauge, month calendar.Month, last calendar.Date) fact.Gap {
	switch {
	case m.FailedOn != 0 && m.FailedOn <= last:
		return fact.Failed
	case m.UnusableSince(last, x.expired) != 0:
		return fact.Unverified
	}
	for _, zone := range m.zones {
		if !x.covered[register{m.ID, zone}][month] {
			return fact.Unread
		}
	}
	return fact.Whole
}

// gapOrder is which reason of several is told.
var gapOrder = []fact.Gap{fact.Whole, fact.Unread, fact.Unverified, fact.Failed}

func worse(a, b fact.Gap) fact.Gap {
	if slices.Index(gapOrder, b) > slices.Index(gapOrder, a) {
		return b
	}
	return a
}

// serials are the numbers of the meters that stood in a month.
func (x *measuring) serials(month calendar.Month) string {
	var list []string
	for i := range x.meters {
		if m := &x.meters[i]; m.From <= x.end(month) && (m.Until == 0 || m.Until > x.end(month.Add(-1))) {
			list = append(list, m.serial)
		}
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ", ")
}
