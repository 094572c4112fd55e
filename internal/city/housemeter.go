package city

import (
	"fmt"
	"os"
	"strings"

	"kvit/internal/calendar"
)

// HouseMetersFile is what the houses' own meters (ОДПУ) are and showed, as facts of charging tell it.
const HouseMetersFile = "house_meters.yaml"

// Losses of houses, percent of what the flats used: usual ones, and of a house whose pipe or wire leaks.
const (
	lossLeast, lossMost = 2, 9
	leakLeast, leakMost = 35, 60
	leaking             = 8 // percent of houses
)

// How a house's use is told.
const (
	byMeter  = "meter"  // the device with its readings
	byVolume = "volume" // the month's volume alone, as some suppliers do
	volumed  = 10       // percent of houses
)

// Devices of houses.
const (
	transformers = 40 // of the current: kWh in one of the dial
	nightPercent = 31 // of the power of a house
)

// houseMeter is what a house and its flats used of one resource in the month: litres, kWh or 10⁻⁶ Gcal.
type houseMeter struct {
	House int64  `json:"house"`
	Flats int64  `json:"flats"` // whose accounts are in the supplier's register
	Lost  int64  `json:"lost"`
	Leaks bool   `json:"leaks,omitempty"`
	Told  string `json:"told"` // meter, volume

	Serial string `json:"serial,omitempty"`
	before int64  // what the dial showed when the month began, in the unit of the resource
}

// measured are the resources of a house by their codes of the catalogue; nil where the house has none of it.
type measured struct {
	Cold  *houseMeter `json:"cold_water,omitempty"`
	Hot   *houseMeter `json:"hot_water,omitempty"`
	Power *houseMeter `json:"electricity,omitempty"`
	Heat  *houseMeter `json:"heating,omitempty"`
}

// houseMeters measures the blocks of flats. Losses have numbers of their own: no other figure of the town depends on them.
func (t *town) houseMeters() map[string]*measured {
	all := map[string]*measured{}
	for _, hh := range t.households {
		if !hh.house.block() {
			continue
		}
		m := all[hh.house.id]
		if m == nil {
			m = &measured{Cold: &houseMeter{}, Hot: &houseMeter{}, Power: &houseMeter{}, Heat: &houseMeter{}}
			all[hh.house.id] = m
		}
		for _, a := range hh.accounts {
			t.addFlat(m, hh, a)
		}
	}
	for id, m := range all {
		r := seeded(t.seed, "house meter/"+id, 0)
		told := byMeter
		for i, x := range []**houseMeter{&m.Cold, &m.Power, &m.Hot, &m.Heat} {
			(*x).lose(r)
			if i == 0 && r.percent(volumed) {
				told = byVolume
			}
			if (*x).stand(r, told); (*x).House == 0 {
				*x = nil
			}
		}
	}
	return all
}

// addFlat adds what an account of a flat was charged for.
func (t *town) addFlat(m *measured, hh *household, a *account) {
	switch {
	case a.trade == waterTrade:
		m.Cold.Flats += hh.calc.cold
	case a.trade == powerTrade && a.power != nil:
		m.Power.Flats += a.power.total()
	case a.trade == heatTrade:
		for _, s := range a.services {
			if s.code == t.set.services.heat {
				m.Heat.Flats += s.volume
			}
		}
		if hh.house.warm {
			m.Hot.Flats += hh.calc.hot
		}
	}
}

func (m *houseMeter) lose(r *rng) {
	percent := int64(r.between(lossLeast, lossMost))
	if m.Leaks = r.percent(leaking); m.Leaks {
		percent = int64(r.between(leakLeast, leakMost))
	}
	m.Lost = m.Flats * percent / 100
	m.House = m.Flats + m.Lost
}

// stand puts a device in its place.
func (m *houseMeter) stand(r *rng, told string) {
	if m.Told = told; told == byMeter {
		m.Serial, m.before = fmt.Sprintf("%08d", r.between(10_000_000, 99_999_999)), int64(r.between(20, 900))*1_000_000
	}
}

