package charge

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Difference is a service of an account for which the supplier's charge of a month and Kvit's are not the same.
type Difference struct {
	Building  int64
	Household int64
	Account   int64 // 0: the household has none of the supplier
	Service   int64 // as the supplier names it
	Supplier  int64
	Theirs    money.Amount
	Ours      money.Amount
	Missing   bool // the supplier gave no charge
	Cause     Cause
	Of        string // what the cause is about: a service of the catalogue, or the code of an issue

	TheirVolume, TheirRate *decimal.Decimal // nil: his register does not tell
	OurVolume, OurRate     *decimal.Decimal // nil: nothing was computed, or several prices
}

// takenCompared are the compared services of the month by the supplier's own, in buildings charged. Heat that is a service
// of its own for the supplier stands beside the service it is part of.
const takenCompared = `WITH taken AS (SELECT s.building_id, s.account_id, s.service_id, s.supplier_id, s.household_id FROM charge_subscription s
		JOIN charge_building b ON b.building_id = s.building_id AND b.month = $1 AND b.part = 0
		WHERE s.mode = 'compared' AND s.valid_from <= $3 AND (s.valid_to = 0 OR s.valid_to >= $4)
		AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = s.building_id AND n.account_id = s.account_id AND n.service = s.service
			AND n.valid_from = s.valid_from AND n.recorded_at > s.recorded_at)),
	named AS (SELECT building_id, account_id, service_id, supplier_id, household_id FROM taken
		UNION SELECT t.building_id, t.account_id, p.service_id, t.supplier_id, t.household_id FROM taken t JOIN service_part p ON p.of_service = t.service_id),
	ours AS (SELECT l.building_id, l.account_id, l.service_id, sum(l.amount_kop) AS total FROM charge_line l
		WHERE l.month = $1 AND l.formula <> $2 AND `

// Differences lists, of the services that are compared, those whose sums differ in a month: what the supplier's latest
// register charges beside what Kvit computed, corrections of other months left out. A sum that only one of the two has is
// a difference, unless it is zero; so is a service that he charges others for and leaves out here, though Kvit cannot compute it either, and one that nearly all
// the house takes and a household of it does not.
func (m *Module) Differences(ctx context.Context, month calendar.Month) (list []Difference, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []Difference{}
		err := tx.Scan(ctx, takenCompared+besides+` GROUP BY l.building_id, l.account_id, l.service_id),
			theirs AS (SELECT c.* FROM charge c WHERE c.month = $1 AND c.given / 2 % 2 = 1
				AND NOT EXISTS (SELECT 1 FROM charge n WHERE n.building_id = c.building_id AND n.account_id = c.account_id AND n.month = c.month
					AND n.service_id = c.service_id AND n.recorded_at > c.recorded_at))
			SELECT n.building_id, n.household_id, n.account_id, n.service_id, n.supplier_id, CAST(coalesce(o.total, 0) AS BIGINT), CAST(coalesce(c.charge_kop, 0) AS BIGINT),
				CASE WHEN c.building_id IS NULL THEN 1 ELSE 0 END, CAST(coalesce(c.volume_e7, 0) AS BIGINT), CAST(coalesce(c.rate_e7, 0) AS BIGINT)
			FROM named n LEFT JOIN ours o ON o.building_id = n.building_id AND o.account_id = n.account_id AND o.service_id = n.service_id
			LEFT JOIN theirs c ON c.building_id = n.building_id AND c.account_id = n.account_id AND c.service_id = n.service_id
			WHERE coalesce(o.total, 0) <> coalesce(c.charge_kop, 0) OR c.building_id IS NULL AND n.service_id IN (SELECT service_id FROM theirs)
				AND EXISTS (SELECT 1 FROM charge_issue i WHERE i.building_id = n.building_id AND i.account_id = n.account_id AND i.service_id = n.service_id AND i.month = $1 AND i.code <> 'charge.nothing')
			ORDER BY abs(coalesce(o.total, 0) - coalesce(c.charge_kop, 0)) DESC, n.building_id, n.account_id, n.service_id`,
			[]any{int64(month), int64(calc.FormulaRecalculation), int64(month.Last()), int64(month.First())},
			func(v []int64, _ []byte) error {
				d := Difference{Building: v[0], Household: v[1], Account: v[2], Service: v[3], Supplier: v[4], Ours: money.Amount(v[5]), Theirs: money.Amount(v[6]), Missing: v[7] != 0}
				d.TheirVolume, d.TheirRate = told(v[8]), told(v[9])
				list = append(list, d)
				return nil
			})
		if err != nil {
			return err
		}
		doubled, err := listDoubled(ctx, tx, month)
		if err != nil {
			return err
		}
		twice := func(d Difference) bool { return isDoubled(doubled, &d) }
		list = append(doubled, slices.DeleteFunc(list, twice)...)
		if err := m.explainDifferences(ctx, tx, month, list); err != nil {
			return err
		}
		absent, err := m.listMissed(ctx, tx, month)
		list = append(list, slices.DeleteFunc(absent, twice)...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("differences of %s: %w", month, err)
	}
	return list, nil
}

// told is a figure of a register; a register that does not have it holds zero.
func told(v int64) *decimal.Decimal {
	if v == 0 {
		return nil
	}
	d := decimal.Decimal(v)
	return &d
}
