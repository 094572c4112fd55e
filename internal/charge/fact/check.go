package fact

import (
	"bytes"
	"context"
	"fmt"
	"math"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
)

// CheckSheets builds the sheet of each building again and compares.
func CheckSheets(ctx context.Context, tx *db.Tx) (ledger.Breach, error) {
	b := ledger.Breach{ID: "I9.sheets_hold_the_facts", Rows: []string{}}
	list, err := List(ctx, tx)
	if err != nil {
		return b, err
	}
	for _, building := range list {
		var body []byte
		if err := tx.QueryRowContext(ctx, "SELECT body FROM charge_sheet WHERE building_id = $1", building).Scan(&body); err != nil {
			return b, fmt.Errorf("sheet of building %d: %w", building, err)
		}
		if len(body) == 0 || body[0] != formatByte {
			continue // it will be built before it serves
		}
		set, err := Gather(ctx, tx, building, calendar.Micros(math.MaxInt64))
		if err != nil {
			return b, err
		}
		made, err := set.compose()
		if err == nil && bytes.Equal(encode(made), body) {
			continue
		}
		b.Add(fmt.Sprint(building))
	}
	return b, nil
}
