package charge

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/db"
)

// Version tells one state of what a building was charged from another: by registers, and by Kvit.
type Version struct{ Lines, Runs, LastRun int64 }

// VersionOf is the state of a building.
func VersionOf(ctx context.Context, tx *db.Tx, building int64) (v Version, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce((SELECT version FROM charge_version WHERE building_id = $1), 0), count(*), coalesce(max(recorded_at), 0)
		FROM charge_building WHERE building_id = $1`, building).Scan(&v.Lines, &v.Runs, &v.LastRun)
	if err != nil {
		return v, fmt.Errorf("state of what building %d was charged: %w", building, err)
	}
	return v, nil
}

// countWrites tells that lines of buildings were written. Pseudo-buildings are no house: nothing is worked out of them.
func countWrites(ctx context.Context, tx *db.Tx, lines []Line) error {
	var buildings []int64
	for i := range lines {
		if b := lines[i].BuildingID; b > 0 && (len(buildings) == 0 || buildings[len(buildings)-1] != b) {
			buildings = append(buildings, b)
		}
	}
	slices.Sort(buildings) // all lock in one order
	for _, b := range slices.Compact(buildings) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO charge_version (building_id, version) VALUES ($1, 1)
			ON CONFLICT (building_id) DO UPDATE SET version = charge_version.version + 1`, b); err != nil {
			return fmt.Errorf("count writes of building %d: %w", b, err)
		}
	}
	return nil
}
