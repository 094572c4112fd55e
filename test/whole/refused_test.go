package whole

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRefusedFilesLeaveNothing takes in files that turn out wrong only at their end: nothing of them is applied, the
// others are; folders are also reached through links, and what is the program's own is not listed.
func TestRefusedFilesLeaveNothing(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		dir := t.TempDir()
		row := "1001;Иванов И. И.;г. Приок, ул. Ленина, д. 1, кв. 1;100.00;100.00\n"
		write(t, filepath.Join(dir, "month.csv"), "account;fio;address;charge;due\n"+row)
		write(t, filepath.Join(dir, "total.csv"), "account;fio;address;charge;due\n"+row+"ИТОГО;;;100.00;150.00\n")
		write(t, filepath.Join(dir, "good.csv"), "account;fio;address;charge;due\n"+row)
		write(t, filepath.Join(dir, "bank.csv"), "operation;date;supplier;account;amount\n1;2026-10-05;good;1001;10.00\nИТОГО;;;;20.00\n")
		register := "\n  supplier: NAME\n  kind: csv\n  delimiter: \";\"\n  header_rows: 1\n  money: rub_dot\n  columns: {account: 0, fio: 1, address: 2, charge: 3, due: 4}\n"
		strict := "  total_label: ИТОГО\n  control_total: {column: 4, role: ROLE}\n  on_control_mismatch: refuse\n"
		as := func(s, name string) string { return strings.ReplaceAll(s, "NAME", name) }
		write(t, filepath.Join(dir, "formats.yaml"), "registers:\n"+indent("- file: month.csv"+as(register, "month"))+
			indent("- file: total.csv"+as(register, "total")+"  period: 2026-10\n"+strings.Replace(strict, "ROLE", "due", 1))+
			indent("- file: good.csv"+as(register, "good")+"  period: 2026-10\n")+
			"payments:\n"+indent("- file: bank.csv\n  kind: csv\n  delimiter: \";\"\n  header_rows: 1\n  money: rub_dot\n"+
			"  columns: {operation: 0, date: 1, supplier: 2, account: 3, amount: 4}\n"+strings.Replace(strict, "ROLE", "amount", 1)))
		link := filepath.Join(t.TempDir(), "link")
		if err := os.Symlink(dir, link); err != nil {
			t.Fatal(err)
		}
		p.flags[1] = filepath.Join(dir, "data") // the program's own folder inside the suppliers'
		var report struct {
			intakeReport
			Undeclared []string
		}
		text, status := p.try("--json", "intake", "--formats", filepath.Join(dir, "formats.yaml"), link)
		if err := json.Unmarshal(text, &report); err != nil {
			t.Fatal(err)
		}
		if status != 1 || len(report.Undeclared) != 0 {
			t.Errorf("exit status %d, undeclared %v", status, report.Undeclared)
		}
		states := map[string]string{}
		for _, f := range report.Files {
			states[f.File] = f.State
		}
		for file, want := range map[string]string{"month.csv": "refused", "total.csv": "refused", "good.csv": "applied", "bank.csv": "refused"} {
			if states[file] != want {
				t.Errorf("%s: %q, want %s", file, states[file], want)
			}
		}
		var sums struct {
			Totals struct {
				Suppliers map[string]figures
				Payments  map[string]int64
			}
		}
		out := filepath.Join(t.TempDir(), "baskets.json")
		p.run("baskets", "export", "--out", out)
		readJSON(t, out, &sums)
		if len(sums.Totals.Suppliers) != 1 || sums.Totals.Suppliers["good"].Due != 10000 || sums.Totals.Payments["clean"]+sums.Totals.Payments["suspense"] != 0 {
			t.Errorf("something of a refused file was applied: %+v", sums.Totals)
		}
		p.run("check")
	})
}

// indent puts a list item under its key.
func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n  ") + "\n"
}

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
