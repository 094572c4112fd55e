package bill_test

import (
	"context"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// issued charges October of two houses and issues its bills.
func (w *mover) issued() {
	w.t.Helper()
	r := w.charge(october)
	if err := w.charges.Approve(w.ctx, r.Run, "vera"); err != nil {
		w.t.Fatal(err)
	}
	done, err := w.bills.Publish(w.ctx, bill.PublishRequest{Run: r.Run, Actor: "vera"})
	if err != nil || done.Issued != 4 {
		w.t.Fatalf("%+v, %v", done, err)
	}
}

// prepared is a reissue of October's bills as olga prepared it.
func (w *mover) prepared(scope bill.ReissueScope) *bill.Reissue {
	w.t.Helper()
	x, err := w.bills.PrepareReissue(w.ctx, bill.ReissueRequest{Month: october, Scope: scope, Reason: "ошибка в числе жильцов", Actor: "olga"})
	if err != nil {
		w.t.Fatal(err)
	}
	return x
}

// TestBillsAreIssuedAnew: bills whose figures have changed are found, a second person lets them be replaced, stopped in the
// middle it goes on, and every household has one live bill; a payment changes no figure.
func TestBillsAreIssuedAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newMover(t, d)
		if _, err := w.bills.PrepareReissue(w.ctx, bill.ReissueRequest{Month: october, Reason: "x", Actor: "olga"}); fault.CodeOf(err) != "reissue.none" {
			t.Errorf("nothing is issued: %v", err)
		}
		w.issued()
		w.paid(movedAccount, 0, 20261103, 700)
		if x := w.prepared(bill.ReissueScope{}); x.Found.Changed != 0 || x.Found.Bills != 4 {
			t.Errorf("a payment alone: %+v", x.Found)
		}
		w.record(&fact.Set{Building: 1, Stays: []fact.Stay{{Household: 1000, ID: 1000, Kind: fact.Resident, Persons: 5}}})
		w.record(&fact.Set{Building: 2, Stays: []fact.Stay{{Household: 2001, ID: 2001, Kind: fact.Resident, Persons: 5}}})
		if _, err := w.charges.Recalculate(w.ctx, charge.Recalculation{In: october, From: october, Cause: "жильцы", Actor: "olga"}); err != nil {
			t.Fatal(err)
		}
		if x := w.prepared(bill.ReissueScope{Buildings: []int64{2}}); x.Found.Changed != 1 || x.Found.Buildings != 1 {
			t.Errorf("one house: %+v", x.Found)
		}
		x := w.prepared(bill.ReissueScope{})
		var want money.Amount
		if err := d.Handle().QueryRowContext(w.ctx, "SELECT CAST(sum(amount_kop) AS BIGINT) FROM charge_line WHERE formula = $1", int64(calc.FormulaRecalculation)).Scan(&want); err != nil {
			t.Fatal(err)
		}
		if x.Found.Changed != 2 || x.Found.Difference != want || want == 0 || len(x.Found.Largest) != 2 || x.Found.After-x.Found.Before != want-700 {
			t.Errorf("found %+v, corrections come to %d", x.Found, want)
		}
		w.replaced(x)
		list, err := w.bills.ListIssued(w.ctx, bill.Ref{Building: 1, Household: 1000})
		if err != nil || len(list) != 2 || list[0].State != bill.IssuedLive || list[0].Reason != x.Reason || list[1].State != bill.IssuedReplaced {
			t.Errorf("%+v, %v", list, err)
		}
		if again := w.prepared(bill.ReissueScope{}); again.Found.Changed != 0 {
			t.Errorf("replaced, and still other: %+v", again.Found)
		}
		w.sound()
	})
}

// replaced lets a reissue run: not by who prepared it, killed after its first house, paused, and done in the end.
func (w *mover) replaced(x *bill.Reissue) {
	w.t.Helper()
	start := bill.ReissueStart{ID: x.ID, Wave: 1, Actor: "olga"}
	if _, err := w.bills.ConfirmReissue(w.ctx, start, nil); fault.CodeOf(err) != "reissue.same_person" {
		w.t.Errorf("by the same person: %v", err)
	}
	start.Actor = "vera"
	x, err := w.bills.ConfirmReissue(w.ctx, start, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	killed, kill := context.WithCancel(w.ctx)
	if _, err := w.bills.ContinueReissue(killed, x, func(int, bill.Reissued) { kill() }); err == nil {
		w.t.Error("it was not stopped")
	}
	if err := w.bills.PauseReissue(w.ctx, x.ID, "vera"); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.bills.ContinueReissue(w.ctx, x, nil); fault.CodeOf(err) != bill.PausedCode {
		w.t.Errorf("paused: %v", err)
	}
	for range 2 {
		if x, err = w.bills.ConfirmReissue(w.ctx, start, nil); err != nil {
			w.t.Fatal(err)
		}
		done, err := w.bills.ContinueReissue(w.ctx, x, nil)
		if err != nil || done.Buildings != 2 || done.BuildingsAll != 2 || done.Issued != 2 || done.Same != 2 || done.Difference != x.Found.Difference {
			w.t.Errorf("%+v, %v", done, err)
		}
	}
	if n := w.count("SELECT count(*) FROM audit_event WHERE action LIKE 'bill.reissue%'"); n < 6 {
		w.t.Errorf("%d records of audit", n)
	}
}
