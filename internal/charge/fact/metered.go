package fact

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/fault"
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
	for _, read := range []func(context.Context, *db.Tx, *Set, calendar.Micros) error{gatherTakers, gatherMeters, gatherRare} {
		if err := read(ctx, tx, s, at); err != nil {
			return nil, fmt.Errorf("meters of building %d: %w", building, err)
		}
	}
	return s, nil
}

// gatherTakers reads who takes which service of whom: of subscriptions only that, for a bulk of readings asks it of every
// building.
func gatherTakers(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) error {
	err := each(ctx, tx, s, at, `SELECT account_id, service, valid_from, household_id, supplier_id, service_id, mode FROM charge_subscription
		WHERE building_id = $1 AND recorded_at <= $2{account} ORDER BY account_id, service, valid_from, recorded_at`, func(rows *sql.Rows) error {
		var x Subscription
		if err := rows.Scan(&x.AccountID, &x.Service, &x.From, &x.Household, &x.SupplierID, &x.ServiceID, &x.Mode); err != nil {
			return err
		}
		s.Subscriptions = latest(s.Subscriptions, x, sameSubscription)
		return nil
	})
	s.Subscriptions = without(s.Subscriptions, func(x *Subscription) bool { return x.Mode == Withdrawn })
	return err
}

// ListReadingRows gives every row of readings of some meters, or with none of all of a building, from a day on, by meter,
// day, zone and time: of one day and zone the last row holds, the others are its history.
func ListReadingRows(ctx context.Context, tx *db.Tx, building int64, meters []int64, from calendar.Date, at calendar.Micros) (list []Reading, err error) {
	args, of := []any{building, int64(from), int64(at)}, ""
	if len(meters) > 0 {
		of = " AND " + db.In("meter_id", meters, &args)
	}
	rows, err := tx.QueryContext(ctx, `SELECT meter_id, on_day, zone, recorded_at, reading_id, value_e7, initial, accepted, control, source FROM charge_reading
		WHERE building_id = $1 AND on_day >= $2 AND recorded_at <= $3`+of+` ORDER BY meter_id, on_day, zone, recorded_at`, args...)
	if err != nil {
		return nil, fmt.Errorf("rows of readings of building %d: %w", building, err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Reading
		if err := rows.Scan(&r.MeterID, &r.On, &r.Zone, &r.RecordedAt, &r.ID, &r.Value, &r.Initial, &r.Accepted, &r.Control, &r.Source); err != nil {
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

// ListRowsOfMeters gives every row of the meters of a building, as they were recorded: of one meter the last row holds, the
// others tell who said what of it before. Those of the house itself are left out.
func ListRowsOfMeters(ctx context.Context, tx *db.Tx, building int64) (list []Meter, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT meter_id, recorded_at, source, account_id, service, valid_from, valid_to, digits, verified_to, serial FROM charge_meter
		WHERE building_id = $1 AND account_id <> 0 ORDER BY meter_id, recorded_at`, building)
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

// NewVerification is a time for which a meter is verified: the same whoever tells it.
func NewVerification(building int64, m *Meter, household int64, from, until calendar.Date) (Rare, error) {
	text, err := json.Marshal(Verification{Meter: m.ID, Until: until})
	return Rare{
		ID: Key(KindVerification, building, m.AccountID, m.Service, "", m.ID, from), Household: household, AccountID: m.AccountID, Service: m.Service,
		Kind: KindVerification, From: from, Body: string(text),
	}, err
}

// ListMeterRows gives every row of a meter, in the order they were recorded.
func ListMeterRows(ctx context.Context, tx *db.Tx, building, meter int64, at calendar.Micros) (list []Meter, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT meter_id, recorded_at, source, account_id, service, valid_from, valid_to, digits, registers, verified_to, failed_on, gas_e7, serial, factor_e7
		FROM charge_meter WHERE building_id = $1 AND meter_id = $2 AND recorded_at <= $3 ORDER BY recorded_at`, building, meter, int64(at))
	if err != nil {
		return nil, fmt.Errorf("rows of meter %d: %w", meter, err)
	}
	defer rows.Close()
	for rows.Next() {
		var m Meter
		if err := m.scan(rows); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

func (m *Meter) scan(rows *sql.Rows) error {
	return rows.Scan(&m.ID, &m.RecordedAt, &m.Source, &m.AccountID, &m.Service, &m.From, &m.Until, &m.Digits, &m.Registers, &m.VerifiedBy, &m.FailedOn, &m.GasFactor, &m.Serial, &m.Factor)
}

// AccountOfMeter is the account a meter is of, or NotFound.
func AccountOfMeter(ctx context.Context, tx *db.Tx, building, meter int64) (account int64, err error) {
	err = db.Fold(tx.QueryRowContext(ctx, "SELECT account_id FROM charge_meter WHERE building_id = $1 AND meter_id = $2 ORDER BY recorded_at DESC LIMIT 1", building, meter).Scan(&account))
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "meter.unknown", "Такого счётчика нет.")
	}
	return account, err
}
