package exchange

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/housing"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// place is an installation with two houses, a water company whose meters are read, and an energy company of its own words.
type place struct {
	t   *testing.T
	ctx context.Context
	d   *db.DB
	m   *Module
	dir string
	n   int
}

const placeHouses = `house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind
H1,,,,ул,Садовая,,5,,,1980,2,4,,mkd
H2,,,,ул,Садовая,,7,,,1980,2,4,,mkd
`

const placeSuppliers = `
- code: voda
  mode: compared
  services:
    - {name: Холодная вода, catalog: cold_water, digits: 4}
    - {name: Стоки, catalog: sewage, mode: computed}
- code: svet
  mode: compared
  services:
    - catalog: electricity
      categories: {tarif: {"город*": gas_stove, "село*": rural}}
      zones: {tarif: {"*двухставочный": {day: day, night: night}, "*": {day: all}}}
`

func newPlace(t *testing.T, d *db.DB) *place {
	t.Helper()
	p := &place{t: t, ctx: context.Background(), d: d, dir: t.TempDir()}
	now := func() calendar.Micros { return calendar.MicrosOf(time.Now()) }
	blobs, err := blob.Open(filepath.Join(p.dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	suppliers, houses := supplier.New(d, now), housing.New(d, now)
	p.m = New(Deps{DB: d, Blobs: blobs, Suppliers: suppliers, Houses: houses, Payments: payment.New(d, nil, time.UTC, now, slog.Default()), Dir: p.dir, Now: now, Log: slog.Default()})
	if _, err := houses.Load(p.ctx, strings.NewReader(placeHouses), "houses.csv"); err != nil {
		t.Fatal(err)
	}
	p.load(placeSuppliers)
	return p
}

func (p *place) load(suppliers string) {
	p.t.Helper()
	if _, err := p.m.suppliers.Load(p.ctx, strings.NewReader(suppliers)); err != nil {
		p.t.Fatal(err)
	}
}

// take takes a register of a month in: of water by readings, of energy by volumes of zones.
func (p *place) take(code, month string, rows ...string) {
	p.t.Helper()
	p.n++
	head, columns := "account;address;service;meter;before;now;used;charged;people;area", `{"account": "account", "address": "address", "service": "service", "reading_prev": "before", "reading_cur": "now",
		"volume": "used", "charge": "charged", "residents": "people", "area": "area"}`
	if code == "svet" {
		head, columns = "account;address;plan;d;n;charged", `{"account": "account", "address": "address", "tarif": "plan", "day": "d", "night": "n", "charge": "charged"}`
	}
	name := fmt.Sprintf("%s%d.csv", code, p.n)
	formats := fmt.Sprintf(`{"month": %q, "registers": [{"file": %q, "supplier": %q, "kind": "csv", "encoding": "utf-8", "delimiter": ";", "header_rows": 1, "money": "rub_dot", "period": %q, "columns": %s}]}`,
		month, name, code, month, columns)
	for file, text := range map[string]string{name: head + "\n" + strings.Join(rows, "\n") + "\n", "formats.json": formats} {
		if err := os.WriteFile(filepath.Join(p.dir, file), []byte(text), 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
	r, err := p.m.Intake(p.ctx, Request{Formats: filepath.Join(p.dir, "formats.json"), Paths: []string{filepath.Join(p.dir, name)}, Actor: "test"})
	if err != nil || len(r.Files) != 1 || r.Files[0].Refusal != nil || r.Files[0].Applied == 0 {
		p.t.Fatalf("%+v, %v", r, err)
	}
}

// facts tells the facts of a house as short texts.
func (p *place) facts(house string) (list []string) {
	p.t.Helper()
	err := p.d.Read(p.ctx, func(tx *db.Tx) error {
		list = nil
		b, err := housing.FindByCode(p.ctx, tx, house)
		if err != nil {
			return err
		}
		const ever = calendar.Micros(math.MaxInt64)
		set, err := fact.Gather(p.ctx, tx, b.ID, ever)
		if err != nil {
			return err
		}
		if set.Readings, err = fact.ListReadings(p.ctx, tx, b.ID, 0, ever); err != nil {
			return err
		}
		set.Volumes, err = fact.ListVolumes(p.ctx, tx, b.ID, 0, ever)
		list = shortFacts(set)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return list
}

func shortFacts(s *fact.Set) (list []string) {
	for _, x := range s.Subscriptions {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %d–%d %s", x.Service, x.Mode, x.From, x.Until, x.Category)))
	}
	for _, x := range s.Meters {
		list = append(list, fmt.Sprintf("meter %s %d–%d, %d digits, %d registers", x.Service, x.From, x.Until, x.Digits, x.Registers))
	}
	for _, x := range s.Readings {
		first := ""
		if x.Initial {
			first = " first"
		}
		list = append(list, fmt.Sprintf("read %d zone %d: %s%s", x.On, x.Zone, x.Value, first))
	}
	for _, x := range s.Volumes {
		list = append(list, fmt.Sprintf("used %s %s zone %d: %s", x.Service, x.Month, x.Zone, x.Value))
	}
	for _, x := range s.Premises {
		list = append(list, "area "+x.Area.String())
	}
	for _, x := range s.Stays {
		list = append(list, fmt.Sprintf("%d live here %d–%d", x.Persons, x.From, x.Until))
	}
	slices.Sort(list)
	return list
}

func (p *place) want(house string, want ...string) {
	p.t.Helper()
	want = slices.Sorted(slices.Values(want))
	if got := p.facts(house); !slices.Equal(got, want) {
		p.t.Errorf("facts of %s:\n%s\nwant:\n%s", house, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// rows counts all rows of facts ever written.
func (p *place) rows() (n int) {
	p.t.Helper()
	err := p.d.Read(p.ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(p.ctx, `SELECT (SELECT count(*) FROM charge_subscription) + (SELECT count(*) FROM charge_meter) + (SELECT count(*) FROM charge_reading) +
			(SELECT count(*) FROM charge_volume) + (SELECT count(*) FROM charge_premises) + (SELECT count(*) FROM charge_stay) + (SELECT count(*) FROM charge_touch)`).Scan(&n)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

const (
	flatOne = "ул Садовая, д 5, кв 1"
	water   = "70011;" + flatOne + ";ХОЛОДНАЯ ВОДА;;"
	drains  = "70011;" + flatOne + ";Стоки;;"
)

// TestFilesBringFactsOfCharging walks an account through months: what a file says becomes facts, what it repeats changes
// nothing, what another says otherwise supersedes that alone.
func TestFilesBringFactsOfCharging(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.take("voda", "2026-03", water+"9990;9995;5;100.00;2;40.5", drains+";;5;50.00;2;40.5")
		march := func(reading string) []string {
			return []string{
				"cold_water compared 20260301–0", "sewage computed 20260301–0", "meter cold_water 20260301–0, 4 digits, 1 registers", "area 40.5",
				"read 20260301 zone 0: 9990 first", "read 20260331 zone 0: " + reading, "used sewage 2026-03 zone 0: 5",
			}
		}
		p.want("H1", append(march("9995"), "2 live here 20260301–0")...)

		before := p.rows()
		p.take("voda", "2026-03", drains+";;5;50.00;2;40.5", water+"9990;9995;5;100.00;2;40.5")
		if n := p.rows(); n != before {
			t.Errorf("the same said again: %d rows of facts, were %d", n, before)
		}

		p.take("voda", "2026-03", water+"9990;9996;6;120.00;2;40.5", drains+";;5;50.00;2;40.5")
		p.want("H1", append(march("9996"), "2 live here 20260301–0")...)
		if n := p.rows(); n != before+2 { // a reading, and the touch of the building
			t.Errorf("one reading corrected: %d rows of facts, were %d", n, before)
		}

		p.take("voda", "2026-04", water+"9996;3;7;140.00;3;40.5", drains+";;7;70.00;3;40.5")
		p.want("H1", append(march("9996"), "2 live here 20260301–20260331", "3 live here 20260401–0", "read 20260430 zone 0: 3", "used sewage 2026-04 zone 0: 7")...)

		p.take("voda", "2026-04", water+";;7;140.00;3;40.5", drains+";;7;70.00;3;40.5")
		p.want("H1", append(march("9996"), "2 live here 20260301–20260331", "3 live here 20260401–0", "used cold_water 2026-04 zone 0: 7", "used sewage 2026-04 zone 0: 7")...)
	})
}

// TestZonesAndCategoriesByWords: an energy company with its own words of plans and volumes by zone needs no program.
func TestZonesAndCategoriesByWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.take("svet", "2026-03", "5001;"+flatOne+";город двухставочный;120;40;900.00", "5002;ул Садовая, д 5, кв 2;село;77;;500.00")
		p.want("H1", "electricity compared 20260301–0 gas_stove", "electricity compared 20260301–0 rural", "used electricity 2026-03 zone 1: 120", "used electricity 2026-03 zone 2: 40",
			"used electricity 2026-03 zone 0: 77")
		p.take("svet", "2026-05", "5001;"+flatOne+";село;100;;700.00")
		march := []string{"electricity compared 20260301–20260430 gas_stove", "electricity compared 20260501–0 rural", "used electricity 2026-03 zone 1: 120", "used electricity 2026-03 zone 2: 40",
			"used electricity 2026-03 zone 0: 77", "used electricity 2026-05 zone 0: 100"}
		p.want("H1", append(slices.Clone(march), "electricity compared 20260301–20260531 rural")...) // the file leaves 5002 out

		p.take("svet", "2026-05", "5002;ул Садовая, д 5, кв 2;село;30;;200.00") // another file of the month brings it
		p.want("H1", append(march, "electricity compared 20260301–0 rural", "used electricity 2026-05 zone 0: 30")...)
	})
}

// TestAServiceTwiceInAFile: two sums for a service are noted and charge nothing; what is known of it stays, and a later file
// that tells of it once settles it, be its figures those known before.
func TestAServiceTwiceInAFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		neighbour := "70012;ул Садовая, д 5, кв 2;Холодная вода;;10;14;4;80.00;1;33"
		twice := []string{water + "10;15;5;100.00;2;40.5", water + "10;15;5;130.00;2;40.5", neighbour}
		p.take("voda", "2026-03", twice...)
		p.wantDoubled("202603 2 100.00–130.00")
		p.take("voda", "2026-03", water+"10;15;5;100.00;2;40.5", neighbour)
		p.wantDoubled()
		known := p.facts("H1")
		p.take("voda", "2026-03", append(slices.Clone(twice), water+"10;15;5;90.00;2;40.5")...)
		p.wantDoubled("202603 3 90.00–130.00")
		if got := p.facts("H1"); !slices.Equal(got, known) {
			t.Errorf("facts are\n%q\nwere\n%q", got, known)
		}
		p.take("voda", "2026-03", neighbour, water+"10;15;5;100.00;2;40.5", drains+";;5;50.00;2;40.5")
		p.wantDoubled()
	})
}

// TestAModeBeginsWithTheFirstMonthNotCharged: whose figure a charged month has is settled; the file read again after the
// mode changed, or a corrected one, carries the new mode into the months to come, and a service ended by a change of mode is
// not begun again by a file of the month before.
func TestAModeBeginsWithTheFirstMonthNotCharged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		mode := func(word string) {
			p.load("- {code: voda, mode: " + word + ", services: [{name: Холодная вода, catalog: cold_water}]}")
		}
		mode("issued")
		p.take("voda", "2026-03", water+"10;15;5;100.00;2;40.5")
		rest := []string{"meter cold_water 20260301–0, 0 digits, 1 registers", "area 40.5", "2 live here 20260301–0", "read 20260301 zone 0: 10 first", "read 20260331 zone 0: 15"}
		p.charged("H1", 202603)
		mode("computed")
		p.n-- // the same file
		p.take("voda", "2026-03", water+"10;15;5;100.00;2;40.5")
		switched := append(slices.Clone(rest), "cold_water issued 20260301–20260331", "cold_water computed 20260401–0")
		p.want("H1", switched...)
		p.take("voda", "2026-03", water+"10;15;5;107.00;2;40.5")
		p.want("H1", switched...)
		if since := p.touched("H1"); since != 20260301 {
			t.Errorf("another figure of a charged month is noted from %d", since)
		}
		p.take("voda", "2026-04", water+"15;16;1;20.00;2;40.5")
		p.want("H1", append(switched, "read 20260430 zone 0: 16")...)
	})
}

