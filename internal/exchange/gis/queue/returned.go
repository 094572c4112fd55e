package queue

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Skip follows the places of feeds that went up after a return.
func Skip(ctx context.Context, tx *db.Tx, by int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE gis_cursor SET position = position + $1 WHERE source = $2 AND position > 0", by, sourceFeed)
	if err != nil {
		return fmt.Errorf("skip places of the state system: %w", err)
	}
	return nil
}
