package housing

import (
	"context"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Add writes a house that the register does not have yet; the caller knows that neither its id nor its code is taken.
func Add(ctx context.Context, tx *db.Tx, b Building, at calendar.Micros) error {
	return insertBuildings(ctx, tx, []Building{b}, at)
}

func insertBuildings(ctx context.Context, tx *db.Tx, list []Building, at calendar.Micros) error {
	_, err := tx.Copy(ctx, "building", append(strings.Split(columns, ", "), "search_key", "recorded_at"), db.Rows(list, 18, func(b *Building, row []any) {
		copy(row, b.values())
		row[16], row[17] = SearchKey(b.Address()+" "+b.Alias), int64(at)
	}))
	return err
}
