package fact

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Lock holds the version row of a building until the end of the transaction, so that what is read next stays true until
// it is written. It gives the moment to record at: now, and later than everything recorded of the building before.
func Lock(ctx context.Context, tx *db.Tx, building int64, now calendar.Micros) (at calendar.Micros, err error) {
	_, err = tx.ExecContext(ctx, `INSERT INTO charge_sheet (building_id, version, known_at, households, body) VALUES ($1, 0, 0, 0, $2)
		ON CONFLICT (building_id) DO UPDATE SET version = charge_sheet.version`, building, []byte{})
	if err == nil {
		at, err = Newest(ctx, tx, building)
	}
	if err != nil {
		return 0, fmt.Errorf("lock facts of building %d: %w", building, err)
	}
	return max(now, at+1), nil
}

// Key makes the lasting id of a fact out of what names it: the same fact told twice is one.
func Key(parts ...any) int64 {
	h := fnv.New64a()
	for _, p := range parts {
		fmt.Fprintf(h, "%v\x00", p)
	}
	return int64(h.Sum64() >> 1)
}

// MeterID is the lasting id of a meter: the same account, service and number on it give the same id.
func MeterID(account int64, service, serial string) int64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d|%s|%s", account, service, serial)
	return int64(h.Sum64() >> 1)
}

// FindHousehold tells which household an account's services were charged with at a moment; 0 when with none.
func FindHousehold(ctx context.Context, tx *db.Tx, building, account int64, at calendar.Micros) (household int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT household_id FROM charge_subscription WHERE building_id = $1 AND account_id = $2 AND mode <> '' AND recorded_at <= $3
		ORDER BY recorded_at DESC, valid_from DESC LIMIT 1`, building, account, int64(at)).Scan(&household)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return household, err
}
