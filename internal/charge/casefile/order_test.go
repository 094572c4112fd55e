package casefile

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kvit/internal/tariff"
)

// TestOrderOfFacts tells every case backwards: the order in which facts are told changes nothing.
func TestOrderOfFacts(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.yaml")
	n := 0
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		cases, err := Read(filepath.Base(name), f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for i := range cases {
			c := &cases[i]
			if c.Account == nil && len(c.Debts) == 0 {
				continue
			}
			n++
			backwards(c)
			if v := Run(c, tariff.Standard()); !v.OK {
				t.Errorf("%s: %s", c.Name, describe(&v))
			}
		}
	}
	if n < 250 {
		t.Errorf("only %d cases", n)
	}
}

func backwards(c *Case) {
	slices.Reverse(c.Closed)
	slices.Reverse(c.Debts)
	slices.Reverse(c.Payments)
	if c.House != nil {
		slices.Reverse(c.House.Resources)
	}
	a := c.Account
	if a == nil {
		return
	}
	slices.Reverse(a.Area)
	slices.Reverse(a.Residents)
	slices.Reverse(a.Owners)
	slices.Reverse(a.Absences)
	slices.Reverse(a.Benefits)
	slices.Reverse(a.Services)
	slices.Reverse(a.Parties)
	for i := range a.Services {
		s := &a.Services[i]
		slices.Reverse(s.Meters)
		slices.Reverse(s.Volumes)
		slices.Reverse(s.Past)
		slices.Reverse(s.Acts)
		slices.Reverse(s.Events)
		slices.Reverse(s.Objects)
		for k := range s.Meters {
			slices.Reverse(s.Meters[k].Readings)
			slices.Reverse(s.Meters[k].Verified)
		}
	}
}
