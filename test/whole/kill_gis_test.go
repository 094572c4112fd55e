package whole

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/exchange/gis/simulator"
)

// gisSupplier makes a supplier of a made city one the centre posts for.
const gisSupplier = `- code: "rodnik"
  gis: {orgPPAGUID: a1b2c3d4-0000-4000-8000-000000000001, role: rso, sends: [account, payment, cancellation]}
`

// TestSendingSurvivesKills kills the sending to a ГИС ЖКХ that loses receipts and works messages twice, at moments spread
// over the run. In the end every object has the same state on both sides, and none is there twice.
func TestSendingSurvivesKills(t *testing.T) {
	city := makeCity(t, "40", "5")
	dir := t.TempDir()
	p := &place{t: t, flags: []string{"--data", dir}, dir: dir}
	p.takeCity(city)
	text, err := os.ReadFile(filepath.Join(city, "suppliers.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, "own.yaml")
	if err := os.WriteFile(own, []byte(strings.Replace(string(text), "- code: \"rodnik\"\n", gisSupplier, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("suppliers", "load", own)
	sim := simulator.New(simulator.Options{Lose: 0.2, Double: 0.3, Partial: 0.1, Seed: 5})
	server := httptest.NewServer(sim.Handler())
	defer server.Close()
	for range kills(t) + 3 {
		cmd := p.command("gis", "send", "--gis-url", server.URL, "--wait", "1m")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(150+rand.IntN(450)) * time.Millisecond)
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // killed
		p.hurry()
	}
	var s struct {
		Queues []struct{ Waiting, Sent, Done, Refused int }
	}
	const rounds = 60
	for open, n := 1, 0; open > 0 && n < rounds; n++ {
		p.hurry()
		p.runJSON(&s, "gis", "send", "--gis-url", server.URL)
		open = 0
		for _, q := range s.Queues {
			open += q.Waiting + q.Sent
		}
	}
	done, texts := 0, map[string]bool{}
	for _, q := range s.Queues {
		done += q.Done
	}
	for _, x := range sim.Saved() {
		if key := fmt.Sprint(x.Kind, x.Entity, x.Text); texts[key] {
			t.Errorf("there twice: %s", key)
		} else {
			texts[key] = true
		}
	}
	if done != len(sim.Saved()) || done < 40 {
		t.Errorf("%d done here, %d there", done, len(sim.Saved()))
	}
	p.run("check")
}

// hurry lets everything that waits for its time go at once.
func (p *place) hurry() {
	p.t.Helper()
	d, err := db.Open(context.Background(), db.Config{Path: filepath.Join(p.dir, "kvit.db")})
	if err != nil {
		p.t.Fatal(err)
	}
	defer d.Close()
	err = d.WriteLocal(context.Background(), func(tx *db.Tx) error {
		for _, table := range []string{"gis_object", "gis_request"} {
			if _, err := tx.ExecContext(context.Background(), "UPDATE "+table+" SET next_at = 0"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}
