package fact

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Expiring is a household with a meter in use whose verification ends on a day.
type Expiring struct {
	Building, Household int64
	To                  calendar.Date
}

// ListExpiring gives the households whose meters' verification ends between two days, both included, each day once.
func ListExpiring(ctx context.Context, tx *db.Tx, from, to calendar.Date) (list []Expiring, err error) {
	err = tx.Scan(ctx, `SELECT DISTINCT m.building_id, l.household_id, m.verified_to FROM charge_meter m JOIN household_link l ON l.building_id = m.building_id AND l.account_id = m.account_id
		WHERE m.verified_to BETWEEN $1 AND $2 AND m.account_id <> 0 AND l.household_id <> 0 AND (m.valid_to = 0 OR m.valid_to >= $1)
		AND NOT EXISTS (SELECT 1 FROM charge_meter n WHERE n.building_id = m.building_id AND n.meter_id = m.meter_id AND n.recorded_at > m.recorded_at)
		AND NOT EXISTS (SELECT 1 FROM household_link n WHERE n.building_id = l.building_id AND n.account_id = l.account_id AND n.recorded_at > l.recorded_at)
		ORDER BY m.building_id, l.household_id, m.verified_to`, []any{int64(from), int64(to)}, func(v []int64, _ []byte) error {
		list = append(list, Expiring{v[0], v[1], calendar.Date(v[2])})
		return nil
	})
	return list, err
}
