package bill

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// decided is what was decided of a household where suppliers differ: values by attribute.
type decided map[string]string

// States of a conflict that change what a bill says. One that is open again keeps what was decided till it is anew.
const (
	conflictDecided = "decided"
	conflictAgreed  = "agreed"
)

// listDecided gives what holds at a moment in a stretch of buildings, by household.
func listDecided(ctx context.Context, tx *db.Tx, first, last int64, at calendar.Micros) (map[int64]decided, error) {
	rows, err := tx.QueryContext(ctx, `SELECT household_id, attribute, state, value, holds_from FROM v_conflict_premises
		WHERE building_id BETWEEN $1 AND $2 AND recorded_at <= $3 ORDER BY building_id, case_id, recorded_at`, first, last, int64(at))
	if err != nil {
		return nil, fmt.Errorf("decided conflicts: %w", err)
	}
	defer rows.Close()
	today, found := calendar.DateOf(at.Time()), map[int64]decided{}
	for rows.Next() {
		var household int64
		var attribute, state, value string
		var from calendar.Date
		if err := rows.Scan(&household, &attribute, &state, &value, &from); err != nil {
			return nil, err
		}
		switch {
		case state == conflictAgreed:
			delete(found[household], attribute)
		case state == conflictDecided && from <= today:
			if found[household] == nil {
				found[household] = decided{}
			}
			found[household][attribute] = value
		}
	}
	return found, rows.Err()
}

// decisions are those about the bill's household.
func (b *Bill) decisions(ctx context.Context, tx *db.Tx) (decided, error) {
	if b.shelf != nil {
		return b.shelf.decided[b.HouseholdID], nil
	}
	all, err := listDecided(ctx, tx, b.BuildingID, b.BuildingID, b.Moment)
	return all[b.HouseholdID], err
}
