package tariff

import (
	"strings"
	"testing"
)

func TestMisspelledSuppliersAreFound(t *testing.T) {
	known := []string{"vodokanal", "uk_zarya", "teplo_a", "rso_1", "energosbyt", "north"}
	for code, want := range map[string]string{
		"vodokanl": "vodokanal", "vodokanall": "vodokanal", "vodokamal": "vodokanal", "vodoaknal": "vodokanal", "uk_zaria": "uk_zarya", "ukzarya": "uk_zarya", "energo_sbyt": "energosbyt",
		"teplo_b": "", "rso_2": "", "rso_11": "", "energosbyt2": "", "south": "", "gorgaz": "", "uk_zvezda": "",
	} {
		if got := misspelled(code, known); got != want {
			t.Errorf("%s is taken for %q, want %q", code, got, want)
		}
	}
}

// TestSuppliersOfRows: a mistake is refused with its line, an unknown supplier is told once, a known one is not.
func TestSuppliersOfRows(t *testing.T) {
	d, faults := Read("f.yaml", strings.NewReader(`tariffs:
  - {service: cold_water, supplier: vodokanal, value: 1}
  - {service: cold_water, supplier: vodokanl, value: 2}
  - {service: sewage, supplier: vodokanl, value: 2}
policies:
  - {policy: true_up, supplier: gorgaz, value: none}
due_days:
  - {day: 10, supplier: gorgaz}
`))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	faults, notices := d.Catalog.CheckSuppliers([]string{"vodokanal"})
	if len(faults) != 1 || faults[0].Code != "catalog.supplier" || faults[0].Place.Pos != 3 {
		t.Errorf("%v", faults)
	}
	if len(notices) != 1 || notices[0].Line != 6 {
		t.Errorf("%v", notices)
	}
}