// device is how a kind of a house's meter is written.
type device struct {
	service  string
	digits   int // behind the point
	verified int // years from the month
}

var devices = []device{
	{service: "cold_water", digits: 3, verified: 3},
	{service: "hot_water", digits: 3, verified: 2},
	{service: "electricity", verified: 9},
	{service: "heating", digits: 6, verified: 2},
}

// writeHouseMeters writes what the houses' meters are and showed, for «kvit facts load».
func (t *town) writeHouseMeters(path string, all map[string]*measured) error {
	var b strings.Builder
	b.WriteString("# Общедомовые счётчики города " + townName + " за " + t.month.String() + ". Вымышлены. kvit facts load " + HouseMetersFile + "\n")
	for _, h := range t.houses {
		m := all[h.id]
		if m == nil {
			continue
		}
		var meters, volumes strings.Builder
		for i, x := range []*houseMeter{m.Cold, m.Hot, m.Power, m.Heat} {
			if x == nil {
				continue
			}
			if x.Told == byMeter {
				devices[i].stands(&meters, x, t.month)
			}
			devices[i].used(&volumes, x, t.month)
		}
		if meters.Len()+volumes.Len() == 0 {
			continue
		}
		fmt.Fprintf(&b, "- house: %s\n", h.id)
		section(&b, "meters", &meters)
		section(&b, "resources", &volumes)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

func section(b *strings.Builder, name string, lines *strings.Builder) {
	if lines.Len() > 0 {
		b.WriteString("  " + name + ":\n" + lines.String())
	}
}

// used writes the month of a house that is told as volumes: the house's own where it has no device, and of heat that of the
// flats, for no register tells it by the services of the catalogue.
func (d *device) used(b *strings.Builder, m *houseMeter, month calendar.Month) {
	told := ""
	if m.Told == byVolume {
		told += ", volume: " + pointed(m.House, d.digits)
	}
	if d.service == "heating" {
		told += ", unmetered: " + pointed(m.Flats, d.digits)
	}
	if told != "" {
		fmt.Fprintf(b, "  - {service: %s, month: %s%s}\n", d.service, month, told)
	}
}

// stands writes a device and its readings on the last days of the month before and of the month.
func (d *device) stands(b *strings.Builder, m *houseMeter, month calendar.Month) {
	before, last := month.Add(-1).Last(), month.Last()
	more, dials := "", ""
	if d.service == "electricity" {
		more = fmt.Sprintf(", factor: %d, registers: 2", transformers)
		night := m.House * nightPercent / 100
		for _, z := range []struct {
			name string
			ran  int64
		}{{"day", m.House - night}, {"night", night}} {
			dials += shown(before, z.name, pointed(m.before, 3)) + shown(last, z.name, pointed(m.before+z.ran*1000/transformers, 3))
		}
	} else {
		dials = shown(before, "", pointed(m.before, d.digits)) + shown(last, "", pointed(m.before+m.House, d.digits))
	}
	fmt.Fprintf(b, "  - {service: %s, id: \"%s\", installed: %s, verified_until: %s%s, readings: [%s]}\n",
		d.service, m.Serial, month.Add(-30).First().AddDays(11), month.Add(12*d.verified).Last(), more, strings.TrimSuffix(dials, ", "))
}

func shown(on calendar.Date, zone, value string) string {
	if zone != "" {
		zone = "zone: " + zone + ", "
	}
	return fmt.Sprintf("{date: %s, %svalue: %s}, ", on, zone, value)
}

// pointed writes a whole number of the last of so many digits behind the point.
func pointed(n int64, digits int) string {
	if digits == 0 {
		return fmt.Sprint(n)
	}
	scale := int64(1)
	for range digits {
		scale *= 10
	}
	return fmt.Sprintf("%d.%0*d", n/scale, digits, n%scale)
}
