package queue

import (
	"context"
	"fmt"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/exchange/gis"
	"kvit/internal/housing"
	"kvit/internal/supplier"
)

// standing is a meter of a supplier's account that is in its place.
type standing struct {
	id, account, registers int64
	serial, service        string
	number, flat, room     string // of the account
	from                   calendar.Date
	first                  [3]string // T1, T2, T3 as it began
}

// metersOf are what became of a supplier's meters of a house: those ГИС ЖКХ does not have are entered there once, one
// that has another number than it knows is renamed, one taken out is archived.
func (m *Module) metersOf(ctx context.Context, tx *db.Tx, s *supplier.Supplier, house *housing.Building) (list []object, err error) {
	all, err := standingOf(ctx, tx, s.ID, house.ID)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(all))
	for i := range all {
		keys[i] = strconv.FormatInt(all[i].id, 10)
	}
	there, err := knownThere(ctx, tx, s.ID, keys)
	if err != nil {
		return nil, err
	}
	ended, err := m.endedOf(ctx, tx, s.ID, house.ID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		x := &all[i]
		if x.serial == "" || resources[x.service] == "" {
			continue
		}
		_, over := ended[x.account]
		switch known := there[keys[i]]; {
		case known.guid == "" && over: // nobody reads it any more
		case known.guid == "":
			list = append(list, newObject(s.ID, gis.KindMeter, meterEntity(x.id), keys[i], x.account, x.body(house.Private())))
		case known.serial != "" && known.version != "" && known.serial != x.serial:
			body := &gis.Meter{Change: &gis.MeterChange{Renamed: &gis.MeterRenamed{Number: x.serial}}}
			list = append(list, newObject(s.ID, gis.KindMeter, meterEntity(x.id), keys[i]+"/"+known.version+"/"+x.serial, x.account, body))
		}
	}
	gone, err := m.goneOf(ctx, tx, s, house.ID, all)
	return append(list, gone...), err
}

// there is a meter as ГИС ЖКХ has it.
type there struct{ guid, version, serial string }

func knownThere(ctx context.Context, tx *db.Tx, supplierID int64, keys []string) (map[string]there, error) {
	found := map[string]there{}
	for _, x := range []struct {
		kind string
		put  func(t *there, value string)
	}{
		{aliasMeter, func(t *there, v string) { t.guid = v }}, {aliasMeterVersion, func(t *there, v string) { t.version = v }}, {aliasMeterSerial, func(t *there, v string) { t.serial = v }},
	} {
		some, err := listAliases(ctx, tx, supplierID, x.kind, keys)
		if err != nil {
			return nil, err
		}
		for key, value := range some {
			t := found[key]
			x.put(&t, value)
			found[key] = t
		}
	}
	return found, nil
}

// standingOf are a supplier's meters of a house with the figures they began with.
func standingOf(ctx context.Context, tx *db.Tx, supplierID, house int64) (list []standing, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT m.meter_id, m.account_id, m.registers, m.serial, m.service, a.number, a.flat, a.room, m.valid_from, coalesce(r.zone, 0), coalesce(r.value_e7, 0) FROM v_meter m
		JOIN v_account_place a ON a.building_id = m.building_id AND a.account_id = m.account_id
		LEFT JOIN v_meter_reading r ON r.building_id = m.building_id AND r.meter_id = m.meter_id
		WHERE m.building_id = $1 AND a.supplier_id = $2 AND m.valid_to = 0 ORDER BY m.meter_id, r.on_day DESC, r.zone`, house, supplierID)
	if err != nil {
		return nil, fmt.Errorf("meters of a house: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x standing
		var from, zone, value int64
		if err := rows.Scan(&x.id, &x.account, &x.registers, &x.serial, &x.service, &x.number, &x.flat, &x.room, &from, &zone, &value); err != nil {
			return nil, err
		}
		if n := len(list); n == 0 || list[n-1].id != x.id {
			x.from, x.first = calendar.Date(from), [3]string{"0"}
			list = append(list, x)
		}
		list[len(list)-1].first[tariffOf(calc.Zone(zone))] = decimal.Decimal(value).String() // the earliest comes last
	}
	return list, rows.Err()
}

// body is the meter as it is entered. In a house where one family lives it is of the house, else of a flat that is found
// when it is sent.
func (x *standing) body(private bool) *gis.Meter {
	m := &gis.Meter{Data: &gis.MeterData{Single: true, Basic: gis.MeterBasic{Number: x.serial}}}
	if x.from > 0 {
		m.Data.Basic.InstalledOn = x.from.String()
	}
	if private {
		m.Data.Basic.House = &gis.HouseMeter{}
	}
	if x.service == electricity {
		m.Data.Electric = &gis.FirstValues{T1: x.first[0], T2: x.first[1], T3: x.first[2]}
	} else {
		m.Data.Resource = &gis.FirstOneRate{Resource: gis.Ref{Name: resources[x.service]}, Value: x.first[0]}
	}
	return m
}
