package city

import (
	"fmt"
	"os"
	"strings"
)

// HouseMetersFile is what the houses' own meters (ОДПУ) measured, as facts of charging tell it.
const HouseMetersFile = "house_meters.yaml"

// Losses of houses, percent of what the flats used: usual ones, and of a house whose pipe or wire leaks.
const (
	lossLeast, lossMost = 2, 9
	leakLeast, leakMost = 35, 60
	leaking             = 8 // percent of houses
)

// houseMeter is what a house and its flats used of one resource in the month, in litres or kWh.
type houseMeter struct {
	House int64 `json:"house"`
	Flats int64 `json:"flats"` // whose accounts are in the supplier's register
	Lost  int64 `json:"lost"`
	Leaks bool  `json:"leaks,omitempty"`
}

// measured are the resources of a house by their codes of the catalogue.
type measured struct {
	Cold  *houseMeter `json:"cold_water"`
	Power *houseMeter `json:"electricity"`
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
			m = &measured{Cold: &houseMeter{}, Power: &houseMeter{}}
			all[hh.house.id] = m
		}
		for _, a := range hh.accounts {
			switch {
			case a.trade == waterTrade:
				m.Cold.Flats += hh.calc.cold
			case a.trade == powerTrade && a.power != nil:
				m.Power.Flats += a.power.total()
			}
		}
	}
	for id, m := range all {
		r := seeded(t.seed, "house meter/"+id, 0)
		m.Cold.lose(r)
		m.Power.lose(r)
	}
	return all
}

func (m *houseMeter) lose(r *rng) {
	percent := int64(r.between(lossLeast, lossMost))
	if m.Leaks = r.percent(leaking); m.Leaks {
		percent = int64(r.between(leakLeast, leakMost))
	}
	m.Lost = m.Flats * percent / 100
	m.House = m.Flats + m.Lost
}

// writeHouseMeters writes what the houses used, for «kvit facts load».
func (t *town) writeHouseMeters(path string, all map[string]*measured) error {
	var b strings.Builder
	b.WriteString("# Показания общедомовых счётчиков города " + townName + " за " + t.month.String() + ". Вымышлены. kvit facts load " + HouseMetersFile + "\n")
	for _, h := range t.houses {
		m := all[h.id]
		if m == nil || m.Cold.House+m.Power.House == 0 {
			continue
		}
		fmt.Fprintf(&b, "- house: %s\n  resources:\n", h.id)
		if m.Cold.House > 0 {
			fmt.Fprintf(&b, "  - {service: cold_water, month: %s, volume: %d.%03d}\n", t.month, m.Cold.House/1000, m.Cold.House%1000)
		}
		if m.Power.House > 0 {
			fmt.Fprintf(&b, "  - {service: electricity, month: %s, volume: %d}\n", t.month, m.Power.House)
		}
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}
