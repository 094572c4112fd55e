package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// setSuppliers are suppliers of another kind than those of the made-up cities: hot water of one component, sewage of
// another company than water, three zones of the day by volumes, gas without a meter, heat by twelfths, common water that
// the managing company charges by the normative.
const setSuppliers = `
- {code: voda, mode: compared, services: [{name: ХВС, catalog: cold_water}]}
- {code: kanal, mode: compared, services: [{title: водоотведение, catalog: sewage}]}
- code: teplo
  mode: compared
  services:
    - {name: ГВС, catalog: hot_water}
    - {name: Отопление 1/12, catalog: heating}
- {code: svet, mode: compared, services: [{title: электроэнергия, catalog: electricity}]}
- {code: gaz, mode: compared, services: [{title: газ, catalog: gas}]}
- code: uk
  mode: compared
  services:
    - {name: Содержание, catalog: maintenance}
    - {name: ХВ на СОИ, catalog: cold_water_common}
`

const setCatalog = `tariffs:
  - {service: cold_water, value: 41.27, unit: RUB/m3}
  - {service: sewage, value: 36.83, unit: RUB/m3}
  - {service: hot_water, value: 231.59, unit: RUB/m3}
  - {service: heating, value: 2871.43, unit: RUB/Gcal}
  - {service: electricity, plan: three_zone, zone: peak, value: 9.17, unit: RUB/kWh}
  - {service: electricity, plan: three_zone, zone: half_peak, value: 7.03, unit: RUB/kWh}
  - {service: electricity, plan: three_zone, zone: night, value: 3.89, unit: RUB/kWh}
  - {service: gas, value: 8.93, unit: RUB/m3}
  - {service: maintenance, value: 27.44, unit: RUB/m2/month}
normatives:
  - {service: gas, value: 11.3, unit: m3/person/month}
  - {service: heating, value: 0.0217, unit: Gcal/m2/month, months: [1, 2, 3, 4, 10, 11, 12]}
  - {service: cold_water, purpose: common, value: 0.029, unit: m3/m2/month}
`

// setFlat is a flat and what it used: litres, kWh, people, hundredths of a square metre.
type setFlat struct {
	house, number                  string
	address                        string
	cold, hot, peak, half, night   int64
	people, area, houseArea, foyer int64
}

// setRow is a row of a register: whose, which service, and what the supplier charges.
type setRow struct {
	supplier, account, service string
	charge                     int64
	rest                       string // before;now;used;peak;half;night;people;area
}

// rounded is n ÷ d, half up.
func rounded(n, d int64) int64 { return (2*n + d) / (2 * d) }

// rows are what the suppliers of a flat charge it, by their own arithmetic.
func (f *setFlat) rows() []setRow {
	show := func(v int64, digits int64) string {
		return fmt.Sprintf("%d.%0*d", v/pow10(digits), int(digits), v%pow10(digits))
	}
	return []setRow{
		{"voda", "1" + f.number, "ХВС", rounded(f.cold*4127, 1000), "17.250;" + show(17250+f.cold, 3) + ";;;;;;"},
		{"kanal", "2" + f.number, "", rounded((f.cold+f.hot)*3683, 1000), ";;" + show(f.cold+f.hot, 3) + ";;;;;"},
		{"teplo", "3" + f.number, "ГВС", rounded(f.hot*23159, 1000), ";;" + show(f.hot, 3) + ";;;;;"},
		{"teplo", "3" + f.number, "Отопление 1/12", rounded(f.area*217*287143*7, 100*10000*12), ";;;;;;;" + show(f.area, 2)},
		{"svet", "4" + f.number, "", f.peak*917 + f.half*703 + f.night*389, fmt.Sprintf(";;;%d;%d;%d;;", f.peak, f.half, f.night)},
		{"gaz", "5" + f.number, "", rounded(f.people*113*893, 10), fmt.Sprintf(";;;;;;%d;", f.people)},
		{"uk", "6" + f.number, "Содержание", rounded(f.area*2744, 100), ";;;;;;;" + show(f.area, 2)},
		{"uk", "6" + f.number, "ХВ на СОИ", rounded(29*f.foyer*f.area*4127, 1000*100*f.houseArea), ";;;;;;;" + show(f.area, 2)},
	}
}

