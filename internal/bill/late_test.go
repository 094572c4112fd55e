package bill_test

import (
	"slices"
	"strings"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/penalty"
)

const (
	newYear  = calendar.Month(202612)
	january  = calendar.Month(202701)
	february = calendar.Month(202702)
	march    = calendar.Month(202703)
	keeper   = int64(10006) // the account of maintenance of the first flat, its only service
	upkeep   = 7
	renewer  = int64(10007)
)

// fines are the penalty lines of an account by the month charged in and the month about.
func (w *town) fines(account int64) map[[2]calendar.Month]money.Amount {
	w.t.Helper()
	found := map[[2]calendar.Month]money.Amount{}
	rows, err := w.d.Handle().QueryContext(w.ctx, "SELECT month, about, amount_kop FROM charge_line WHERE kind = 13 AND account_id = $1", account)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var in, about calendar.Month
		var sum money.Amount
		if err := rows.Scan(&in, &about, &sum); err != nil {
			w.t.Fatal(err)
		}
		found[[2]calendar.Month{in, about}] += sum
	}
	return found
}

// rules are those of the sample's catalogue.
func rules(t testing.TB) *penalty.Rules {
	t.Helper()
	r, err := penalty.Compile(sample.Catalog(), calendar.DayOff)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// comesTo is what the law makes of one debt.
func comesTo(t testing.TB, group string, month calendar.Month, principal money.Amount, at calendar.Date, paid ...penalty.Payment) money.Amount {
	t.Helper()
	var res penalty.Result
	if err := rules(t).Compute(penalty.Debt{Month: month, Group: group, Principal: principal}, paid, at, &res); err != nil {
		t.Fatal(err)
	}
	return res.Total
}

// through charges months one after another, each in the days after it.
func (w *town) through(months ...calendar.Month) {
	w.t.Helper()
	for _, m := range months {
		next := m.Add(1)
		w.goTo(next.Year(), next.Number(), 3)
		w.charge(m)
	}
}

// TestPenaltiesOfARun: both bands, the weekend shift, the rate of the calculation day, a part payment that came to be known
// late, capital repair without the second band, the columns of the bill and the book.
func TestPenaltiesOfARun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, nil)
		w.through(october, november)
		owed := of(w.bill(0, 0), keeper, "maintenance").Charge
		repair := of(w.bill(0, 0), renewer, "capital_repair").Charge
		if len(w.fines(keeper)) != 0 {
			t.Fatalf("before day 31: %v", w.fines(keeper))
		}
		w.through(newYear)
		first := comesTo(t, "housing", october, owed, 20261231)
		if got := w.fines(keeper); first <= 0 || len(got) != 1 || got[[2]calendar.Month{newYear, october}] != first {
			t.Fatalf("in December %v, want %d", got, first)
		}
		w.explainedByDays(keeper, first)
		l := of(w.bill(0, 0), keeper, "maintenance")
		if l.Penalty != first || l.Opening != 2*owed || l.Due != 3*owed+first {
			t.Errorf("the bill of December: %+v", l)
		}
		if got := w.bookOf(keeper, "receivable"); got != 3*owed {
			t.Errorf("receivable is %d, want %d without penalty", got, 3*owed)
		}
		if got := w.bookOf(keeper, "penalty"); got != first {
			t.Errorf("penalty by the book %d, want %d", got, first)
		}
		w.goTo(2027, 1, 20)
		w.paid(keeper, upkeep, 20261220, int64(owed)/2) // of October, known a month later
		w.through(january, february)
		part := penalty.Payment{On: 20261220, Sum: owed / 2}
		for _, m := range []calendar.Month{january, february} {
			var sum money.Amount
			for at, x := range w.fines(keeper) {
				if at[1] == october && at[0] <= m {
					sum += x
				}
			}
			if want := comesTo(t, "housing", october, owed, m.Last(), part); sum != want {
				t.Errorf("of October by %s: %d, want %d", m, sum, want)
			}
		}
		var all money.Amount
		for _, x := range w.fines(renewer) {
			all += x
		}
		if want := comesTo(t, "capital_repair", october, repair, 20270228) + comesTo(t, "capital_repair", november, repair, 20270228) + comesTo(t, "capital_repair", newYear, repair, 20270228); all != want {
			t.Errorf("capital repair %d, want %d", all, want)
		}
		w.rechecked()
	})
}

