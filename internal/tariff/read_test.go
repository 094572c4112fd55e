package tariff

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/charmap"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// same compares catalogues as data: where a row stood does not matter.
func same(a, b *Catalog) string {
	return cmp.Diff(a, b, cmpopts.IgnoreTypes(Place{}), cmpopts.EquateEmpty())
}

// draw makes rows of every table from the same description that reading and writing use.
func draw(t *rapid.T) *Catalog {
	c := &Catalog{}
	v := reflect.ValueOf(c).Elem()
	for i := range tables {
		list := v.Field(tables[i].index)
		for range rapid.IntRange(0, 3).Draw(t, tables[i].key) {
			row := reflect.New(tables[i].row).Elem()
			for _, col := range tables[i].columns {
				if col.required || rapid.Bool().Draw(t, "given") {
					drawInto(t, col.key, row.FieldByIndex(col.index))
				}
			}
			if !row.IsZero() { // Check refuses a row that says nothing, and CSV has no such line
				list.Set(reflect.Append(list, row))
			}
		}
	}
	return c
}

func drawInto(t *rapid.T, name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for range rapid.IntRange(1, 3).Draw(t, name) {
			item := reflect.New(v.Type().Elem()).Elem()
			drawInto(t, name, item)
			v.Set(reflect.Append(v, item))
		}
		return
	case reflect.Struct:
		for _, col := range columnsOf(v.Type()) {
			drawInto(t, col.key, v.FieldByIndex(col.index))
		}
		return
	}
	switch p := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		*p = decimal.Decimal(rapid.Int64Range(-1e15, 1e15).Draw(t, name))
	case *calendar.Date:
		*p = calendar.NewDate(rapid.IntRange(1990, 2090).Draw(t, name), 1, 1).AddDays(rapid.IntRange(0, 364).Draw(t, name))
	case *calendar.Month:
		*p = calendar.NewMonth(rapid.IntRange(1990, 2090).Draw(t, name), rapid.IntRange(1, 12).Draw(t, name))
	case *int:
		*p = rapid.IntRange(-5, 500).Draw(t, name)
	case *bool:
		*p = rapid.Bool().Draw(t, name)
	default:
		v.SetString(rapid.StringMatching(`[a-zа-я0-9_«"'][a-zа-я0-9 :,;#{}\[\]"'№%.\-&*!|>@=]{0,20}[a-zа-я0-9»"']`).Draw(t, name))
		if name == "period" || name == "zone" || name == "unit" || name == "status" || name == "document" { // have meanings a reader acts on
			v.SetString(rapid.StringMatching(`[a-z]{4,9}`).Draw(t, name))
		}
	}
}

func TestExportReadsBackEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t)
		if c.Rows() == 0 {
			return
		}
		var b bytes.Buffer
		if err := c.WriteYAML(&b); err != nil {
			t.Fatal(err)
		}
		d, faults := Read("x.yaml", bytes.NewReader(b.Bytes()))
		if diff := same(c, &d.Catalog); len(faults) > 0 || diff != "" {
			t.Fatalf("%v\n%s\n%s", faults, diff, b.String())
		}
		files, err := c.CSV()
		if err != nil {
			t.Fatal(err)
		}
		var read []*Catalog
		for _, f := range files {
			d, faults := Read(f.Name, bytes.NewReader(f.Body))
			if len(faults) > 0 {
				t.Fatalf("%v\n%s", faults, f.Body)
			}
			read = append(read, &d.Catalog)
		}
		all := &Catalog{}
		for _, part := range read { // not Merge: drawn rows may share keys
			v, p := reflect.ValueOf(all).Elem(), reflect.ValueOf(part).Elem()
			for i := range tables {
				v.Field(i).Set(reflect.AppendSlice(v.Field(i), p.Field(i)))
			}
		}
		if diff := same(c, all); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestOwnCataloguesAreRight(t *testing.T) {
	for name, c := range map[string]*Catalog{"standard": Standard(), "ryazan": Ryazan()} {
		if faults, notices := c.Check(); len(faults) > 0 || len(notices) > 0 {
			t.Errorf("%s: %v %v", name, faults, notices)
		}
		c.each(func(table string, o *Origin) {
			if o.Place.Line == 0 || table != "services" && o.Status == "" {
				t.Errorf("%s: a row of %s in %s has no place or status", name, table, o.Place)
			}
		})
	}
	if len(Standard().Rates) > 0 || len(Standard().Normatives) > 0 {
		t.Error("the standard catalogue has figures of a region")
	}
	for status, want := range map[Status]int{Verified: 44, Plausible: 70} {
		n := 0
		for i := range Ryazan().Rates {
			if Ryazan().Rates[i].Status == status {
				n++
			}
		}
		if n != want {
			t.Errorf("%d tariffs of Ryazan are %s, want %d", n, status, want)
		}
	}
}

