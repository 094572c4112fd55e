package bill_test

import (
	"encoding/json"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestBillsOfAShelfAreThoseOfHouseholds: bills made many at once are the ones made one by one, at every moment: before
// Kvit charged, after each month, with registers before, between and beside, with a service that stays the supplier's.
func TestBillsOfAShelfAreThoseOfHouseholds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.sent(10000, september, 0, 100_00, 250_00, 50_00)
		w.sent(10021, september, 1, 0, 77_00, 0)
		w.same()
		w.live(october, func(s *fact.Set) {
			for i := range s.Subscriptions {
				if s.Subscriptions[i].Household == 1003 && s.Subscriptions[i].Service == "maintenance" {
					s.Subscriptions[i].Mode = fact.Issued
				}
			}
		})
		w.charge(october)
		w.paid(10000, 0, 20261020, 30_00)
		w.same()
		w.sent(10021, october, 1, 77_00, 80_00, 0)
		w.live(november, nil)
		w.goTo(2026, 12, 5)
		w.charge(november)
		w.paid(10010, -1, 20261203, 500_00)
		if lines := w.same(); lines < 4*8 {
			t.Errorf("%d lines", lines)
		}
	})
}

// same compares the bills of the house as they are now, and tells how many lines they have.
func (w *town) same() (lines int) {
	w.t.Helper()
	at := w.now()
	list, err := w.bills.Each(w.ctx, 1, 1, at)
	if err != nil || len(list) != w.flats {
		w.t.Fatalf("%d bills, %v", len(list), err)
	}
	for _, b := range list {
		one, err := w.bills.At(w.ctx, bill.Ref{Building: b.BuildingID, Household: b.HouseholdID}, at)
		if err != nil {
			w.t.Fatal(err)
		}
		lines += len(one.Lines)
		got, _ := json.Marshal(b)
		if want, _ := json.Marshal(one); string(got) != string(want) {
			w.t.Errorf("household %d on the shelf\n%s\nalone\n%s", b.HouseholdID, got, want)
		}
	}
	return lines
}
