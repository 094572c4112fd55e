package event

import (
	"context"
	"fmt"

	"kvit/internal/db"
)

// Skip lets the sequence of every subject go on above numbers that may have been given in a time that is lost: messages are named
// by them, and a name never repeats. subjects is a query for all there are: building_id, subject_id.
func Skip(ctx context.Context, tx *db.Tx, by int64, subjects string) error {
	if _, err := tx.ExecContext(ctx, "UPDATE event_subject SET last_seq = last_seq + $1, pruned = pruned + $1", by); err != nil {
		return fmt.Errorf("skip events: %w", err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO event_subject (building_id, subject_id, last_seq, last_at, pruned)
		SELECT x.building_id, x.subject_id, CAST($1 AS BIGINT), 0, CAST($1 AS BIGINT) FROM (`+subjects+`) x WHERE TRUE ON CONFLICT (building_id, subject_id) DO NOTHING`, by)
	if err != nil {
		return fmt.Errorf("skip events: %w", err)
	}
	return nil
}
