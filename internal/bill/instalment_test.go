package bill_test

import (
	"encoding/json"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// agrees records the parts of a keeper's instalment plan for upkeep, by month; below zero is what is put off.
func (w *town) agrees(parts map[calendar.Month]calc.Instalment) {
	w.t.Helper()
	s := &fact.Set{Building: 1}
	for month, part := range parts {
		part.Month = month
		body, err := json.Marshal(part)
		if err != nil {
			w.t.Fatal(err)
		}
		s.Rare = append(s.Rare, fact.Rare{ID: 8000 + int64(month), Household: 1000, AccountID: keeper, Service: "maintenance", Kind: fact.KindInstalment, From: month.First(), Body: string(body)})
	}
	w.record(s)
}

// debtOf is what the keeper owes for upkeep.
func debtOf(t *testing.T, b *bill.Bill) payment.Debt {
	t.Helper()
	for _, d := range b.Debts() {
		if d.AccountID == keeper {
			return d
		}
	}
	t.Fatal("the keeper owes nothing")
	return payment.Debt{}
}

// TestInstalmentPlan: October's debt is put off in November and comes back as two parts. While they are paid it carries no
// penalty, what is put off is not due, and each part is told apart in its month; a part that is not paid is late by its own
// month. Figures: charge c a month; parts c/2 + 10,00 ₽ and c/2 + 5,00 ₽ of interest.
func TestInstalmentPlan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, nil)
		w.through(october)
		c := of(w.bill(0, 0), keeper, "maintenance").Charge
		if c <= 2 {
			t.Fatalf("a charge of %d", c)
		}
		half := c / 2
		w.agrees(map[calendar.Month]calc.Instalment{november: {Amount: -c}, newYear: {Amount: half, Interest: 1000}, january: {Amount: c - half, Interest: 500}})
		w.through(november)
		b := w.bill(0, 0)
		if l := of(b, keeper, "maintenance"); l.PutOff != -c || l.Due != c {
			t.Errorf("November: %+v", l)
		}
		if got := debtOf(t, b).Buckets; len(got) != 1 || got[0].Month != november || got[0].Amount != c || got[0].Plan != 0 {
			t.Errorf("the debt of November: %+v", got)
		}
		w.paid(keeper, upkeep, 20261205, int64(c))
		w.through(newYear)
		b = w.bill(0, 0)
		if l := of(b, keeper, "maintenance"); l.PutOff != half+1000 || l.Penalty != 0 || l.Due != c+half+1000 {
			t.Errorf("December: %+v", l)
		}
		if got := debtOf(t, b).Buckets; len(got) != 1 || got[0].Month != newYear || got[0].Amount != c+half+1000 || got[0].Plan != half+1000 {
			t.Errorf("the debt of December: %+v", got)
		}
		w.goTo(2027, 1, 20)
		w.through(january)
		if got := w.fines(keeper); len(got) != 0 { // a control without the plan: TestPenaltiesOfARun
			t.Errorf("penalties while the plan is kept: %v", got)
		}
		w.through(february)
		buckets := debtOf(t, w.bill(0, 0)).Buckets
		if len(buckets) != 3 || buckets[0].Plan != half+1000 || buckets[1].Plan != c-half+500 || buckets[1].Amount != 2*c-half+500 || buckets[2].Plan != 0 {
			t.Errorf("the debts by month: %+v", buckets)
		}
		late := comesTo(t, "housing", newYear, c+half+1000, 20270228)
		if got := w.fines(keeper); late <= 0 || len(got) != 1 || got[[2]calendar.Month{february, newYear}] != late {
			t.Errorf("the part of December was not paid: %v of penalty, want %d", got, late)
		}
		var total money.Amount
		for _, l := range w.bill(0, 0).Lines {
			if l.AccountID == keeper {
				total += l.Due
			}
		}
		if got := w.posted(keeper); got != total+c { // the payment is a row without a posting here
			t.Errorf("the book says %d, the bill %d", got, total+c)
		}
	})
}
