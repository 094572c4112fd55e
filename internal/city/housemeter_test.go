package city

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestHousesAreMeasured: the file tells of each block what the truth does; flats and losses add up; of enough houses some
// leak, most do not.
func TestHousesAreMeasured(t *testing.T) {
	dir := t.TempDir()
	if _, err := Make(context.Background(), Options{Out: dir, Households: 1500, Seed: 7, Month: 202610, Defects: 1}); err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Meters map[string]*measured `json:"house_meters"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	var told []struct {
		House     string
		Resources []struct {
			Service string
			Volume  float64
		}
	}
	if text, err = os.ReadFile(filepath.Join(dir, HouseMetersFile)); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &told); err != nil {
		t.Fatal(err)
	}
	leaks := 0
	for _, h := range told {
		m := truth.Meters[h.House]
		if m == nil {
			t.Fatalf("%s is not in the truth", h.House)
		}
		for _, r := range h.Resources {
			x, scale := m.Cold, 1000.0
			if r.Service == "electricity" {
				x, scale = m.Power, 1
			}
			if x.House != x.Flats+x.Lost || x.Lost <= 0 || r.Volume != float64(x.House)/scale {
				t.Errorf("%s %s: %v, truth %+v", h.House, r.Service, r.Volume, x)
			}
			if x.Leaks {
				leaks++
			}
		}
	}
	if len(told) < 10 || leaks == 0 || leaks > len(told) {
		t.Errorf("%d houses, %d leaks", len(told), leaks)
	}
}
