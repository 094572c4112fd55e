package app

import (
	"fmt"
	"math"
	"strings"

	"kvit/internal/calendar"
)

// Percent of the price of one zone, and of band 1 in hundredths, as the city's energy company has them.
var (
	zonePercent  = map[string]int64{"all": 100, "day": 115, "night": 75, "peak": 130, "half_peak": 100}
	bandsPercent = []int64{10000, 13633, 15719}
)

// catalog is the city's prices: those of its truth, and the habits of its suppliers.
func (c *synthCity) catalog() string {
	var b strings.Builder
	p := c.truth.Tariffs
	rate := func(v int64) string { return fmt.Sprintf("%d.%04d", v/10000, v%10000) }
	fmt.Fprintf(&b, `tariffs:
  - {service: cold_water, value: %[1]s, unit: RUB/m3}
  - {service: sewage, value: %[2]s, unit: RUB/m3}
  - {service: hot_water, component: water, value: %[1]s, unit: RUB/m3}
  - {service: hot_water, component: heat, value: %[3]s, unit: RUB/Gcal}
  - {service: heating, value: %[3]s, unit: RUB/Gcal}
`, rate(p["cold_water"]), rate(p["sewage"]), rate(p["heat"]))
	bands := int64(len(bandsPercent))
	if c.month < calendar.NewMonth(2025, 1) {
		bands = 0
	}
	for _, plan := range []struct{ name, zones string }{{"single", "all"}, {"two_zone", "day night"}, {"three_zone", "peak half_peak night"}} {
		for _, zone := range strings.Fields(plan.zones) {
			for category, percent := range map[string]int64{"gas_stove": 100, "electric_stove": 70} {
				first := round100(((p["electricity"]*zonePercent[zone]+50)/100*percent + 50) / 100)
				for band := int64(0); band < max(1, bands); band++ {
					word := ""
					if bands > 0 {
						word = fmt.Sprintf("band: %d, ", band+1)
					}
					fmt.Fprintf(&b, "  - {service: electricity, category: %s, plan: %s, zone: %s, %svalue: %s, unit: RUB/kWh}\n", category, plan.name, zone, word,
						rate(round100(first*bandsPercent[band]/10000)))
				}
			}
		}
	}
	b.WriteString("normatives:\n  - {service: hot_water, purpose: heat_of_water, value: 0.0598, unit: Gcal/m3}\n")
	if bands > 0 {
		b.WriteString("bands:\n  - {service: electricity, limits: [3900, 6000]}\n")
	}
	b.WriteString("policies:\n  - {policy: volumes, service: electricity, value: whole_down}\n  - {policy: volume_digits, service: hot_water, value: 6}\n  - {policy: volume_rounding, service: hot_water, value: down}\n")
	return b.String()
}

// round100 rounds ten-thousandths of a rouble to kopecks.
func round100(v int64) int64 { return int64(math.Round(float64(v)/100)) * 100 }
