package courier

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Checks are the invariants of exchanges of files (I18) as queries for offenders.
var Checks = []ledger.Check{
	{"I18.files_follow_on", `SELECT supplier_id || '/' || code || '/' || number FROM (SELECT supplier_id, code, number, after_position, to_position,
			lag(number, 1, 0) OVER w AS number_before, lag(to_position, 1, 0) OVER w AS to_before FROM courier_file WINDOW w AS (PARTITION BY supplier_id, code ORDER BY number)) f
			WHERE number <> number_before + 1 AND NOT EXISTS (SELECT 1 FROM v_restore_number r WHERE r.name = 'courier_file' AND r.subject = f.supplier_id || '/' || f.code AND r.least = f.number) OR after_position < to_before OR to_position < after_position
		UNION ALL SELECT s.supplier_id || '/' || s.code || '/' || s.last_number FROM courier_state s LEFT JOIN courier_file f ON f.supplier_id = s.supplier_id AND f.code = s.code
			GROUP BY s.supplier_id, s.code, s.last_number, s.position HAVING coalesce(max(f.number), 0) <> s.last_number OR coalesce(max(f.to_position), 0) > s.position`},
	{"I18.files_have_a_state", `SELECT supplier_id || '/' || code || '/' || number FROM courier_file
			WHERE state NOT IN ('waiting', 'sent', 'accepted', 'partly', 'refused') OR state <> 'waiting' AND sent_at = 0 OR state IN ('accepted', 'partly', 'refused') AND answered_at = 0`},
	{"I18.refusals_are_of_files", `SELECT r.supplier_id || '/' || r.code || '/' || r.number || '/' || r.row_no FROM courier_refusal r
			LEFT JOIN courier_file f ON f.supplier_id = r.supplier_id AND f.code = r.code AND f.number = r.number
			LEFT JOIN courier_file a ON a.supplier_id = r.supplier_id AND a.code = r.code AND a.number = r.again_number
			WHERE f.number IS NULL OR r.row_no > f.row_count OR r.again_number <> 0 AND (a.number IS NULL OR a.number <= r.number)`},
}

// Invariants runs the checks.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, Checks)
}
