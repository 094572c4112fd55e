package fact

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
)

// loadVolumes gives subscriptions the volumes their suppliers report: of one account, service, month and zone the row
// recorded last holds.
func (l *Loader) loadVolumes(ctx context.Context, tx *db.Tx, where string, args ...any) error {
	rows, err := tx.QueryContext(ctx, volumeColumns+where, args...)
	if err != nil {
		return fmt.Errorf("load volumes: %w", err)
	}
	defer rows.Close()
	var list []volumeRow
	for rows.Next() {
		var v volumeRow
		if err := v.scan(rows); err != nil {
			return err
		}
		list = append(list, v)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("load volumes: %w", err)
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, compareVolumes)
	for i := range l.buildings {
		l.buildings[i].report(list)
	}
	return nil
}

type volumeRow struct {
	building int64
	Volume
}

const volumeColumns = `SELECT building_id, account_id, service, month, zone, recorded_at, volume_e7, accepted, source FROM charge_volume `

// volumesSoFar is all volumes of a building known at a moment.
const volumesSoFar = `WHERE building_id = $1 AND recorded_at <= $2`

func (v *volumeRow) scan(rows *sql.Rows) error {
	return rows.Scan(&v.building, &v.AccountID, &v.Service, &v.Month, &v.Zone, &v.RecordedAt, &v.Value, &v.Accepted, &v.Source)
}

func compareVolumes(a, b volumeRow) int {
	return cmp.Or(cmp.Compare(a.building, b.building), cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Month, b.Month),
		cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.RecordedAt, b.RecordedAt))
}

// report gives the building's subscriptions their volumes of a sorted list.
func (b *Building) report(list []volumeRow) {
	for i := range b.Households {
		h := &b.Households[i]
		for k := range h.Premises.Services {
			of := volumeRow{b.ID, Volume{AccountID: h.Subs[k].AccountID, Service: b.Refs[h.Subs[k].Ref].Code}}
			at, _ := slices.BinarySearchFunc(list, of, compareVolumes)
			s := &h.Premises.Services[k]
			for ; at < len(list) && list[at].building == b.ID && list[at].AccountID == of.AccountID && list[at].Service == of.Service; at++ {
				s.Reported = reportedWith(s.Reported, &list[at].Volume)
			}
		}
	}
}

// reportedWith puts a volume in the place of the one of the same month and zone, or takes that away.
func reportedWith(list []calc.Reported, v *Volume) []calc.Reported {
	if n := len(list); n > 0 && list[n-1].Month == v.Month && list[n-1].Zone == v.Zone {
		list = list[:n-1]
	}
	if !v.Accepted {
		return list
	}
	return append(list, calc.Reported{Month: v.Month, Zone: v.Zone, Volume: v.Value})
}

// ListVolumes gives the volumes of a building's months from a month on that held at a moment.
func ListVolumes(ctx context.Context, tx *db.Tx, building int64, from calendar.Month, at calendar.Micros) (list []Volume, err error) {
	rows, err := tx.QueryContext(ctx, volumeColumns+`WHERE building_id = $1 AND month >= $2 AND recorded_at <= $3 ORDER BY account_id, service, month, zone, recorded_at`, building, int64(from), int64(at))
	if err != nil {
		return nil, fmt.Errorf("volumes of building %d: %w", building, err)
	}
	defer rows.Close()
	for rows.Next() {
		var v volumeRow
		if err := v.scan(rows); err != nil {
			return nil, err
		}
		list = latest(list, v.Volume, func(a, b *Volume) bool {
			return a.AccountID == b.AccountID && a.Service == b.Service && a.Month == b.Month && a.Zone == b.Zone
		})
	}
	return without(list, func(v *Volume) bool { return !v.Accepted }), rows.Err()
}

// ListReadings gives the readings of a building's meters from a day on that held at a moment, by meter and day.
func ListReadings(ctx context.Context, tx *db.Tx, building int64, from calendar.Date, at calendar.Micros) (list []Reading, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT meter_id, on_day, zone, recorded_at, reading_id, value_e7, initial, accepted, control, source FROM charge_reading
		WHERE building_id = $1 AND on_day >= $2 AND recorded_at <= $3 ORDER BY meter_id, on_day, zone, recorded_at`, building, int64(from), int64(at))
	if err != nil {
		return nil, fmt.Errorf("readings of building %d: %w", building, err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Reading
		if err := rows.Scan(&r.MeterID, &r.On, &r.Zone, &r.RecordedAt, &r.ID, &r.Value, &r.Initial, &r.Accepted, &r.Control, &r.Source); err != nil {
			return nil, err
		}
		list = latest(list, r, func(a, b *Reading) bool { return a.MeterID == b.MeterID && a.On == b.On && a.Zone == b.Zone })
	}
	return without(list, func(r *Reading) bool { return !r.Accepted }), rows.Err()
}

// Newest is the moment of the latest facts of a building; facts of one building are recorded one after another.
func Newest(ctx context.Context, tx *db.Tx, building int64) (at calendar.Micros, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(recorded_at), 0) FROM charge_touch WHERE building_id = $1", building).Scan(&at)
	if err != nil {
		return 0, fmt.Errorf("touches of building %d: %w", building, err)
	}
	return at, nil
}
