package autopay

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of autopay as queries for offenders.
var Checks = []ledger.Check{
	{"I20.autopay_paid_by_its_key", `SELECT t.building_id || '/' || t.rule_id || '/' || t.month FROM autopay_turn t WHERE t.state = 'paid' AND NOT EXISTS (SELECT 1 FROM payment_order o
		WHERE o.public_id = t.public_id AND o.client_key = 'autopay:' || t.rule_id || ':' || t.month || ':' || t.tries AND o.state IN ('captured', 'credited') AND o.sum_kop = t.sum_kop)`},
	{"I20.autopay_charges_a_month_once", `SELECT t.building_id || '/' || t.rule_id || '/' || t.month FROM autopay_turn t JOIN payment_order o ON o.state IN ('captured', 'credited')
		AND o.client_key LIKE 'autopay:' || t.rule_id || ':' || t.month || ':%' GROUP BY t.building_id, t.rule_id, t.month HAVING count(*) > 1`},
}

// Invariants runs the checks.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, Checks)
}
