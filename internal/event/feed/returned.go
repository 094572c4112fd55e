package feed

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Skip moves all places of all feeds up: places that may have been given in a time that is lost are below, and whoever comes with
// one is told that it is gone, instead of being told nothing. Feeds keep having no gaps.
func Skip(ctx context.Context, tx *db.Tx, by int64) error {
	for _, q := range []string{
		"UPDATE event_feed SET position = position + $1",
		"UPDATE event_feed_head SET position = position + $1, pruned_to = pruned_to + $1",
		"INSERT INTO event_feed_head (supplier_id, position, pruned_to) SELECT s.supplier_id, CAST($1 AS BIGINT), CAST($1 AS BIGINT) FROM supplier s WHERE TRUE ON CONFLICT (supplier_id) DO NOTHING",
	} {
		if _, err := tx.ExecContext(ctx, q, by); err != nil {
			return fmt.Errorf("skip places of feeds: %w", err)
		}
	}
	return nil
}

// Heads are the last places of all feeds, by supplier.
func Heads(ctx context.Context, tx *db.Tx) (map[int64]int64, error) {
	heads := map[int64]int64{}
	err := tx.Scan(ctx, "SELECT supplier_id, position FROM event_feed_head", nil, func(v []int64, _ []byte) error {
		heads[v[0]] = v[1]
		return nil
	})
	return heads, err
}
