package city

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestEarlierMonthMeetsTheTown: the month before has its own prices and season, and ends with the balance the town's
// month opens with.
func TestEarlierMonthMeetsTheTown(t *testing.T) {
	o := Options{Out: t.TempDir(), Households: 60, Seed: 5, Month: 202610, Defects: 1}
	m := &maker{options: o, town: newTown(o), truth: newTruth()}
	if err := m.populate(context.Background()); err != nil {
		t.Fatal(err)
	}
	then := *m.town
	then.month, then.prices = 202609, pricesOf(202609)
	seen := map[string]bool{}
	for _, hh := range m.town.households {
		for _, a := range hh.accounts {
			b := then.earlier(a, m.town)
			if b.due != a.opening || b.due != b.opening+b.charge {
				t.Fatalf("%s: due %d, the next month opens with %d", a.number, b.due, a.opening)
			}
			for i, s := range b.services {
				now := a.services[i]
				if s.code == then.set.services.heat {
					seen["heat"] = true
					if s.charge != 0 {
						t.Errorf("heating of September costs %d", s.charge)
					}
				}
				if now.price == m.town.prices["cold_water"] {
					seen["water"] = true
					if s.price != then.prices["cold_water"] || s.charge != cost(s.volume, s.scale*int64(a.share), s.price) {
						t.Errorf("%+v", s)
					}
				}
			}
			if a.meter.has && b.meter.cur != a.meter.prev {
				t.Errorf("%s: the meter ends at %d, the next month begins at %d", a.number, b.meter.cur, a.meter.prev)
			}
		}
	}
	if !seen["heat"] || !seen["water"] {
		t.Errorf("nothing was compared: %v", seen)
	}
	s, err := MakeEarlier(context.Background(), o, m.town.houses[0].id)
	if err != nil || s.Accounts == 0 || s.Files == 0 {
		t.Fatalf("%+v %v", s, err)
	}
	var sheet formatsFile
	text, err := os.ReadFile(filepath.Join(o.Out, "formats.json"))
	if err == nil {
		err = json.Unmarshal(text, &sheet)
	}
	if err != nil || sheet.Month != "2026-09" || len(sheet.Registers) != s.Files {
		t.Errorf("%+v %v", sheet.Month, err)
	}
	first := o
	first.Month = firstMonth
	for house, o := range map[string]Options{"нет такого": o, m.town.houses[0].id: first} {
		o.Out = filepath.Join(t.TempDir(), "none")
		if s, err := MakeEarlier(context.Background(), o, house); err != nil || s.Files != 0 {
			t.Errorf("%s %s: %+v %v", house, o.Month, s, err)
		}
		if _, err := os.Stat(o.Out); err == nil {
			t.Errorf("%s %s: something was written", house, o.Month)
		}
	}
}

// TestPastMonthsMeet: each month ends with the balance and the readings the next one begins with, and heating is in season.
func TestPastMonthsMeet(t *testing.T) {
	o := Options{Out: t.TempDir(), Households: 60, Seed: 5, Month: 202610}
	m := &maker{options: o, town: newTown(o), truth: newTruth()}
	if err := m.populate(context.Background()); err != nil {
		t.Fatal(err)
	}
	following, heated := map[*account]*account{}, 0
	for back := 1; back <= 14; back++ {
		next := map[*account]*account{}
		for a, b := range following {
			next[a] = b
		}
		past := m.past(back, m.town.houses[0].id, following)
		for a, b := range following {
			after := a
			if next[a] != nil {
				after = next[a]
			}
			if b.due != after.opening || b.due != b.opening+b.charge-b.paid || back > 1 && b.opening < 0 {
				t.Fatalf("%s in %s: %+v, the next month opens with %d", a.number, past.town.month, b.sums, after.opening)
			}
			if a.meter.has && b.meter.cur != after.meter.prev {
				t.Errorf("%s in %s: the meter ends at %d, then begins at %d", a.number, past.town.month, b.meter.cur, after.meter.prev)
			}
			for _, s := range b.services {
				if s.code == past.town.set.services.heat && past.town.month == 202601 && s.charge > 0 {
					heated++
				}
			}
		}
	}
	if len(following) == 0 || heated == 0 {
		t.Errorf("%d accounts, %d heated in January", len(following), heated)
	}
	dirs, err := MakePast(context.Background(), o, m.town.houses[0].id, 3)
	if err != nil || len(dirs) != 3 || filepath.Base(dirs[2]) != "2026-07" {
		t.Fatal(dirs, err)
	}
}
