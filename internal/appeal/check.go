package appeal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of appeals as queries for offenders.
var Checks = []ledger.Check{
	{"I2.left_out_is_disputed", `SELECT s.building_id || '/' || s.appeal_id FROM appeal_aside s LEFT JOIN appeal a ON a.building_id = s.building_id AND a.appeal_id = s.appeal_id AND a.state IN ('sent', 'accepted', 'reopened')
		WHERE s.ended_at = 0 AND (a.appeal_id IS NULL OR a.household_id <> s.household_id OR a.account_id <> s.account_id OR a.service_id <> s.service_id OR a.sum_kop <> s.sum_kop)`},
	{"I2.disputed_is_left_out", `SELECT a.building_id || '/' || a.appeal_id FROM appeal a WHERE a.aside AND a.sum_kop > 0 AND a.state IN ('sent', 'accepted', 'reopened')
		AND NOT EXISTS (SELECT 1 FROM appeal_aside s WHERE s.building_id = a.building_id AND s.appeal_id = a.appeal_id AND s.ended_at = 0)`},
	{"I11.one_dispute_of_a_line", `SELECT min(number) FROM appeal WHERE state IN ('sent', 'accepted', 'reopened') GROUP BY building_id, household_id, account_id, service_id, month, penalty HAVING count(*) > 1`},
	{"I18.appeals_follow_their_steps", `SELECT a.building_id || '/' || a.appeal_id FROM appeal a WHERE a.state <> 'draft' AND a.state <> coalesce((SELECT s.kind FROM appeal_step s WHERE s.building_id = a.building_id AND s.appeal_id = a.appeal_id
		AND s.kind IN ('sent', 'accepted', 'answered', 'reopened', 'solved', 'withdrawn') ORDER BY s.step_no DESC LIMIT 1), '')`},
	{"I18.appeals_have_routes", `SELECT a.building_id || '/' || a.appeal_id FROM appeal a LEFT JOIN appeal_route r ON r.number = a.number AND r.building_id = a.building_id AND r.appeal_id = a.appeal_id WHERE r.number IS NULL
		UNION ALL SELECT r.number FROM appeal_route r LEFT JOIN appeal a ON a.building_id = r.building_id AND a.appeal_id = r.appeal_id WHERE a.appeal_id IS NULL`},
}

// Invariants runs the checks, and recomputes the digests of the calculations that went with appeals.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	list, err := ledger.Breaches(ctx, tx, Checks)
	if err != nil {
		return nil, err
	}
	digests := ledger.Breach{ID: "I13.calculations_keep_digest", Rows: []string{}}
	rows, err := tx.QueryContext(ctx, "SELECT number, calculation, digest FROM appeal")
	if err != nil {
		return nil, fmt.Errorf("calculations of appeals: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var number, text, digest string
		if err := rows.Scan(&number, &text, &digest); err != nil {
			return nil, err
		}
		if sum := sha256.Sum256([]byte(text)); hex.EncodeToString(sum[:]) != digest {
			digests.Add(number)
		}
	}
	return append(list, digests), rows.Err()
}
