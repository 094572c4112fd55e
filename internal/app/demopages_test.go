package app

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/db"
)

// TestDemoShowsEachWayASumComesAbout: behind the doors of the demo's residents a line by meter with a correction, one by
// normative with its factor, and one whose supplier's figure differs can be opened; nothing is owed twice, and all is whole.
func TestDemoShowsEachWayASumComesAbout(t *testing.T) {
	if testing.Short() {
		t.Skip("a whole city on SQLite: not under the race detector")
	}
	ctx := context.Background()
	a, err := Open(ctx, Settings{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	doors, err := a.FillDemo(ctx, DemoOptions{Households: 400, Seed: 1, Month: calendar.NewMonth(2026, 10), Issue: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(doors) != 7 {
		t.Fatalf("%d doors", len(doors))
	}
	building, household, err := a.demoFamily(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, neighbours, err := a.demoNeighbours(ctx, building)
	if err != nil || len(neighbours) != 2 {
		t.Fatalf("%+v, %v", neighbours, err)
	}
	own := openAll(t, a, access.Actor{BuildingID: building, HouseholdID: household})
	metered := findLine(own, func(x *why.Explanation) bool { return x.Origin == why.ByKvit && x.Steps[0].Method == "meter" })
	quality := func(s why.Calculation) bool { return strings.Contains(s.Cause, "качество") }
	if metered == nil || metered.Recalc >= 0 || !slices.ContainsFunc(metered.Steps, quality) {
		t.Errorf("by meter, with a correction: %+v", metered)
	} else if !strings.HasPrefix(metered.Steps[0].After.Source, "файл ") {
		t.Errorf("a reading comes from %q", metered.Steps[0].After.Source)
	}
	raised := findLine(openAll(t, a, neighbours[0]), func(x *why.Explanation) bool {
		return x.Origin == why.ByKvit && len(x.Steps) == 2 && x.Steps[1].Factor == "3"
	})
	if raised == nil || raised.Steps[0].NormStatus != "stand_in" {
		t.Errorf("by normative, with a factor: %+v", raised)
	}
	if differs := findLine(openAll(t, a, neighbours[1]), func(x *why.Explanation) bool { return x.Beside != nil && x.Beside.Difference < 0 }); differs == nil {
		t.Error("no figure of a supplier differs from Kvit's")
	}
	var run *charge.Report
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		runs, err := charge.ListRuns(ctx, tx, 202610)
		if err == nil {
			run, _, err = charge.FindReport(ctx, tx, runs[0].ID)
		}
		return err
	})
	if err != nil || len(run.Services) != 2 {
		t.Fatalf("%+v, %v", run, err)
	}
	for _, s := range run.Services {
		if s.Supplier == "" || s.Now <= 0 {
			t.Errorf("a service of the run has no supplier: %+v", s)
		}
	}
	if r, err := a.Check(ctx); err != nil || !r.OK {
		t.Errorf("%+v, %v", r, err)
	}
}

// openAll opens each line of a household's bill. No account has two lines of one service.
func openAll(t *testing.T, a *App, of access.Actor) (list []*why.Explanation) {
	t.Helper()
	ctx := context.Background()
	b, err := a.Bills.At(ctx, bill.Ref{Building: of.BuildingID, Household: of.HouseholdID}, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i := range b.Lines {
		x, err := a.Bills.Explain(ctx, b, i+1)
		if err != nil {
			t.Fatal(err)
		}
		key := x.Supplier + x.Account + strings.ToLower(x.Title)
		if seen[key] {
			t.Errorf("%s of %s is on the bill twice", x.Title, x.Account)
		}
		seen[key] = true
		list = append(list, x)
	}
	return list
}

func findLine(list []*why.Explanation, fits func(*why.Explanation) bool) *why.Explanation {
	for _, x := range list {
		if fits(x) {
			return x
		}
	}
	return nil
}
