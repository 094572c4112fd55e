package bill_test

import (
	"math/rand/v2"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/sample"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
)

// turnover is the turnover of a flat up to now, its arithmetic checked.
func (w *town) turnover(flat int, from, to calendar.Month) (*bill.Turnover, *bill.Bill) {
	w.t.Helper()
	b := w.bill(flat, 0)
	v, err := w.bills.Turnover(w.ctx, b, from, to)
	if err != nil {
		w.t.Fatal(err)
	}
	holds := func(name string, f bill.Flow) {
		if f.Closing != f.Opening+f.Charge+f.Recalc+f.Penalty-f.Paid+f.Other {
			w.t.Errorf("flat %d %s does not add up: %+v", flat, name, f)
		}
	}
	var opening, closing, charged money.Amount
	for _, a := range v.Accounts {
		holds(a.Account, a.Flow)
		opening, closing = opening+a.Opening, closing+a.Closing
		for i, m := range a.Months {
			holds(a.Account+m.Month.String(), m.Flow)
			if i > 0 && m.Opening != a.Months[i-1].Closing {
				w.t.Errorf("flat %d, %s does not begin where %s ended: %+v", flat, m.Month, a.Months[i-1].Month, a.Months)
			}
		}
	}
	for _, s := range v.Services {
		charged += s.Charge + s.Recalc + s.Penalty
	}
	holds("total", v.Total)
	if v.Total.Opening != opening || v.Total.Closing != closing || charged != v.Total.Charge+v.Total.Recalc+v.Total.Penalty {
		w.t.Errorf("flat %d: total %+v, accounts %d … %d, services %d", flat, v.Total, opening, closing, charged)
	}
	return v, b
}

// TestTurnoverOfRegisters: months a supplier sent follow each other, what he changed silently is told, and payments no register
// knows come last.
func TestTurnoverOfRegisters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.goTo(2026, 12, 3)
		w.sent(10000, 202608, 0, 100, 1000, 100)
		w.sent(10000, september, 0, 1000, 2000, 500)
		w.sent(10000, october, 0, 2400, 3000, 0) // 100 less than was due: he does not say why
		w.paid(10000, 0, 20260910, 500)
		w.paid(10000, -1, 20261105, 700)
		v, b := w.turnover(0, 202601, 202612)
		if v.First != 202608 || len(v.Months) != 5 || v.Total.Closing != b.Total-b.Advance || v.Total.Closing != 4700 {
			t.Fatalf("%d months from %s: %+v", len(v.Months), v.First, v.Total)
		}
		want := []bill.Flow{
			{Opening: 100, Charge: 1000, Paid: 100, Closing: 1000}, {Opening: 1000, Charge: 2000, Paid: 500, Closing: 2500}, {Opening: 2500, Charge: 3000, Other: -100, Closing: 5400},
			{Opening: 5400, Paid: 700, Closing: 4700}, {Opening: 4700, Closing: 4700},
		}
		for i, m := range v.Months {
			if m.Flow != want[i] {
				t.Errorf("%s: %+v", m.Month, m.Flow)
			}
		}
		if len(v.Parts) != 2 || v.Parts[1].Amount != 700 {
			t.Errorf("payments %+v", v.Parts)
		}
		if part, _ := w.turnover(0, september, september); part.Total != want[1] || len(part.Parts) != 1 {
			t.Errorf("September alone: %+v", part.Total)
		}
	})
}

// TestTurnoverOverAGap: a payment of a month without a register is paid, not a silent change.
func TestTurnoverOverAGap(t *testing.T) {
	w := newTown(t, dbtest.One(t))
	w.goTo(2026, 12, 3)
	w.sent(10000, 202608, 0, 0, 1000, 0)
	w.paid(10000, -1, 20260915, 400)
	w.sent(10000, october, 0, 600, 2000, 0)
	v, _ := w.turnover(0, 202608, 202612)
	if got := v.Months[2].Flow; got != (bill.Flow{Opening: 1000, Charge: 2000, Paid: 400, Closing: 2600}) {
		t.Errorf("October: %+v", got)
	}
}

// TestTurnoverEqualsTheBill goes through months by chance: the last closing is what the bill says, and without payments that
// came later every closing is what the bill said then.
func TestTurnoverEqualsTheBill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		rng := rand.New(rand.NewPCG(20261126, 9))
		due := map[calendar.Month][]money.Amount{}
		for _, month := range []calendar.Month{october, november, 202612} {
			w.goTo(month.Year(), month.Number(), month.Last().Day())
			w.live(month, func(s *fact.Set) { changeModes(s, rng) })
			w.charge(month)
			for range 6 {
				w.paid((1000+rng.Int64N(4))*10+rng.Int64N(sample.Suppliers), -1, month.First().AddDays(rng.IntN(28)), 1+rng.Int64N(50_000))
			}
			for flat := range w.flats {
				b := w.bill(flat, 0)
				due[month] = append(due[month], b.Total-b.Advance)
			}
		}
		for flat := range w.flats {
			v, _ := w.turnover(flat, october, 202612)
			for _, m := range v.Months {
				if m.Closing != due[m.Month][flat] {
					t.Errorf("flat %d at the end of %s: %d, the bill said %d", flat, m.Month, m.Closing, due[m.Month][flat])
				}
				if m.Other != 0 {
					t.Errorf("flat %d in %s: %d is not explained", flat, m.Month, m.Other)
				}
			}
		}
	})
}

// TestOverdue: a month is owed from the day after its last day to pay, and penalties with it.
func TestOverdue(t *testing.T) {
	w := newTown(t, dbtest.One(t))
	w.goTo(2026, 11, 3)
	w.sent(10000, september, 0, 0, 1000, 0)
	w.sent(10000, october, 0, 1000, 2000, 0)
	w.sent(10011, october, 1, 0, 500, 0)
	sum := func(flat int) (o bill.Overdue) {
		list, err := w.bills.Overdue(w.ctx, w.bill(flat, 0))
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return list[0]
	}
	if o := sum(0); o.Sum() != 1000 || o.Since != september || o.Month != october {
		t.Errorf("on 3 November: %+v", o)
	}
	if o := sum(1); o.Sum() != 0 || o.Since != 0 {
		t.Errorf("October may be paid till 16 November: %+v", o)
	}
	w.goTo(2026, 11, 16)
	if o := sum(1); o.Sum() != 0 {
		t.Errorf("16 November is the last day: %+v", o)
	}
	w.goTo(2026, 11, 17)
	if o := sum(1); o.Sum() != 500 || o.Since != october {
		t.Errorf("on 17 November: %+v", o)
	}
	w.paid(10011, -1, 20261117, 500)
	if o := sum(1); o.Sum() != 0 {
		t.Errorf("paid: %+v", o)
	}
}
