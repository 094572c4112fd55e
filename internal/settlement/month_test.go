package settlement

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/ledger"
)

// TestAMonthOfPayments measures the close and the payouts of a month of KVIT_SETTLEMENT_PAYMENTS payments, each to two
// suppliers, over buildings of 200 payments (docs/performance.md). Their invariants are measured by kvit check.
func TestAMonthOfPayments(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("KVIT_SETTLEMENT_PAYMENTS"))
	if err != nil {
		t.Skip("SKIPPED: KVIT_SETTLEMENT_PAYMENTS is not set: a measurement")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.m.Check, w.m.CheckAll = nobody, nobody
		w.post(n)
		start := time.Now()
		doc := w.close(date(22))
		closed := time.Since(start)
		start = time.Now()
		p := w.prepare()
		t.Logf("%d payments: close %v, payouts %v", doc.Transactions, closed.Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
		if doc.Transactions != int64(n) || len(p.Payouts) != 2 {
			t.Errorf("%d were counted, %d payouts", doc.Transactions, len(p.Payouts))
		}
	})
}

// nobody finds nothing: the invariants are not what is measured.
func nobody(context.Context) ([]ledger.Breach, error) { return nil, nil }

// post writes the postings of n payments of the days before the 22nd.
func (w *town) post(n int) {
	const batch = 5000
	voda, teplo := w.supplier("voda").ID, w.supplier("teplo").ID
	for from := 0; from < n; from += batch {
		size := min(batch, n-from)
		first, err := w.d.NextIDs(w.ctx, size)
		w.must(nil, err)
		list := make([]ledger.Transaction, size)
		for i := range list {
			no, id := from+i, first+int64(i)
			day := date(1 + no%22)
			list[i] = ledger.Transaction{ID: id, BuildingID: 10 + int64(no/200), Key: "order:" + strconv.Itoa(no), Kind: "payment", OrderID: id, EffectiveOn: day, RecordedAt: w.now(), Entries: []ledger.Entry{
				{Name: ledger.Receivable, AccountID: int64(no), SupplierID: voda, Amount: -100_00}, {Name: ledger.Receivable, AccountID: int64(no) + 1<<40, SupplierID: teplo, Amount: -250_00}, {Name: ledger.Clearing("sber", day), Amount: 350_00}}}
		}
		w.must(nil, w.d.WriteLocal(w.ctx, func(tx *db.Tx) error { return ledger.PostMany(w.ctx, tx, list) }))
	}
}
