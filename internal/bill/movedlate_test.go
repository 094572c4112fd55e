package bill_test

import (
	"fmt"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
	"kvit/internal/penalty"
)

// rehouse moves the account of maintenance to a house.
func (w *mover) rehouse(house string) {
	w.t.Helper()
	if err := w.files.Move(w.ctx, access.Actor{Role: access.System}, sample.SupplierCode(sample.SupplierOf(upkeep)), fmt.Sprint(keeper), house, "проверка"); err != nil {
		w.t.Fatal(err)
	}
}

// kept is the bill that the account of maintenance is on now, held to the book and what was paid.
func (w *mover) kept(paid money.Amount) *bill.Bill {
	w.t.Helper()
	ref, _, err := w.bills.FindByAccount(w.ctx, sample.SupplierCode(sample.SupplierOf(upkeep)), fmt.Sprint(keeper), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	b, err := w.bills.At(w.ctx, ref, 0)
	if err == nil {
		err = w.bills.Ahead(w.ctx, b)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	for i, l := range b.Lines {
		if l.AccountID == keeper && l.Penalty != 0 {
			w.opensToDays(b, i+1)
		}
	}
	if is, want := dueOf(b, keeper), w.posted(keeper)-paid; is != want {
		w.t.Errorf("the bill says %d, the book %d", is, want)
	}
	return b
}

// opensToDays opens a line of a bill: its penalties tell their days.
func (w *mover) opensToDays(b *bill.Bill, line int) {
	w.t.Helper()
	x, err := w.bills.Explain(w.ctx, b, line)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range x.Steps {
		if s.Kind == "penalty" && len(s.Late) < 2 {
			w.t.Errorf("%s of %d is not explained: %+v", s.KindText, s.Sum, s.Late)
		}
	}
}

// finedIn is what penalties were charged of the account in a building.
func (w *mover) finedIn(building int) int64 {
	return w.count(fmt.Sprintf("SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM charge_line WHERE kind = 13 AND account_id = %d AND building_id = %d", keeper, building))
}

// aheadPenalty is the penalty of the account in the month not charged yet.
func aheadPenalty(b *bill.Bill) (sum money.Amount) {
	if b.Preliminary == nil {
		return 0
	}
	for _, l := range b.Preliminary.Lines {
		if l.AccountID == keeper {
			sum += l.Penalty
		}
	}
	return sum
}

// closeThrough closes months before an account moves: what was charged stays in the house it was charged in.
func (w *mover) closeThrough(months ...calendar.Month) {
	w.t.Helper()
	for _, m := range months {
		if err := w.charges.Close(w.ctx, m, "olga"); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestPenaltiesFollowTheAccount: the debt an account brought along carries penalty in its new house, paid there or in the
// former house before; the house it left charges none, and the move back begins nothing anew.
func TestPenaltiesFollowTheAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newMover(t, d)
		w.through(october, november)
		w.closeThrough(october, november)
		owed := w.chargedAbout(keeper, october)
		early, late := penalty.Payment{On: 20261205, Sum: owed / 4}, penalty.Payment{On: 20261220, Sum: owed / 2}
		w.goTo(2026, 12, 6)
		w.paid(keeper, upkeep, early.On, int64(early.Sum))
		w.goTo(2026, 12, 10)
		w.rehouse("Д2")
		w.goTo(2026, 12, 29)
		if got, want := aheadPenalty(w.kept(early.Sum)), comesTo(t, "housing", october, owed, 20261229, early); got != want || got <= 0 {
			t.Errorf("preliminary penalty %d, want %d", got, want)
		}
		w.through(newYear)
		if got, want := w.sum(keeper, october), comesTo(t, "housing", october, owed, 20261231, early); got != want {
			t.Errorf("in the new house %d, want %d", got, want)
		}
		w.kept(early.Sum)
		w.rechecked()
		w.goTo(2027, 1, 20)
		w.paidThere(late.On, int64(late.Sum))
		w.through(january)
		if got, want := w.sum(keeper, october), comesTo(t, "housing", october, owed, 20270131, early, late); got != want {
			t.Errorf("after a payment in the new house %d, want %d", got, want)
		}
		if w.finedIn(1) != 0 || w.finedIn(2) <= 0 {
			t.Errorf("the former house charged %d, the new one %d", w.finedIn(1), w.finedIn(2))
		}
		there := w.finedIn(2)
		w.goTo(2027, 2, 5)
		w.rehouse("Д1")
		w.kept(early.Sum + late.Sum)
		w.through(february)
		if got, want := w.sum(keeper, october), comesTo(t, "housing", october, owed, 20270228, early, late); got != want || w.finedIn(2) != there {
			t.Errorf("after the move back %d, want %d; the house left then charged %d more", got, want, w.finedIn(2)-there)
		}
		w.kept(early.Sum + late.Sum)
		w.rechecked()
		w.sound()
	})
}

// TestPenaltyOfADebtThatPassed: an account that moves while its months are open takes them along; the debt stays as old as it
// was, and what the former house took back of it is no debt since the next month.
func TestPenaltyOfADebtThatPassed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newMover(t, d)
		w.through(october, november)
		w.goTo(2026, 12, 10)
		w.rehouse("Д2")
		w.goTo(2026, 12, 29)
		for _, l := range w.kept(0).Late {
			if l.Account == fmt.Sprint(keeper) && l.Month == newYear.String() {
				t.Errorf("a debt is told twice: %+v", l)
			}
		}
		w.through(newYear, january)
		if got, want := w.sum(keeper, october), comesTo(t, "housing", october, w.chargedAbout(keeper, october), 20270131); got != want || want <= 0 {
			t.Errorf("penalty %d, want %d", got, want)
		}
		w.kept(0)
		w.rechecked()
		w.sound()
	})
}

