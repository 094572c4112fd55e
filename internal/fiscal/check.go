package fiscal

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/db"
	"kvit/internal/ledger"
)

// told is what the receipts of a source s and its exempt money come to: a settlement of many lines has several receipts.
const told = `(SELECT sum(coalesce(r.sum_kop, 0) + p.exempt_kop) FROM fiscal_source p LEFT JOIN fiscal_receipt r ON r.receipt_id = p.receipt_id
	WHERE p.order_id = s.order_id AND (p.source_key = s.source_key OR substr(p.source_key, 1, length(s.source_key) + 1) = s.source_key || '#'))`

// Checks are the invariants of receipts as queries for offenders.
var Checks = []ledger.Check{
	{"I3.receipts_equal_payments", `SELECT s.source_key FROM fiscal_source s JOIN payment_order o ON s.source_key = 'pay:' || o.order_id WHERE ` + told + ` <> o.sum_kop
		UNION ALL SELECT s.source_key FROM fiscal_source s JOIN payment_refund f ON s.source_key = 'refund:' || f.refund_key WHERE ` + told + ` <> f.sum_kop`},
	{"I3.receipt_lines_add_up", `SELECT r.receipt_id || '' FROM fiscal_receipt r LEFT JOIN fiscal_line l ON l.receipt_id = r.receipt_id GROUP BY r.receipt_id, r.sum_kop HAVING coalesce(sum(l.amount_kop), 0) <> r.sum_kop`},
	{"I4.advances_used_once", `SELECT receipt_id || '/' || line_no FROM fiscal_line WHERE used_kop < 0 OR used_kop > amount_kop
		UNION ALL SELECT CAST(building_id AS TEXT) || '/' || account_id FROM (
			SELECT l.building_id, l.account_id, CASE WHEN l.method IN (1, 3) AND r.kind <> 'sell_refund' THEN l.used_kop ELSE -l.amount_kop END AS sum_kop FROM fiscal_line l JOIN fiscal_receipt r ON r.receipt_id = l.receipt_id
			WHERE l.method IN (1, 3) AND r.kind <> 'sell_refund' OR r.paid_by = 'prepaid' AND r.kind = 'sell'
				OR l.method IN (1, 3) AND EXISTS (SELECT 1 FROM fiscal_source s WHERE s.receipt_id = r.receipt_id AND s.source_key LIKE 'refund:%')) x
		GROUP BY building_id, account_id HAVING sum(sum_kop) <> 0`},
	{"I18.receipts_have_a_state", `SELECT receipt_id || '' FROM fiscal_receipt WHERE state NOT IN ('waiting', 'asked', 'sent', 'done', 'refused', 'replaced')
		OR state = 'done' AND (fn = '' OR fd = '' OR fp = '') OR state = 'sent' AND uuid = '' OR state = 'refused' AND trouble = ''`},
	{"I18.receipts_printed_once", `SELECT min(receipt_id) || '' FROM fiscal_receipt WHERE fn <> '' GROUP BY fn, fd HAVING count(*) > 1
		UNION ALL SELECT source_key FROM fiscal_source s WHERE receipt_id <> 0 AND NOT EXISTS (SELECT 1 FROM fiscal_receipt r WHERE r.receipt_id = s.receipt_id)`},
}

// Invariants runs the checks, and looks for payments settled a day ago under the duty that have neither a receipt nor a
// reason for having none.
func (m *Module) Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	list, err := ledger.Breaches(ctx, tx, Checks)
	if err != nil {
		return nil, err
	}
	missing, err := m.missing(ctx, tx)
	return append(list, missing), err
}

func (m *Module) missing(ctx context.Context, tx *db.Tx) (b ledger.Breach, err error) {
	b = ledger.Breach{ID: "I3.payments_have_receipts", Rows: []string{}}
	policies, err := listPolicies(ctx, tx)
	if err != nil || len(policies) == 0 {
		return b, err
	}
	first, channels := rulesOf(policies).first()
	args := []any{int64(first), int64(m.lateLine())}
	var doors []string
	for _, c := range channels {
		args = append(args, c+"%")
		doors = append(doors, fmt.Sprintf("o.channel LIKE $%d", len(args)))
	}
	rows, err := tx.QueryContext(ctx, `SELECT o.public_id FROM payment_order o WHERE o.state = 'credited' AND o.method <> 'register' AND o.paid_on >= $1 AND o.changed_at < $2
		AND (`+strings.Join(doors, " OR ")+`) AND NOT EXISTS (SELECT 1 FROM fiscal_source s WHERE s.source_key = 'pay:' || o.order_id)`, args...)
	if err != nil {
		return b, fmt.Errorf("check %s: %w", b.ID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return b, err
		}
		b.Add(name)
	}
	return b, rows.Err()
}
