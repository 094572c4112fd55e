package settlement

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/restore"
)

// countedLate is how long a transaction may take from its moment to its commit; one that is older than the last close by
// more and was not counted is lost.
const countedLate = "3600000000"

// Checks are the invariants of settlement (I5) as queries for offenders.
var Checks = []ledger.Check{
	{"I5.payout_formula", `SELECT payout_id || '' FROM settlement_payout WHERE paid_kop + left_kop <> collected_kop - refunded_kop - fee_kop - held_kop + carried_kop
		OR paid_kop < 0 OR held_kop < 0 OR paid_kop > 0 AND left_kop <> 0`},
	{"I5.payout_equals_its_closes", `SELECT p.payout_id || '' FROM settlement_payout p LEFT JOIN settlement_due d ON d.payout_id = p.payout_id AND d.supplier_id = p.supplier_id WHERE p.state <> 'cancelled'
		GROUP BY p.payout_id, p.payments, p.collected_kop, p.refunded_kop, p.fee_kop
		HAVING coalesce(sum(d.payments), 0) <> p.payments OR coalesce(sum(d.collected_kop), 0) <> p.collected_kop OR coalesce(sum(d.refunded_kop), 0) <> p.refunded_kop OR coalesce(sum(d.fee_kop), 0) <> p.fee_kop`},
	{"I5.close_in_one_payout", `SELECT d.supplier_id || '/' || d.close_no FROM settlement_due d LEFT JOIN settlement_payout p ON p.payout_id = d.payout_id
		WHERE d.payout_id <> 0 AND (p.payout_id IS NULL OR p.state = 'cancelled' OR p.supplier_id <> d.supplier_id OR d.close_no > p.close_no)
		UNION ALL SELECT d.supplier_id || '/' || d.close_no FROM settlement_due d JOIN settlement_payout p ON p.supplier_id = d.supplier_id AND p.state <> 'cancelled' AND p.close_no >= d.close_no WHERE d.payout_id = 0`},
	{"I5.carried_once", `SELECT p.payout_id || '' FROM settlement_payout p LEFT JOIN settlement_payout b ON b.payout_id = p.previous_id WHERE p.state <> 'cancelled'
		AND p.carried_kop <> coalesce(b.left_kop + b.held_kop, 0) + (SELECT coalesce(sum(r.paid_kop), 0) FROM settlement_payout r WHERE r.carried_by = p.payout_id AND r.state = 'returned')
		UNION ALL SELECT min(payout_id) || '' FROM settlement_payout WHERE state <> 'cancelled' GROUP BY supplier_id, previous_id HAVING count(*) > 1`},
	{"I5.two_persons", `SELECT payout_id || '' FROM settlement_payout WHERE state IN ('approved', 'sent', 'confirmed', 'returned') AND (approver = '' OR approver = author)`},
	{"I5.dues_equal_totals", `SELECT coalesce(d.supplier_id, t.supplier_id) || '/' || coalesce(d.close_no, t.close_no) FROM settlement_due d
		FULL JOIN (SELECT supplier_id, close_no, sum(payments) AS payments, sum(collected_kop) AS collected, sum(refunded_kop) AS refunded, sum(fee_kop) AS fee FROM settlement_total WHERE supplier_id <> 0 GROUP BY supplier_id, close_no) t
			ON t.supplier_id = d.supplier_id AND t.close_no = d.close_no
		WHERE coalesce(d.payments, -1) <> coalesce(t.payments, -1) OR coalesce(d.collected_kop, -1) <> coalesce(t.collected, -1) OR coalesce(d.refunded_kop, -1) <> coalesce(t.refunded, -1) OR coalesce(d.fee_kop, -1) <> coalesce(t.fee, -1)`},
	{"I5.totals_equal_transactions", `SELECT coalesce(l.close_no, t.close_no) || '/' || coalesce(l.supplier_id, t.supplier_id) FROM
		(SELECT x.close_no, e.supplier_id, -sum(e.amount_kop) AS total FROM ledger_transaction x JOIN ledger_entry e ON e.building_id = x.building_id AND e.txn_id = x.txn_id
			WHERE x.close_no > 0 AND x.order_id <> 0 AND (e.supplier_id <> 0 OR e.name = 'suspense') AND x.close_no IN (SELECT close_no FROM settlement_close WHERE state = 'closed') GROUP BY x.close_no, e.supplier_id) l
		FULL JOIN (SELECT close_no, supplier_id, sum(collected_kop - refunded_kop) AS total FROM settlement_total GROUP BY close_no, supplier_id) t ON t.close_no = l.close_no AND t.supplier_id = l.supplier_id
		WHERE coalesce(l.total, 0) <> coalesce(t.total, 0)`},
	{"I5.every_payment_is_counted", `SELECT t.building_id || '/' || t.txn_id FROM ledger_transaction t WHERE t.close_no = 0 AND t.order_id <> 0
			AND EXISTS (SELECT 1 FROM settlement_close c WHERE c.state = 'closed' AND t.effective_on <= c.day AND t.recorded_at < c.began_at - ` + countedLate + `)
		UNION ALL SELECT t.building_id || '/' || t.txn_id FROM ledger_transaction t WHERE t.close_no > 0 AND t.order_id <> 0 AND t.close_no > (SELECT coalesce(max(c.close_no), 0) FROM settlement_close c)`},
	{"I5.centre_owes_what_is_not_paid", `SELECT s.supplier_id || '' FROM supplier s
		LEFT JOIN (SELECT supplier_id, sum(collected_kop - refunded_kop - fee_kop) AS total FROM settlement_due GROUP BY supplier_id) d ON d.supplier_id = s.supplier_id
		LEFT JOIN (SELECT supplier_id, sum(paid_kop) AS total FROM settlement_payout WHERE state IN ('sent', 'confirmed') GROUP BY supplier_id) p ON p.supplier_id = s.supplier_id
		LEFT JOIN ledger_balance b ON b.building_id = 0 AND b.name = 'payable:' || s.supplier_id AND b.account_id = 0 AND b.service_id = 0
		LEFT JOIN ledger_balance h ON h.building_id = 0 AND h.name = 'held:' || s.supplier_id AND h.account_id = 0 AND h.service_id = 0
		WHERE -coalesce(b.balance_kop, 0) - coalesce(h.balance_kop, 0) <> coalesce(d.total, 0) - coalesce(p.total, 0)`},
	{"I11.requisites_by_two_persons", `SELECT r.change_id || '' FROM supplier_requisites r WHERE r.state IN ('approved', 'applied') AND r.former LIKE '%"bankAccount":"_%' AND (r.decider = '' OR r.decider = r.author OR r.effective_at < r.decided_at + 86400000000)`},
}

