package settlement

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// TestADayIsClosedOnce: what came is counted, a later close names what was late, and the first stays as it was.
func TestADayIsClosedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.pay("sber", "voda", 1, date(22), 100_00)
		w.pay("cash", "voda", 2, date(22), 1_00)
		w.pay("cash", "teplo", 2, date(22), 50_00)
		w.pay("sber", "voda", 77, date(22), 7_00) // nobody's
		w.pay("sber", "voda", 1, date(23), 9_00)  // of the day that goes on
		first := w.close(0)
		if first.No != 1 || first.Day.Date() != date(22) || first.Collected != 158_00 || first.Fee != 1_52 || first.Suspense.Sum != 7_00 || first.Reconciled.State != noReconciliation {
			t.Errorf("the first close: %+v", first)
		}
		var book money.Amount
		for _, b := range first.Book {
			book += b.Balance
		}
		if book != 0 || len(first.Book) != 6 {
			t.Errorf("the book: %+v", first.Book)
		}
		if _, err := w.m.CloseDay(w.ctx, "ольга", date(22)); fault.CodeOf(err) != "day.closed" {
			t.Errorf("closed twice: %v", err)
		}
		if _, err := w.m.CloseDay(w.ctx, "ольга", date(24)); fault.CodeOf(err) != "day.future" {
			t.Errorf("a day to come: %v", err)
		}
		w.later(24 * time.Hour)
		w.pay("sber", "voda", 3, date(21), 4_00)
		w.must(nil, w.pays.SplitSuspense(w.ctx, "ольга", w.number("SELECT order_id FROM payment_suspense"), []payment.Share{{Supplier: "teplo", Number: "1", Amount: 7_00}}))
		second := w.close(0)
		late := map[bool]money.Amount{}
		for _, c := range second.Channels {
			late[c.Late] += c.Collected - c.Refunded
		}
		if second.Previous == "" || late[true] != 4_00 || late[false] != 9_00 || second.Suspense.Out != 7_00 || second.Suspense.Sum != 0 {
			t.Errorf("the second close: late %v, %+v", late, second)
		}
		again, err := w.m.FindClose(w.ctx, 1, 0)
		w.must(nil, err)
		if again.Digest != second.Previous {
			t.Error("the second close does not stand on the first")
		}
		w.clean()
	})
}

// TestClosesNeverChange: the document comes out of its bytes, and one that was changed is refused.
func TestClosesNeverChange(t *testing.T) {
	w := newTown(t, dbtest.One(t))
	w.pay("sber", "voda", 1, date(22), 100_00)
	w.close(0)
	c, err := w.m.FindClose(w.ctx, 0, date(22))
	w.must(nil, err)
	one, two := &bytes.Buffer{}, &bytes.Buffer{}
	d, err := c.Document()
	w.must(nil, err)
	w.must(nil, d.PDF(one, c.Digest))
	w.must(nil, d.PDF(two, c.Digest))
	if !bytes.Equal(one.Bytes(), two.Bytes()) || d.Text(c.Digest) == "" {
		t.Error("printed differently")
	}
	c.Body = bytes.Replace(c.Body, []byte("10000"), []byte("10001"), 1)
	if _, err := c.Document(); fault.CodeOf(err) != "day.digest" {
		t.Errorf("a changed document: %v", err)
	}
}

// TestABrokenBookIsNotClosed: an invariant of money that does not hold stops the close, and nothing is counted.
func TestABrokenBookIsNotClosed(t *testing.T) {
	w := newTown(t, dbtest.One(t))
	w.pay("sber", "voda", 1, date(22), 100_00)
	w.exec("UPDATE ledger_balance SET balance_kop = balance_kop + 1 WHERE name = 'receivable'")
	if _, err := w.m.CloseDay(w.ctx, "ольга", 0); fault.CodeOf(err) != "day.broken" {
		t.Errorf("%v", err)
	}
	if w.number("SELECT count(*) FROM ledger_transaction WHERE close_no <> 0") != 0 {
		t.Error("something was counted")
	}
}

// TestPaymentsWhileADayCloses: payments that commit during closes are counted by one of them each, in the centre's book too.
func TestPaymentsWhileADayCloses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		const payers, each = 3, 12
		var wg sync.WaitGroup
		for p := range payers {
			wg.Go(func() {
				for i := range each {
					w.pay("sber", []string{"voda", "teplo"}[i%2], (p+i)%6, date(19), 1_00)
				}
			})
		}
		for day := 19; day < 23; day++ {
			w.close(date(day))
		}
		wg.Wait()
		w.close(date(23))
		if n := w.number("SELECT CAST(sum(payments) AS BIGINT) FROM settlement_total"); n != payers*each {
			t.Errorf("%d payments are counted, %d were made", n, payers*each)
		}
		if n := w.number("SELECT balance_kop FROM ledger_balance WHERE building_id = 0 AND name = $1", ledger.Clearing("sber", date(19))); n != payers*each*1_00 {
			t.Errorf("the centre's book has %d", n)
		}
		w.clean()
	})
}

// TestACloseGoesOnAfterACrash: a close left while it counted, or after it was sealed, is finished as it was begun.
func TestACloseGoesOnAfterACrash(t *testing.T) {
	for _, state := range []string{CloseCounting, CloseSealed} {
		w := newTown(t, dbtest.One(t))
		w.pay("sber", "voda", 1, date(21), 100_00)
		c, err := w.m.beginClose(w.ctx, "ольга", date(21))
		w.must(nil, err)
		w.must(nil, bringTo(w, c, state))
		w.pay("sber", "voda", 2, date(21), 3_00)
		w.close(date(22))
		want := money.Amount(103_00)
		if state == CloseSealed {
			want = 100_00
		}
		if n := w.number("SELECT CAST(sum(collected_kop) AS BIGINT) FROM settlement_total WHERE close_no = 1"); n != int64(want) {
			t.Errorf("%s: the first close counted %d, want %d", state, n, want)
		}
		if n := w.number("SELECT CAST(sum(collected_kop) AS BIGINT) FROM settlement_total"); n != 103_00 {
			t.Errorf("%s: both counted %d", state, n)
		}
		w.clean()
	}
}

// bringTo brings a close as far as a state: a part is marked, or all is.
func bringTo(w *town, c *Close, state string) error {
	if state == CloseSealed {
		return w.m.count(w.ctx, c)
	}
	return w.d.WriteLocal(w.ctx, func(tx *db.Tx) error {
		_, err := ledger.Count(w.ctx, tx, c.No, c.Day, 1, 1)
		return err
	})
}
