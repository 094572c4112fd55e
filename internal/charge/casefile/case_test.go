package casefile

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

// TestDocumentedCases computes every case of docs/domain/cases.md: what the page shows is what the program does.
func TestDocumentedCases(t *testing.T) {
	page, err := os.ReadFile("../../../docs/domain/cases.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1) {
		if !bytes.HasPrefix(block[1], []byte("case:")) {
			continue
		}
		cases, err := Read("cases.md", bytes.NewReader(block[1]))
		if err != nil {
			t.Fatal(err)
		}
		for i := range cases {
			n++
			if v := Run(&cases[i], tariff.Standard()); !v.OK {
				t.Errorf("%s: %s", cases[i].Name, describe(&v))
			}
		}
	}
	if n < 7 {
		t.Errorf("only %d cases in the page", n)
	}
}
