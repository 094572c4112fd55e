package charge

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// ServiceTotal is what a supplier's service comes to in a run, beside the month before in the same buildings.
type ServiceTotal struct {
	Supplier string       `json:"supplier"` // code
	Service  string       `json:"service"`  // as the supplier names it
	Before   money.Amount `json:"before"`
	Now      money.Amount `json:"now"`
}

// addServices adds the run up by supplier and service, the largest first.
func (r *Report) addServices(ctx context.Context, tx *db.Tx) error {
	owners, err := supplier.ListServices(ctx, tx)
	if err != nil {
		return err
	}
	names, err := supplier.ListServiceNames(ctx, tx)
	if err != nil {
		return err
	}
	codes, err := supplier.ListCodes(ctx, tx)
	if err != nil {
		return err
	}
	unnamed := false
	err = tx.Scan(ctx, `SELECT l.service_id, CAST(sum(CASE WHEN l.month = $3 THEN l.amount_kop ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN l.run_id = $1 THEN l.amount_kop ELSE 0 END) AS BIGINT)
		FROM charge_building b JOIN charge_line l ON l.building_id = b.building_id AND (l.month = $2 AND l.run_id = $1 OR l.month = $3)
		WHERE b.run_id = $1 AND b.month = $2 AND `+toPay+` GROUP BY l.service_id`, []any{r.Run, int64(r.Month), int64(r.Month.Add(-1))}, func(v []int64, _ []byte) error {
		if unnamed = unnamed || v[0] == 0; v[0] != 0 {
			r.Services = append(r.Services, ServiceTotal{codes[owners[v[0]]], names[v[0]], money.Amount(v[1]), money.Amount(v[2])})
		}
		return nil
	})
	if err == nil && unnamed {
		err = r.addUnnamed(ctx, tx, codes)
	}
	if err != nil {
		return fmt.Errorf("totals by service: %w", err)
	}
	slices.SortFunc(r.Services, func(a, b ServiceTotal) int {
		return cmp.Or(cmp.Compare(b.Now.Abs(), a.Now.Abs()), cmp.Compare(a.Supplier, b.Supplier), cmp.Compare(a.Service, b.Service))
	})
	return nil
}

// addUnnamed adds up the one service of each supplier whose register has no column of services: whose it is, its accounts
// tell.
func (r *Report) addUnnamed(ctx context.Context, tx *db.Tx, codes map[int64]string) error {
	return tx.Scan(ctx, `SELECT u.supplier_id, CAST(sum(u.was) AS BIGINT), CAST(sum(u.now) AS BIGINT) FROM (
		SELECT (SELECT coalesce(max(a.supplier_id), 0) FROM account a WHERE a.building_id = l.building_id AND a.account_id = l.account_id) AS supplier_id,
			CASE WHEN l.month = $3 THEN l.amount_kop ELSE 0 END AS was, CASE WHEN l.run_id = $1 THEN l.amount_kop ELSE 0 END AS now
		FROM charge_building b JOIN charge_line l ON l.building_id = b.building_id AND (l.month = $2 AND l.run_id = $1 OR l.month = $3)
		WHERE b.run_id = $1 AND b.month = $2 AND l.service_id = 0 AND `+toPay+`) u GROUP BY u.supplier_id`, []any{r.Run, int64(r.Month), int64(r.Month.Add(-1))}, func(v []int64, _ []byte) error {
		r.Services = append(r.Services, ServiceTotal{Supplier: codes[v[0]], Before: money.Amount(v[1]), Now: money.Amount(v[2])})
		return nil
	})
}

// keepReport keeps what the run came to: the pages show it without counting again.
func (m *Module) keepReport(ctx context.Context, tx *db.Tx, r *Report) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO charge_report (run_id, made_at, body) VALUES ($1, $2, $3) ON CONFLICT (run_id) DO UPDATE SET made_at = excluded.made_at, body = excluded.body",
		r.Run, int64(m.Now()), string(text))
	if err != nil {
		return fmt.Errorf("keep report of run %d: %w", r.Run, err)
	}
	return nil
}

// FindReport gives what a run came to when it was last checked, and when that was; nil before its first check.
func FindReport(ctx context.Context, tx *db.Tx, run int64) (r *Report, at calendar.Micros, err error) {
	var text string
	err = tx.QueryRowContext(ctx, "SELECT made_at, body FROM charge_report WHERE run_id = $1", run).Scan(&at, &text)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	r = &Report{}
	if err := json.Unmarshal([]byte(text), r); err != nil {
		return nil, 0, fmt.Errorf("report of run %d: %w", run, err)
	}
	r.Month, err = calendar.ParseMonth(r.In)
	return r, at, err
}
