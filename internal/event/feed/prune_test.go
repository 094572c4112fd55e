package feed

import (
	"context"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event"
	"kvit/internal/fault"
)

// TestOldEventsGo: what is old goes as far as everybody has read; a reader who is too far behind is told where to begin,
// the last day always stays, and every invariant holds afterwards.
func TestOldEventsGo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), context.Background()
		start := time.Now().AddDate(0, 0, -9)
		for i := range 10 { // a day each
			h.feeds.now = func() calendar.Micros { return calendar.MicrosOf(start.AddDate(0, 0, i)) }
			h.tell(event.Event{BuildingID: 1, AccountID: 11, At: h.feeds.now(), Body: event.AccountOpened{}}, event.Event{BuildingID: 1, AccountID: 13, At: h.feeds.now(), Body: event.AccountOpened{}},
				event.Event{BuildingID: 1, HouseholdID: 300, At: h.feeds.now(), Body: event.Residents{}}) // of nobody
		}
		voda, stoki := h.suppliers["voda"], h.suppliers["stoki"]
		dropped := map[int64]int64{}
		prune := func(days int, hold map[int64]int64) {
			t.Helper()
			_, err := h.feeds.Prune(ctx, calendar.MicrosOf(time.Now().AddDate(0, 0, -days).Add(time.Hour)), hold, func(_ context.Context, _ *db.Tx, id, upTo int64) error {
				dropped[id] = max(dropped[id], upTo)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		prune(2, map[int64]int64{stoki: 3})
		if dropped[voda] != 3 || dropped[stoki] != 3 {
			t.Errorf("a reader at 3 holds all at %v", dropped)
		}
		prune(0, nil)
		if dropped[voda] != 8 {
			t.Errorf("the last day stays, but %v went", dropped)
		}
		for _, after := range []string{"", "5", "2026-01-01"} {
			_, err := h.feeds.Find(ctx, voda, after)
			if f := fault.As(err); f.Code != GoneCode || f.Kind.HTTPStatus() != 410 || f.Message != "События до места 8 удалены: их срок хранения вышел. Начните с after=8 и сверьте то, что было раньше, по реестрам." {
				t.Errorf("after %q: %v", after, err)
			}
		}
		if _, err := h.feeds.Page(ctx, voda, 7, 10); fault.CodeOf(err) != GoneCode {
			t.Errorf("a page after 7: %v", err)
		}
		if list := h.page("voda", 8); len(list) != 2 || list[0].Position != 9 {
			t.Errorf("what is left: %v", list)
		}
		var left int
		err := d.Read(ctx, func(tx *db.Tx) error {
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM event").Scan(&left); err != nil {
				return err
			}
			list, err := Invariants(ctx, tx)
			for _, b := range list {
				if b.Count > 0 && b.ID != "I18.events_have_facts" {
					t.Errorf("%s: %v", b.ID, b.Rows)
				}
			}
			return err
		})
		if err != nil || left != 6 {
			t.Errorf("%d events are left: %v", left, err)
		}
		h.tell(event.Event{BuildingID: 1, AccountID: 11, At: now(), Body: event.AccountOpened{}})
		if list := h.page("voda", 10); len(list) != 1 || list[0].Position != 11 {
			t.Errorf("what is told next: %v", list)
		}
	})
}
