package charge

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// Planned is a month of an instalment plan (ПП № 354 п. 72–75) of an account's service of the catalogue: the part due with the
// month and its interest; below zero what is put off in it.
type Planned struct {
	AccountID int64
	Service   string
	calc.Instalment
}

// ListPlanned gives the months of the plans of accounts of a building as they were known at a moment, by account, service and
// month.
func ListPlanned(ctx context.Context, tx *db.Tx, building int64, accounts []int64, at calendar.Micros) (list []Planned, err error) {
	args := []any{building, int64(at), fact.KindInstalment}
	rows, err := tx.QueryContext(ctx, `SELECT f.account_id, f.service, f.body FROM charge_fact f WHERE f.building_id = $1 AND f.recorded_at <= $2 AND f.kind = $3 AND `+db.In("f.account_id", accounts, &args)+`
		AND NOT EXISTS (SELECT 1 FROM charge_fact n WHERE n.building_id = f.building_id AND n.fact_id = f.fact_id AND n.recorded_at > f.recorded_at AND n.recorded_at <= $2)
		AND f.body <> '' ORDER BY f.fact_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("plans of accounts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Planned
		var body string
		if err := rows.Scan(&p.AccountID, &p.Service, &body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &p.Instalment); err != nil {
			return nil, fmt.Errorf("plan of account %d: %w", p.AccountID, err)
		}
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b Planned) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), strings.Compare(a.Service, b.Service), cmp.Compare(a.Month, b.Month))
	})
	return list, rows.Err()
}
