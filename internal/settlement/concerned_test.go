package settlement

import (
	"strings"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/ledger"
)

// TestOnlyTheSupplierConcernedStops: what does not add up of one supplier's money stops his payouts and is told, the others
// are paid; what may be anybody's stops all.
func TestOnlyTheSupplierConcernedStops(t *testing.T) {
	const voda = "(SELECT supplier_id FROM supplier WHERE code = 'voda')"
	const order = "(SELECT min(order_id) FROM payment_part WHERE supplier_id = " + voda + ")"
	for id, breakIt := range map[string]string{
		"I1.balances_equal_entries": "UPDATE ledger_balance SET balance_kop = balance_kop + 1 WHERE name = 'receivable' AND account_id IN (SELECT account_id FROM account WHERE supplier_id = " + voda + ")",
		"I3.order_equals_parts":     "UPDATE payment_order SET sum_kop = sum_kop + 1 WHERE order_id = " + order,
		"I4.refunds_have_parts":     "UPDATE payment_order SET refunded_kop = 1 WHERE order_id = " + order,
		"I5.dues_equal_totals":      "UPDATE settlement_due SET fee_kop = fee_kop + 1 WHERE supplier_id = " + voda,
	} {
		t.Run(id, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newTown(t, d)
				w.pay("sber", "voda", 1, date(22), 100_00)
				w.pay("sber", "teplo", 2, date(22), 50_00)
				w.close(0)
				w.exec(breakIt)
				p := w.prepare()
				if len(p.Payouts) != 1 || p.Payouts[0].Supplier != "teplo" || len(p.Skipped) != 1 || p.Skipped[0].Supplier != "voda" || !strings.Contains(p.Skipped[0].Why, id) {
					t.Errorf("%+v", p)
				}
				w.exec("UPDATE ledger_balance SET balance_kop = balance_kop + 1 WHERE name LIKE 'clearing:%'")
				if _, err := w.m.Prepare(w.ctx, "ольга", PrepareRequest{}); fault.CodeOf(err) != "payout.broken" {
					t.Errorf("what concerns all: %v", err)
				}
			})
		})
	}
}

// TestWaysToSuppliers: each way from what is broken to suppliers can be gone on both databases, and what leads to nobody
// concerns all.
func TestWaysToSuppliers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		for id := range whose {
			w.must(nil, d.Read(w.ctx, func(tx *db.Tx) error {
				list, err := concerned(w.ctx, tx, &ledger.Breach{ID: id, Count: 1, Query: "SELECT 'no such thing'"})
				if len(list) > 0 {
					t.Errorf("%s: %v", id, list)
				}
				return err
			}))
		}
	})
}
