package reconcile

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of reconciliation (I6, I7) as queries for offenders.
var Checks = []ledger.Check{
	{"I6.differences_have_cases", `SELECT d.partner || '/' || d.day FROM reconcile_day d WHERE d.has_register = 1 AND d.ours_kop - d.register_kop <>
			coalesce((SELECT sum(c.ours_kop) FROM reconcile_case c WHERE c.partner = d.partner AND c.day = d.day AND c.state <> 'resolved' AND c.cause IN ('only_ours', 'sum', 'wrong_day', 'refund_day')), 0)
			- coalesce((SELECT sum(c.theirs_kop) FROM reconcile_case c WHERE c.partner = d.partner AND CASE c.other_day WHEN 0 THEN c.day ELSE c.other_day END = d.day AND c.state <> 'resolved'
				AND c.cause IN ('only_theirs', 'sum', 'doubled', 'wrong_day', 'refund_day')), 0)`},
	{"I6.money_of_the_bank_has_cases", `SELECT d.partner || '/' || d.day FROM reconcile_day d WHERE d.has_bank = 1 AND d.bank_kop + d.bank_fee_kop <> CASE d.has_register WHEN 1 THEN d.register_kop ELSE d.ours_kop END
		AND NOT EXISTS (SELECT 1 FROM reconcile_case c WHERE c.partner = d.partner AND c.state <> 'resolved' AND c.cause IN ('bank_sum', 'fee') AND c.day >= d.day)`},
	{"I6.cases_have_owners", `SELECT case_id || '' FROM reconcile_case WHERE owner = '' OR opened_at = 0 OR state NOT IN ('open', 'explained', 'accepted', 'resolved')`},
	{"I6.accepted_by_two", `SELECT case_id || '' FROM reconcile_case WHERE state = 'accepted' AND (accepted_by = '' OR explained_by = '' OR note = '' OR accepted_by = explained_by)`},
	{"I6.registers_equal_lines", `SELECT r.name FROM reconcile_register r WHERE r.loaded_at > 0 AND r.lines - r.repeated <> (SELECT count(*) FROM reconcile_line l WHERE l.partner = r.partner AND l.register_id = r.register_id)`},
	{"I7.movements_have_a_state", `SELECT movement_id || '' FROM reconcile_movement v WHERE class NOT IN ('credit', 'resident', 'own', 'payout', 'returned', 'debit') OR class IN ('payout', 'returned') AND order_key = ''
		OR class = 'resident' AND order_key <> '' AND NOT EXISTS (SELECT 1 FROM payment_order o WHERE o.client_key = v.order_key AND o.sum_kop = v.sum_kop)`},
	{"I7.statements_equal_movements", `SELECT s.name FROM reconcile_statement s WHERE s.movements - s.repeated <> (SELECT count(*) FROM reconcile_movement v WHERE v.statement_id = s.statement_id)`},
	{"I5.bank_equals_statements", `SELECT coalesce(v.key, l.key) FROM (SELECT 'bank:' || movement_id AS key, CASE incoming WHEN 1 THEN sum_kop ELSE -sum_kop END AS total FROM reconcile_movement WHERE booked = 1) v
		FULL JOIN (SELECT t.key, sum(e.amount_kop) AS total FROM ledger_entry e JOIN ledger_transaction t ON t.building_id = e.building_id AND t.txn_id = e.txn_id WHERE e.building_id = 0 AND e.name = 'bank' GROUP BY t.key) l ON l.key = v.key
		WHERE coalesce(v.total, 0) <> coalesce(l.total, 0)`},
	{"I3.suspense_by_two", `SELECT p.order_id || '' FROM reconcile_proposal p LEFT JOIN payment_suspense s ON s.order_id = p.order_id WHERE s.order_id IS NULL OR p.asked_by = ''`},
}

// Invariants runs the checks.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, Checks)
}
