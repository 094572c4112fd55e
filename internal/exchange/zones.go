package exchange

import (
	"strings"

	"kvit/internal/charge/calc"
	"kvit/internal/supplier"
)

// shown is what registers of one meter, or volumes of the supplier, come to by zones of the day.
type shown struct {
	meter   string
	zones   map[calc.Zone]measure
	unknown []string // registers that no zone is named for
}

// shownBy sorts the measures of a use into meters and zones: readings where there are any, else volumes.
func shownBy(x *supplier.Service, column func(string) string, u *use) (readings []shown, volumes shown) {
	named := namedZones(x.ZonesOf(column), u)
	volumes.zones = map[calc.Zone]measure{}
	for _, m := range u.Measures {
		to := &volumes
		if m.HasCur {
			to = meterOf(&readings, m.Meter)
		}
		zone, ok := named(m.Register)
		if !ok {
			if m.HasCur || m.Volume != 0 {
				to.unknown = append(to.unknown, m.Register)
			}
			continue
		}
		to.add(zone, m)
	}
	if whole, ok := volumes.zones[calc.AllDay]; ok && len(volumes.zones) > 1 && whole.Register == "" {
		delete(volumes.zones, calc.AllDay) // the sum beside its parts
	}
	return readings, volumes
}

func meterOf(list *[]shown, serial string) *shown {
	for i := range *list {
		if (*list)[i].meter == serial {
			return &(*list)[i]
		}
	}
	*list = append(*list, shown{meter: serial, zones: map[calc.Zone]measure{}})
	return &(*list)[len(*list)-1]
}

// add takes a measure; volumes of two registers of one zone add up.
func (s *shown) add(zone calc.Zone, m measure) {
	if was, ok := s.zones[zone]; ok && !m.HasCur {
		m.Volume += was.Volume
	}
	s.zones[zone] = m
}

// usualZones are the registers whose zones need not be named, by how many zones there are: by name, never by place.
var usualZones = map[string][3]string{
	"day": {supplier.ZoneAll, "day", "half_peak"}, "night": {supplier.ZoneAll, "night", "night"}, "peak": {supplier.ZoneAll, "peak", "peak"}, "half_peak": {supplier.ZoneAll, "day", "half_peak"},
	"день": {supplier.ZoneAll, "day", "half_peak"}, "ночь": {supplier.ZoneAll, "night", "night"}, "пик": {supplier.ZoneAll, "peak", "peak"}, "полупик": {supplier.ZoneAll, "day", "half_peak"},
	"t1": {supplier.ZoneAll, "day", "half_peak"}, "т1": {supplier.ZoneAll, "day", "half_peak"},
	"t2": {supplier.ZoneAll, "night", "night"}, "т2": {supplier.ZoneAll, "night", "night"},
	"t3": {supplier.ZoneAll, "peak", "peak"}, "т3": {supplier.ZoneAll, "peak", "peak"},
}

// namedZones tells the zone of a register: as the supplier's mapping says, else by the usual names.
func namedZones(said map[string]string, u *use) func(register string) (calc.Zone, bool) {
	count := registersOf(u)
	return func(register string) (calc.Zone, bool) {
		if len(said) > 0 {
			for name, zone := range said {
				if strings.EqualFold(name, register) {
					return calc.ZoneOf(zone), true
				}
			}
			return calc.AllDay, register == ""
		}
		if register == "" || count == 1 {
			return calc.AllDay, true
		}
		words, ok := usualZones[strings.ToLower(register)]
		if !ok || count > len(words) {
			return calc.AllDay, false
		}
		return calc.ZoneOf(words[count-1]), true
	}
}

// atLeast is how many registers there are where one of the name was used: a zone that used nothing this month is no reason
// to take the meter for another.
var atLeast = map[string]int{
	"night": 2, "ночь": 2, "t2": 2, "т2": 2,
	"peak": 3, "half_peak": 3, "пик": 3, "полупик": 3, "t3": 3, "т3": 3,
}

// registersOf is how many registers a use names; one that used nothing counts when it was read.
func registersOf(u *use) int {
	seen, least := map[string]bool{}, 1
	for _, m := range u.Measures {
		if m.Register != "" && (m.HasCur || m.Volume != 0) {
			seen[m.Register] = true
			least = max(least, atLeast[strings.ToLower(m.Register)])
		}
	}
	return max(least, len(seen))
}
