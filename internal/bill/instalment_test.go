package bill_test

import (
	"encoding/json"
	"slices"
	"strings"
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
		planned(t, b, c, c+1500, c+1500, bill.PartNext, bill.PartLater)
		w.paid(keeper, upkeep, 20261205, int64(c))
		w.through(newYear)
		b = w.bill(0, 0)
		planned(t, b, c, c+1500, c-half+500, bill.PartDue, bill.PartNext)
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

// planned holds the plan of a bill: what was put off, what is left in all and of months to come, and the states of its parts.
func planned(t *testing.T, b *bill.Bill, putOff, rest, toCome money.Amount, states ...string) {
	t.Helper()
	if len(b.Plans) != 1 {
		t.Fatalf("%d plans", len(b.Plans))
	}
	p := &b.Plans[0]
	var got []string
	var left money.Amount
	for _, x := range p.Parts {
		got, left = append(got, x.State), left+x.Left
	}
	if p.PutOff != putOff || p.Rest != rest || left != rest || p.ToCome != toCome || !slices.Equal(got, states) {
		t.Errorf("%s: put off %d, rest %d, to come %d, %v; want %d, %d, %d, %v", b.Month, p.PutOff, p.Rest, p.ToCome, got, putOff, rest, toCome, states)
	}
}

// TestPlanPaidAhead: what is paid ahead of a month covers its part of a plan, before the month is charged and after. The words of
// a debt tell its part of a plan from the rest, and what is put off further from a debt.
func TestPlanPaidAhead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, nil)
		w.through(october)
		c := of(w.bill(0, 0), keeper, "maintenance").Charge
		half := c / 2
		w.agrees(map[calendar.Month]calc.Instalment{november: {Amount: -c}, newYear: {Amount: half, Interest: 1000}, january: {Amount: c - half, Interest: 500}})
		w.through(november)
		w.paid(keeper, upkeep, 20261205, int64(c+half+1000)) // November, and December's part ahead
		planned(t, w.bill(0, 0), c, c-half+500, c-half+500, bill.PartAhead, bill.PartNext)
		w.through(newYear)
		b := w.bill(0, 0)
		if l := of(b, keeper, "maintenance"); l.Due != c {
			t.Errorf("December: %+v", l)
		}
		planned(t, b, c, c-half+500, c-half+500, bill.PartKept, bill.PartNext)
		w.goTo(2027, 1, 20)
		w.through(january)
		b = w.bill(0, 0)
		said := ""
		for _, x := range b.Late {
			if x.Debt.Month == newYear && x.Account == of(b, keeper, "maintenance").Account {
				said = strings.Join(x.Words, " ")
				if x.Part != 0 || x.ToCome != 0 {
					t.Errorf("a part that is paid is told as a debt: %+v", x)
				}
			}
		}
		if said == "" {
			t.Errorf("December is not paid, and nothing is said: %+v", b.Late)
		}
		w.agrees(map[calendar.Month]calc.Instalment{february: {Amount: 700}})
		b = w.bill(0, 0)
		for _, x := range b.Late {
			if x.Debt.Month == newYear && x.Account == of(b, keeper, "maintenance").Account && (x.ToCome != 700 || !strings.Contains(strings.Join(x.Words, " "), "отложено рассрочкой")) {
				t.Errorf("what is put off further: %+v", x)
			}
		}
	})
}
