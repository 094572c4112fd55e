package bill_test

import (
	"slices"
	"strings"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
)

// explained opens every line of a bill and holds its steps to its sums.
func (w *town) explained(b *bill.Bill) (list []*why.Explanation) {
	w.t.Helper()
	for i := range b.Lines {
		x, err := w.bills.Explain(w.ctx, b, i+1)
		if err != nil {
			w.t.Fatal(err)
		}
		var sum money.Amount
		for _, s := range x.Steps {
			sum += s.Sum
			if x.Origin == why.ByKvit && (s.Formula.Words == "" || s.Formula.Clause == "" || s.Exact == "" || s.Product == "") {
				w.t.Errorf("%s: %+v", x.Title, s)
			}
		}
		if x.Origin == why.ByKvit && sum != x.Charge+x.Recalc {
			w.t.Errorf("%s: the steps come to %d, the line to %d", x.Title, sum, x.Charge+x.Recalc)
		}
		list = append(list, x)
	}
	return list
}

// TestComputedLineOpens: every line opens to its calculations, with readings, documents and sources; a correction names
// its month and what became known late.
func TestComputedLineOpens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, func(s *fact.Set) { source(s, "файл facts.yaml, строка 12") })
		w.charge(october)
		cold := -1
		for i, x := range w.explained(w.bill(1, 0)) {
			if len(x.Facts) == 0 || x.Facts[0].Source != "файл facts.yaml, строка 12" || x.Facts[0].RecordedAt == "" {
				t.Errorf("%s went by %+v", x.Title, x.Facts)
			}
			if x.Service == "cold_water" {
				cold = i
			}
		}
		if cold < 0 {
			t.Fatal("no cold water")
		}
		w.goTo(2026, 11, 10)
		w.live(november, nil)
		w.record(&fact.Set{Building: 1, Stays: []fact.Stay{{Head: fact.Head{Source: "оператор Иванова"}, Household: 1001, ID: 7001, Kind: fact.Resident, Persons: 1, Term: term(20261001)}}})
		w.charge(november)
		var corrected, about []string
		for _, x := range w.explained(w.bill(1, 0)) {
			for _, s := range x.Steps {
				if s.Kind == "correction" {
					corrected, about = append(corrected, s.Cause), append(about, s.About)
				}
			}
		}
		if len(corrected) == 0 || !slices.Contains(about, "2026-10") || !strings.Contains(corrected[0], "живут – 1 чел. с 01.10.2026") {
			t.Errorf("corrections of %v: %v", about, corrected)
		}
	})
}

// TestComparedLineOpens: the supplier's figure is charged, Kvit's stands beside it with the verdict.
func TestComparedLineOpens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, func(s *fact.Set) {
			for i := range s.Subscriptions {
				s.Subscriptions[i].Mode = fact.Compared
			}
		})
		w.sent(10007, october, 8, 0, 3000, 0)
		w.charge(october)
		b := w.bill(0, 0)
		if len(b.Lines) != 1 || b.Total != 3000 || b.Preliminary != nil {
			t.Fatalf("%+v", b)
		}
		x := w.explained(b)[0]
		if x.Origin != why.BySupplier || x.Beside == nil || x.Beside.Kvit <= 0 || x.Beside.Difference != 3000-x.Beside.Kvit || len(x.Beside.Steps) == 0 || !strings.Contains(x.Beside.Verdict(), "У поставщика на ") {
			t.Errorf("%+v", x.Beside)
		}
	})
}

// TestChangeOfComputedBill: causes of lines Kvit computed add up to the kopeck, beside those of a supplier, and a service
// that passed from him to Kvit is one line.
func TestChangeOfComputedBill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, func(s *fact.Set) {
			for i := range s.Subscriptions {
				if s.Subscriptions[i].Service == "sewage" {
					s.Subscriptions[i].Mode = fact.Issued
				}
			}
		})
		w.sent(10006, september, 7, 0, 1000, 0)
		w.sent(10000, october, 2, 0, 2000, 0)
		w.charge(october)
		w.goTo(2026, 11, 5)
		w.live(november, nil)
		w.sent(10000, november, 2, 2000, 2100, 0)
		w.record(&fact.Set{Building: 1, Stays: []fact.Stay{{Household: 1000, ID: 7001, Kind: fact.Resident, Persons: 2, Term: term(20261101)}}})
		w.charge(november)
		b := w.bill(0, 0)
		for _, against := range []calendar.Month{october, september} {
			c, err := w.bills.Change(w.ctx, b, against)
			if err != nil || c.Compared == nil {
				t.Fatalf("%s: %+v, %v", against, c, err)
			}
			var parts, lines money.Amount
			for _, p := range c.Compared.Parts {
				parts += p.Sum
			}
			for _, l := range c.Compared.Lines {
				lines += l.Is - l.Was
			}
			if parts != c.Compared.Delta() || lines != parts {
				t.Errorf("%s: difference %d, parts %d, lines %d", against, c.Compared.Delta(), parts, lines)
			}
			if against == october && c.Compared.Is != b.Charge+b.Recalc+b.Penalty {
				t.Errorf("the month costs %d, the bill says %d", c.Compared.Is, b.Charge+b.Recalc+b.Penalty)
			}
		}
		c, err := w.bills.Change(w.ctx, b, september)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(c.Compared.Lines); n != 1 || c.Compared.Lines[0].Before == nil || c.Compared.Lines[0].After == nil {
			t.Errorf("maintenance passed to Kvit: %d lines, %+v", n, c.Compared.Lines)
		}
	})
}

func source(s *fact.Set, text string) {
	for i := range s.Premises {
		s.Premises[i].Source = text
	}
	for i := range s.Stays {
		s.Stays[i].Source = text
	}
	for i := range s.Subscriptions {
		s.Subscriptions[i].Source = text
	}
}
