package statement

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// checks are the invariants of documents that a query decides.
var checks = []ledger.Check{
	{ID: "I13.one_live_document", Query: `SELECT d.building_id || '/' || d.household_id || '/' || d.request_key FROM statement_document d
		WHERE NOT EXISTS (SELECT 1 FROM statement_end e WHERE e.building_id = d.building_id AND e.household_id = d.household_id AND e.number = d.number)
		GROUP BY d.building_id, d.household_id, d.request_key HAVING count(*) > 1`},
	{ID: "I13.documents_are_found", Query: `SELECT d.number FROM statement_document d LEFT JOIN statement_number n ON n.number = d.number AND n.building_id = d.building_id AND n.household_id = d.household_id
		WHERE n.number IS NULL`},
}

// Invariants runs the checks of documents: what is kept is what was printed, one of a request is in force, each number leads to
// its document.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	list, err := ledger.Breaches(ctx, tx, checks)
	if err != nil {
		return nil, err
	}
	digests := ledger.Breach{ID: "I13.digest_matches_the_document", Rows: []string{}}
	rows, err := tx.QueryContext(ctx, "SELECT number, digest, body FROM statement_document ORDER BY building_id, household_id, number")
	if err != nil {
		return nil, fmt.Errorf("check documents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var number, digest string
		var body []byte
		if err := rows.Scan(&number, &digest, &body); err != nil {
			return nil, err
		}
		if digestOf(body) != digest {
			digests.Add(number)
		}
	}
	return append(list, digests), rows.Err()
}
