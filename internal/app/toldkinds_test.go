package app

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/record"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestEveryChangeIsTold: what a file of facts, a run and its bills change is told to whom it concerns, and
// nothing of it twice; every invariant holds.
func TestEveryChangeIsTold(t *testing.T) {
	inOrder(t)
	d := dbtest.SQLite(t)
	ctx := context.Background()
	a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.FillDemo(ctx, DemoOptions{Households: 60, Seed: 5, Month: calendar.NewMonth(2026, 10), Issue: true}); err != nil {
		t.Fatal(err)
	}
	var supplierID int64
	var code, number string
	err = d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT s.supplier_id, s.code, r.number FROM charge_subscription c JOIN account_route r ON r.account_id = c.account_id AND r.building_id = c.building_id
			JOIN supplier s ON s.supplier_id = r.supplier_id WHERE c.mode = 'computed' AND c.household_id <> 0 ORDER BY r.account_id LIMIT 1`).Scan(&supplierID, &code, &number)
	})
	if err != nil {
		t.Fatal(err)
	}
	facts := "facts:\n- supplier: " + code + "\n  account: \"" + number + "\"\n  residents: [{from: 2026-09-01, persons: 7}]\n  owners: [{from: 2026-09-01, persons: 2}]\n  area: 91.5\n"
	load := record.Load{By: "person:проверка", Sources: []record.Source{{Name: "facts.yaml", Body: strings.NewReader(facts)}}}
	if r, err := a.Records.Load(ctx, access.Actor{Role: access.System}, load); err != nil || !r.OK {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := a.Feed.Catch(ctx); err != nil {
		t.Fatal(err)
	}
	told := a.toldTo(t, supplierID)
	for kind, part := range map[string]string{
		"residents": `"living":7`, "ownership": `"owners":2`, "area": `"total":"91.5"`, "charge": `"month":"2026-1`,
	} {
		n := 0
		for _, m := range told[kind] {
			if strings.Contains(string(m.Data), part) && (m.Account == number || kind == "charge") {
				n++
			}
		}
		if n == 0 || n > 1 && slices.Contains([]string{"ownership", "area"}, kind) {
			t.Errorf("%s is told %d times: %.500v", kind, n, told[kind])
		}
	}
	a.billsAreTold(t)
	if r, err := a.Check(ctx); err != nil || !r.OK {
		t.Errorf("check: %+v, %v", r, err)
	}
}

// billsAreTold: the bills of the demo are told, to everyone his own sum and nobody else's.
func (a *App) billsAreTold(t *testing.T) {
	t.Helper()
	list, err := a.ListSuppliers(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range list {
		for _, m := range a.toldTo(t, s.ID)["bill_published"] {
			if n++; !strings.Contains(string(m.Data), `"number":"К-`) || strings.Contains(string(m.Data), "sums") {
				t.Errorf("%s is told %s", s.Code, m.Data)
			}
		}
	}
	if n == 0 {
		t.Error("no bill is told of")
	}
}
