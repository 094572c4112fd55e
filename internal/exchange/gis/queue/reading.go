package queue

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

// electricity is the service of the catalogue whose meters have tariffs.
const electricity = "electricity"

// resources are the metered resources as ГИС ЖКХ names them, by services of the catalogue.
var resources = map[string]string{
	"cold_water": "Холодная вода", "hot_water": "Горячая вода", electricity: "Электрическая энергия", "gas": "Газ", "heating": "Тепловая энергия", "sewage": "Сточные бытовые воды",
}

// dayReading are the registers of a meter on a day.
type dayReading struct {
	meter, account int64
	serial         string
	service        string
	on             calendar.Date
	recorded       int64
	values         [3]string // T1, T2, T3
}

// tariffOf is the place of a zone among T1, T2, T3.
func tariffOf(z calc.Zone) int {
	switch z {
	case calc.Night:
		return 1
	case calc.HalfPeak:
		return 2
	}
	return 0
}

// daysOf are the readings of a supplier's meters in a house that were recorded after a moment, of days from one to another.
func daysOf(ctx context.Context, tx *db.Tx, supplierID, house int64, after calendar.Micros, from, until calendar.Date) (list []dayReading, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT m.meter_id, m.account_id, m.serial, m.service, r.on_day, r.zone, r.recorded_at, r.value_e7 FROM v_meter_reading r
		JOIN v_meter m ON m.building_id = r.building_id AND m.meter_id = r.meter_id JOIN v_account_claim a ON a.building_id = m.building_id AND a.account_id = m.account_id
		WHERE r.building_id = $1 AND a.supplier_id = $2 AND r.recorded_at > $3 AND r.on_day BETWEEN $4 AND $5 ORDER BY r.meter_id, r.on_day, r.zone`,
		house, supplierID, int64(after), int64(from), int64(until))
	if err != nil {
		return nil, fmt.Errorf("readings of a house: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d dayReading
		var on, zone, value int64
		if err := rows.Scan(&d.meter, &d.account, &d.serial, &d.service, &on, &zone, &d.recorded, &value); err != nil {
			return nil, err
		}
		d.on = calendar.Date(on)
		if n := len(list); n == 0 || list[n-1].meter != d.meter || list[n-1].on != d.on {
			list = append(list, d)
		}
		last := &list[len(list)-1]
		last.recorded = max(last.recorded, d.recorded)
		last.values[tariffOf(calc.Zone(zone))] = decimal.Decimal(value).String()
	}
	return list, rows.Err()
}

// forever is later than any day of a reading.
const forever = calendar.Date(99991231)

// readingsOf are the readings of a house as objects. A day corrected later is told again.
func readingsOf(ctx context.Context, tx *db.Tx, s *supplier.Supplier, house int64, after calendar.Micros, from calendar.Date) ([]object, error) {
	days, err := daysOf(ctx, tx, s.ID, house, after, from, forever)
	var list []object
	for i := range days {
		d := &days[i]
		if resources[d.service] == "" || d.values[0] == "" {
			continue // ГИС ЖКХ has no such resource, or the first register is not known
		}
		fact := fmt.Sprintf("%d/%d/%d", d.meter, int(d.on), d.recorded)
		list = append(list, newObject(s.ID, gis.KindReading, meterEntity(d.meter), fact, d.account, d.body()))
	}
	return list, err
}

func (d *dayReading) body() *gis.Reading {
	if d.service == electricity {
		return &gis.Reading{Electric: &gis.ElectricValue{T1: d.values[0], T2: d.values[1], T3: d.values[2], On: d.on.String()}}
	}
	return &gis.Reading{OneRate: &gis.OneRateValue{Resource: gis.Ref{Name: resources[d.service]}, Value: d.values[0], On: d.on.String()}}
}
