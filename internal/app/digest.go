package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"kvit/internal/db"
)

// DigestPart is the digest of one kind of data, so that two digests that differ tell where.
type DigestPart struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows"`
	Digest string `json:"digest"` // SHA-256 of the rows, hexadecimal
}

// digestQueries are everything that has a meaning outside the program, in an order of its own: no numbers that
// depend on how the work went, no clock. CROSS JOIN keeps SQLite to the order written: it would read the whole building
// for each account.
var digestQueries = []struct{ name, query string }{
	{"accounts", `SELECT s.code, a.number, coalesce(b.code, ''), c.status, c.printed, c.flat, c.room, c.evidence FROM account a JOIN supplier s ON s.supplier_id = a.supplier_id
		JOIN account_claim c ON c.building_id = a.building_id AND c.account_id = a.account_id
		AND c.recorded_at = (SELECT max(n.recorded_at) FROM account_claim n WHERE n.building_id = c.building_id AND n.account_id = c.account_id)
		LEFT JOIN building b ON b.building_id = a.building_id WHERE a.closed_at = 0 ORDER BY s.code, a.number`},
	{"households", `SELECT s.code, a.number, l.rule, l.score, (SELECT min(s2.code || ':' || a2.number) FROM household_link l2 CROSS JOIN account a2 CROSS JOIN supplier s2
			WHERE l2.building_id = l.building_id AND l2.household_id = l.household_id AND a2.building_id = l2.building_id AND a2.account_id = l2.account_id AND a2.closed_at = 0 AND s2.supplier_id = a2.supplier_id)
		FROM household_link l JOIN account a ON a.building_id = l.building_id AND a.account_id = l.account_id AND a.closed_at = 0 JOIN supplier s ON s.supplier_id = a.supplier_id
		WHERE l.recorded_at = (SELECT max(n.recorded_at) FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id) ORDER BY s.code, a.number`},
	{"charges", `SELECT s.code, a.number, c.month, coalesce(v.name, ''), c.opening_kop, c.charge_kop, c.recalc_kop, c.penalty_kop, c.paid_kop, c.due_kop, c.volume_e7, c.rate_e7
		FROM charge c JOIN account a ON a.building_id = c.building_id AND a.account_id = c.account_id AND a.closed_at = 0 JOIN supplier s ON s.supplier_id = a.supplier_id
		LEFT JOIN service v ON v.service_id = c.service_id
		WHERE c.recorded_at = (SELECT max(n.recorded_at) FROM charge n WHERE n.building_id = c.building_id AND n.account_id = c.account_id AND n.month = c.month AND n.service_id = c.service_id)
		ORDER BY s.code, a.number, c.month, coalesce(v.name, '')`},
	{"payments", `SELECT client_key, channel, state, sum_kop, refunded_kop, paid_on FROM payment_order ORDER BY client_key`},
	{"payment_parts", `SELECT o.client_key, coalesce(s.code, ''), coalesce(a.number, ''), p.kind, p.amount_kop, CASE WHEN p.posted_at > 0 THEN 1 ELSE 0 END FROM payment_part p JOIN payment_order o ON o.order_id = p.order_id
		LEFT JOIN supplier s ON s.supplier_id = p.supplier_id LEFT JOIN account a ON a.building_id = p.building_id AND a.account_id = p.account_id AND a.closed_at = 0
		ORDER BY o.client_key, coalesce(s.code, ''), coalesce(a.number, ''), p.kind, p.amount_kop`},
	{"ledger", `SELECT x.name, x.code, sum(x.amount_kop) FROM (SELECT CASE WHEN e.name LIKE 'payout:%' THEN 'payout' ELSE e.name END AS name, coalesce(s.code, '') AS code, e.amount_kop
			FROM ledger_entry e LEFT JOIN supplier s ON s.supplier_id = e.supplier_id WHERE e.name NOT LIKE 'transfer:%') x GROUP BY x.name, x.code HAVING sum(x.amount_kop) <> 0 ORDER BY x.name, x.code`},
	{"charge_lines", `SELECT l.building_id, coalesce(a.number, CAST(l.account_id AS TEXT)), l.month, l.about, coalesce(v.code, ''), l.kind, l.method, l.formula, l.component, l.zone, l.band, l.party,
		l.volume_e7, l.rate_e7, l.amount_kop FROM charge_line l LEFT JOIN charge_service v ON v.service_no = l.service_no
		LEFT JOIN account a ON a.building_id = l.building_id AND a.account_id = l.account_id AND a.closed_at = 0
		ORDER BY l.building_id, coalesce(a.number, CAST(l.account_id AS TEXT)), l.month, l.run_id, l.line_no`},
	{"bills", `SELECT s.building_id, coalesce(h.flat, ''), coalesce(h.room, ''), s.month, s.version, s.supersedes, s.reason, s.total_kop, s.advance_kop, CASE WHEN w.version IS NULL THEN 0 ELSE 1 END
		FROM bill_snapshot s LEFT JOIN household h ON h.building_id = s.building_id AND h.household_id = s.household_id
			AND NOT EXISTS (SELECT 1 FROM household n WHERE n.building_id = h.building_id AND n.household_id = h.household_id AND n.recorded_at > h.recorded_at)
		LEFT JOIN bill_withdrawal w ON w.building_id = s.building_id AND w.household_id = s.household_id AND w.month = s.month AND w.version = s.version
		ORDER BY s.building_id, coalesce(h.flat, ''), coalesce(h.room, ''), s.month, s.version, s.total_kop`},
	{"acquirer_lines", `SELECT partner, day, line_key, order_key, currency, amount_kop, fee_kop FROM reconcile_line ORDER BY partner, day, line_key`},
	{"movements", `SELECT movement_key, class, order_key FROM reconcile_movement ORDER BY movement_key`},
	{"days", `SELECT partner, day, ours_kop, register_kop, has_register, fee_kop, bank_kop, bank_fee_kop, state FROM reconcile_day ORDER BY partner, day`},
	{"differences", `SELECT case_key, ours_kop, theirs_kop, other_day, state FROM reconcile_case WHERE state <> 'resolved' ORDER BY case_key`},
	{"files", `SELECT f.name, f.digest, f.state, f.rows, f.applied, f.repaired, f.ignored, f.quarantined FROM intake_file f WHERE f.state <> 'duplicate' ORDER BY f.name, f.digest`},
	{"file_rows", `SELECT f.name, i.pos, i.unit, i.code, i.verdict, i.account, i.value FROM intake_issue i JOIN intake_file f ON f.file_id = i.file_id ORDER BY f.name, i.pos, i.unit, i.code, i.verdict, i.account, i.value`},
}

// Digest is one digest over everything that has a meaning outside the program, and those of its parts. Two installations that
// took the same files have the same digest, however often they were killed.
func (a *App) Digest(ctx context.Context) (whole string, parts []DigestPart, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		parts = parts[:0]
		all := sha256.New()
		for _, q := range digestQueries {
			h := sha256.New()
			n, err := addRows(ctx, tx, h, q.query)
			if err != nil {
				return fmt.Errorf("digest of %s: %w", q.name, err)
			}
			sum := h.Sum(nil)
			all.Write(sum)
			parts = append(parts, DigestPart{Name: q.name, Rows: n, Digest: hex.EncodeToString(sum)})
		}
		whole = hex.EncodeToString(all.Sum(nil))
		return nil
	})
	return whole, parts, err
}

func addRows(ctx context.Context, tx *db.Tx, h hash.Hash, query string) (n int, err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	values, targets := make([]string, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(targets...); err != nil {
			return 0, err
		}
		fmt.Fprintf(h, "%q\n", values)
	}
	return n, rows.Err()
}
