package bill_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"kvit/internal/bill"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/penalty"
)

// TestComputedBill: bill sums, stored lines and postings are the same; a month that is not charged is preliminary and
// comes to what its run then charges.
func TestComputedBill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.live(october, nil)
		before := w.bill(0, 0)
		if before.Status != bill.StatusEmpty || before.Total != 0 || before.Preliminary == nil || before.Preliminary.Month != "2026-10" || before.Preliminary.Sum <= 0 {
			t.Fatalf("before the first run: %+v %+v", before, before.Preliminary)
		}
		quiet := w.now()
		w.charge(october)
		b := w.bill(0, 0)
		if b.Month != "2026-10" || b.Total != before.Preliminary.Sum || b.Charge+b.Recalc != b.Total || b.Preliminary != nil || b.Status != bill.StatusLive {
			t.Fatalf("after it: %+v, preliminary was %d", b, before.Preliminary.Sum)
		}
		if len(b.Lines) < 8 {
			t.Errorf("%d lines", len(b.Lines))
		}
		for _, s := range b.Suppliers {
			if got := w.posted(s.AccountID); got != s.Due {
				t.Errorf("account %s: the bill says %d, the book %d", s.Account, s.Due, got)
			}
		}
		for _, l := range b.Lines {
			if l.Origin != why.ByKvit || l.Unit == "" || l.Source.RecordedAt == "" {
				t.Errorf("%+v", l)
			}
		}
		if was := w.bill(0, quiet); was.Status != bill.StatusAsOf || len(was.Lines) != 0 {
			t.Errorf("before the run there were %d lines", len(was.Lines))
		}
		w.goTo(2026, 11, 20)
		if next := w.bill(0, 0); next.Preliminary == nil || next.Preliminary.Month != "2026-11" || next.Total != b.Total {
			t.Errorf("in November: %+v", next.Preliminary)
		}
	})
}

// TestOpeningOfComputedLines: what a supplier's register left due is where Kvit goes on from, months follow each other,
// and payments are subtracted once.
func TestOpeningOfComputedLines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		const account, maintenance = 10006, 7
		w.sent(account, september, maintenance, 500, 1000, 300) // 1200 due at the end of September
		w.paid(account, maintenance, 20260915, 300)             // that is the 300 the register counted
		w.live(october, nil)
		w.paid(account, maintenance, 20261003, 1000)
		w.charge(october)
		monthly := of(w.bill(0, 0), account, "maintenance")
		if monthly == nil || monthly.Origin != why.ByKvit || monthly.Opening != 1200 || monthly.Charge <= 0 || monthly.PaidSince != 1000 || monthly.Claimed != 0 || monthly.Due != 200+monthly.Charge {
			t.Fatalf("October: %+v", monthly)
		}
		w.goTo(2026, 11, 5)
		w.paid(account, -1, 20261102, 50)
		w.live(november, nil)
		w.charge(november)
		l := of(w.bill(0, 0), account, "maintenance")
		late := comesTo(t, "housing", september, 1200, 20261130, penalty.Payment{On: 20261003, Sum: 1000}, penalty.Payment{On: 20261102, Sum: 50})
		if l.Opening != 200+monthly.Charge || l.PaidSince != 50 || l.Penalty != late || l.Due != 150+2*monthly.Charge+late || l.BillMonth != november {
			t.Errorf("November: %+v", l)
		}
		// The supplier's own register of a month that Kvit charged, or is to charge, is no second debt.
		w.sent(account, november, maintenance, 7, 7, 7)
		w.sent(account, 202612, maintenance, 7, 7, 7)
		if again := of(w.bill(0, 0), account, "maintenance"); again.Due != l.Due || again.Origin != why.ByKvit {
			t.Errorf("after the supplier's registers: %+v", again)
		}
	})
}

// TestOpeningOfTheSameMonth: with no earlier register, the supplier's one of the first month Kvit charges still tells what
// stood at its beginning and what was paid in it.
func TestOpeningOfTheSameMonth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		const account, maintenance = 10006, 7
		w.live(october, nil)
		w.sent(account, october, maintenance, 500, 1000, 300)
		w.paid(account, maintenance, 20261003, 300) // that is the 300 the register counted
		w.charge(october)
		l := of(w.bill(0, 0), account, "maintenance")
		if l == nil || l.Origin != why.ByKvit || l.Opening != 500 || l.Claimed != 300 || l.PaidSince != 0 || l.Charge == 1000 || l.Due != 200+l.Charge {
			t.Fatalf("October: %+v", l)
		}
		w.goTo(2026, 11, 5)
		w.paid(account, maintenance, 20261102, 50)
		w.live(november, nil)
		w.charge(november)
		n := of(w.bill(0, 0), account, "maintenance")
		late := comesTo(t, "housing", september, 200, 20261130, penalty.Payment{On: 20261102, Sum: 50}) // 300 of 500 is paid by the register
		if n.Opening != 200+l.Charge || n.Claimed != 0 || n.PaidSince != 50 || n.Penalty != late || n.Due != 150+l.Charge+n.Charge+late {
			t.Errorf("November: %+v", n)
		}
	})
}

// TestModesOnTheBill: an issued service shows the supplier's line alone, a compared one too, and nothing is owed twice;
// an account may have lines of both.
func TestModesOnTheBill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		const water, repair = 10000, 10007
		w.live(october, func(s *fact.Set) {
			for i := range s.Subscriptions {
				switch s.Subscriptions[i].Service {
				case "sewage":
					s.Subscriptions[i].Mode = fact.Issued
				case "capital_repair":
					s.Subscriptions[i].Mode = fact.Compared
				}
			}
		})
		w.sent(water, october, 2, 100, 2000, 0)
		w.sent(repair, october, 8, 0, 3000, 0)
		w.charge(october)
		b := w.bill(0, 0)
		sewage, cold, fund := of(b, water, "sewage"), of(b, water, "cold_water"), of(b, repair, "capital_repair")
		if sewage == nil || sewage.Origin != why.BySupplier || sewage.Due != 2100 {
			t.Errorf("issued: %+v", sewage)
		}
		if cold == nil || cold.Origin != why.ByKvit || cold.Charge <= 0 {
			t.Errorf("computed beside it: %+v", cold)
		}
		if fund == nil || fund.Origin != why.BySupplier || fund.Due != 3000 || w.posted(repair) != 0 {
			t.Errorf("compared: %+v, the book says %d", fund, w.posted(repair))
		}
		for _, l := range b.Lines {
			if n := of(b, l.AccountID, l.Service); n.Origin != l.Origin {
				t.Errorf("%s stands twice", l.Service)
			}
		}
	})
}

// TestPaperOfAComputedBill writes the payment document; KVIT_SCREENS keeps it.
func TestPaperOfAComputedBill(t *testing.T) {
	w := newTown(t, dbtest.One(t))
	w.live(october, nil)
	w.charge(october)
	var out bytes.Buffer
	if err := w.bills.PDF(w.ctx, &out, []*bill.Bill{w.bill(0, 0)}); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("%PDF")) {
		t.Fatalf("%d bytes, %v", out.Len(), err)
	}
	if dir := os.Getenv("KVIT_SCREENS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "computed.pdf"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