// charged marks a house as charged in a month.
func (p *place) charged(house string, month int) {
	p.t.Helper()
	if _, err := p.d.Handle().ExecContext(p.ctx, `INSERT INTO charge_building (building_id, month, part, run_id, facts_at, recorded_at, households, lines, issues, amount_kop)
		SELECT building_id, $2, 0, 1, 1, 1, 0, 0, 0, 0 FROM building WHERE code = $1`, house, month); err != nil {
		p.t.Fatal(err)
	}
}

// touched is the first day that what was recorded last of a house is about.
func (p *place) touched(house string) (day int) {
	p.t.Helper()
	if err := p.d.Handle().QueryRowContext(p.ctx, "SELECT from_day FROM charge_touch t JOIN building b ON b.building_id = t.building_id WHERE b.code = $1 ORDER BY t.recorded_at DESC LIMIT 1", house).Scan(&day); err != nil {
		p.t.Fatal(err)
	}
	return day
}

// wantDoubled compares what is doubled in the first house.
func (p *place) wantDoubled(want ...string) {
	p.t.Helper()
	var got []string
	err := p.d.Read(p.ctx, func(tx *db.Tx) error {
		got = nil
		b, err := housing.FindByCode(p.ctx, tx, "H1")
		if err != nil {
			return err
		}
		list, err := charge.ListDoubled(p.ctx, tx, b.ID)
		for _, x := range list {
			got = append(got, fmt.Sprintf("%d %d %s–%s", int(x.Month), x.Told, x.Low, x.High))
		}
		return err
	})
	if err != nil || !slices.Equal(got, want) {
		p.t.Errorf("doubled %q, want %q, %v", got, want, err)
	}
}

