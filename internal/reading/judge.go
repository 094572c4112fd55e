package reading

import (
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
)

// Bounds of what is usual.
const (
	averageDays   = 365 // the average looks back on
	averageMin    = 28  // days it needs
	monthDays     = 30
	timesAverage  = 3
	wholeDialPart = 2 // a turn of the dial is believed up to half of it
)

// passing is how much a day a flat's pipe or wire lets through, by the unit: 3 m³/h of a 15 mm water pipe, 15 kW.
var passing = map[string]decimal.Decimal{"m3": decimal.FromInt(72), "kWh": decimal.FromInt(360)}

// floors is how much a month nobody asks about, whatever the average: small averages make small differences large.
var floors = map[string]decimal.Decimal{"m3": decimal.FromInt(3), "kWh": decimal.FromInt(100), "Gcal": decimal.FromInt(1)}

// history is what is known of one register around a day.
type history struct {
	before *fact.Reading // the last one earlier than the day
	today  *fact.Reading
	after  *fact.Reading // the first one later
}

// around finds what is known of a register around a day.
func (m *Meter) around(zone calc.Zone, on calendar.Date) (h history) {
	for i := range m.Readings {
		r := &m.Readings[i]
		switch {
		case r.Zone != zone:
		case r.On < on:
			h.before = r
		case r.On == on:
			h.today = r
		case h.after == nil:
			h.after = r
		}
	}
	if h.today != nil && h.today.Initial {
		h.before, h.today = h.today, nil
	}
	return h
}

// ran is what went through a register between two figures, a turn of the dial counted.
func (m *Meter) ran(before, after decimal.Decimal) (volume decimal.Decimal, turned, known bool) {
	if after >= before {
		return after - before, false, true
	}
	dial := m.dial()
	if dial == 0 {
		return 0, false, false
	}
	volume = after - before + dial
	return volume, true, volume >= 0 && volume <= dial/wholeDialPart
}

// counted is what a difference of the dial is in the unit of the service.
func (m *Meter) counted(dial decimal.Decimal) decimal.Decimal {
	if m.Factor == 0 {
		return dial
	}
	return dial.Exact().Times(m.Factor).Decimal()
}

// dial is the figure after the last one of the dial; 0 is not known.
func (m *Meter) dial() decimal.Decimal {
	if m.Digits == 0 {
		return 0
	}
	dial := decimal.FromInt(1)
	for range min(m.Digits, 9) {
		dial *= 10
	}
	return dial
}

// average is what a register used in thirty days over the year before a reading; ok is false without enough of it.
func (m *Meter) average(zone calc.Zone, last *fact.Reading) (perMonth decimal.Decimal, ok bool) {
	if last == nil {
		return 0, false
	}
	first := last
	for i := range m.Readings {
		r := &m.Readings[i]
		if r.Zone == zone && r.On < first.On && last.On.Days(r.On) <= averageDays {
			first = r
		}
	}
	days := last.On.Days(first.On)
	volume, _, known := m.ran(first.Value, last.Value)
	if days < averageMin || !known {
		return 0, false
	}
	return volume / decimal.Decimal(days) * monthDays, true
}

// usual is the most that is not asked about for some days; ok is false where nothing tells.
func (m *Meter) usual(zone calc.Zone, last *fact.Reading, days int) (most decimal.Decimal, ok bool) {
	average, ok := m.average(zone, last)
	if !ok {
		return 0, false
	}
	month := max(timesAverage*average, floors[m.measure])
	return month / monthDays * decimal.Decimal(max(days, monthDays)), true
}

// doubtsOf judges the figure of one register.
func (m *Meter) doubtsOf(v Value, on calendar.Date) (list []DoubtKind) {
	h := m.around(v.Zone, on)
	if h.today != nil && h.today.Value == v.Value {
		return nil
	}
	if h.after != nil && h.after.Value < v.Value {
		list = append(list, Later)
	}
	if h.before == nil {
		if dial := m.dial(); dial != 0 && v.Value >= dial {
			list = append(list, Digit)
		}
		return list
	}
	volume, turned, known := m.ran(h.before.Value, v.Value)
	days := on.Days(h.before.On)
	most, usual := m.usual(v.Zone, h.before, days)
	if turned || !known {
		if turned && known && usual && volume <= most {
			return append(list, Over)
		}
		return append(list, Lower)
	}
	return append(list, m.tooMuch(v, h.before, volume, most, usual, days)...)
}

// tooMuch tells whether a volume is odd, and whether a digit too many explains it.
func (m *Meter) tooMuch(v Value, before *fact.Reading, volume, most decimal.Decimal, usual bool, days int) []DoubtKind {
	pipe, bounded := passing[m.measure]
	bounded = bounded && !m.ofHouse()
	pipe *= decimal.Decimal(max(days, 1))
	dial := m.dial()
	switch {
	case dial != 0 && v.Value >= dial:
		return []DoubtKind{Digit}
	case usual && volume > most:
		if hasExtraDigit(v.Value, before.Value, most) {
			return []DoubtKind{Digit}
		}
		return []DoubtKind{High}
	case !usual && before.Value >= decimal.FromInt(10) && volume/timesAverage > before.Value && hasExtraDigit(v.Value, before.Value, before.Value):
		return []DoubtKind{Digit} // no history tells what is usual, but the dial grew by a place
	case bounded && volume > pipe:
		if hasExtraDigit(v.Value, before.Value, pipe/10) {
			return []DoubtKind{Digit}
		}
		return []DoubtKind{Pipe}
	}
	return nil
}

// hasExtraDigit tells whether a figure without one of its whole digits follows the figure before within what is usual.
func hasExtraDigit(value, before, most decimal.Decimal) bool {
	for below := decimal.Decimal(decimal.Scale); below <= value; below *= 10 {
		without := value/(below*10)*below + value%below
		if without >= before && without-before <= most {
			return true
		}
		if below > value/10 {
			break
		}
	}
	return false
}

// swapped tells whether the figures of two registers stand in each other's place: each is nearer to the other's last
// figure than to its own.
func (m *Meter) swapped(values []Value, on calendar.Date) bool {
	if len(values) != 2 {
		return false
	}
	a, b := m.around(values[0].Zone, on).before, m.around(values[1].Zone, on).before
	if a == nil || b == nil {
		return false
	}
	return distance(values[0].Value, b.Value) < distance(values[0].Value, a.Value) && distance(values[1].Value, a.Value) < distance(values[1].Value, b.Value)
}

func distance(a, b decimal.Decimal) decimal.Decimal { return max(a-b, b-a) }

// answers tells whether what a person said answers a doubt.
func (c Confirm) answers(k DoubtKind) bool {
	switch c {
	case Right:
		return true
	case Rolled, Replaced:
		return k == Lower || k == Over
	}
	return false
}

// unanswered keeps the doubts that nobody answered.
func unanswered(list []DoubtKind, c Confirm) []DoubtKind {
	return slices.DeleteFunc(slices.Clone(list), c.answers)
}
