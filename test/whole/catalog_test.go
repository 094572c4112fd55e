package whole

import (
	"os"
	"path/filepath"
)

// catalogue checks, loads and exports a catalogue; what was exported loads again.
func (j judged) catalogue() {
	j.t.Helper()
	dir := j.t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			j.t.Fatal(err)
		}
		return path
	}
	good := write("good.yaml", "tariffs:\n  - {service: cold_water, value: 38.27, from: 2026-01-01, status: invented}\n")
	bad := write("bad.yaml", "tariffs:\n  - {servise: cold_water, value: -1}\n  - {service: sewage, value: -1, zone: day}\n")
	j.is(0, "catalog", nil, "catalog", "check")
	j.is(0, "catalog", nil, "catalog", "check", good)
	j.is(0, "catalog", nil, "catalog", "load", good)
	j.is(0, "catalog", nil, "catalog", "load", good)
	var report struct {
		Faults []struct {
			Line int
			Code string
		}
	}
	j.is(1, "catalog", &report, "catalog", "load", good, bad)
	if len(report.Faults) != 3 || report.Faults[0].Line != 2 || report.Faults[0].Code != "catalog.key" {
		j.t.Errorf("faults %+v", report.Faults)
	}
	j.fails(2, "catalog", "load", filepath.Join(dir, "no-such-file.yaml"))
	exported, tables := filepath.Join(dir, "exported.yaml"), filepath.Join(dir, "tables")
	j.is(0, "catalog-export", nil, "catalog", "export", "--out", exported)
	j.is(0, "catalog-export", nil, "catalog", "export", "--format", "csv", "--out", tables)
	j.is(0, "catalog", nil, "catalog", "load", exported)
	files, err := filepath.Glob(filepath.Join(tables, "*.csv"))
	if err != nil || len(files) == 0 {
		j.t.Fatalf("no tables in %s: %v", tables, err)
	}
	j.is(0, "catalog", nil, append([]string{"catalog", "load"}, files...)...)
}
