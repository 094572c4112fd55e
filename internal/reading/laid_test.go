package reading

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kvit/internal/exchange/register"
	"kvit/internal/fault"
)

// sheetOfReadings lays out an XML of accounts with their meters inside, and a JSON with lists of registers.
const sheetOfReadings = `{"month": "2026-11", "registers": [], "readings": [
	{"file": "p.xml", "supplier": "voda", "kind": "xml", "record": "ЛС", "service": "ПУ", "fields": "attribute",
	 "columns": {"account": "номер", "meter": "зав", "service": "ресурс", "date": "дата", "reading_cur": "знач", "control": "инспектор"}},
	{"file_mask": "^svet.*\\.ndjson$", "supplier": "svet", "kind": "ndjson", "paths": {"account": "ls", "date": "when", "meters": "devices"}}
]}`

// layouts are the profiles of a sheet, read as the command reads them.
func layouts(t *testing.T, text string) ([]register.Profile, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "formats.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return register.LoadReadings(path)
}

// TestAProfileReadsAnyLayout: what no layout of its own recognises is read by a profile; each figure is judged as from any
// door, and a row that cannot be read stops no other.
func TestAProfileReadsAnyLayout(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		list, err := layouts(t, sheetOfReadings)
		if err != nil {
			t.Fatal(err)
		}
		load := func(name, text string) *Outcome {
			r, err := w.m.Load(w.ctx, system, Load{Origin: Origin{Channel: File}, Every: true, Entries: func(emit func(Entry) error) error {
				return Source{name, []byte(text)}.Laid(w.ctx, list, emit)
			}})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		xml := `<?xml version="1.0" encoding="UTF-8"?><Показания><ЛС номер="100"><ПУ зав="ХВ-0004471" ресурс="ХВС" дата="20.11.2026" знач="180,5"/>` +
			`<ПУ зав="ГВ55" ресурс="ГВС" дата="20.11.2026" знач="много"/></ЛС><ЛС номер="999"><ПУ зав="1" ресурс="ХВС" дата="20.11.2026" знач="5"/></ЛС></Показания>`
		r := load("p.xml", xml)
		if got := states(r); got != "taken refused refused" || r.Lines[1].Code != "row.number_bad" || r.Lines[2].Code != "account.unknown" {
			t.Errorf("%s: %+v", got, r.Lines)
		}
		if r := load("svet-11.ndjson", `{"ls":"300","when":"2026-11-20","devices":[{"sn":"900100","readings":{"T1":[6000,6200],"T2":[2500,2600]}}]}`+"\n"); states(r) != "taken taken" {
			t.Errorf("%+v", r.Lines)
		}
		for query, want := range map[string]int64{
			"SELECT value_e7 FROM charge_reading WHERE meter_id = 1001 AND on_day = 20261120":                       180_5000000,
			"SELECT value_e7/10000000 FROM charge_reading WHERE meter_id = 1002 AND on_day = 20261120 AND zone = 1": 6200,
			"SELECT value_e7/10000000 FROM charge_reading WHERE meter_id = 1002 AND on_day = 20261120 AND zone = 2": 2600,
		} {
			if got := w.count(query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
		if r := load("p.xml", xml); states(r) != "same refused refused" {
			t.Errorf("again: %s", states(r))
		}
		err = Source{"other.xml", []byte(xml)}.Laid(w.ctx, list, nil)
		if fault.CodeOf(err) != "reading.no_layout" {
			t.Errorf("a file nobody laid out: %v", err)
		}
		if err := (Source{"p.xml", []byte(xml)}).Entries(nil); fault.CodeOf(err) != "reading.xml" || !strings.Contains(fault.As(err).Message, "--formats") {
			t.Errorf("without a profile: %v", err)
		}
	})
}

// TestAProfileOfReadingsHasFigures: one without a figure, or without an account, is refused; a register of charges still
// needs a sum.
func TestAProfileOfReadingsHasFigures(t *testing.T) {
	for _, columns := range []string{`{"account": "a", "date": "d"}`, `{"reading_cur": "v"}`} {
		if _, err := layouts(t, `{"readings": [{"kind": "xml", "record": "r", "columns": `+columns+`}]}`); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", columns, err)
		}
	}
	p := register.Profile{Kind: register.KindXML, Record: "r", Columns: map[string]register.Source{"account": register.Named("a"), "reading_cur": register.Named("v")}}
	if p.Validate() == nil {
		t.Error("a register without sums is a register")
	}
}
