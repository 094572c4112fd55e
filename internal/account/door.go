package account

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// ListBehind gives the households behind a door: those of a flat in whose basket an account is now; of a room when it is
// named.
func ListBehind(ctx context.Context, tx *db.Tx, building int64, flat, room string) (list []Household, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT h.household_id, h.recorded_at, h.flat, h.room FROM household h
		WHERE h.building_id = $1 AND h.flat = $2 AND ($3 = '' OR h.room = $3)
		AND NOT EXISTS (SELECT 1 FROM household n WHERE n.building_id = h.building_id AND n.household_id = h.household_id AND n.recorded_at > h.recorded_at)
		AND EXISTS (SELECT 1 FROM household_link l JOIN account a ON a.building_id = l.building_id AND a.account_id = l.account_id AND a.closed_at = 0
			WHERE l.building_id = h.building_id AND l.household_id = h.household_id
			AND NOT EXISTS (SELECT 1 FROM household_link x WHERE x.building_id = l.building_id AND x.account_id = l.account_id AND x.recorded_at > l.recorded_at))
		ORDER BY h.household_id`, building, flat, room)
	if err != nil {
		return nil, fmt.Errorf("households of flat %s: %w", flat, err)
	}
	defer rows.Close()
	for rows.Next() {
		h := Household{BuildingID: building}
		if err := rows.Scan(&h.HouseholdID, &h.RecordedAt, &h.Flat, &h.Room); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, rows.Err()
}
