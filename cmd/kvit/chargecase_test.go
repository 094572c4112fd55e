package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const caseText = "case: Вода\nmonth: 2026-02\ncatalog: {tariffs: [{service: cold_water, value: 45.61}]}\n" +
	"account: {services: [{service: cold_water, volume: 10}]}\nexpect: [{service: cold_water, amount: SUM}]\n"

func TestChargeCaseSetsExpectedBesideGot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cases.yaml")
	for _, c := range []struct {
		sum    string
		status int
		want   []string
	}{
		{"456.10", 0, []string{"верно: Вода", "cold_water amount  456.10", "Случаев 1, из них неверных 0."}},
		{"456.11", 1, []string{"НЕВЕРНО: Вода", "456.11   456.10  ✗", "посчитано: 2026-02  cold_water  Холодная вода", "Случаев 1, из них неверных 1."}},
		{"много", 2, nil},
	} {
		if err := os.WriteFile(path, []byte(strings.Replace(caseText, "SUM", c.sum, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		out, errOut, status := call("charge", "case", path)
		if status != c.status {
			t.Errorf("%s: exit status %d, want %d: %s%s", c.sum, status, c.status, out, errOut)
		}
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", c.sum, want, out)
			}
		}
	}
}

func TestChargeCaseWritesALineOfJSONForEachCase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cases.yaml")
	one := strings.Replace(caseText, "SUM", "456.10", 1)
	if err := os.WriteFile(path, []byte(one+"---\n"+one), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, status := call("charge", "case", "--json", path)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if status != 0 || len(lines) != 2 {
		t.Fatalf("exit status %d and %d lines: %s", status, len(lines), out)
	}
	for _, line := range lines {
		var v struct {
			OK    bool
			Lines []struct{ Got struct{ Amount int64 } }
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil || !v.OK || v.Lines[0].Got.Amount != 456_10 {
			t.Errorf("%v in %s", err, line)
		}
	}
}
