package city

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"gopkg.in/yaml.v3"
)

// toldHouse is a house as the file tells it.
type toldHouse struct {
	House     string
	Resources []struct {
		Service string
		Volume  float64
	}
	Meters []struct {
		Service, ID string
		Factor      float64
		Readings    []struct {
			Date, Zone string
			Value      float64
		}
	}
}

// TestHousesAreMeasured: the file tells of each block what the truth does – heat and power of two zones among it – by
// readings of devices or by the volume alone; flats and losses add up; of enough houses some leak, most do not.
func TestHousesAreMeasured(t *testing.T) {
	dir := t.TempDir()
	if _, err := Make(context.Background(), Options{Out: dir, Households: 1500, Seed: 7, Month: 202610, Defects: 1}); err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Meters map[string]map[string]*houseMeter `json:"house_meters"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	var told []toldHouse
	if text, err = os.ReadFile(filepath.Join(dir, HouseMetersFile)); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &told); err != nil {
		t.Fatal(err)
	}
	leaks, how := 0, map[string]int{}
	for _, h := range told {
		volumes := h.volumes()
		if len(volumes) != len(truth.Meters[h.House]) {
			t.Fatalf("%s: told %v, truth %v", h.House, volumes, truth.Meters[h.House])
		}
		for service, x := range truth.Meters[h.House] {
			scale := map[string]float64{"cold_water": 1e3, "hot_water": 1e3, "electricity": 1, "heating": 1e6}[service]
			if x.House != x.Flats+x.Lost || x.Lost <= 0 || math.Abs(volumes[service]*scale-float64(x.House)) > 0.01 {
				t.Errorf("%s %s: %v, truth %+v", h.House, service, volumes[service], x)
			}
			if how[service+" "+x.Told]++; x.Leaks {
				leaks++
			}
		}
	}
	if len(told) < 10 || leaks == 0 || leaks > len(told) || how["heating meter"] < 5 || how["electricity meter"] < 5 || how["cold_water volume"] == 0 {
		t.Errorf("%d houses, %d leaks, %v", len(told), leaks, how)
	}
}

// volumes are what the house used, by service: as told, or the last reading less the first, times the factor.
func (h *toldHouse) volumes() map[string]float64 {
	volumes := map[string]float64{}
	for _, r := range h.Resources {
		volumes[r.Service] = r.Volume
	}
	for _, m := range h.Meters {
		factor := max(m.Factor, 1)
		for _, r := range m.Readings {
			sign := 1.0
			if r.Date == "2026-09-30" {
				sign = -1
			}
			volumes[m.Service] += sign * r.Value * factor
		}
	}
	return volumes
}
