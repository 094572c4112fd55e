package webhook

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of deliveries (I17, I18) as queries for offenders.
var Checks = []ledger.Check{
	{"I18.cursors_not_ahead", `SELECT e.endpoint_id || '' FROM webhook_endpoint e LEFT JOIN event_feed_head h ON h.supplier_id = e.supplier_id WHERE e.position > coalesce(h.position, 0)
		UNION ALL SELECT d.endpoint_id || '/' || d.position FROM webhook_delivery d JOIN webhook_endpoint e ON e.endpoint_id = d.endpoint_id WHERE d.position > e.position`},
	{"I18.deliveries_have_a_state", `SELECT d.endpoint_id || '/' || d.position FROM webhook_delivery d LEFT JOIN webhook_endpoint e ON e.endpoint_id = d.endpoint_id
		WHERE e.endpoint_id IS NULL OR d.state NOT IN ('waiting', 'delivered') OR d.state = 'delivered' AND d.status NOT BETWEEN 200 AND 299`},
	{"I17.deliveries_of_own_feeds", `SELECT d.endpoint_id || '/' || d.position FROM webhook_delivery d JOIN webhook_endpoint e ON e.endpoint_id = d.endpoint_id
		LEFT JOIN event_feed f ON f.supplier_id = e.supplier_id AND f.position = d.position AND f.account_id = d.account_id WHERE f.position IS NULL`},
}

// Invariants runs the checks.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, Checks)
}