// Invariants runs the checks, and walks the chain of closes.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	list, err := ledger.Breaches(ctx, tx, Checks)
	if err != nil {
		return nil, err
	}
	chain, err := checkChain(ctx, tx)
	return append(list, chain), err
}

// checkChain holds the closes to their order: numbers from one without gaps but those a return of the data left, later days, each
// digest over the one before.
func checkChain(ctx context.Context, tx *db.Tx) (ledger.Breach, error) {
	b := ledger.Breach{ID: "I5.closes_are_chained", Rows: []string{}}
	list, err := listCloses(ctx, tx, "ORDER BY close_no")
	if err != nil {
		return b, err
	}
	after := map[int64]bool{} // numbers that follow a return
	err = tx.Scan(ctx, "SELECT least FROM v_restore_number WHERE name = $1", []any{restore.NumberClose}, func(v []int64, _ []byte) error {
		after[v[0]] = true
		return nil
	})
	var before Close
	for i := range list {
		c := &list[i]
		fits := (c.No == before.No+1 || after[c.No] && c.No > before.No) && c.Day > before.Day && c.Previous == before.Digest
		if c.State == CloseClosed {
			fits = fits && digestOf(c.Previous, c.Body) == c.Digest
		}
		if !fits {
			b.Add(fmt.Sprint(c.No))
		}
		before = *c
	}
	return b, err
}
