package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kvit/internal/calendar"
	"kvit/internal/city"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/payment"
)

// town makes a small city and gives its folder and the profiles of its registers.
func town(t *testing.T) (dir string, registers []register.Profile) {
	t.Helper()
	dir = t.TempDir()
	if _, err := city.Make(context.Background(), city.Options{Out: dir, Households: 60, Seed: 7, Month: 202610, Defects: 1}); err != nil {
		t.Fatal(err)
	}
	_, registers, _, err := register.LoadFormats(filepath.Join(dir, "formats.json"))
	if err != nil || len(registers) == 0 {
		t.Fatal(err, len(registers))
	}
	return dir, registers
}

func (c *centre) loadHouses(dir string) {
	c.t.Helper()
	f, err := os.Open(filepath.Join(dir, "registry", "houses.csv"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	if _, err := c.houses.Load(context.Background(), f, "houses.csv"); err != nil {
		c.t.Fatal(err)
	}
}

// other is a second fresh database of the same kind.
func other(t *testing.T, d *db.DB) *db.DB {
	if d.Dialect == db.Postgres {
		return dbtest.Postgres(t)
	}
	return dbtest.SQLite(t)
}

// TestVerdictsAreThoseOfTheFileDoor sends every register of a city by the API, first for trial, and compares its
// verdicts with those of the same files taken in at the settlement centre.
func TestVerdictsAreThoseOfTheFileDoor(t *testing.T) {
	dir, registers := town(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, centre := open(t, d), open(t, other(t, d))
		c.loadHouses(dir)
		centre.loadHouses(dir)
		kinds := map[string]bool{}
		for i := range registers {
			kinds[registers[i].Kind] = true
			compareFile(t, c, centre, dir, registers[i])
		}
		if len(kinds) < 4 {
			t.Errorf("only kinds %v were sent", kinds)
		}
	})
}

func compareFile(t *testing.T, c, centre *centre, dir string, profile register.Profile) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(profile.File))
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p := c.program(profile.Supplier)
	layout, err := json.Marshal(profile)
	if err != nil {
		t.Fatal(err)
	}
	if r := p.do("PUT", "/api/v1/profile?name=it", layout, "Content-Type", "application/json"); r.status != 204 {
		t.Fatalf("%s: %d %s", profile.File, r.status, r.body)
	}
	query := "profile=it&month=2026-10&name=" + url.QueryEscape(filepath.Base(path))
	trial := p.run(p.deliver(query+"&dryRun=true", body).ID)
	trialRows, _ := p.rows(trial.ID)
	real := p.run(p.deliver(query, body).ID)
	realRows, last := p.rows(real.ID)
	formats := filepath.Join(dir, "formats.json")
	dry, err := centre.exchange.Intake(context.Background(), exchange.Request{Formats: formats, Paths: []string{path}, DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	taken, err := centre.exchange.Intake(context.Background(), exchange.Request{Formats: formats, Paths: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	if trial.State != exchange.StateJudged || real.State != exchange.StateApplied || !cmp.Equal(last, real) {
		t.Fatalf("%s: trial %+v, real %+v, summary %+v", profile.File, trial, real, last)
	}
	compareReport(t, "trial of "+profile.File, trial, trialRows, dry)
	compareReport(t, profile.File, real, realRows, taken)
}

func compareReport(t *testing.T, what string, got Intake, rows []Row, want *exchange.Report) {
	t.Helper()
	f := want.Files[0]
	if got.Rows != f.Rows || got.Applied != f.Applied || got.Repaired != f.Repaired || got.Ignored != f.Ignored || got.Quarantined != f.Quarantined || got.Month != f.Month || got.Encoding != f.Encoding {
		t.Errorf("%s: %+v, the file door says %+v", what, got, f)
	}
	if (got.Control == nil) != (f.Control == nil) || got.Control != nil && *got.Control != (Control{int64(f.Control.File), int64(f.Control.Read), f.Control.Equal}) {
		t.Errorf("%s: control %+v, the file door says %+v", what, got.Control, f.Control)
	}
	var wanted []Row
	for i := range want.Issues {
		wanted = append(wanted, rowOf(&want.Issues[i]))
	}
	for _, list := range [][]Row{rows, wanted} {
		for i := range list {
			list[i].No = 0
		}
		slices.SortFunc(list, func(a, b Row) int {
			return strings.Compare(strconv.Itoa(a.Pos)+a.Code+a.Field+a.Value+a.Now, strconv.Itoa(b.Pos)+b.Code+b.Field+b.Value+b.Now)
		})
	}
	if diff := cmp.Diff(wanted, rows); diff != "" {
		t.Errorf("%s: rows (-file door +API):\n%.3000s", what, diff)
	}
}

// TestARestartGoesOn leaves a delivery running, as a kill does, and opens the queue anew.
func TestARestartGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d).program("gaz")
		waits, cut := p.deliver("name=a.csv", []byte(table)), p.deliver("name=b.csv", []byte(strings.ReplaceAll(table, "1000000", "2000000")))
		err := d.WriteLocal(context.Background(), func(tx *db.Tx) error {
			_, err := tx.ExecContext(context.Background(), "UPDATE intake_delivery SET state = 'running', tries = 1, stage = 'Запись', done = 3, total = 9 WHERE delivery_id = $1", cut.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if i := p.ask(cut.ID); i.State != exchange.StateRunning || i.Progress == nil || *i.Progress != (Progress{"Запись", 3, 9}) {
			t.Errorf("cut short: %+v, %+v", i, i.Progress)
		}
		stopped, stop := context.WithCancel(context.Background())
		stop()
		if err := p.exchange.RunPending(stopped); err == nil {
			t.Error("the queue went on after its context ended")
		}
		for _, id := range []int64{waits.ID, cut.ID} {
			if i := p.run(id); i.State != exchange.StateApplied || i.Progress != nil || i.FinishedAt == nil {
				t.Errorf("after the restart: %+v", i)
			}
		}
		if err := p.exchange.RunIntake(context.Background(), waits.ID); err != nil {
			t.Errorf("run again: %v", err)
		}
	})
}

// TestOurFaultIsTriedAgain takes the bytes away: the delivery waits, is tried again, and fails in the end.
func TestOurFaultIsTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		p := open(t, d).program("gaz")
		i := p.deliver("name=a.csv", []byte(table))
		exec := func(query string, args ...any) {
			t.Helper()
			err := d.WriteLocal(ctx, func(tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, query, args...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		exec("UPDATE intake_delivery SET digest = $1", strings.Repeat("0", 64))
		for try := 1; ; try++ {
			if err := p.exchange.RunPending(ctx); err == nil {
				t.Fatalf("try %d said nothing", try)
			}
			if got := p.ask(i.ID); got.State == exchange.StateFailed {
				break
			} else if got.State != exchange.StateQueued || try > 10 {
				t.Fatalf("after try %d: %+v", try, got)
			}
			if err := p.exchange.RunPending(ctx); err != nil {
				t.Fatalf("it did not wait for its next try: %v", err)
			}
			exec("UPDATE intake_delivery SET next_at = 0")
		}
		if rows, last := p.rows(i.ID); len(rows) != 0 || last.State != exchange.StateFailed {
			t.Errorf("%+v %+v", rows, last)
		}
	})
}

// TestQueueIsBounded fills a supplier's queue.
func TestQueueIsBounded(t *testing.T) {
	p := open(t, dbtest.SQLite(t)).program("gaz")
	for n := 0; ; n++ {
		r := p.do("POST", "/api/v1/intakes?name=a.csv", []byte(table))
		if r.status == 429 && n == 100 {
			r.refused(t, "a full queue", 429, "intake.queue_full")
			break
		}
		if r.status != 202 {
			t.Fatalf("delivery %d: %d %s", n, r.status, r.body)
		}
	}
	p.centre.program("teplo").deliver("name=a.csv", []byte(table))
}

// TestACutBodyIsNoIntake sends less than it promised.
func TestACutBodyIsNoIntake(t *testing.T) {
	c := open(t, dbtest.SQLite(t))
	p := c.program("gaz")
	_, err := c.exchange.Deliver(context.Background(), p.actor(), exchange.Delivery{Name: "a.csv"}, &cutReader{bytes.NewReader([]byte(table))})
	if fault.CodeOf(err) != "upload.cut" {
		t.Error(err)
	}
	huge := httptest.NewRequest("POST", "/api/v1/intakes?name=a.csv", strings.NewReader(table))
	huge.Header.Set("Authorization", "Bearer "+p.token)
	huge.ContentLength = exchange.DeliveryMax + 1
	w := httptest.NewRecorder()
	c.server.Config.Handler.ServeHTTP(w, huge)
	reply{w.Code, w.Header(), w.Body.Bytes()}.refused(t, "too large", 413, "body.too_large")
	var list struct{ Intakes []Intake }
	p.do("GET", "/api/v1/intakes", nil).decode(t, 200, &list)
	if len(list.Intakes) != 0 {
		t.Errorf("%+v", list)
	}
}

// TestRegisterOfTheDay credits payments of two suppliers and takes one's register and records.
func TestRegisterOfTheDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		c := open(t, d)
		own, foreign := c.program("gaz"), c.program("teplo")
		for _, p := range []*program{own, foreign} {
			if i := p.run(p.deliver("name=a.csv", []byte(table)).ID); i.State != exchange.StateApplied {
				t.Fatalf("%+v", i)
			}
		}
		day := calendar.NewDate(2026, 11, 23)
		var lines []payment.Line
		for i, code := range []string{"gaz", "gaz", "teplo"} {
			lines = append(lines, payment.Line{Row: i + 1, Operation: "op" + strconv.Itoa(i), SupplierCode: code, Number: "10000000" + strconv.Itoa(i%2+1), Date: day, Amount: 10000})
		}
		verdicts, err := c.payments.TakeLines(ctx, payment.Source{Channel: "sber"}, lines, nil)
		if err != nil || slices.Contains(verdicts, payment.Suspense) {
			t.Fatal(verdicts, err)
		}
		r := own.do("GET", "/api/v1/registers/2026-11-23", nil)
		if r.status != 200 || r.header.Get("Content-Type") != binary || !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment; filename") {
			t.Fatalf("%d %v %s", r.status, r.header, r.body)
		}
		dir := t.TempDir()
		manifest, err := c.exchange.WriteRegisters(ctx, day, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range manifest {
			if want, err := os.ReadFile(filepath.Join(dir, row.File)); row.Supplier == "gaz" && (err != nil || !bytes.Equal(want, r.body)) {
				t.Errorf("the register is not the one of all suppliers' (%v):\n%s\n%s", err, r.body, want)
			}
		}
		got := strings.Split(strings.TrimSpace(string(own.do("GET", "/api/v1/payments?day=2026-11-23", nil).body)), "\n")
		var first Payment
		var last PaymentSummary
		if err := json.Unmarshal([]byte(got[0]), &first); err != nil || first.Account != "100000001" || first.Amount != 10000 || first.Day != "2026-11-23" || first.Channel != "sber" {
			t.Errorf("%v %s", err, got[0])
		}
		if err := json.Unmarshal([]byte(got[len(got)-1]), &last); err != nil || len(got) != 3 || last.Summary != (PaymentTotals{"2026-11-23", 2, 20000}) {
			t.Errorf("%v %q", err, got)
		}
	})
}
