package bill_test

import (
	"testing"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// BenchmarkComputedBill reads bills of a house of a hundred households charged for a year: ten services of eight
// suppliers each, one by one with and without the month that is not charged yet, and all at once as a publication does
// (for a hundred of its bills).
func BenchmarkComputedBill(b *testing.B) {
	w := newTownOf(b, dbtest.SQLite(b), 100)
	for n := range 12 {
		w.goTo(2026, n+1, 5)
		w.live(december.Add(n), nil)
		w.charge(december.Add(n))
	}
	w.goTo(2026, 12, 20)
	for _, ahead := range []bool{false, true} {
		name := map[bool]string{false: "due", true: "preliminary"}[ahead]
		b.Run(name, func(b *testing.B) {
			for i := range b.N {
				one, err := w.bills.At(w.ctx, bill.Ref{Building: 1, Household: int64(1000 + i%100)}, 0)
				if err == nil && ahead {
					err = w.bills.Ahead(w.ctx, one)
				}
				if err != nil || len(one.Lines) < 8 {
					b.Fatalf("%d lines, %v", len(one.Lines), err)
				}
			}
		})
	}
	b.Run("shelf", func(b *testing.B) {
		for range b.N {
			if list, err := w.bills.Each(w.ctx, 1, 1, w.now()); err != nil || len(list) != 100 {
				b.Fatalf("%d bills, %v", len(list), err)
			}
		}
	})
}

// BenchmarkIssuedBillsAreTold makes, writes and tells of the bills of a house of two hundred households as a publication
// does, in one run: told% is what telling adds to the rest.
func BenchmarkIssuedBillsAreTold(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"SQLite": dbtest.SQLite, "PostgreSQL": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) { issuedAndTold(b, open(b)) })
	}
}

func issuedAndTold(b *testing.B, d *db.DB) {
	w := newTownOf(b, d, 200)
	w.goTo(2026, 1, 5)
	w.live(december, nil)
	w.charge(december)
	w.goTo(2026, 1, 20)
	var all bill.Issuing
	b.ResetTimer()
	for range b.N {
		n, took, err := w.bills.IssueAll(w.ctx, december, w.now())
		if err != nil || n != 200 {
			b.Fatalf("%d bills, %v", n, err)
		}
		all.Made, all.Written, all.Told = all.Made+took.Made, all.Written+took.Written, all.Told+took.Told
	}
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(200*b.N) }
	b.ReportMetric(each(all.Made), "made-µs/bill")
	b.ReportMetric(each(all.Written), "written-µs/bill")
	b.ReportMetric(each(all.Told), "told-µs/bill")
	b.ReportMetric(100*float64(all.Told)/float64(all.Made+all.Written), "told%")
}

const december = calendar.Month(202512)