// TestHistoryOfTheLaw: figures of charging rules 2.4 and 11 at the days they change.
func TestHistoryOfTheLaw(t *testing.T) {
	c := Standard()
	factor := func(service string, day calendar.Date) string {
		for i := range c.Factors {
			if f := &c.Factors[i]; f.Service == service && f.Holds(day) {
				return f.Value.String()
			}
		}
		return ""
	}
	for _, x := range []struct {
		service string
		day     calendar.Date
		want    string
	}{
		{"cold_water", 20160630, ""},
		{"cold_water", 20160701, "1.4"},
		{"cold_water", 20170101, "1.5"},
		{"cold_water", 20251205, "1.5"},
		{"cold_water", 20251206, "3"},
		{"hot_water", 20251206, "1.5"},
		{"electricity", 20161231, "1.4"},
		{"sewage", 20260101, ""},
	} {
		if got := factor(x.service, x.day); got != x.want {
			t.Errorf("%s on %s: %s, want %s", x.service, x.day, got, x.want)
		}
	}
	if n := len(c.KeyRates); n != 66 {
		t.Errorf("%d key rates, want 66", n)
	}
}

// TestTablesOfOtherKeys reads the city's tables as they were handed over: nothing of them is in the project.
func TestTablesOfOtherKeys(t *testing.T) {
	const dir = "../../../shared/data/tariffs/"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: ../shared/data/tariffs is not here")
	}
	read := func(name string) *Document {
		body, err := os.ReadFile(dir + name)
		if err != nil {
			t.Fatal(err)
		}
		d, faults := Read(name, bytes.NewReader(body))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return d
	}
	whole, rates, norms := read("ryazan_tariffs.yaml"), read("ryazan_tariffs.csv"), read("ryazan_normatives.csv")
	if len(whole.Catalog.Rates) != 204 || len(whole.Catalog.Normatives) != 71 || len(whole.Notices) != 5 {
		t.Errorf("%d tariffs, %d normatives, notices %v", len(whole.Catalog.Rates), len(whole.Catalog.Normatives), whole.Notices)
	}
	if faults, _ := Merge(Standard(), &rates.Catalog, &norms.Catalog).Check(); len(faults) > 0 {
		t.Error(faults)
	}
	both := Merge(&rates.Catalog, &norms.Catalog)
	if diff := cmp.Diff(&whole.Catalog, both, cmpopts.IgnoreTypes(Place{}), cmpopts.IgnoreFields(Origin{}, "Document")); diff != "" {
		t.Error(diff) // the CSV files have no names of documents
	}
}

