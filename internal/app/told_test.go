package app

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event/feed"
)

// TestTownIsTold: what a town's files and people do is told to whom it concerns: registers of banks, a move of an
// account; and every invariant of events holds afterwards.
func TestTownIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.FillDemo(ctx, DemoOptions{Households: 60, Seed: 5, Month: calendar.NewMonth(2026, 10)}); err != nil {
			t.Fatal(err)
		}
		var supplierID int64
		var code, number, house string
		if err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT s.supplier_id, s.code, r.number, (SELECT min(b.code) FROM building b WHERE b.building_id <> r.building_id) FROM account_route r
				JOIN supplier s ON s.supplier_id = r.supplier_id WHERE r.building_id > 0 ORDER BY r.account_id LIMIT 1`).Scan(&supplierID, &code, &number, &house)
		}); err != nil {
			t.Fatal(err)
		}
		if err := a.Exchange.Move(ctx, access.Actor{Role: access.System}, code, number, house, "проверка"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Feed.Catch(ctx); err != nil {
			t.Fatal(err)
		}
		told := a.toldTo(t, supplierID)
		if n := len(told["account_moved"]); n != 1 || told["account_moved"][0].Account != number {
			t.Errorf("the move was told %d times: %+v", n, told["account_moved"])
		}
		if len(told["payment"]) == 0 || len(told["account_opened"]) != 0 {
			t.Errorf("told: %d payments, %d opened accounts of a first register", len(told["payment"]), len(told["account_opened"]))
		}
		if r := checkOf(t, d); !r.OK {
			for _, b := range r.Invariants {
				if b.Count > 0 && (strings.Contains(b.ID, "event") || strings.Contains(b.ID, "fe")) {
					t.Errorf("%+v", b)
				}
			}
		}
	})
}

func (a *App) toldTo(t *testing.T, supplierID int64) map[string][]feed.Message {
	t.Helper()
	list, err := a.Feed.Page(context.Background(), supplierID, 0, feed.PageMax)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string][]feed.Message{}
	for _, m := range list {
		told[string(m.Kind)] = append(told[string(m.Kind)], m)
	}
	return told
}
