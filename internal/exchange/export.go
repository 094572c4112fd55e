package exchange

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"kvit/internal/account"
	"kvit/internal/db"
)

// ExportSummary counts what an export wrote.
type ExportSummary struct {
	Baskets  int `json:"baskets"`
	Accounts int `json:"accounts"`
	Defects  int `json:"defects"`
}

// exportTotals are the totals of the latest month of charges.
type exportTotals struct {
	Suppliers map[string]map[string]int64 `json:"suppliers"`
	Houses    map[string]map[string]int64 `json:"houses"`
	Payments  map[string]int64            `json:"payments"`
}

// ExportBaskets writes who is in whose basket, totals by supplier, house and payments, and the defects found:
// {"baskets":[{house,accounts}],"totals":{…},"defects":[{file,pos,type,unit}]}. Accounts are written as printed.
// An account the house register rules out is in no basket and in no total; any other unplaced account is a basket
// of its own and counts for its supplier.
func (m *Module) ExportBaskets(ctx context.Context, w io.Writer) (sum ExportSummary, err error) {
	out := bufio.NewWriterSize(w, 1<<16)
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		sum = ExportSummary{}
		x := exporter{ctx: ctx, tx: tx, out: out, sum: &sum}
		x.text(`{"baskets":[`)
		if err := x.baskets(); err != nil {
			return err
		}
		x.text("\n],\n\"totals\":")
		if err := x.totals(m); err != nil {
			return err
		}
		x.text(",\n\"defects\":[")
		if err := x.defects(); err != nil {
			return err
		}
		x.text("\n]}\n")
		return x.err
	})
	if err != nil {
		return sum, fmt.Errorf("export baskets: %w", err)
	}
	return sum, out.Flush()
}

type exporter struct {
	ctx context.Context
	tx  *db.Tx
	out *bufio.Writer
	sum *ExportSummary
	err error
}

func (x *exporter) text(s string) {
	if x.err == nil {
		_, x.err = x.out.WriteString(s)
	}
}

func (x *exporter) json(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		x.err = err
		return
	}
	x.text(string(b))
}

// item separates the elements of a list.
func (x *exporter) item(n int, v any) {
	if n > 0 {
		x.text(",")
	}
	x.text("\n")
	x.json(v)
}

// liveAccounts is every live account with its latest claim and link.
const liveAccounts = `SELECT a.building_id, coalesce(b.code, ''), s.code, c.printed, c.status, coalesce(l.household_id, 0)
	FROM account a
	JOIN supplier s ON s.supplier_id = a.supplier_id
	JOIN account_claim c ON c.building_id = a.building_id AND c.account_id = a.account_id
		AND c.recorded_at = (SELECT max(n.recorded_at) FROM account_claim n WHERE n.building_id = c.building_id AND n.account_id = c.account_id)
	LEFT JOIN household_link l ON l.building_id = a.building_id AND l.account_id = a.account_id
		AND l.recorded_at = (SELECT max(n.recorded_at) FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id)
	LEFT JOIN building b ON b.building_id = a.building_id
	WHERE a.closed_at = 0
	ORDER BY a.building_id, coalesce(l.household_id, 0), a.account_id`

type basketOut struct {
	House    string   `json:"house,omitempty"`
	Accounts []string `json:"accounts"`
}

func (x *exporter) baskets() error {
	rows, err := x.tx.QueryContext(x.ctx, liveAccounts)
	if err != nil {
		return err
	}
	defer rows.Close()
	var current basketOut
	var building, household int64
	flush := func() {
		if len(current.Accounts) > 0 {
			x.item(x.sum.Baskets, current)
			x.sum.Baskets++
		}
		current = basketOut{}
	}
	for rows.Next() {
		var b, h int64
		var house, code, printed, status string
		if err := rows.Scan(&b, &house, &code, &printed, &status, &h); err != nil {
			return err
		}
		if status == account.StatusRuledOut {
			continue
		}
		if b != building || h != household || h == 0 {
			flush()
			building, household, current.House = b, h, house
		}
		current.Accounts = append(current.Accounts, code+":"+printed)
		x.sum.Accounts++
	}
	flush()
	return rows.Err()
}