// TestPenaltyBeforeTheMove: what was charged as penalty before the move is not charged again, and what is paid in the new
// house for all of it leaves nothing.
func TestPenaltyBeforeTheMove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newMover(t, d)
		w.through(october, november, newYear)
		w.closeThrough(october, november, newYear)
		owed, before := w.chargedAbout(keeper, october), w.sum(keeper, october)
		w.goTo(2027, 1, 10)
		w.rehouse("Д2")
		w.goTo(2027, 1, 28)
		b := w.kept(0)
		sum, all := dueOf(b, keeper), comesTo(t, "housing", october, owed, 20270128)
		for _, l := range b.Preliminary.Lines {
			if l.AccountID == keeper {
				sum += l.Sum
			}
		}
		w.paidThere(20270128, int64(sum))
		w.through(january)
		if got := w.sum(keeper, october); got != all || before <= 0 || before >= all {
			t.Errorf("charged %d, of it %d before the move; want %d", got, before, all)
		}
		if left := dueOf(w.kept(sum), keeper); left != 0 {
			t.Errorf("after all was paid %d is left", left)
		}
		w.rechecked()
		w.sound()
	})
}

// paidThere is a payment of the account in the second house.
func (w *mover) paidThere(on calendar.Date, sum int64) {
	w.t.Helper()
	w.paid(keeper, upkeep, on, sum)
	w.exec("UPDATE payment_part SET building_id = 2 WHERE order_id = $1", w.file)
}

// wentBack makes the supplier of maintenance charge it himself again from January on.
func wentBack(s *fact.Set) {
	for _, x := range s.Subscriptions {
		if x.Service == "maintenance" {
			x.Mode, x.From = fact.Issued, 20270101
			s.Subscriptions = append(s.Subscriptions, x)
		}
	}
	for i := range s.Subscriptions {
		if x := &s.Subscriptions[i]; x.Service == "maintenance" && x.Mode != fact.Issued {
			x.Until = 20261231
		}
	}
}

// TestCorrectedWhileTheSupplierCharges: a late fact about the months Kvit charged is corrected beside the register of a
// supplier who charges the service again; his debts carry no penalty of Kvit's, and those charged before stay.
func TestCorrectedWhileTheSupplierCharges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, wentBack)
		w.through(october, november, newYear)
		before := w.sum(keeper, october)
		w.sent(keeper, january, upkeep, 5_000_00, 1000_00, 0)
		w.through(january)
		w.live(october, func(s *fact.Set) {
			wentBack(s)
			for i := range s.Premises {
				s.Premises[i].Area /= 2
			}
		})
		lower := w.chargedAbout(keeper, october)
		w.through(february, march)
		if w.chargedAbout(keeper, october) >= lower {
			t.Fatal("October is not corrected")
		}
		if got := w.fines(keeper); w.sum(keeper, october) != before || w.sum(keeper, january) != 0 || before <= 0 {
			t.Errorf("penalties %v, of October %d before", got, before)
		}
		w.rechecked()
	})
}
