package fact

import (
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
)

// ListTaken gives the services of the catalogue that accounts take on a day, as known now.
func ListTaken(ctx context.Context, tx *db.Tx, accounts []account.Key, day calendar.Date) (map[account.Key][]string, error) {
	found := map[account.Key][]string{}
	err := account.EachKey(ctx, tx, accounts, `SELECT s.building_id, s.account_id, s.service FROM w JOIN charge_subscription s ON s.building_id = w.building_id AND s.account_id = w.id
		WHERE s.valid_from <= $1 AND (s.valid_to = 0 OR s.valid_to >= $1) AND s.mode <> '' AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = s.building_id
			AND n.account_id = s.account_id AND n.service = s.service AND n.valid_from = s.valid_from AND n.recorded_at > s.recorded_at)
		ORDER BY s.account_id, s.service`, int64(day), func(scan func(...any) error) error {
		var k account.Key
		var service string
		err := scan(&k.BuildingID, &k.ID, &service)
		found[k] = append(found[k], service)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list services taken: %w", err)
	}
	return found, nil
}

// FirstTaken is the first day on which an account takes anything in a building, as known now; false when it takes nothing
// there.
func FirstTaken(ctx context.Context, tx *db.Tx, building, accountID int64) (day calendar.Date, ok bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce(min(s.valid_from), -1) FROM charge_subscription s WHERE s.building_id = $1 AND s.account_id = $2 AND s.mode <> ''
		AND NOT EXISTS (SELECT 1 FROM charge_subscription n WHERE n.building_id = s.building_id AND n.account_id = s.account_id AND n.service = s.service
			AND n.valid_from = s.valid_from AND n.recorded_at > s.recorded_at)`, building, accountID).Scan(&day)
	if err != nil {
		return 0, false, fmt.Errorf("first day of account %d: %w", accountID, err)
	}
	return day, day >= 0, nil
}