func TestForeignRows(t *testing.T) {
	d, faults := Read("my_tariffs.csv", strings.NewReader("service;plan;zone;band;stove;unit;value;effective_from;effective_to;status;source;note\n"+
		"electricity;three_zone;semipeak;1;electric;RUB/kWh;3,56;01.01.2022;30.06.2022;verified;акт;\n"+
		"hot_water_heat_component;;;;;RUB/Gcal;1 797,80;2022-01-01;;derived;;\n"+
		"maintenance;5 floors, no lift;;;;RUB/m2/year;120;2026-01-01;;plausible;;\n"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	price := func(s string) decimal.Decimal {
		v, err := decimal.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	want := []Rate{
		{Service: "electricity", Category: "electric_stove", Plan: "three_zone", Zone: "half_peak", Value: price("3.56"), Unit: "RUB/kWh", Term: Term{20220101, 20220630}, Origin: Origin{Document: "акт", Status: Verified, Place: Place{"my_tariffs.csv", 2}}},
		{Service: "hot_water", Component: "heat", Value: price("1797.80"), Unit: "RUB/Gcal", Term: Term{From: 20220101}, Origin: Origin{Status: Derived, Place: Place{"my_tariffs.csv", 3}}},
		{Service: "maintenance", Category: "5_floors_no_lift", Value: price("120"), Unit: "RUB/m2/year", Period: "year", Term: Term{From: 20260101}, Origin: Origin{Status: Plausible, Place: Place{"my_tariffs.csv", 4}}},
	}
	if diff := cmp.Diff(want, d.Catalog.Rates); diff != "" {
		t.Error(diff)
	}
}

func TestCSVFiles(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		code             string
		line             int
	}{
		{"table by its header", "x.csv", "from,rate\n2026-01-01,16\n", "", 0},
		{"Excel's encoding and signs", "tariffs.csv", "\"service\";\"value\";\"note\"\r\ncold_water;38,27;цена\r\n", "", 0},
		{"list in a cell", "normatives.csv", "service,value,unit,months\nirrigation,0.06,m3/m2/month,\"[5, 6]\"\nirrigation,0.05,m3/m2/month,7-8\n", "", 0},
		{"no such table", "x.csv", "a,b\n1,2\n", "catalog.table", 1},
		{"unknown key", "tariffs.csv", "service,valu\ncold_water,1\n", "catalog.key", 2},
		{"more cells than keys", "tariffs.csv", "service,value\ncold_water,38,27\n", "catalog.csv", 2},
		{"open quotes", "tariffs.csv", "service,value\ncold_water,1\n\"x,1\n", "catalog.csv", 3},
		{"zero bytes", "tariffs.csv", "service,value\x00\n", "catalog.csv", 1},
		{"value after blank lines", "tariffs.csv", "service,value\n\n\ncold_water,x\n", "catalog.value", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := charmap.Windows1251.NewEncoder().String(c.text)
			if err != nil {
				t.Fatal(err)
			}
			d, faults := Read(c.file, strings.NewReader(text))
			if c.code == "" {
				if len(faults) > 0 || d.Catalog.Rows() == 0 || strings.Contains(c.text, "цена") && d.Catalog.Rates[0].Note != "цена" {
					t.Error(faults, d.Catalog)
				}
				return
			}
			if len(faults) != 1 || faults[0].Code != c.code || faults[0].Place.Pos != c.line {
				t.Errorf("got %v, want %s on line %d", faults, c.code, c.line)
			}
		})
	}
}

func TestReadNodeOfACase(t *testing.T) {
	var doc struct {
		Catalog yaml.Node `yaml:"catalog"`
	}
	if err := yaml.Unmarshal([]byte("case: x\ncatalog:\n  tariffs:\n    - {service: cold_water, value: 38.27, frm: 2026-01-01}\n"), &doc); err != nil {
		t.Fatal(err)
	}
	_, faults := ReadNode("case.yaml", &doc.Catalog)
	if len(faults) != 1 || faults[0].Place.Pos != 4 || !strings.Contains(faults[0].Message, "from?") {
		t.Error(faults)
	}
}

func TestMerge(t *testing.T) {
	read := func(text string) *Catalog {
		d, faults := Read("x.yaml", strings.NewReader(text))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return &d.Catalog
	}
	first := read("tariffs:\n  - {service: a, value: 1, from: 2025-01-01}\n  - {service: b, value: 1}\nfactors:\n  - {service: a, value: 1.4, until: 2016-12-31}\n  - {service: a, value: 1.5, from: 2017-01-01}\n  - {service: b, value: 2}\n" +
		"due_days:\n  - {day: 10}\npolicies:\n  - {policy: true_up, value: full}\n  - {policy: true_up, supplier: s, value: none}\nquality:\n  - {service: a, event: outage, percent: 1}\n  - {service: a, event: delay, percent: 1}\nkey_rates:\n  - {from: 2026-01-01, rate: 16}\n")
	later := read("tariffs:\n  - {service: a, value: 1, from: 2025-01-01, until: 2025-12-31}\n  - {service: a, value: 2, from: 2026-01-01}\nfactors:\n  - {service: a, value: 3}\ndue_days:\n  - {day: 15}\n" +
		"policies:\n  - {policy: true_up, value: none}\nquality:\n  - {service: a, event: outage, percent: 2}\nkey_rates:\n  - {from: 2026-02-01, rate: 15}\n")
	want := read("tariffs:\n  - {service: b, value: 1}\n  - {service: a, value: 1, from: 2025-01-01, until: 2025-12-31}\n  - {service: a, value: 2, from: 2026-01-01}\nfactors:\n  - {service: b, value: 2}\n  - {service: a, value: 3}\ndue_days:\n  - {day: 15}\n" +
		"policies:\n  - {policy: true_up, supplier: s, value: none}\n  - {policy: true_up, value: none}\nquality:\n  - {service: a, event: delay, percent: 1}\n  - {service: a, event: outage, percent: 2}\nkey_rates:\n  - {from: 2026-01-01, rate: 16}\n  - {from: 2026-02-01, rate: 15}\n")
	if diff := same(want, Merge(first, later)); diff != "" {
		t.Error(diff)
	}
	if diff := same(first, Merge(first, &Catalog{})); diff != "" {
		t.Error("an empty file changes something:", diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("x.yaml", base)
	f.Add("tariffs.csv", "service,value\ncold_water,1\n")
	f.Add("x.yaml", "tariffs: &a\n  - {service: water, value: 1}\nnormatives: *a\n")
	f.Add("normatives.csv", "service;value;unit;months\nx;1;m3/m2/month;[5, 6]\n")
	f.Add("x.yaml", "tariffs:\n  - {service: electricity, stove: gas, value: CW+HW, status: rule, source: a}\nsources: {a: {ref: б}}\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		d, faults := Read(name, strings.NewReader(text))
		for _, x := range faults {
			if x.Place.Pos < 0 || x.Code == "" || x.Message == "" {
				t.Fatalf("%#v", x)
			}
		}
		if len(faults) > 0 {
			return
		}
		Merge(Standard(), &d.Catalog).Check()
		var b bytes.Buffer
		if err := d.Catalog.WriteYAML(&b); err != nil {
			t.Fatal(err)
		}
		if d.Catalog.Rows() == 0 {
			return
		}
		again, faults := Read("x.yaml", &b)
		if diff := same(&d.Catalog, &again.Catalog); len(faults) > 0 || diff != "" {
			t.Fatal(faults, diff)
		}
	})
}
