package app

import (
	"context"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"kvit/internal/db/dbtest"
	"kvit/internal/payment/gateway/simulator"
)

// TestDrill practises a loss on both databases: data come back to an earlier moment with its digest, and to the last with no payment
// lost, no number given twice, no money on its way.
func TestDrill(t *testing.T) {
	inOrder(t)
	for name, address := range map[string]func(t testing.TB) string{
		"sqlite":   func(testing.TB) string { return "" },
		"postgres": dbtest.OwnPostgresURL,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := Settings{DatabaseURL: address(t)}
			bank := httptest.NewServer(simulator.New(simulator.Options{Mode: simulator.Captured, Secret: "s", ID: "simulator"}).Handler())
			defer bank.Close()
			s.Acquirers = []Acquirer{{Kind: simulator.YooKassa, URL: bank.URL, ID: "simulator", Secret: "s"}}
			dir, err := os.MkdirTemp("", "kvit-drill-")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			if err := os.Chmod(dir, 0o755); err != nil { // the server runs as another user
				t.Fatal(err)
			}
			r, err := Drill(context.Background(), s, DrillOptions{Dir: dir, Households: 20, Seed: 3, Load: 700 * time.Millisecond, Pause: 300 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			if !r.OK || r.Payments == 0 || r.Kept+r.Found != r.Payments || !r.SameDigest || !r.NumbersGoOn || !r.PayoutsWait {
				t.Errorf("%+v", r)
			}
			if r.Again != r.Found {
				t.Errorf("%d payers asked again, %d payments were lost", r.Again, r.Found)
			}
			t.Logf("payments %d, kept %d, found %d; RPO %.1f s, RTO %.1f s", r.Payments, r.Kept, r.Found, r.RPO, r.RTO)
		})
	}
}
