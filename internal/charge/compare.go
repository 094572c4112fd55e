package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Difference is a service of an account for which the supplier's charge of a month and Kvit's are not the same.
type Difference struct {
	Building int64        `json:"building"`
	Account  int64        `json:"account"`
	Service  int64        `json:"service"` // as the supplier names it
	Supplier int64        `json:"supplier"`
	Theirs   money.Amount `json:"theirs"`
	Ours     money.Amount `json:"ours"`
	Missing  bool         `json:"missing,omitempty"` // the supplier gave no charge
}

// Differences lists, of the services that are compared, those whose sums differ in a month: what the supplier's latest
// register charges beside what Kvit computed, corrections of other months left out.
func (m *Module) Differences(ctx context.Context, month calendar.Month) (list []Difference, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []Difference{}
		return tx.Scan(ctx, `SELECT o.building_id, o.account_id, o.service_id, o.supplier_id, CAST(o.total AS BIGINT), CAST(coalesce(c.charge_kop, 0) AS BIGINT),
			CASE WHEN c.building_id IS NULL THEN 1 ELSE 0 END FROM
			(SELECT l.building_id, l.account_id, l.service_id, v.supplier_id, sum(l.amount_kop) AS total FROM charge_line l JOIN
				(SELECT DISTINCT s.building_id, s.account_id, s.service_id, s.supplier_id FROM charge_subscription s WHERE s.mode = 'compared'
					AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = s.building_id AND n.account_id = s.account_id AND n.service = s.service
						AND n.valid_from = s.valid_from AND n.recorded_at > s.recorded_at)) v
				ON v.building_id = l.building_id AND v.account_id = l.account_id AND v.service_id = l.service_id
				WHERE l.month = $1 AND l.formula <> $2 AND `+besides+` GROUP BY l.building_id, l.account_id, l.service_id, v.supplier_id) o
			LEFT JOIN charge c ON c.building_id = o.building_id AND c.account_id = o.account_id AND c.month = $1 AND c.service_id = o.service_id
				AND NOT EXISTS (SELECT 1 FROM charge n WHERE n.building_id = c.building_id AND n.account_id = c.account_id AND n.month = c.month
					AND n.service_id = c.service_id AND n.recorded_at > c.recorded_at)
			WHERE c.building_id IS NULL OR c.charge_kop <> o.total
			ORDER BY abs(o.total - coalesce(c.charge_kop, 0)) DESC, o.building_id, o.account_id, o.service_id`, []any{int64(month), int64(calc.FormulaRecalculation)},
			func(v []int64, _ []byte) error {
				list = append(list, Difference{Building: v[0], Account: v[1], Service: v[2], Supplier: v[3], Ours: money.Amount(v[4]), Theirs: money.Amount(v[5]), Missing: v[6] != 0})
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("differences of %s: %w", month, err)
	}
	return list, nil
}
