package account

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// VersionOf tells one state of a building's accounts, claims and links from another.
func VersionOf(ctx context.Context, tx *db.Tx, building int64) (version int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM account_version WHERE building_id = $1", building).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("state of the accounts of building %d: %w", building, err)
	}
	return version, nil
}
