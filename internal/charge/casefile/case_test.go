package casefile

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"kvit/internal/tariff"
)

// TestCases computes every worked case of testdata.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
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
			t.Run(cases[i].Name, func(t *testing.T) {
				if v := Run(&cases[i], tariff.Standard()); !v.OK {
					t.Error(describe(&v))
				}
			})
		}
	}
}

func describe(v *Verdict) (s string) {
	s = v.Error + "\n"
	for _, l := range v.Lines {
		if !l.OK {
			s += fmt.Sprintf("expected %v\n     got %v\n", l.Expected, l.Got)
		}
	}
	for _, c := range v.Computed {
		s += fmt.Sprintf("  %s %s %s %s\n", c.In, c.Service, c.Kind, c.Words)
	}
	return s
}
