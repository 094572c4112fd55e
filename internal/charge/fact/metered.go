package fact

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
)

// GatherMeters reads what readings are judged by: meters, who takes their services, verifications. Of some households
// of a building, or with nil of all.
func GatherMeters(ctx context.Context, tx *db.Tx, building int64, of *Scope, at calendar.Micros) (*Set, error) {
	if of != nil {
		if err := of.complete(ctx, tx, building); err != nil {
			return nil, err
		}
	}
	s := &Set{Building: building, only: of}
	for _, read := range []func(context.Context, *db.Tx, *Set, calendar.Micros) error{gatherSubscriptions, gatherMeters, gatherRare} {
		if err := read(ctx, tx, s, at); err != nil {
			return nil, fmt.Errorf("meters of building %d: %w", building, err)
		}
	}
	return s, nil
}

// ListReadingRows gives every row of readings of some meters, or with none of all of a building, from a day on, by meter,
// day, zone and time: of one day and zone the last row holds, the others are its history.
func ListReadingRows(ctx context.Context, tx *db.Tx, building int64, meters []int64, from calendar.Date, at calendar.Micros) (list []Reading, err error) {
	args, of := []any{building, int64(from), int64(at)}, ""
	if len(meters) > 0 {
		of = " AND " + in("meter_id", meters, &args)
	}
	rows, err := tx.QueryContext(ctx, `SELECT meter_id, on_day, zone, recorded_at, reading_id, value_e7, initial, accepted, source FROM charge_reading
		WHERE building_id = $1 AND on_day >= $2 AND recorded_at <= $3`+of+` ORDER BY meter_id, on_day, zone, recorded_at`, args...)
	if err != nil {
		return nil, fmt.Errorf("rows of readings of building %d: %w", building, err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Reading
		if err := rows.Scan(&r.MeterID, &r.On, &r.Zone, &r.RecordedAt, &r.ID, &r.Value, &r.Initial, &r.Accepted, &r.Source); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// ReadingID is the lasting id of a reading: of one meter, day and zone there is one.
func ReadingID(meter int64, on calendar.Date, zone calc.Zone) int64 {
	return Key("reading", meter, on, zone)
}

// ListMeterRows gives every row of the meters of a building, as they were recorded: of one meter the last row holds, the
// others tell who said what of it before.
func ListMeterRows(ctx context.Context, tx *db.Tx, building int64) (list []Meter, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT meter_id, recorded_at, source, account_id, service, valid_from, valid_to, digits, verified_to, serial FROM charge_meter
		WHERE building_id = $1 ORDER BY meter_id, recorded_at`, building)
	if err != nil {
		return nil, fmt.Errorf("rows of meters of building %d: %w", building, err)
	}
	defer rows.Close()
	for rows.Next() {
		var m Meter
		if err := rows.Scan(&m.ID, &m.RecordedAt, &m.Source, &m.AccountID, &m.Service, &m.From, &m.Until, &m.Digits, &m.VerifiedBy, &m.Serial); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}