// chargeTotals sums the figures that hold in the latest month, over accounts that count. The charge is told only
// where every line carried it: some registers print the sum due alone.
const chargeTotals = `SELECT %s AS id, CAST(sum(c.charge_kop) AS BIGINT) AS charge, CAST(sum(c.due_kop) AS BIGINT) AS due, min(CASE WHEN (c.given & 2) <> 0 THEN 1 ELSE 0 END) AS told
	FROM charge c
	JOIN account a ON a.building_id = c.building_id AND a.account_id = c.account_id AND a.closed_at = 0
	JOIN account_claim k ON k.building_id = c.building_id AND k.account_id = c.account_id
		AND k.recorded_at = (SELECT max(n.recorded_at) FROM account_claim n WHERE n.building_id = k.building_id AND n.account_id = k.account_id)
	WHERE k.status <> 'ruled_out' AND c.month = (SELECT max(month) FROM charge)
	AND NOT EXISTS (SELECT 1 FROM v_charge_own o WHERE o.building_id = c.building_id AND o.account_id = c.account_id AND o.month = c.month AND o.service_id = c.service_id)
	AND c.recorded_at = (SELECT max(n.recorded_at) FROM charge n WHERE n.building_id = c.building_id AND n.account_id = c.account_id AND n.month = c.month AND n.service_id = c.service_id)
	GROUP BY 1`

// ownTotals sums what Kvit charged itself for the latest month that anybody charged: of a service it charges the supplier's
// row is left out.
const ownTotals = `SELECT %s AS id, CAST(sum(c.charge_kop) AS BIGINT) AS charge, CAST(sum(c.amount_kop) AS BIGINT) AS due, 1 AS told
	FROM v_charge_own c
	JOIN account a ON a.building_id = c.building_id AND a.account_id = c.account_id AND a.closed_at = 0
	JOIN account_claim k ON k.building_id = c.building_id AND k.account_id = c.account_id
		AND k.recorded_at = (SELECT max(n.recorded_at) FROM account_claim n WHERE n.building_id = k.building_id AND n.account_id = k.account_id)
	WHERE k.status <> 'ruled_out' AND c.month = coalesce((SELECT max(month) FROM charge), (SELECT max(month) FROM v_charge_own))
	GROUP BY 1`

// both are the totals of suppliers' rows and of Kvit's lines together, by the column id of them; of gives it its code. The
// code is joined to the sums: joined to the rows, PostgreSQL may pair all accounts of a house with all of its claims.
func (x *exporter) both(id, of string) (map[string]map[string]int64, error) {
	coded := func(totals string) string {
		return "SELECT o.code, t.charge, t.due, t.told FROM (" + fmt.Sprintf(totals, id) + ") t JOIN " + of + " = t.id"
	}
	out, err := x.sums(coded(chargeTotals))
	if err != nil {
		return nil, err
	}
	own, err := x.sums(coded(ownTotals))
	for k, sums := range own {
		if out[k] == nil {
			out[k] = sums
			continue
		}
		out[k]["due"] += sums["due"]
		if _, ok := out[k]["charge"]; ok {
			out[k]["charge"] += sums["charge"]
		}
	}
	return out, err
}

func (x *exporter) totals(m *Module) error {
	t := exportTotals{}
	var err error
	if t.Suppliers, err = x.both("a.supplier_id", "supplier o ON o.supplier_id"); err != nil {
		return err
	}
	if t.Houses, err = x.both("c.building_id", "building o ON o.building_id"); err != nil {
		return err
	}
	if t.Payments, err = m.payments.Totals(x.ctx, x.tx); err != nil {
		return err
	}
	x.json(t)
	return x.err
}

func (x *exporter) sums(query string) (map[string]map[string]int64, error) {
	rows, err := x.tx.QueryContext(x.ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]map[string]int64{}
	for rows.Next() {
		var key string
		var charged, due, given int64
		if err := rows.Scan(&key, &charged, &due, &given); err != nil {
			return nil, err
		}
		out[key] = map[string]int64{"due": due}
		if given == 1 {
			out[key]["charge"] = charged
		}
	}
	return out, rows.Err()
}

type defectOut struct {
	File string `json:"file"`
	Pos  int64  `json:"pos"`
	Type string `json:"type"`
	Unit string `json:"unit,omitempty"`
}

// defects are the findings of all applied files; of a file that was read again with fixes, those of the last reading. A
// payment whose account has become known since, because its register came after the payment, is none.
func (x *exporter) defects() error {
	rows, err := x.tx.QueryContext(x.ctx, `SELECT f.name, i.pos, i.type, i.unit FROM intake_issue i JOIN intake_file f ON f.file_id = i.file_id
		WHERE f.state = 'applied' AND i.type <> '' AND NOT EXISTS (SELECT 1 FROM intake_file n WHERE n.digest = f.digest AND n.supplier_id = f.supplier_id AND n.state = 'applied' AND n.file_id > f.file_id)
		AND NOT (i.code = 'payment.unknown_account' AND (i.file_id, i.pos) IN (SELECT o.file_id, o.row_no FROM payment_suspense s JOIN payment_order o ON o.order_id = s.order_id
			WHERE s.assigned_by = 'intake'))
		ORDER BY f.file_id, i.issue_no`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var d defectOut
		if err := rows.Scan(&d.File, &d.Pos, &d.Type, &d.Unit); err != nil {
			return err
		}
		x.item(x.sum.Defects, d)
		x.sum.Defects++
	}
	return rows.Err()
}
