package tariff

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const page = "../../docs/formats/catalog.md"

func readPage(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestPageNamesEverything: each table, key, known word, policy, service and code of a refusal is on the page.
func TestPageNamesEverything(t *testing.T) {
	text := readPage(t)
	has := regexp.MustCompile(`[a-z][a-zA-Z0-9_.]*`).FindAllString(text, -1)
	words := map[string]bool{}
	for _, w := range has {
		words[strings.TrimSuffix(w, ".")] = true
	}
	var known []string
	for i := range tables {
		known = append(append(known, tables[i].key), columnKeys(tables[i].columns)...)
	}
	for _, list := range [][]string{units, kinds, families, statuses, purposes, plans, zones, events, policyNames(), sections[:3]} {
		known = append(known, list...)
	}
	for _, values := range PolicyValues {
		known = append(known, values...)
	}
	for i := range Standard().Services {
		known = append(known, Standard().Services[i].Code)
	}
	known = append(known, codesOf(t)...)
	for _, w := range known {
		if w != "#" && w != "kWh" && w != "Gcal" && !words[w] {
			t.Errorf("%s is not on the page", w)
		}
	}
}

// codesOf are the codes of refusals in the sources.
func codesOf(t *testing.T) (codes []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"(catalog\.[a-z]+)"`)
	for _, name := range append(files, "../app/catalog.go") {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range code.FindAllStringSubmatch(string(b), -1) {
			if m[1] != "catalog.loaded" { // an event of the audit log
				codes = append(codes, m[1])
			}
		}
	}
	return codes
}

// TestExamplesOfThePageAreRight loads every example over the standard catalogue.
func TestExamplesOfThePageAreRight(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readPage(t), -1)
	if len(blocks) < 10 {
		t.Fatalf("%d examples", len(blocks))
	}
	for _, b := range blocks {
		d, faults := Read("example.yaml", strings.NewReader(b[1]))
		if len(faults) == 0 {
			faults, _ = Merge(Standard(), &d.Catalog).Check()
		}
		if len(faults) > 0 {
			t.Errorf("%v in\n%s", faults, b[1])
		}
	}
}
