package fact

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
)

// Gather reads the facts of a building that held at a moment, but readings: of one key the row recorded last.
func Gather(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) (*Set, error) {
	return gather(ctx, tx, &Set{Building: building}, at)
}

func gather(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) (*Set, error) {
	for _, read := range []func(context.Context, *db.Tx, *Set, calendar.Micros) error{
		gatherHouses, gatherResources, gatherMeasured, gatherPremises, gatherStays,
		gatherSubscriptions, gatherMeters, gatherRare,
	} {
		if err := read(ctx, tx, s, at); err != nil {
			return nil, fmt.Errorf("facts of building %d: %w", s.Building, err)
		}
	}
	return s, nil
}

// each runs a query of one building and moment, and takes its rows: where only some households are asked for, of these
// and of the house.
func each(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros, query string, row func(*sql.Rows) error) error {
	query, args := s.only.narrow(query, []any{s.Building, int64(at)})
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// latest appends a row, or puts it in the place of the one before when both are of one key: rows come by key and time.
func latest[T any](list []T, x T, same func(a, b *T) bool) []T {
	if n := len(list); n > 0 && same(&list[n-1], &x) {
		list[n-1] = x
		return list
	}
	return append(list, x)
}

// without drops what was withdrawn.
func without[T any](list []T, gone func(*T) bool) []T {
	kept := list[:0]
	for i := range list {
		if !gone(&list[i]) {
			kept = append(kept, list[i])
		}
	}
	return kept
}

func gatherHouses(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) error {
	err := each(ctx, tx, s, at, `SELECT valid_from, recorded_at, source, area_e7, own_heat_e7, common_area_e7, persons, heat_even, heat_months, private, direct FROM charge_house
		WHERE building_id = $1 AND recorded_at <= $2 ORDER BY valid_from, recorded_at`, func(rows *sql.Rows) error {
		var h House
		var months int
		var mode calc.HeatingMode
		if err := rows.Scan(&h.From, &h.RecordedAt, &h.Source, &h.Area, &h.OwnHeat, &h.CommonArea, &h.Persons, &mode.Even, &months, &h.Private, &h.Direct); err != nil {
			return err
		}
		for m := 1; m <= 12; m++ {
			if months&(1<<m) != 0 {
				mode.SeasonMonths = append(mode.SeasonMonths, m)
			}
		}
		if mode.Even || months != 0 {
			h.Heating = []calc.HeatingMode{mode}
		}
		s.Houses = latest(s.Houses, h, func(a, b *House) bool { return a.From == b.From })
		return nil
	})
	s.Houses = without(s.Houses, func(h *House) bool { return h.Area < 0 })
	return err
}

func gatherResources(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) error {
	err := each(ctx, tx, s, at, `SELECT service, month, recorded_at, source, body FROM charge_resource WHERE building_id = $1 AND recorded_at <= $2
		ORDER BY service, month, recorded_at`, func(rows *sql.Rows) error {
		var r Resource
		var body string
		if err := rows.Scan(&r.Service, &r.Month, &r.RecordedAt, &r.Source, &body); err != nil {
			return err
		}
		month := r.Month
		if r.Gone = body == ""; !r.Gone {
			if err := json.Unmarshal([]byte(body), &r.Resource); err != nil {
				return err
			}
		}
		r.Month = month
		s.Resources = latest(s.Resources, r, func(a, b *Resource) bool { return a.Service == b.Service && a.Month == b.Month })
		return nil
	})
	s.Resources = without(s.Resources, func(r *Resource) bool { return r.Gone })
	return err
}

func gatherPremises(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) error {
	err := each(ctx, tx, s, at, `SELECT household_id, recorded_at, source, area_e7, heated_e7, rooms, own_heat, flat_persons, living_area_e7, flat_living_e7
		FROM charge_premises WHERE building_id = $1 AND recorded_at <= $2{household} ORDER BY household_id, recorded_at`, func(rows *sql.Rows) error {
		var p Premises
		if err := rows.Scan(&p.Household, &p.RecordedAt, &p.Source, &p.Area, &p.Heated, &p.Rooms, &p.OwnHeat, &p.Communal.FlatPersons, &p.Communal.LivingArea,
			&p.Communal.FlatLiving); err != nil {
			return err
		}
		s.Premises = latest(s.Premises, p, func(a, b *Premises) bool { return a.Household == b.Household })
		return nil
	})
	s.Premises = without(s.Premises, func(p *Premises) bool { return p.Area < 0 })
	return err
}

func gatherStays(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) error {
	err := each(ctx, tx, s, at, `SELECT household_id, stay_id, recorded_at, source, kind, persons, valid_from, valid_to FROM charge_stay
		WHERE building_id = $1 AND recorded_at <= $2{household} ORDER BY household_id, stay_id, recorded_at`, func(rows *sql.Rows) error {
		var x Stay
		if err := rows.Scan(&x.Household, &x.ID, &x.RecordedAt, &x.Source, &x.Kind, &x.Persons, &x.From, &x.Until); err != nil {
			return err
		}
		s.Stays = latest(s.Stays, x, func(a, b *Stay) bool { return a.Household == b.Household && a.ID == b.ID })
		return nil
	})
	s.Stays = without(s.Stays, func(x *Stay) bool { return x.Persons < 0 })
	return err
}

func gatherSubscriptions(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) error {
	err := each(ctx, tx, s, at, `SELECT account_id, service, valid_from, recorded_at, source, household_id, supplier_id, service_id, category, valid_to, mode,
		meter_possible, included, quantity_e7, share_e7, part_num, part_den, flat_rest_e7 FROM charge_subscription
		WHERE building_id = $1 AND recorded_at <= $2{account} ORDER BY account_id, service, valid_from, recorded_at`, func(rows *sql.Rows) error {
		var x Subscription
		if err := rows.Scan(&x.AccountID, &x.Service, &x.From, &x.RecordedAt, &x.Source, &x.Household, &x.SupplierID, &x.ServiceID, &x.Category, &x.Until, &x.Mode,
			&x.MeterOK, &x.Included, &x.Quantity, &x.Share, &x.Part.Num, &x.Part.Den, &x.FlatRest); err != nil {
			return err
		}
		s.Subscriptions = latest(s.Subscriptions, x, sameSubscription)
		return nil
	})
	s.Subscriptions = without(s.Subscriptions, func(x *Subscription) bool { return x.Mode == Withdrawn })
	return err
}

func sameSubscription(a, b *Subscription) bool {
	return a.AccountID == b.AccountID && a.Service == b.Service && a.From == b.From
}

func gatherMeters(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) error {
	err := each(ctx, tx, s, at, `SELECT meter_id, recorded_at, source, account_id, service, valid_from, valid_to, digits, registers, verified_to, failed_on, gas_e7, serial, factor_e7
		FROM charge_meter WHERE building_id = $1 AND recorded_at <= $2{account} ORDER BY meter_id, recorded_at`, func(rows *sql.Rows) error {
		var m Meter
		if err := m.scan(rows); err != nil {
			return err
		}
		s.Meters = latest(s.Meters, m, func(a, b *Meter) bool { return a.ID == b.ID })
		return nil
	})
	s.Meters = without(s.Meters, func(m *Meter) bool { return m.Service == "" })
	return err
}

func gatherRare(ctx context.Context, tx *db.Tx, s *Set, at calendar.Micros) error {
	err := each(ctx, tx, s, at, `SELECT fact_id, recorded_at, source, household_id, account_id, service, kind, valid_from, body FROM charge_fact
		WHERE building_id = $1 AND recorded_at <= $2{household} ORDER BY fact_id, recorded_at`, func(rows *sql.Rows) error {
		var x Rare
		if err := rows.Scan(&x.ID, &x.RecordedAt, &x.Source, &x.Household, &x.AccountID, &x.Service, &x.Kind, &x.From, &x.Body); err != nil {
			return err
		}
		s.Rare = latest(s.Rare, x, func(a, b *Rare) bool { return a.ID == b.ID })
		return nil
	})
	s.Rare = without(s.Rare, func(x *Rare) bool { return x.Body == "" })
	return err
}
