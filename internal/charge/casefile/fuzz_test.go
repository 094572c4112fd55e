package casefile

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kvit/internal/tariff"
)

// FuzzCases reads and computes whatever bytes come: a file is refused with its place or computed, never a panic.
func FuzzCases(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("no cases", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, doc := range bytes.Split(data, []byte("\n---\n")) {
			f.Add(doc)
		}
	}
	for _, s := range hostile {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cases, err := Read("проба.yaml", bytes.NewReader(data))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "проба.yaml: ") {
				t.Errorf("no file in %q", err)
			}
			return
		}
		for i := range cases {
			if v := Run(&cases[i], tariff.Standard()); v.OK && v.Error != "" {
				t.Errorf("fine and wrong at once: %q", v.Error)
			}
		}
	})
}

// hostile are files nobody means to write.
var hostile = []string{
	"", "---\n---\n", "\xef\xbb\xbfcase: a\r\nmonth: 2026-02\r\n", "\xff\xfec\x00", "case: \xcf\xf0\n", "a: &a [*a]\n", "case: [a\nmonth: {",
	"case: &c {case: *c}\n", "cases: {a: 1}\n", "- case: a\n- 1\n", "case: a\nmonth: 2026-02\nmonth: 2026-03\n", "case: a\n\tmonth: 2026-02\n",
	"case: a\nmonth: 2026-02\naccount: {services: [{service: cold_water, volume: 99999999999}]}\nexpect: [{amount: 0}]\n",
	"case: a\ncatalog: &x {tariffs: *x}\naccount: {services: [heating]}\nexpect: [{in: 2026-01, amount: 0}]\n",
	"case: a\nhouse: {heating: {months: [0, 13]}}\n", "case: a\nhouse: {heating: {months: 13-1}}\n", "case: a\ninstalment: {amount: 1, months: 2000000000, from: 2026-01, rate: 1}\nexpect: [{refused: x}]\n",
	"case: a\ndebts: [{month: 2026-01, amount: 92233720368547758.07}, {month: 2026-02, amount: 92233720368547758.07}]\npenalty_on: 9999-12-31\nexpect: [{penalty_sum: 0}]\n",
	"case: a\nmonth: 2026-02\naccount: {residents: [{persons: 2000000000}, {persons: 2000000000}], area: 900000000000, services: [waste_per_person, maintenance]}\ncatalog: {tariffs: [{service: waste_per_person, value: 900000000000}, {service: maintenance, value: 900000000000}]}\nexpect: [{amount: 0}]\n",
}
