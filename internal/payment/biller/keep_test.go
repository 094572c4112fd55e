package biller

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/payment"
)

// TestMoneyOfNobodyIsKept: where the contract has us take what was taken, a payment to an account nobody has waits; it is
// answered as any, found later, or taken back whole.
func TestMoneyOfNobodyIsKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		if answer, _ := w.ask("keeps", "command=check&account=77777"); element(answer, "result") != "5" {
			t.Errorf("a check promises: %s", answer)
		}
		if answer, _ := w.ask("osmp", osmpPay("1", "77777", "60.00")); element(answer, "result") != "5" {
			t.Errorf("taken without a contract: %s", answer)
		}
		first, _ := w.ask("keeps", osmpPay("1", "77777", "60.00"))
		again, _ := w.ask("keeps", osmpPay("1", "77777", "60.00"))
		other, _ := w.ask("keeps", osmpPay("1", "77777", "61.00"))
		if element(first, "result") != "0" || first != again || element(other, "result") != "300" {
			t.Fatalf("%s\n%s\n%s", first, again, other)
		}
		w.ask("keeps", osmpPay("2", "77778", "5.00"))
		if n := w.number("SELECT count(*) FROM payment_suspense WHERE assigned_at = 0 AND supplier_code = 'water'"); n != 2 {
			t.Fatalf("%d payments wait", n)
		}
		w.clean()
		if err := w.m.Payments.SplitSuspense(w.ctx, "olga", w.number("SELECT order_id FROM payment_suspense WHERE number = '77778'"), []payment.Share{{Supplier: "water", Number: "10001", Amount: 5_00}}); err != nil {
			t.Fatal(err)
		}
		for _, txn := range []string{"1", "2"} {
			if answer, _ := w.ask("keeps", "command=cancel&txn_id="+txn); element(answer, "result") != "0" {
				t.Errorf("cancel of %s: %s", txn, answer)
			}
		}
		if left := w.number("SELECT coalesce(CAST(sum(balance_kop) AS BIGINT), 0) FROM ledger_balance WHERE name IN ('suspense', 'receivable')"); left != 0 {
			t.Errorf("%d kopecks stayed", left)
		}
		if n := w.number("SELECT count(*) FROM payment_suspense WHERE assigned_at = 0"); n != 0 {
			t.Errorf("%d payments taken back still wait", n)
		}
		w.clean()
	})
}

// TestRegisterOfAnAgentLosesNothing: what an agent took for an account nobody has, and told of only in its register, waits.
func TestRegisterOfAnAgentLosesNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	path := filepath.Join(t.TempDir(), "register.csv")
	if err := os.WriteFile(path, []byte("Операция;Дата;Лицевой счёт;Сумма\n16;24.11.2026;99999;13.00\n17;24.11.2026;10001;14.00\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, booked := range []int64{2, 2} { // the second time changes nothing
		c, err := w.m.Compare(w.ctx, clerk, &CompareRequest{Code: "osmp", Day: 20261124, Path: path, Book: true})
		if err != nil || !c.OK || w.number("SELECT count(*) FROM payment_order") != booked || w.number("SELECT CAST(sum(amount_kop) AS BIGINT) FROM payment_suspense") != 13_00 {
			t.Errorf("%+v, %v", c, err)
		}
	}
	w.clean()
}

// TestCancelEndsWithThePayout: days after it was paid a payment is taken back, until its money has gone to the supplier.
func TestCancelEndsWithThePayout(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	for _, txn := range []string{"1", "2"} {
		w.ask("osmp", osmpPay(txn, "10001", "60.00"))
	}
	w.at = w.at.Add(5 * 24 * time.Hour)
	w.exec("UPDATE ledger_transaction SET close_no = 1 WHERE order_id <> 0")
	w.exec("INSERT INTO settlement_due (supplier_id, close_no, day, payments, collected_kop, refunded_kop, fee_kop, payout_id) VALUES (1, 1, 20261124, 2, 12000, 0, 0, 50)")
	w.exec(`INSERT INTO settlement_payout (payout_id, supplier_id, close_no, cutoff, planned_on, state, payments, collected_kop, refunded_kop, fee_kop, held_kop, carried_kop, paid_kop, left_kop, previous_id, carried_by, details,
		order_no, order_on, author, prepared_at, approver, approved_at, sender, sent_at, settled_on, settled_at, bank_key, return_key, reason)
		VALUES (50, 1, 1, 20261124, 20261125, 'approved', 2, 12000, 0, 0, 0, 0, 12000, 0, 0, 0, '{}', 0, 0, 'a', 1, 'b', 1, '', 0, 0, 0, '', '', '')`)
	if answer, _ := w.ask("osmp", "command=cancel&txn_id=1"); element(answer, "result") != "0" {
		t.Errorf("before the payout: %s", answer)
	}
	w.exec("UPDATE settlement_payout SET state = 'sent'")
	if answer, _ := w.ask("osmp", "command=cancel&txn_id=2"); element(answer, "result") != "251" {
		t.Errorf("after the payout: %s", answer)
	}
	if answer, _ := w.ask("osmp", "command=status&txn_id=2"); element(answer, "result") != "0" {
		t.Errorf("the payment stays: %s", answer)
	}
}
