package meter

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/db"
)

// Found is a meter found by the number on it.
type Found struct {
	Building, Account, Meter int64 // Account 0: the house's own
	Serial, Service          string
}

// foundMost bounds the meters of one number: makers number their own.
const foundMost = 20

// FindBySerial finds meters by the whole number on them, as it was typed or in capitals.
func FindBySerial(ctx context.Context, tx *db.Tx, serial string) (list []Found, err error) {
	serial = strings.TrimSpace(serial)
	rows, err := tx.QueryContext(ctx, "SELECT building_id, account_id, meter_id, serial, service FROM v_meter WHERE serial IN ($1, $2) ORDER BY building_id, meter_id LIMIT $3",
		serial, strings.ToUpper(serial), int64(foundMost))
	if err != nil {
		return nil, fmt.Errorf("find meters by number: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var f Found
		if err := rows.Scan(&f.Building, &f.Account, &f.Meter, &f.Serial, &f.Service); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}
