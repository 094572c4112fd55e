package bill_test

import (
	"testing"

	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// TestHouseFiguresFollowTheFacts: what is kept of a house is as new as its facts: a payment, a register and a month charged
// each show at once.
func TestHouseFiguresFollowTheFacts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTownOf(t, d, 11)
		w.goTo(2026, 11, 2)
		w.live(october, nil)
		w.charge(october)
		look := func(what string) *bill.Neighbours {
			t.Helper()
			begun := w.at // looking takes no time: what is kept must not be new because it grew old
			defer func() { w.at = begun }()
			n, err := w.bills.Neighbours(w.ctx, w.bill(1, 0))
			if err != nil || n.Flats != 11 {
				t.Fatalf("%s: %+v %v", what, n, err)
			}
			var charged money.Amount
			paid := 0
			for flat := range 11 {
				b := w.bill(flat, 0)
				charged += b.Charge + b.Recalc + b.Penalty
				if b.Total == 0 {
					paid++
				}
			}
			if n.Charged != charged || n.Paid != paid {
				t.Errorf("%s: %d charged, %d paid are shown; the bills say %d and %d", what, n.Charged, n.Paid, charged, paid)
			}
			return n
		}
		before := look("charged")
		if again := look("looked at again"); again.Charged != before.Charged {
			t.Error("the same house is another one")
		}
		b := w.bill(3, 0)
		w.pay(b, payment.Wish{All: true}, 20261103)
		if err := d.WriteLocal(w.ctx, func(tx *db.Tx) error { // a payment is posted where its parts are written
			account := b.Suppliers[0].AccountID
			_, err := ledger.Post(w.ctx, tx, &ledger.Transaction{ID: 7, BuildingID: 1, Key: "payment:7", Kind: "payment", OrderID: 7, EffectiveOn: 20261103, RecordedAt: w.now(),
				Entries: []ledger.Entry{{Name: ledger.Receivable, AccountID: account, Amount: -1}, {Name: ledger.Clearing("online", 20261103), Amount: 1}}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := look("paid"); n.Paid != before.Paid+1 {
			t.Errorf("%d flats have paid, one more was expected than %d", n.Paid, before.Paid)
		}
		w.sent(10000, october, 0, 0, 150_000, 0)
		look("a register came")
		w.goTo(2026, 12, 2)
		w.live(october.Add(1), nil)
		w.charge(october.Add(1))
		look("the next month is charged")
	})
}