// TestPenaltiesFollowFacts: a payment taken back after the charge, a correction that lowers an old month, and a register
// that left a debt before Kvit.
func TestPenaltiesFollowFacts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.sent(keeper, september, upkeep, 0, 500_00, 0)
		w.live(october, nil)
		w.through(october)
		owed := of(w.bill(0, 0), keeper, "maintenance").Charge
		w.through(november)
		if got, want := w.fines(keeper)[[2]calendar.Month{november, september}], comesTo(t, "housing", september, 500_00, 20261130); got != want || want <= 0 {
			t.Fatalf("opening debt: %d, want %d", got, want)
		}
		w.paidBack(keeper, upkeep, 20261201, int64(500_00+owed))
		w.through(newYear)
		if got := w.sum(keeper, september); got != comesTo(t, "housing", september, 500_00, 20261231) {
			t.Errorf("after the payment was taken back: %d", got)
		}
		s := sample.House(1, w.flats, october, 3, &w.ids)
		w.recordChanged(s, func(s *fact.Set) {
			for i := range s.Premises {
				s.Premises[i].Area /= 2
			}
		})
		w.through(january)
		lower := w.chargedAbout(keeper, october)
		if got, want := w.sum(keeper, october), comesTo(t, "housing", october, lower, 20270131); lower >= owed || got != want {
			t.Errorf("October lowered from %d to %d: penalty %d, want %d", owed, lower, got, want)
		}
	})
}

// TestDebtThatWentBack: where the supplier charges a service himself again, the debt is in his register; penalties Kvit
// charged before stay, and none follow.
func TestDebtThatWentBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, wentBack)
		w.through(october, november, newYear)
		before, fund := w.sum(keeper, october), w.sum(renewer, october)
		w.sent(keeper, january, upkeep, 5_000_00, 1000_00, 0)
		w.through(january, february)
		if got := w.sum(keeper, october); before <= 0 || got != before {
			t.Errorf("penalty %d, was %d", got, before)
		}
		if got := w.sum(renewer, october); got <= fund {
			t.Errorf("capital repair goes on: %d, was %d", got, fund)
		}
		w.rechecked()
	})
}

// TestPayingWithPreliminaryPenalty: what is paid on a day for the bill, the month that runs and the penalty of that day
// leaves nothing when the month is charged.
func TestPayingWithPreliminaryPenalty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, nil)
		w.through(october, november)
		w.goTo(2026, 12, 29)
		b := w.bill(0, 0)
		if b.Preliminary == nil || len(b.Late) == 0 {
			t.Fatalf("preliminary %+v, late %+v", b.Preliminary, b.Late)
		}
		var late, tomorrow money.Amount
		for _, l := range b.Late {
			late, tomorrow = late+l.Penalty-l.Charged, tomorrow+l.NextDay
		}
		var pre money.Amount
		for _, l := range b.Preliminary.Lines {
			pre += l.Penalty
		}
		if late <= 0 || pre != late || tomorrow <= 0 {
			t.Errorf("late %d, preliminary %d, tomorrow %d", late, pre, tomorrow)
		}
		w.pay(b, payment.Wish{Sum: b.Total + b.Preliminary.Sum, Ahead: true}, 20261229)
		w.through(newYear)
		after := w.bill(0, 0)
		if after.Total != 0 || after.Advance != 0 || after.Penalty != late {
			t.Errorf("after the run: to pay %d, advance %d, penalty %d of %d", after.Total, after.Advance, after.Penalty, late)
		}
	})
}

// TestWhenPenaltiesStart: a bill that is not overdue tells from which day penalties begin; one paid tells nothing.
func TestWhenPenaltiesStart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, nil)
		w.through(october)
		b := w.bill(0, 0)
		for _, l := range b.Late {
			if l.Starts != "2026-12-17" || l.Due != "2026-11-16" || l.Penalty != 0 || l.Rest != l.Principal {
				t.Errorf("%+v", l)
			}
		}
		if len(b.Late) < 5 {
			t.Errorf("%d debts", len(b.Late))
		}
		w.goTo(2026, 11, 4)
		w.pay(b, payment.Wish{All: true}, 20261104)
		if paid := w.bill(0, 0); len(paid.Late) != 0 || paid.Total != 0 {
			t.Errorf("after paying: %+v", paid.Late)
		}
	})
}