// TestFactsFollowTheAccount: an account a person moves takes its facts along; a file that came before the services were
// mapped is read again.
func TestFactsFollowTheAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d)
		p.load("- {code: voda}")
		p.take("voda", "2026-03", water+"10;15;5;100.00;2;40.5")
		p.want("H1")
		p.load(placeSuppliers)
		p.n-- // the same file
		p.take("voda", "2026-03", water+"10;15;5;100.00;2;40.5")
		there := []string{"cold_water compared 20260301–0", "meter cold_water 20260301–0, 4 digits, 1 registers", "read 20260301 zone 0: 10 first", "read 20260331 zone 0: 15"}
		there = append(there, "area 40.5", "2 live here 20260301–0")
		p.want("H1", there...)

		if err := p.m.Move(p.ctx, access.Actor{Role: access.System}, "voda", "70011", "H2", "mistake"); err != nil {
			t.Fatal(err)
		}
		p.want("H2", there...)
		for _, x := range p.facts("H1") {
			if strings.HasPrefix(x, "cold_water") {
				t.Errorf("left behind: %s", x)
			}
		}
		if n := p.orphans(); n != 0 {
			t.Errorf("%d subscriptions are in no household of their account", n)
		}
	})
}

// orphans counts subscriptions in force whose household is not their account's.
func (p *place) orphans() (n int) {
	p.t.Helper()
	err := p.d.Read(p.ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(p.ctx, `SELECT count(*) FROM charge_subscription s WHERE s.mode <> ''
			AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = s.building_id AND n.account_id = s.account_id AND n.service = s.service
				AND n.valid_from = s.valid_from AND n.recorded_at > s.recorded_at)
			AND NOT EXISTS (SELECT 1 FROM household_link l WHERE l.building_id = s.building_id AND l.account_id = s.account_id AND l.household_id = s.household_id AND l.household_id <> 0)`).Scan(&n)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}
