package account

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// goneFrom is above the pseudo-buildings of accounts that another settlement centre serves now; those of suppliers and of
// channels are far above it.
const goneFrom = -(int64(1) << 50)

// GoneBuilding is the pseudo-building of the accounts that left with a hand-over of a number (above zero): they still have one
// live building, so money that comes for them late is found and sent on.
func GoneBuilding(number int64) int64 { return goneFrom - number }

// IsGone tells whether a building holds accounts that another settlement centre serves now.
func IsGone(building int64) bool { return building < goneFrom }

// Leave closes an account in its building at a moment and leads its number to another building, where the caller has opened it.
func Leave(ctx context.Context, tx *db.Tx, a *Account, to int64, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "UPDATE account SET closed_at = $3 WHERE building_id = $1 AND account_id = $2 AND closed_at = 0", a.BuildingID, a.AccountID, int64(at))
	if err == nil {
		_, err = tx.ExecContext(ctx, "UPDATE account_route SET building_id = $3 WHERE supplier_id = $1 AND number = $2", a.SupplierID, a.Number, to)
	}
	if err != nil {
		return fmt.Errorf("account %d leaves: %w", a.AccountID, err)
	}
	return nil
}

// MovedTo gives the buildings in which those of some accounts that have moved out of a building live now, by account; not among
// them are those that live there still, nowhere, or at another settlement centre.
func MovedTo(ctx context.Context, tx *db.Tx, building int64, accounts []int64) (map[int64]int64, error) {
	homes := map[int64]int64{}
	args := []any{building}
	err := tx.Scan(ctx, `SELECT a.account_id, r.building_id FROM account a JOIN account_route r ON r.supplier_id = a.supplier_id AND r.number = a.number
		WHERE a.building_id = $1 AND a.closed_at > 0 AND r.account_id = a.account_id AND r.building_id > 0 AND r.building_id <> a.building_id AND `+db.In("a.account_id", accounts, &args), args, func(v []int64, _ []byte) error {
		homes[v[0]] = v[1]
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("houses of accounts of building %d: %w", building, err)
	}
	return homes, nil
}
