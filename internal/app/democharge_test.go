package app

import (
	"context"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/charge"
)

// TestDemoCityIsCompared: the made-up city of the demo is charged by the demo's catalogue, in both sets of layouts. Only
// sewage differs, and only where the town's errors left a household without its account of hot water.
func TestDemoCityIsCompared(t *testing.T) {
	if testing.Short() {
		t.Skip("a whole city on SQLite: not under the race detector")
	}
	for seed := int64(1); seed <= 2; seed++ {
		ctx := context.Background()
		a, err := Open(ctx, Settings{Data: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(a.Close)
		month := calendar.NewMonth(2026, 10)
		if _, err := a.FillDemo(ctx, DemoOptions{Households: 400, Seed: seed, Month: month}); err != nil {
			t.Fatal(err)
		}
		r, err := a.ChargeMonth(ctx, "test", month, nil, nil)
		if err != nil || !r.OK() || r.Lines < 1500 {
			t.Fatalf("%+v, %v", r, err)
		}
		list, err := a.CompareCharges(ctx, month)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 || len(list) > 12 { // three accounts in a hundred are missing at most
			t.Errorf("%d differences", len(list))
		}
		for _, d := range list {
			if d.Cause == charge.CauseAbsent && d.House != "" && d.Household != "" { // the account that is missing itself
				continue
			}
			if d.Cause != charge.CauseLinkedMissing || d.Of != "hot_water" || d.House == "" || d.Account == "" || d.Household == "" {
				t.Errorf("%+v", d)
			}
		}
	}
}
