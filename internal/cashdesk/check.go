package cashdesk

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of desks as queries for offenders.
var Checks = []ledger.Check{
	{"I1.cash_shifts_add_up", `SELECT s.desk || '-' || s.number FROM cash_shift s LEFT JOIN cash_movement m ON m.shift_id = s.shift_id WHERE s.closed_at > 0 AND s.reason = ''
		GROUP BY s.desk, s.number, s.opening_kop, s.counted_kop HAVING s.counted_kop <> s.opening_kop + coalesce(sum(m.amount_kop), 0)
		UNION ALL SELECT desk || '-' || number FROM cash_shift WHERE closed_at > 0 AND (handed_kop < 0 OR handed_kop > counted_kop)`},
	{"I3.cash_payments_are_in_shifts", `SELECT o.public_id FROM payment_order o LEFT JOIN cash_movement m ON m.public_id = o.public_id AND m.kind = 'take'
		WHERE o.method = 'cash' AND o.channel LIKE 'cash:%' GROUP BY o.public_id, o.sum_kop HAVING coalesce(sum(m.amount_kop), 0) <> o.sum_kop
		UNION ALL SELECT s.desk || '-' || s.number || '-' || m.movement_no FROM cash_movement m JOIN cash_shift s ON s.shift_id = m.shift_id
			WHERE m.kind IN ('take', 'cancel') AND NOT EXISTS (SELECT 1 FROM payment_order o WHERE o.public_id = m.public_id AND o.channel = 'cash:' || s.desk)`},
	{"I4.cash_given_back_is_refunded", `SELECT s.desk || '-' || s.number || '-' || m.movement_no FROM cash_movement m JOIN cash_shift s ON s.shift_id = m.shift_id AND s.closed_at > 0
		LEFT JOIN payment_refund r ON r.refund_key = m.form_key AND r.state = 'posted' WHERE m.kind = 'cancel' AND coalesce(r.sum_kop, 0) <> -m.amount_kop`},
}

// Invariants runs the checks.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, Checks)
}