// sum is the penalty charged of a month so far.
func (w *town) sum(account int64, about calendar.Month) (sum money.Amount) {
	for at, x := range w.fines(account) {
		if at[1] == about {
			sum += x
		}
	}
	return sum
}

// chargedAbout is what an account was charged about a month, penalties left out.
func (w *town) chargedAbout(account int64, about calendar.Month) (sum money.Amount) {
	w.t.Helper()
	if err := w.d.Handle().QueryRowContext(w.ctx, "SELECT CAST(sum(amount_kop) AS BIGINT) FROM charge_line WHERE kind <> 13 AND account_id = $1 AND about = $2", account, int64(about)).Scan(&sum); err != nil {
		w.t.Fatal(err)
	}
	return sum
}

// bookOf is a balance of an account by its name in the book.
func (w *town) bookOf(account int64, name string) (sum money.Amount) {
	w.t.Helper()
	if err := w.d.Handle().QueryRowContext(w.ctx, "SELECT coalesce(CAST(sum(balance_kop) AS BIGINT), 0) FROM ledger_balance WHERE name = $1 AND account_id = $2", name, account).Scan(&sum); err != nil {
		w.t.Fatal(err)
	}
	return sum
}

// paidBack records a payment and that it was taken back.
func (w *town) paidBack(account int64, service int, on calendar.Date, sum int64) {
	w.t.Helper()
	w.paid(account, service, on, sum)
	w.exec(`INSERT INTO payment_part (building_id, order_id, part_no, account_id, supplier_id, service_id, kind, amount_kop, paid_on, channel, posted_at, recorded_at)
		SELECT building_id, order_id, 2, account_id, supplier_id, service_id, kind, -amount_kop, $2, channel, $3, $3 FROM payment_part WHERE order_id = $1`, w.file, int64(on)+5, int64(w.now()))
}

// pay records the parts of a payment as it would be split.
func (w *town) pay(b *bill.Bill, wish payment.Wish, on calendar.Date) {
	w.t.Helper()
	plan, err := bill.Split([]*bill.Bill{b}, wish)
	if err != nil {
		w.t.Fatal(err)
	}
	w.file++
	for i, p := range plan.Parts {
		w.exec(`INSERT INTO payment_part (building_id, order_id, part_no, account_id, supplier_id, service_id, kind, amount_kop, paid_on, channel, posted_at, recorded_at)
			VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, 'online', $9, $9)`, w.file, i+1, p.AccountID, p.SupplierID, p.ServiceID, p.Kind, int64(p.Amount), int64(on), int64(w.now()))
	}
}

func (w *town) recordChanged(s *fact.Set, edit func(*fact.Set)) {
	w.t.Helper()
	edit(s)
	w.record(s)
}

// rechecked holds charged months to what they come out to again.
func (w *town) rechecked() {
	w.t.Helper()
	b, err := w.charges.Recheck(w.ctx, true)
	if err != nil || b.Count != 0 {
		w.t.Errorf("checked again: %+v %v", b, err)
	}
}

// explainedByDays holds the explanation of a penalty to its days: of October till the end of December.
func (w *town) explainedByDays(account int64, sum money.Amount) {
	w.t.Helper()
	b := w.bill(0, 0)
	at := slices.IndexFunc(b.Lines, func(l bill.Line) bool { return l.AccountID == account })
	x, err := w.bills.Explain(w.ctx, b, at+1)
	if err != nil {
		w.t.Fatal(err)
	}
	last := x.Steps[len(x.Steps)-1]
	if last.Kind != "penalty" || last.KindText != "пени за октябрь 2026" || last.Sum != sum || len(last.Late) != 2 || !strings.HasPrefix(last.Late[1].Value, "15 дн. с 17.12.2026 по 31.12.2026: ") {
		w.t.Errorf("%+v", last)
	}
}
