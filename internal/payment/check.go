package payment

import (
	"context"
	"slices"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of payments (I3, I4, I7) as queries for offenders.
var Checks = []ledger.Check{
	{"I3.order_equals_parts", `SELECT o.public_id FROM payment_order o LEFT JOIN payment_part p ON p.order_id = o.order_id AND p.kind NOT IN ('suspense', 'forwarded')
			AND NOT EXISTS (SELECT 1 FROM payment_refund r WHERE r.order_id = p.order_id AND p.part_no BETWEEN r.first_no AND r.last_no)
		WHERE NOT EXISTS (SELECT 1 FROM payment_suspense s WHERE s.order_id = o.order_id AND (s.assigned_at = 0 OR s.returned_at > 0)) GROUP BY o.public_id, o.sum_kop HAVING coalesce(sum(p.amount_kop), 0) <> o.sum_kop`},
	{"I3.parts_have_orders", `SELECT p.building_id || '/' || p.order_id FROM payment_part p LEFT JOIN payment_order o ON o.order_id = p.order_id WHERE o.order_id IS NULL`},
	{"I3.suspense_equals_ledger", `SELECT s.order_id || '' FROM payment_suspense s LEFT JOIN (SELECT t.building_id, t.order_id, -sum(e.amount_kop) AS total FROM ledger_transaction t
			JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id WHERE e.name = 'suspense' GROUP BY t.building_id, t.order_id) l ON l.building_id = s.building_id AND l.order_id = s.order_id
		WHERE coalesce(l.total, 0) <> CASE WHEN s.assigned_at = 0 THEN s.amount_kop ELSE 0 END`},
	{"I3.posted_parts_equal_ledger", `SELECT order_id || '/' || building_id FROM (SELECT building_id, order_id, amount_kop FROM payment_part WHERE posted_at > 0
			UNION ALL SELECT t.building_id, t.order_id, e.amount_kop FROM ledger_transaction t JOIN ledger_entry e ON e.building_id = t.building_id AND e.txn_id = t.txn_id
			WHERE t.order_id <> 0 AND e.name IN ('receivable', 'penalty', 'advance', 'suspense')) x
		GROUP BY building_id, order_id HAVING sum(amount_kop) <> 0`},
	{"I3.credited_means_posted", `SELECT o.public_id FROM payment_order o JOIN payment_part p ON p.order_id = o.order_id WHERE o.state = 'credited' AND p.posted_at = 0
		AND NOT EXISTS (SELECT 1 FROM payment_refund r WHERE r.order_id = o.order_id AND r.state = 'reserved' AND p.part_no BETWEEN r.first_no AND r.last_no)`},
	{"I3.posted_means_captured", `SELECT o.public_id FROM payment_order o JOIN payment_part p ON p.order_id = o.order_id WHERE o.state NOT IN ('captured', 'credited') AND p.posted_at > 0`},
	{"I4.refunds_within_captured", `SELECT public_id FROM payment_order WHERE refunded_kop < 0 OR refunded_kop > 0 AND refunded_kop > sum_kop`},
	{"I4.refunds_have_parts", `SELECT o.public_id FROM payment_order o LEFT JOIN payment_refund r ON r.order_id = o.order_id AND r.state <> 'refused' GROUP BY o.public_id, o.refunded_kop HAVING coalesce(sum(r.sum_kop), 0) <> o.refunded_kop
		UNION ALL SELECT r.refund_key FROM payment_refund r LEFT JOIN payment_part p ON p.order_id = r.order_id AND p.part_no BETWEEN r.first_no AND r.last_no
		WHERE r.state <> 'refused' GROUP BY r.refund_key, r.sum_kop HAVING coalesce(sum(p.amount_kop), 0) <> -r.sum_kop`},
	{"I7.notifications_have_a_state", `SELECT event_key FROM gateway_event e WHERE state NOT IN ('received', 'waiting', 'applied', 'quarantined')
		OR state = 'received' AND received_at + 300000000 < (SELECT max(n.received_at) FROM gateway_event n WHERE n.state = 'applied')`},
}

// Invariants runs the checks of payments and of the book.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, slices.Concat(ledger.Checks, allChecks))
}
