package tariff

import (
	"fmt"
	"strconv"
	"strings"
)

// Periods of normatives.
type Period uint8

// A normative is of a month unless its unit says otherwise.
const (
	PerMonth Period = iota
	PerYear
	PerDay
	PerSeason // the whole season of its months
)

// Measure is a normative's unit taken apart: m3/person/month.
type Measure struct {
	Unit   Unit   // of the volume
	Base   string // person, m2, head, m3 …: what the normative is multiplied by; empty is an account
	Per    int64  // so many of the base: 100 for a «сотка»
	Period Period
}

// ParseMeasure reads a normative's unit: volume/base[/period]. A «sotka» is 100 m2.
func ParseMeasure(s string) (Measure, error) {
	parts := strings.Split(strings.ReplaceAll(strings.TrimSpace(s), " ", ""), "/")
	m := Measure{Unit: Unit(parts[0]), Per: 1}
	for _, part := range parts[1:] {
		switch part {
		case "month":
			m.Period = PerMonth
		case "year":
			m.Period = PerYear
		case "day":
			m.Period = PerDay
		case "season":
			m.Period = PerSeason
		case "sotka":
			m.Base, m.Per = "m2", 100
		default:
			if m.Base != "" {
				return m, fmt.Errorf("единица %q: ожидается, например, m3/person/month", s)
			}
			m.Base = part
			if n := strings.TrimSuffix(part, "m2"); n != part && n != "" {
				per, err := strconv.ParseInt(n, 10, 64)
				if err != nil || per <= 0 {
					return m, fmt.Errorf("единица %q: ожидается, например, m3/m2/month", s)
				}
				m.Base, m.Per = "m2", per
			}
		}
	}
	switch m.Unit {
	case CubicMetre, KWh, Gcal, SquareMetre, Person, Piece:
		return m, nil
	}
	return m, fmt.Errorf("единица %q: объём считают в m3, kWh, Gcal, m2, person или unit", s)
}

// PriceUnit is a price's unit taken apart: RUB/m3, RUB/m2/month, RUB/person/year.
type PriceUnit struct {
	Unit  Unit
	Year  bool
	Month bool
}

// pieces are words of price units that all mean one unit of a per-unit service.
var pieces = map[string]bool{"unit": true, "flat": true, "account": true, "place": true, "point": true, "room": true, "house": true}

// ParsePriceUnit reads a price's unit: RUB/volume[/month or year].
func ParsePriceUnit(s string) (u PriceUnit, err error) {
	parts := strings.Split(strings.ReplaceAll(strings.TrimSpace(s), " ", ""), "/")
	if len(parts) < 2 || len(parts) > 3 || parts[0] != "RUB" {
		return u, fmt.Errorf("единица цены %q: ожидается, например, RUB/m3 или RUB/m2/month", s)
	}
	u.Unit = Unit(parts[1])
	if pieces[parts[1]] {
		u.Unit = Piece
	}
	if len(parts) == 3 {
		u.Month, u.Year = parts[2] == "month", parts[2] == "year"
	}
	if !knownUnit(u.Unit) || len(parts) == 3 && !u.Month && !u.Year {
		return u, fmt.Errorf("единица цены %q: ожидается, например, RUB/m3 или RUB/m2/month", s)
	}
	return u, nil
}

func knownUnit(u Unit) bool {
	switch u {
	case CubicMetre, KWh, Gcal, SquareMetre, Person, Piece:
		return true
	}
	return false
}
