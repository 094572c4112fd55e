package whole

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAWatchedFolderTakesFilesIn puts files into the folder a server watches: what fits a profile, by the mask of its
// name, is taken in and put away with its protocol; a file still being written and an unknown one stay.
func TestAWatchedFolderTakesFilesIn(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		inbox := t.TempDir()
		write(t, filepath.Join(inbox, "formats.yaml"), `
- supplier: VODA
  file_mask: '^voda_(?P<period>\d{6})\.csv$'
  kind: csv
  encoding: utf-8
  delimiter: ";"
  header_rows: 1
  money: rub_comma
  columns: {account: 0, fio: 1, address: 2, charge: 3, due: 4}
`)
		if err := os.Mkdir(filepath.Join(inbox, "октябрь"), 0o750); err != nil {
			t.Fatal(err)
		}
		put := func(name, text string) {
			path := filepath.Join(inbox, name)
			write(t, path, text)
			old := time.Now().Add(-time.Minute) // nobody writes it any more
			if err := os.Chtimes(path, old, old); err != nil {
				t.Fatal(err)
			}
		}
		put("октябрь/voda_102026.csv", "счёт;фио;адрес;начислено;к оплате\n1001;Иванов И. И.;г. Приок, ул. Ленина, д. 1, кв. 1;100,00;100,00\n")
		put("письмо.txt", "Добрый день")
		put("voda_112026.csv.part", "счёт;фи")
		cmd := p.command("serve", "--listen", "127.0.0.1:0", "--watch", inbox)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Wait()         //nolint:errcheck // stopped on purpose
		defer cmd.Process.Kill() //nolint:errcheck // it may have stopped
		until := time.Now().Add(5 * time.Minute)
		var done []string
		for len(done) < 2 {
			if time.Now().After(until) {
				t.Fatal("the file was not taken in within five minutes")
			}
			time.Sleep(100 * time.Millisecond)
			done, _ = filepath.Glob(filepath.Join(inbox, "done", "*", "*voda_102026.csv*"))
		}
		protocol := done[0] + done[1]
		if !strings.Contains(protocol, ".protocol.json") {
			t.Errorf("no protocol beside the file: %v", done)
		}
		for _, name := range []string{"письмо.txt", "voda_112026.csv.part", "formats.yaml"} {
			if _, err := os.Stat(filepath.Join(inbox, name)); err != nil {
				t.Errorf("%s did not stay: %v", name, err)
			}
		}
		var bill struct {
			Total int64
			Lines []struct{ Month string }
		}
		p.runJSON(&bill, "bill", "show", "--supplier", "VODA", "--account", "1001")
		if bill.Total != 10000 {
			t.Errorf("the account owes %d, want 10000", bill.Total)
		}
	})
}
