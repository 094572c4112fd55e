package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/exchange"
)

// synthCity is a city made by the generator beside the repository, taken in, with its services mapped into a catalogue of
// its prices.
type synthCity struct {
	t     *testing.T
	ctx   context.Context
	app   *App
	dir   string
	month calendar.Month
	truth struct {
		Households []synthHousehold
		Tariffs    map[string]int64
		Aliases    map[string]string
		Absent     [][]string // supplier, account, household
		Defects    []struct{ Supplier, Household string }
	}
}

type synthHousehold struct {
	ID    string
	House string
	Flats []int
	Acc   [][]any // supplier, account, charge, due, paid
	Calc  struct {
		CW, HW, Irr, SW int64
	}
}

// has tells whether the household has an account of a supplier.
func (h *synthHousehold) has(supplier string) bool {
	return slices.ContainsFunc(h.Acc, func(a []any) bool { return a[0] == supplier })
}

// makeSynthCity makes the files of a city; it skips loudly where the generator is not at hand.
func makeSynthCity(t *testing.T, households, seed int, month string, defects string) *synthCity {
	t.Helper()
	if testing.Short() {
		t.Skip("a whole city on SQLite: not under the race detector")
	}
	tool, err := filepath.Abs("../../../shared/tools/synthcity.py")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(tool); err != nil {
		t.Skip("ПРОПУЩЕНО: нет ../shared/tools/synthcity.py рядом с репозиторием, начисления города не сверены")
	}
	c := &synthCity{t: t, ctx: context.Background(), dir: filepath.Join(t.TempDir(), "city")}
	if c.month, err = calendar.ParseMonth(month); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("python3", tool, "--households", fmt.Sprint(households), "--seed", fmt.Sprint(seed), "--out", c.dir, "--month", month, "--defects", defects).CombinedOutput()
	if err != nil {
		t.Fatalf("synthcity: %v\n%s", err, out)
	}
	body, err := os.ReadFile(filepath.Join(c.dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &c.truth); err != nil {
		t.Fatal(err)
	}
	return c
}

// take opens a program, and takes the city in.
func (c *synthCity) take() {
	c.t.Helper()
	var err error
	if c.app, err = Open(c.ctx, Settings{Data: c.t.TempDir()}); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(c.app.Close)
	catalog := filepath.Join(c.t.TempDir(), "city.yaml")
	if err := os.WriteFile(catalog, []byte(c.catalog()), 0o600); err != nil {
		c.t.Fatal(err)
	}
	report, err := c.app.LoadCatalog(c.ctx, "test", []string{catalog})
	if err != nil || !report.OK {
		c.t.Fatalf("%+v, %v", report, err)
	}
	suppliers, err := os.Open("testdata/synthcity_suppliers.yaml")
	if err != nil {
		c.t.Fatal(err)
	}
	defer suppliers.Close()
	if _, err := c.app.Suppliers.Load(c.ctx, suppliers); err != nil {
		c.t.Fatal(err)
	}
	houses, err := os.Open(filepath.Join(c.dir, "registry", "houses.csv"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer houses.Close()
	if _, err := c.app.Houses.Load(c.ctx, houses, "houses.csv"); err != nil {
		c.t.Fatal(err)
	}
	c.intake()
}

func (c *synthCity) intake() {
	c.t.Helper()
	r, err := c.app.Exchange.Intake(c.ctx, exchange.Request{Formats: filepath.Join(c.dir, "formats.json"), Paths: []string{c.dir}, Actor: "test"})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range r.Files {
		if f.Refusal != nil {
			c.t.Fatalf("%s: %+v", f.File, f.Refusal)
		}
	}
}

// charge runs the month and gives the differences.
func (c *synthCity) charge() []ChargeDifference {
	c.t.Helper()
	r, err := c.app.ChargeMonth(c.ctx, "test", c.month, nil, nil)
	if err != nil || !r.OK() {
		c.t.Fatalf("%+v, %v", r, err)
	}
	if len(r.Reasons) > 0 {
		c.t.Logf("reasons: %+v", r.Reasons)
	}
	list, err := c.app.CompareCharges(c.ctx, c.month)
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

// TestCityEqualsItsSuppliers: every line of a clean city that Kvit computes is its supplier's to the kopeck.
func TestCityEqualsItsSuppliers(t *testing.T) {
	inOrder(t)
	for _, x := range cityCases() {
		t.Run(x.month, func(t *testing.T) {
			c := makeSynthCity(t, x.households, x.seed, x.month, "0")
			c.take()
			var seconds []ChargeDifference
			for i, d := range c.charge() {
				if c.second(d.Supplier, d.Account) {
					seconds = append(seconds, d)
				} else if i < 20 {
					t.Errorf("%+v", d)
				}
			}
			c.sums(seconds)
		})
	}
}

// sums compares what Kvit charged for each service of the whole city with the city's truth.
func (c *synthCity) sums(known []ChargeDifference) {
	c.t.Helper()
	want := map[string]int64{}
	for _, d := range known {
		want["electricity"] += int64(d.Ours - d.Theirs)
	}
	for _, h := range c.truth.Households {
		for _, of := range []struct {
			service, supplier, tariff string
			litres                    int64
		}{{"cold_water", "vodokanal", "cold_water", h.Calc.CW}, {"irrigation", "vodokanal", "cold_water", h.Calc.Irr}, {"sewage", "vodokanal", "sewage", h.Calc.SW}} {
			want[of.service] += (of.litres*c.truth.Tariffs[of.tariff] + 50_000) / 100_000
		}
		want["hot_water"] += (h.Calc.HW*c.truth.Tariffs["cold_water"]+50_000)/100_000 + (h.Calc.HW*598/10*c.truth.Tariffs["heat"]+50_000_000)/100_000_000
		for _, a := range h.Acc {
			if a[0] == "energosbyt" {
				want["electricity"] += int64(a[2].(float64))
			}
		}
	}
	for service, sum := range want {
		var got int64
		err := c.app.DB.Read(c.ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(c.ctx, `SELECT CAST(coalesce(sum(l.amount_kop), 0) AS BIGINT) FROM charge_line l JOIN charge_service s ON s.service_no = l.service_no
				WHERE s.code = $1 AND l.month = $2`, service, int64(c.month)).Scan(&got)
		})
		if err != nil || got != sum {
			c.t.Errorf("%s: charged %d, want %d; %v", service, got, sum, err)
		}
	}
}

// household is the household of an account as a difference prints it.
func (c *synthCity) household(d *ChargeDifference) string {
	key := d.Supplier + ":" + d.Account
	if real, ok := c.truth.Aliases[key]; ok {
		key = real
	}
	for _, h := range c.truth.Households {
		for _, a := range h.Acc {
			if fmt.Sprint(a[0], ":", a[1]) == key {
				return h.ID
			}
		}
	}
	return key
}

// second tells whether an account is the other electricity account of flats made one: the generator prices its one
// register as the first zone of the other account's meter, which no file tells.
func (c *synthCity) second(supplier, account string) bool {
	for _, h := range c.truth.Households {
		seen := 0
		for _, a := range h.Acc {
			if a[0] == "energosbyt" {
				seen++
			}
			if a[0] == supplier && a[1] == account {
				return supplier == "energosbyt" && seen > 1
			}
		}
	}
	return false
}

// damaged tells whether the account that a household is said to lack is not in the file, or came in a damaged row.
func (c *synthCity) damaged(d *ChargeDifference) bool {
	for _, h := range c.truth.Households {
		if h.House != d.House || (d.Flat != "" || len(h.Flats) > 0) && !slices.ContainsFunc(h.Flats, func(f int) bool {
			return slices.Contains(strings.FieldsFunc(d.Flat, func(r rune) bool { return !unicode.IsDigit(r) }), strconv.Itoa(f))
		}) {
			continue
		}
		for _, a := range c.truth.Absent {
			if a[0] == d.Supplier && a[2] == h.ID {
				return true
			}
		}
		for _, x := range c.truth.Defects {
			if x.Supplier == d.Supplier && x.Household == h.ID {
				return true
			}
		}
	}
	return false
}

type cityCase struct {
	month            string
	households, seed int
}

// cityCases are months to try: all of them where KVIT_CITY_CASES is set.
func cityCases() []cityCase {
	if os.Getenv("KVIT_CITY_CASES") == "" {
		return []cityCase{{"2026-07", 300, 5}}
	}
	return []cityCase{{"2022-01", 600, 1}, {"2024-12", 600, 2}, {"2025-01", 1000, 3}, {"2026-05", 1000, 4}, {"2026-07", 1000, 5}, {"2026-10", 1000, 6}, {"2027-07", 600, 7}}
}

// TestCityDefectsAreNamed: of a city with errors exactly the households are named that have no account of hot water, whose
// volume their sewage is made of. The other errors touch no sum that is compared.
func TestCityDefectsAreNamed(t *testing.T) {
	inOrder(t)
	x := cityCase{"2026-07", 700, 11}
	c := makeSynthCity(t, x.households, x.seed, x.month, "2")
	c.take()
	want, got := map[string]bool{}, map[string]bool{}
	for _, a := range c.truth.Absent {
		for _, h := range c.truth.Households {
			if a[0] == "teploset" && h.ID == a[2] && h.Calc.HW > 0 && h.Calc.SW > 0 && h.has("vodokanal") {
				want[h.ID] = true
			}
		}
	}
	list := c.charge()
	for i := range list {
		d := &list[i]
		if c.second(d.Supplier, d.Account) {
			continue
		}
		if d.Cause == charge.CauseAbsent {
			if !c.damaged(d) {
				t.Errorf("nothing is wrong with %+v", *d)
			}
			continue
		}
		got[c.household(d)] = true
		if d.Service != "ВО" || d.Cause != charge.CauseLinkedMissing || d.Of != "hot_water" {
			t.Errorf("%+v", *d)
		}
	}
	if len(want) == 0 || !maps.Equal(got, want) {
		t.Errorf("named %v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}
