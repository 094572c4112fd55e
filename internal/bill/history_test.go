package bill_test

import (
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
)

// TestHistory: months come latest first, each with what it cost, was paid and why it changed; what is due lies in the latest.
func TestHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		account := int64(10000)
		w.goTo(2026, 9, 1)
		w.sent(account, calendar.Month(202608), 0, 0, 90_000, 0)
		w.goTo(2026, 10, 1)
		w.sent(account, september, 0, 90_000, 100_000, 90_000)
		w.goTo(2026, 11, 1)
		w.sent(account, october, 0, 100_000, 150_000, 40_000)
		w.paid(account, 0, 20261103, 20_000)
		b := w.bill(0, 0)
		past, err := w.bills.History(w.ctx, b)
		if err != nil {
			t.Fatal(err)
		}
		want := []struct {
			month           calendar.Month
			sum, paid, owed money.Amount
			delta           money.Amount
		}{{october, 150_000, 40_000, 150_000, 50_000}, {september, 100_000, 90_000, 40_000, 10_000}, {202608, 90_000, 0, 0, 0}}
		if len(past) != len(want) {
			t.Fatalf("%d months: %+v", len(past), past)
		}
		var owed money.Amount
		for i, x := range want {
			p := &past[i]
			owed += p.Owed
			if p.Month != x.month || p.Sum != x.sum || p.Paid != x.paid || p.Owed != x.owed || len(p.Services) != 1 || p.Services[0].Sum != x.sum {
				t.Errorf("month %d: %+v, want %+v", i, p, x)
			}
			switch {
			case i == len(want)-1 && p.Change != nil:
				t.Errorf("the oldest month changed from %+v", p.Change)
			case i < len(want)-1 && (p.Change.Compared.Delta() != x.delta || len(p.Change.Compared.Sentences()) == 0):
				t.Errorf("month %d changed by %+v", i, p.Change.Compared)
			}
		}
		if owed != b.Total {
			t.Errorf("the months owe %d, the bill %d", owed, b.Total)
		}
	})
}

// TestNeighboursHideSmallHouses: of fewer than ten flats nothing but their number is told; of more the totals and where one
// flat stands.
func TestNeighboursHideSmallHouses(t *testing.T) {
	for _, flats := range []int{4, 11} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			w := newTownOf(t, d, flats)
			w.live(october, nil)
			w.charge(october)
			n, err := w.bills.Neighbours(w.ctx, w.bill(1, 0))
			if err != nil || n.Flats != flats {
				t.Fatalf("%+v %v", n, err)
			}
			if told := n.Charged != 0 && len(n.Used) > 0; told != (flats >= 10) {
				t.Errorf("%d flats: %+v", flats, n)
			}
			for _, u := range n.Used {
				if u.Flats < 10 || u.Low > u.Lower || u.Lower > u.Middle || u.Middle > u.Upper || u.Upper > u.High || u.Own < u.Low || u.Own > u.High {
					t.Errorf("%+v", u)
				}
			}
		})
	}
}
