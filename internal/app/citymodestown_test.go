package app

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/money"
)

// modesTown is a town whose suppliers pass from their own figures to Kvit's and back, month after month, with a book of its
// own beside the program's: every figure of it is made of what the town drew, none of what the program says.
type modesTown struct {
	t     *testing.T
	ctx   context.Context
	a     *App
	rng   *rand.Rand
	dir   string
	files int
	list  []*modesAccount
	byDay map[calendar.Date]map[string]money.Amount // payments by the payer's day and supplier
}

// modesAccount is an account with what it is charged and what is paid on it.
type modesAccount struct {
	supplier, number, address string
	opening                   money.Amount // before the first month, as the supplier says
	shown                     int64        // by the meter at the end of the last month read, in thousandths or kWh
	used                      map[calendar.Month]int64
	issued                    map[calendar.Month]money.Amount // the supplier's own figure
	paid                      map[calendar.Month]money.Amount
	before                    map[calendar.Month]int64 // the reading the month began with
}

const (
	modesFirst  = calendar.Month(202603) // everything is the suppliers' figures
	modesSecond = calendar.Month(202604) // water is Kvit's
	modesThird  = calendar.Month(202605) // electricity too, and dearer
	modesFourth = calendar.Month(202606) // water is the supplier's again
)

// modesCatalog is in force from the first month; prices of the third are others.
const modesCatalog = `policies:
  - {policy: penalty, value: none}
tariffs:
  - {service: cold_water, from: 2026-01-01, until: 2026-04-30, value: 40.13, unit: RUB/m3}
  - {service: cold_water, from: 2026-05-01, value: 44.57, unit: RUB/m3}
  - {service: sewage, from: 2026-01-01, until: 2026-04-30, value: 33.31, unit: RUB/m3}
  - {service: sewage, from: 2026-05-01, value: 35.09, unit: RUB/m3}
  - {service: electricity, from: 2026-01-01, until: 2026-04-30, value: 6.31, unit: RUB/kWh}
  - {service: electricity, from: 2026-05-01, value: 7.02, unit: RUB/kWh}
`

// modesPrice are the same prices in kopecks of a cubic metre or a kWh.
func modesPrice(m calendar.Month) (cold, sewage, power int64) {
	if m >= modesThird {
		return 4457, 3509, 702
	}
	return 4013, 3331, 631
}

// modesSuppliers says whose figures are charged.
func modesSuppliers(water, power string) string {
	return fmt.Sprintf(`
- code: voda
  mode: %s
  services:
    - {name: ХВС, catalog: cold_water}
    - {name: ВО, catalog: sewage}
- code: svet
  mode: %s
  services:
    - {title: электроэнергия, catalog: electricity}
`, water, power)
}

func newModesTown(t *testing.T, d *db.DB, houses, flats int) *modesTown {
	t.Helper()
	a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	c := &modesTown{t: t, ctx: context.Background(), a: a, rng: rand.New(rand.NewPCG(20260301, 4)), dir: t.TempDir(), byDay: map[calendar.Date]map[string]money.Amount{}}
	path := c.write("catalog.yaml", modesCatalog)
	if r, err := a.LoadCatalog(c.ctx, "test", []string{path}); err != nil || !r.OK {
		t.Fatalf("%+v, %v", r, err)
	}
	register := "house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind\n"
	for h := range houses {
		register += fmt.Sprintf("H%d,,,,ул,Садовая,,%d,,,1980,5,%d,,mkd\n", h+1, 2*h+1, flats)
		for flat := range flats {
			for s, code := range []string{"voda", "svet"} {
				c.list = append(c.list, &modesAccount{
					supplier: code, number: fmt.Sprintf("%d%03d%03d", 7+s, h+1, flat+1), address: fmt.Sprintf("ул Садовая, д %d, кв %d", 2*h+1, flat+1),
					opening: money.Amount(c.rng.Int64N(500_000) - 100_000), shown: c.rng.Int64N(90_000_000), used: map[calendar.Month]int64{},
					issued: map[calendar.Month]money.Amount{}, paid: map[calendar.Month]money.Amount{}, before: map[calendar.Month]int64{},
				})
			}
		}
	}
	if _, err := a.Houses.Load(c.ctx, strings.NewReader(register), "houses.csv"); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *modesTown) write(name, text string) string { return written(c.t, c.dir, name, text) }

