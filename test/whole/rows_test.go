package whole

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// TestAMendedRowIsAppliedOnce sends a register with broken rows, mends them, reads the file again, and sends the same
// file once more: mended rows count once and for good.
func TestAMendedRowIsAppliedOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "voda.csv"), "account;fio;address;charge;due\n"+
		"1001;Иванов И. И.;г. Приок, ул. Ленина, д. 1, кв. 1;100.00;100.00\n"+
		"1002;Петров П. П.;г. Приок, ул. Ленина, д. 1, кв. 2;2о0.00;200.00\n"+
		"1003;Сидоров\n"+
		"1004;Котов К. К.;г. Приок, ул. Ленина, д. 1, кв. 4;400.00;400.00\n")
	write(t, filepath.Join(dir, "formats.json"), `{"month":"2026-10","registers":[{"file":"voda.csv","supplier":"VODA","kind":"csv","encoding":"utf-8","delimiter":";","header_rows":1,
		"money":"rub_dot","row":"account","unit":"line","columns":{"account":0,"fio":1,"address":2,"charge":3,"due":4}}]}`)
	write(t, filepath.Join(dir, "houses.csv"), "house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind\n"+
		"H1,,390000,г. Приок,ул,Ленина,,1,,,1970,5,60,,mkd\n")
	eachPlace(t, func(t *testing.T, p *place) {
		p.run("houses", "load", filepath.Join(dir, "houses.csv"))
		var first struct {
			Files []struct {
				ID                                   int64
				Rows, Applied, Repaired, Quarantined int
			}
		}
		intake := []string{"intake", "--formats", filepath.Join(dir, "formats.json"), dir}
		p.runJSON(&first, intake...)
		f := first.Files[0]
		if f.Rows != 4 || f.Applied != 2 || f.Quarantined != 2 {
			t.Fatalf("first reading: %+v, want 4 rows, 2 applied, 2 quarantined", f)
		}
		id := strconv.FormatInt(f.ID, 10)
		if _, status := p.try("rows", "replay", id); status != 1 {
			t.Errorf("replay with nothing mended: status %d, want 1", status)
		}
		var rows []struct {
			No    int64
			Pos   int
			Code  string
			Field string
		}
		p.runJSON(&rows, "rows", "list", id)
		for _, x := range rows {
			switch x.Pos {
			case 3:
				p.run("rows", "fix", id, strconv.FormatInt(x.No, 10), "200.00")
			case 4:
				p.run("rows", "fix", id, strconv.FormatInt(x.No, 10), "1003;Сидоров С. С.;г. Приок, ул. Ленина, д. 1, кв. 3;300.00;300.00")
			}
		}
		p.runJSON(&first, "rows", "replay", id)
		if f = first.Files[0]; f.Applied+f.Repaired != 4 || f.Quarantined != 0 {
			t.Fatalf("after mending: %+v, want all 4 rows", f)
		}
		for account, want := range map[string]int64{"1001": 10000, "1002": 20000, "1003": 30000, "1004": 40000} {
			var bill struct{ Total int64 }
			p.runJSON(&bill, "bill", "show", "--supplier", "VODA", "--account", account)
			if bill.Total != want {
				t.Errorf("account %s owes %d, want %d", account, bill.Total, want)
			}
		}
		if _, status := p.try("rows", "replay", id); status != 1 {
			t.Errorf("the same fixes again: status %d, want 1", status)
		}
		before := digest(p)
		p.run(intake...)
		if digest(p) != before {
			t.Error("the file as it first was changed the data again")
		}
		p.run("check")
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
