package tariff_test

import (
	"context"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/tariff"
)

type clock calendar.Micros

func (c *clock) now() calendar.Micros { *c++; return calendar.Micros(*c) }

func file(name, body string) tariff.File {
	return tariff.File{Name: name, Body: strings.NewReader(body)}
}

func price(t *testing.T, c *tariff.Catalog, service string) (list []string) {
	t.Helper()
	for i := range c.Rates {
		if c.Rates[i].Service == service {
			list = append(list, c.Rates[i].Value.String())
		}
	}
	return list
}

func TestFilesOfTheCatalogueAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var c clock
		m := tariff.New(d, c.now)
		load := func(ok bool, files ...tariff.File) *tariff.Report {
			t.Helper()
			r, err := m.Load(ctx, "cli", files)
			if err != nil || r.OK != ok {
				t.Fatalf("%v, %+v", err, r)
			}
			return r
		}
		now := func() *tariff.Catalog {
			t.Helper()
			got, err := m.Current(ctx, c.now())
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := now(); got.Rows() != tariff.Standard().Rows() {
			t.Errorf("an empty installation has %d rows", got.Rows())
		}
		r := load(true, file("dir/one.yaml", "tariffs:\n  - {service: cold_water, value: 38.27, from: 2026-01-01, status: invented}\n"))
		if len(r.Marks) != 1 || r.Marks[0] != (tariff.Mark{Table: "tariffs", Status: tariff.Invented, Rows: 1}) || r.Files[0].File != "one.yaml" {
			t.Errorf("%+v", r)
		}
		before := c.now()
		if r := load(true, file("one.yaml", "tariffs:\n  - {service: cold_water, value: 38.27, from: 2026-01-01, status: invented}\n")); !r.Files[0].Known {
			t.Error("the same file is not known")
		}
		r = load(false, file("two.yaml", "tariffs:\n  - {service: cold_water, value: 40, from: 2026-07-01}\n"), file("three.yaml", "tariffs:\n  - {service: sewage, value: 40}\n"))
		if r.Faults[0].Code != "catalog.overlap" || !strings.Contains(r.Faults[0].Message, "one.yaml:2") {
			t.Errorf("%v", r.Faults)
		}
		if got := price(t, now(), "sewage"); got != nil {
			t.Errorf("a refused load left %v", got)
		}
		load(true, file("two.yaml", "tariffs:\n  - {service: cold_water, value: 38.27, from: 2026-01-01, until: 2026-06-30}\n  - {service: cold_water, value: 40, from: 2026-07-01}\n"))
		if got := price(t, now(), "cold_water"); len(got) != 2 || got[1] != "40" {
			t.Errorf("closed and continued: %v", got)
		}
		load(true, file("two.yaml", "tariffs:\n  - {service: cold_water, value: 39, from: 2026-01-01}\n"))
		if got := price(t, now(), "cold_water"); len(got) != 1 || got[0] != "39" {
			t.Errorf("another file of the same name: %v", got)
		}
		old, err := m.Current(ctx, before)
		if err != nil {
			t.Fatal(err)
		}
		if got := price(t, old, "cold_water"); len(got) != 1 || got[0] != "38.27" {
			t.Errorf("as of before: %v", got)
		}
		checked, err := m.Check(ctx, nil)
		if err != nil || !checked.OK || len(checked.Marks) == 0 {
			t.Errorf("%v %+v", err, checked)
		}
		events := 0
		if err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT count(*) FROM audit_event WHERE action = 'catalog.loaded'").Scan(&events)
		}); err != nil || events != 3 {
			t.Errorf("%d audited loads, %v", events, err)
		}
	})
}

func TestTwoFilesOfOneNameAreRefused(t *testing.T) {
	d := dbtest.One(t)
	m := tariff.New(d, new(clock).now)
	r, err := m.Load(context.Background(), "cli", []tariff.File{file("a/t.yaml", "tariffs: []"), file("b/t.yaml", "tariffs: []")})
	if err != nil || r.OK || r.Faults[0].Code != "catalog.file" {
		t.Errorf("%v %+v", err, r)
	}
}

// TestReadingFaultsDoNotHideOthers: what could be read is checked too, without what only follows from a lost row.
func TestReadingFaultsDoNotHideOthers(t *testing.T) {
	m := tariff.New(dbtest.One(t), new(clock).now)
	for _, c := range []struct{ text, want string }{
		{"tariffs:\n  - {service: cold_watr, value: 1}\n  - {servce: gas, value: 1}\n", "catalog.service catalog.key"},
		{"services:\n  - {code: lift, nam: Лифт, unit: m2, kind: per_area}\ntariffs:\n  - {service: lift, value: -1}\n", "catalog.key catalog.negative"},
		{"tariffs:\n  - {service: gas, value: 1, until: 2025-12-31}\n  - {service: gas, value: x, from: 2026-01-01, until: 2026-06-30}\n  - {service: gas, value: 3, from: 2026-07-01}\n", "catalog.value"},
	} {
		r, err := m.Check(context.Background(), []tariff.File{file("x.yaml", c.text)})
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, f := range r.Faults {
			codes = append(codes, f.Code)
		}
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%s\ngot %s, want %s", c.text, got, c.want)
		}
	}
}
