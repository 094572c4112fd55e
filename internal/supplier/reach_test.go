package supplier

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

// TestReachIsReadInEitherPlace: hours, emergency numbers, offices and works stand beside the telephone or under contacts;
// what would make a broken link or a work without a day is refused.
func TestReachIsReadInEitherPlace(t *testing.T) {
	whole := Reach{Hours: "пн–пт 8–17", Emergency: Phones{"112", "8 800 000-00-01"}, Email: "a@b.example", Site: "https://b.example",
		Offices: []Office{{Address: "ул. Мира, 1", Hours: "вт 9–18"}}, Works: []Work{{Title: "Промывка", From: 20261201, Until: 20261203, Houses: []string{"H1"}}}}
	body := "hours: пн–пт 8–17\nemergency: [\"112\", 8 800 000-00-01]\nemail: a@b.example\nsite: https://b.example\noffices: [{address: \"ул. Мира, 1\", hours: вт 9–18}]\n" +
		"works: [{title: Промывка, from: 2026-12-01, until: 2026-12-03, houses: [H1]}]\n"
	under := "contacts:\n  phone: \"8\"\n" + indent(body, "  ")
	for _, c := range []struct {
		name, yaml, code string
		want             Reach
	}{
		{"beside the telephone", body, "", whole},
		{"under contacts", under, "", whole},
		{"one emergency number", "emergency: 112\n", "", Reach{Emergency: Phones{"112"}}},
		{"contacts in one text", "contacts: \"8 800\"\n", "", Reach{}},
		{"a site that is no address", "site: javascript:alert(1)\n", "supplier.site", Reach{}},
		{"mail that is none", "email: почта\n", "supplier.email", Reach{}},
		{"a work without a day", "works: [{title: Промывка}]\n", "supplier.work", Reach{}},
		{"a work that ends before it begins", "works: [{title: П, from: 2026-12-03, until: 2026-12-01}]\n", "supplier.work", Reach{}},
		{"an office without an address", "offices: [{hours: вт}]\n", "supplier.office", Reach{}},
	} {
		list, err := parse(strings.NewReader("- code: voda\n" + indent(c.yaml, "  ")))
		if fault.CodeOf(err) != c.code && !(err == nil && c.code == "") {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
		if err == nil && !reflect.DeepEqual(list[0].Reach, c.want) {
			t.Errorf("%s: %+v", c.name, list[0].Reach)
		}
	}
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+by) + "\n"
}

// TestReachIsKept: what was loaded is found again, and a later file replaces it.
func TestReachIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, m := context.Background(), New(d, func() calendar.Micros { return 1 })
		for _, hours := range []string{"пн–пт 8–17", "круглосуточно"} {
			if _, err := m.Load(ctx, strings.NewReader("- {code: voda, hours: "+hours+", emergency: \"112\"}\n")); err != nil {
				t.Fatal(err)
			}
			err := d.Read(ctx, func(tx *db.Tx) error {
				s, err := Find(ctx, tx, "voda")
				if err == nil && (s.Reach.Hours != hours || len(s.Reach.Emergency) != 1) {
					t.Errorf("%+v", s.Reach)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestWorksOfAHouse(t *testing.T) {
	w := Work{From: 20261201, Houses: []string{"H1"}}
	if w.Over(20261201) || !w.Over(20261202) || !w.Concerns("H1") || w.Concerns("H2") {
		t.Error("a work of one day in one house")
	}
	if all := (Work{From: 20261201, Until: 20261205}); all.Over(20261205) || !all.Concerns("H2") {
		t.Error("a work of five days everywhere")
	}
}
