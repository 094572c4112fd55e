package whole

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/supplier"
)

// chargeHouses is how many small houses are charged: several waves of a run.
const chargeHouses = 230

// takeFacts loads the sample's catalogue and writes the facts of its houses.
func (p *place) takeFacts() {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "catalog.yaml")
	f, err := os.Create(path)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := sample.Figures().WriteYAML(f); err != nil {
		p.t.Fatal(err)
	}
	f.Close()
	p.run("catalog", "load", path)
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Path: filepath.Join(p.dir, "kvit.db"), URL: p.databaseURL()})
	if err != nil {
		p.t.Fatal(err)
	}
	defer d.Close()
	out := fact.NewWriter()
	ids := p.sampleIds(ctx, d)
	for i := range chargeHouses {
		if err := out.Add(sample.House(int64(i+1), 1, 202610, 7, ids), calendar.MicrosOf(time.Now())); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := d.WriteLocal(ctx, func(tx *db.Tx) error { return out.Write(ctx, tx) }); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) databaseURL() string {
	for i, f := range p.flags {
		if f == "--database-url" {
			return p.flags[i+1]
		}
	}
	return ""
}

func (p *place) sampleIds(ctx context.Context, d *db.DB) *sample.Ids {
	p.t.Helper()
	suppliers := supplier.New(d, func() calendar.Micros { return calendar.MicrosOf(time.Now()) })
	ids := &sample.Ids{}
	for i := range ids.Supplier {
		s, err := suppliers.Ensure(ctx, sample.SupplierCode(i))
		if err != nil {
			p.t.Fatal(err)
		}
		ids.Supplier[i] = s.ID
	}
	for i := range ids.Service {
		id, err := suppliers.ServiceID(ctx, ids.Supplier[sample.SupplierOf(i)], sample.CodeOf(i))
		if err != nil {
			p.t.Fatal(err)
		}
		ids.Service[i] = id
	}
	return ids
}

// TestChargeSurvivesKills kills the charge run of a month, of one with penalties, and a recalculation, at random moments and starts them
// again until they end: what is charged must be what runs that nobody killed charge.
func TestChargeSurvivesKills(t *testing.T) {
	steps := [][]string{
		{"charge", "run", "--month", "2026-10"},
		{"charge", "close", "--month", "2026-10"},
		{"charge", "run", "--month", "2026-11"},
		{"charge", "run", "--month", "2026-12"}, // October is late by then
		{"charge", "recalc", "--month", "2026-11", "--from", "2026-10", "--cause", "проверка", "--post"},
	}
	eachPlace(t, func(t *testing.T, p *place) {
		p.takeFacts()
		for _, args := range steps {
			p.run(args...)
		}
		p.run("check")
		want := digest(p)
		for i := range kills(t) {
			fresh := p.again(t)
			fresh.takeFacts()
			times := 0
			for _, args := range steps {
				times += fresh.killUntilDone(time.Second, args...)
			}
			if got := digest(fresh); got != want {
				t.Fatalf("round %d, killed %d times: digest %s, want %s", i, times, got, want)
			}
			fresh.run("check")
		}
	})
}

// routeSample gives the first account of a household of the sample a number: 7001 of the first supplier.
func (p *place) routeSample(building, household string) {
	p.t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Path: filepath.Join(p.dir, "kvit.db"), URL: p.databaseURL()})
	if err != nil {
		p.t.Fatal(err)
	}
	defer d.Close()
	for _, statement := range []string{
		"INSERT INTO account_route (supplier_id, number, account_id, building_id) SELECT supplier_id, '7001', " + household + "0, " + building + " FROM supplier WHERE code = 'sup1'",
		"INSERT INTO account (building_id, account_id, supplier_id, number, opened_at, closed_at, moved_from) SELECT " + building + ", " + household + "0, supplier_id, '7001', 1, 0, 0 FROM supplier WHERE code = 'sup1'",
	} {
		if _, err := d.Handle().ExecContext(ctx, statement); err != nil {
			p.t.Fatal(err)
		}
	}
}
