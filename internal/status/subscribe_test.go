package status

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

// TestSubscription: an address is asked once an hour, confirmed by its code in time, told each news once, and forgotten when it
// leaves; nothing tells whether it was known.
func TestSubscription(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		m, pass := clock(d, time.Date(2026, 11, 24, 12, 0, 0, 0, zone))
		m.Secrets = Secrets{Mark: func(label, value string) string { return fmt.Sprintf("%x-%48x", label, value) }, Seal: func(_ string, s []byte) []byte { return append([]byte("~"), s...) }, Unseal: func(_ string, s []byte) ([]byte, error) { return s[1:], nil }}
		var sent []Letter
		m.Write = func(_ context.Context, _ *db.Tx, x Letter) error { sent = append(sent, x); return nil }
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		letters := func(want int) (last Letter) {
			t.Helper()
			if len(sent) != want {
				t.Fatalf("%d letters, want %d: %+v", len(sent), want, sent)
			}
			if want > 0 {
				last = sent[want-1]
			}
			sent = nil
			return last
		}
		ok(m.Subscribe(ctx, "anna@mail.example"))
		first := letters(1)
		ok(m.Subscribe(ctx, "anna@mail.example")) // at once again
		letters(0)
		pass(61 * time.Minute)
		ok(m.Subscribe(ctx, "anna@mail.example"))
		second := letters(1)
		if err := m.Confirm(ctx, first.Confirm); !fault.Is(err, fault.NotFound) {
			t.Errorf("the code of an older letter: %v", err)
		}
		report := Report{Title: "Платежи не проходят", Text: "Банк не отвечает.", State: Stopped, NextAt: m.Now() + 3600e6, Actor: "x"}
		id, err := m.Begin(ctx, report)
		ok(err)
		letters(0) // not confirmed yet
		ok(m.Confirm(ctx, second.Confirm))
		ok(m.Confirm(ctx, second.Confirm))
		ok(m.Subscribe(ctx, "anna@mail.example"))
		letters(0)
		report.Text = "Банк чинит."
		ok(m.Tell(ctx, id, report))
		if x := letters(1); x.To != "anna@mail.example" || x.Title != "Платежи не проходят" || x.Text != "Банк чинит." || x.NextAt != report.NextAt || x.Leave == "" {
			t.Errorf("news: %+v", x)
		}
		ok(m.End(ctx, id, Report{Text: "Починили.", Actor: "x"}))
		last := letters(1)
		if last.Title != "Закончилось: Платежи не проходят" {
			t.Errorf("the end: %+v", last)
		}
		ok(m.Leave(ctx, "another"))
		ok(m.Leave(ctx, last.Leave))
		ok(m.Leave(ctx, last.Leave))
		if _, err := m.Begin(ctx, report); err != nil {
			t.Fatal(err)
		}
		letters(0)
		ok(m.Subscribe(ctx, "boris@mail.example"))
		late := letters(1)
		pass(4 * 24 * time.Hour)
		if err := m.Confirm(ctx, late.Confirm); !fault.Is(err, fault.NotFound) {
			t.Errorf("a code after its days: %v", err)
		}
		m.look(t, Pages, OK)
		n := -1
		ok(d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT count(*) FROM status_subscriber").Scan(&n)
		}))
		if n != 0 {
			t.Errorf("%d addresses are kept", n)
		}
	})
}
