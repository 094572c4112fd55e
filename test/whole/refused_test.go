package whole

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestARefusedFileMovesNoMoney sends a register of payments that breaks off after many good lines, a register of
// charges whose profile names no supplier, and a file whose header lies: the first two are refused whole, with their
// code and place, and leave nothing; the third is read, and what is odd about it is said.
func TestARefusedFileMovesNoMoney(t *testing.T) {
	dir := t.TempDir()
	lines := strings.Repeat("x", 2<<20)
	var payments strings.Builder
	for i := range 700 {
		payments.WriteString("op" + strings.Repeat("0", i%3) + string(rune('a'+i%26)) + strings.Repeat("1", i/26) + ";31.10.2026;1001;1.00\n")
	}
	write(t, filepath.Join(dir, "cash.csv"), payments.String()+lines)
	write(t, filepath.Join(dir, "nobody.csv"), "1001;100.00\n")
	write(t, filepath.Join(dir, "voda.csv"), "1001;Пётр;100.00\n1002;Анна;100.00\n")
	write(t, filepath.Join(dir, "formats.json"), `{"month":"2026-10","registers":[
		{"file":"nobody.csv","kind":"csv","delimiter":";","money":"rub_dot","columns":{"account":0,"due":1}},
		{"file":"voda.csv","supplier":"VODA","kind":"csv","encoding":"cp1251","delimiter":";","money":"rub_dot","columns":{"account":0,"fio":1,"due":2}}],
		"payments":[{"file":"cash.csv","supplier":"VODA","kind":"csv","delimiter":";","money":"rub_dot","columns":{"operation":0,"date":1,"account":2,"amount":3}}]}`)
	eachPlace(t, func(t *testing.T, p *place) {
		var report struct {
			Files []struct {
				File, State string
				Rows        int
				Refusal     struct {
					Code string
					Pos  int
				}
			}
			Issues []struct{ File, Code string }
		}
		out, status := p.try("--json", "intake", "--formats", filepath.Join(dir, "formats.json"), dir)
		if status != 1 {
			t.Errorf("exit status %d, want 1", status)
		}
		decode(t, out, &report)
		for _, f := range report.Files {
			want := map[string]string{"cash.csv": "file.record_too_long", "nobody.csv": "file.no_supplier", "voda.csv": ""}[f.File]
			if f.Refusal.Code != want || (want == "") != (f.State == "applied") {
				t.Errorf("%s is %s by %q, want %q", f.File, f.State, f.Refusal.Code, want)
			}
			if f.File == "cash.csv" && (f.Refusal.Pos != 701 || f.Rows != 0) {
				t.Errorf("the fault of %s is on line %d, %d rows counted", f.File, f.Refusal.Pos, f.Rows)
			}
		}
		if !slices.ContainsFunc(report.Issues, func(x struct{ File, Code string }) bool {
			return x.File == "voda.csv" && x.Code == "file.encoding_differs"
		}) {
			t.Errorf("nothing is said of the encoding that is not as declared: %v", report.Issues)
		}
		var bill struct{ Total int64 }
		p.runJSON(&bill, "bill", "show", "--supplier", "VODA", "--account", "1001")
		if bill.Total != 10000 {
			t.Errorf("a refused register of payments changed the bill: %d, want 10000", bill.Total)
		}
		p.run("check")
	})
}

func decode(t *testing.T, out []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(out, v); err != nil {
		t.Fatalf("%v in %.300s", err, out)
	}
}