func pow10(n int64) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// TestOtherSetsOfSuppliers: each line of such a town is its supplier's to the kopeck; of sums changed each is named, and
// nothing else.
func TestOtherSetsOfSuppliers(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		month, rng := calendar.NewMonth(2026, 7), rand.New(rand.NewPCG(7, 2026))
		var rows []setRow
		var flats []*setFlat
		for house := range 3 {
			total := int64(0)
			for flat := range 5 {
				f := &setFlat{house: fmt.Sprintf("H%d", house+1), number: fmt.Sprintf("%02d%02d", house+1, flat+1), address: fmt.Sprintf("ул Садовая, д %d, кв %d", 2*house+1, flat+1),
					cold: rng.Int64N(9000), hot: rng.Int64N(5000), peak: rng.Int64N(3) * 40, half: 1 + rng.Int64N(200), night: rng.Int64N(3) * 30, people: rng.Int64N(4), area: 3000 + rng.Int64N(5000), foyer: 6140 + int64(house)*311}
				total += f.area
				flats = append(flats, f)
			}
			for _, f := range flats[len(flats)-5:] {
				f.houseArea = total
			}
		}
		address := map[string]string{}
		for _, f := range flats {
			for _, r := range f.rows() {
				rows, address[r.account] = append(rows, r), f.address
			}
		}
		named := func(plant map[int]int64) map[string]bool {
			t.Helper()
			a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			town := &setTown{t: t, ctx: context.Background(), a: a, dir: t.TempDir(), month: month}
			town.found(flats)
			return town.differences(rows, address, plant)
		}
		plant := map[int]int64{}
		for i := range 8 { // one of each service
			plant[i+8*rng.IntN(len(flats))] = 1 + rng.Int64N(500)
		}
		want := map[string]bool{}
		for i := range plant {
			want[rows[i].supplier+":"+rows[i].account+":"+rows[i].service] = true
		}
		if got := named(nil); len(got) > 0 {
			t.Errorf("nothing was changed, named are %q", slices.Sorted(maps.Keys(got)))
		}
		if got := named(plant); !maps.Equal(got, want) {
			t.Errorf("named %q\nwant %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
	})
}

// setTown is a program that takes such a town in.
type setTown struct {
	t     *testing.T
	ctx   context.Context
	a     *App
	dir   string
	month calendar.Month
}

// found loads prices, suppliers, houses and what is known of them.
func (c *setTown) found(flats []*setFlat) {
	c.t.Helper()
	houses, facts := "", ""
	for i := 0; i < len(flats); i += 5 {
		f := flats[i]
		houses += fmt.Sprintf("%s,,,,ул,Садовая,,%d,,,1980,5,5,,mkd\n", f.house, 2*(i/5)+1)
		facts += fmt.Sprintf("- {house: %s, area: %d.%02d, common_area: %d.%02d, heating: {mode: even}}\n", f.house, f.houseArea/100, f.houseArea%100, f.foyer/100, f.foyer%100)
	}
	c.load(setCatalog, setSuppliers, houses)
	c.tell(facts)
}

func (c *setTown) write(name, text string) string { return written(c.t, c.dir, name, text) }

// differences takes the registers in, some sums changed, charges the month and gives what is named.
func (c *setTown) differences(rows []setRow, address map[string]string, plant map[int]int64) map[string]bool {
	c.t.Helper()
	text := map[string]string{}
	for i, r := range rows {
		sum := r.charge + plant[i]
		text[r.supplier] += strings.Join([]string{r.account, address[r.account], r.service, roubles(sum), r.rest}, ";") + "\n"
	}
	var sheets []string
	for supplier, body := range text {
		c.write(supplier+".csv", "account;address;service;charged;before;now;used;peak;half;night;people;area\n"+body)
		sheets = append(sheets, fmt.Sprintf(`{"file": "%[1]s.csv", "supplier": "%[1]s", "kind": "csv", "encoding": "utf-8", "delimiter": ";", "header_rows": 1, "money": "rub_dot", "period": "%[2]s", "columns": {"account": "account",
			"address": "address", "service": "service", "charge": "charged", "reading_prev": "before", "reading_cur": "now", "volume": "used", "peak": "peak", "half_peak": "half", "night": "night", "residents": "people", "area": "area"}}`, supplier, c.month))
	}
	formats := c.write("formats.json", fmt.Sprintf(`{"month": %q, "registers": [%s]}`, c.month, strings.Join(sheets, ",")))
	c.take(formats)
	report, err := c.a.ChargeMonth(c.ctx, "test", c.month, nil, nil)
	if err != nil || !report.OK() {
		c.t.Fatalf("%+v, %v", report, err)
	}
	list, err := c.a.CompareCharges(c.ctx, c.month)
	if err != nil {
		c.t.Fatal(err)
	}
	got := map[string]bool{}
	for _, x := range list {
		if got[x.Supplier+":"+x.Account+":"+x.Service] = true; len(plant) == 0 {
			c.t.Logf("%+v", x)
		}
	}
	return got
}
