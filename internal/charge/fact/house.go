package fact

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// HouseUse is what a house used of a service in a month, with the house.
type HouseUse struct {
	Building int64
	Resource
}

// ListHouseUse gives what buildings first … last used in months, as told and as their own meters measured, as known now.
func ListHouseUse(ctx context.Context, tx *db.Tx, first, last int64, from, to calendar.Month) ([]HouseUse, error) {
	told, err := listTold(ctx, tx, first, last, from, to)
	if err != nil {
		return nil, err
	}
	measured, err := listMeasured(ctx, tx, first, last, from, to)
	if err != nil || len(measured) == 0 {
		return told, err
	}
	sets := map[int64]*Set{}
	of := func(building int64) *Set {
		if sets[building] == nil {
			sets[building] = &Set{Building: building}
		}
		return sets[building]
	}
	for i := range told {
		of(told[i].Building).Resources = append(of(told[i].Building).Resources, told[i].Resource)
	}
	for i := range measured {
		of(measured[i].building).Measured = append(of(measured[i].building).Measured, measured[i].Measured)
	}
	var list []HouseUse
	for _, building := range slices.Sorted(maps.Keys(sets)) {
		for _, r := range sets[building].Uses() {
			list = append(list, HouseUse{building, r})
		}
	}
	return list, nil
}

// listTold is what was told of buildings, by hand, by file or by program.
func listTold(ctx context.Context, tx *db.Tx, first, last int64, from, to calendar.Month) (list []HouseUse, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT r.building_id, r.service, r.month, r.recorded_at, r.source, r.body FROM charge_resource r WHERE r.building_id BETWEEN $1 AND $2 AND r.month BETWEEN $3 AND $4
		AND NOT EXISTS (SELECT 1 FROM charge_resource n WHERE n.building_id = r.building_id AND n.service = r.service AND n.month = r.month AND n.recorded_at > r.recorded_at)
		AND r.body <> '' ORDER BY r.building_id, r.service, r.month`, first, last, int64(from), int64(to))
	if err != nil {
		return nil, fmt.Errorf("use of buildings %d to %d: %w", first, last, err)
	}
	defer rows.Close()
	for rows.Next() {
		var u HouseUse
		var body string
		if err := rows.Scan(&u.Building, &u.Service, &u.Month, &u.RecordedAt, &u.Source, &body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &u.Resource.Resource); err != nil {
			return nil, fmt.Errorf("use of %s in building %d: %w", u.Service, u.Building, err)
		}
		list = append(list, u)
	}
	return list, rows.Err()
}

// Sold is a service of the catalogue that a supplier sells in a house.
type Sold struct {
	Building, Supplier int64
	Service            string
}

// ListSold tells who sells what in buildings first … last, as known now.
func ListSold(ctx context.Context, tx *db.Tx, first, last int64) (list []Sold, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT building_id, supplier_id, service FROM charge_subscription
		WHERE building_id BETWEEN $1 AND $2 AND mode <> '' ORDER BY building_id, supplier_id, service`, first, last)
	if err != nil {
		return nil, fmt.Errorf("services of buildings %d to %d: %w", first, last, err)
	}
	defer rows.Close()
	for rows.Next() {
		var s Sold
		if err := rows.Scan(&s.Building, &s.Supplier, &s.Service); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