// written writes a text file and gives its path.
func written(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// modes says whose figures are charged from now on.
func (c *modesTown) modes(water, power string) {
	c.t.Helper()
	if _, err := c.a.Suppliers.Load(c.ctx, strings.NewReader(modesSuppliers(water, power))); err != nil {
		c.t.Fatal(err)
	}
}

// live draws what everybody used in a month, what the suppliers charge for it by themselves, and who paid when.
func (c *modesTown) live(m calendar.Month) {
	c.t.Helper()
	operation := 0
	lines := []string{"date;operation;supplier;account;amount"}
	for _, a := range c.list {
		a.before[m] = a.shown
		a.used[m] = c.rng.Int64N(9_000) * c.rng.Int64N(4) / 2 // some used nothing
		if a.supplier == "svet" {
			a.used[m] /= 20
		}
		a.shown += a.used[m]
		a.issued[m] = money.Amount(c.rng.Int64N(200_000))
		for range c.rng.IntN(3) {
			operation++
			day, sum := m.First().AddDays(c.rng.IntN(28)), money.Amount(1+c.rng.Int64N(90_000))
			a.paid[m] += sum
			if c.byDay[day] == nil {
				c.byDay[day] = map[string]money.Amount{}
			}
			c.byDay[day][a.supplier] += sum
			lines = append(lines, fmt.Sprintf("%s;%d%05d;%s;%s;%s", day, int(m), operation, a.supplier, a.number, roubles(int64(sum))))
		}
	}
	c.take(m, "kassa", strings.Join(lines, "\n")+"\n", `"purpose": "payments", "columns": {"date": "date", "operation": "operation", "supplier": "supplier", "account": "account", "amount": "amount"}`)
}

func roubles(kopecks int64) string {
	sign := ""
	if kopecks < 0 {
		sign, kopecks = "-", -kopecks
	}
	return fmt.Sprintf("%s%d.%02d", sign, kopecks/100, kopecks%100)
}

// take takes a file in.
func (c *modesTown) take(m calendar.Month, who, text, sheet string) {
	c.t.Helper()
	c.files++
	name := fmt.Sprintf("%s_%s_%d.csv", who, m, c.files)
	path, list, other := c.write(name, text), "registers", "payments"
	if who == "kassa" {
		list, other = other, list
	} else {
		sheet = fmt.Sprintf(`"supplier": %q, `, who) + sheet
	}
	formats := c.write("formats.json", fmt.Sprintf(`{"month": %q, %q: [], %q: [{"file": %q, "kind": "csv", "encoding": "utf-8", "delimiter": ";", "header_rows": 1, "money": "rub_dot", "period": %q, %s}]}`,
		m, other, list, name, m, sheet))
	r, err := c.a.Exchange.Intake(c.ctx, exchange.Request{Formats: formats, Paths: []string{path}, Actor: "test"})
	if err != nil || len(r.Files) != 1 || r.Files[0].Refusal != nil || r.Files[0].Applied != r.Files[0].Rows {
		c.t.Fatalf("%s: %+v, %v", name, r, err)
	}
}

// send sends a supplier's register of a month: he opens with balances as they stand, his own figures on top.
func (c *modesTown) send(m calendar.Month, supplier string) {
	c.t.Helper()
	lines := []string{"account;address;service;before;now;used;opening;charged;paid;due"}
	for _, a := range c.list {
		if a.supplier != supplier {
			continue
		}
		open, charge, paid := a.stood(m), a.issued[m], a.paid[m]
		row := func(service, before, now, used string, open, charge, paid money.Amount) {
			lines = append(lines, strings.Join([]string{a.number, a.address, service, before, now, used, roubles(int64(open)), roubles(int64(charge)), roubles(int64(paid)), roubles(int64(open + charge - paid))}, ";"))
		}
		if supplier == "svet" {
			row("", strconv.FormatInt(a.before[m], 10), strconv.FormatInt(a.before[m]+a.used[m], 10), "", open, charge, paid)
			continue
		}
		row("ХВС", litres(a.before[m]), litres(a.before[m]+a.used[m]), litres(a.used[m]), open, charge/2, paid)
		row("ВО", "", "", litres(a.used[m]), 0, charge-charge/2, 0)
	}
	c.take(m, supplier, strings.Join(lines, "\n")+"\n", `"columns": {"account": "account", "address": "address", "service": "service", "reading_prev": "before", "reading_cur": "now", "volume": "used",
		"opening": "opening", "charge": "charged", "paid": "paid", "due": "due"}`)
}

func litres(v int64) string { return fmt.Sprintf("%d.%03d", v/1000, v%1000) }

// charge charges a month, closes it, and finds the program's book whole.
func (c *modesTown) charge(m calendar.Month) {
	c.t.Helper()
	r, err := c.a.ChargeMonth(c.ctx, "olga", m, nil, nil)
	if err != nil || !r.OK() {
		c.t.Fatalf("%+v, %v", r, err)
	}
	if err := c.a.Charges.Close(c.ctx, m, "vera"); err != nil {
		c.t.Fatal(err)
	}
}
