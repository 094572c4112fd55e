package app

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/charge/record"
	"kvit/internal/db"
	"kvit/internal/housing"
	"kvit/internal/portal"
)

// demoOutage is how long the house of the demo's resident had no electricity in the month before: more than is allowed.
const demoOutage = 72

// Why the demo's operator records its facts.
const (
	demoContract   = "договор с поставщиком"
	demoUnverified = "поверка не подтверждена"
	demoAccident   = "акт об аварии на линии"
)

// demoTaken is an account of the demo's house that takes a service.
type demoTaken struct{ supplier, account string }

// computeDemo lets Kvit charge some services of the demo's house, so that each way a sum comes about can be opened: the
// resident's electricity by meter, with a correction of the month before; a neighbour's water by normative with its factor,
// his meter not verified in time; another's the same, beside the supplier's figure that differs.
func (a *App) computeDemo(ctx context.Context, building, household int64, month calendar.Month) error {
	power, err := a.demoTaken(ctx, building, "electricity", "=", household)
	if err != nil {
		return err
	}
	water, err := a.demoTaken(ctx, building, "cold_water", "<>", household)
	if err != nil {
		return err
	}
	var told, late []map[string]any
	if len(power) > 0 {
		told = append(told, power[0].tell(record.Service, "electricity", map[string]any{"mode": fact.Computed}))
	}
	for i, mode := range []string{fact.Computed, fact.Compared} {
		if i < len(water) {
			told = append(told, water[i].tell(record.Service, "cold_water", map[string]any{"mode": mode, "meter_possible": true, "category": "bath_1650_shower"}))
			late = append(late, water[i].tell(record.Meter, "cold_water", map[string]any{"verified_until": month.Add(-5).Last().String()}))
		}
	}
	if err := a.tellDemo(ctx, demoContract, told); err != nil {
		return err
	}
	if err := a.tellDemo(ctx, demoUnverified, late); err != nil || len(power) == 0 {
		return err
	}
	return a.correctDemo(ctx, building, month.Add(-1))
}

// demoTaken finds up to two accounts of a building with a meter of a service, of one household or of the others; those that
// owe least come first.
func (a *App) demoTaken(ctx context.Context, building int64, service, whose string, household int64) (list []demoTaken, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT p.code, r.number FROM charge_meter m
			JOIN household_link l ON l.building_id = m.building_id AND l.account_id = m.account_id AND l.household_id `+whose+` $3
			JOIN charge c ON c.building_id = m.building_id AND c.account_id = m.account_id
			JOIN account_route r ON r.account_id = m.account_id JOIN supplier p ON p.supplier_id = r.supplier_id
			WHERE m.building_id = $1 AND m.service = $2 AND l.household_id <> 0 GROUP BY p.code, r.number ORDER BY max(c.due_kop), r.number LIMIT 2`, building, service, household)
		if err != nil {
			return err
		}
		defer rows.Close()
		for list = nil; rows.Next(); {
			var t demoTaken
			if err := rows.Scan(&t.supplier, &t.account); err != nil {
				return err
			}
			list = append(list, t)
		}
		return rows.Err()
	})
	return list, db.Fold(err)
}

// tell is a record of a fact about the account.
func (t *demoTaken) tell(kind record.Kind, service string, values map[string]any) map[string]any {
	values["fact"], values["supplier"], values["account"], values["service"] = kind, t.supplier, t.account, service
	return values
}

// correctDemo charges the month before in the demo's house; then an outage in it becomes known.
func (a *App) correctDemo(ctx context.Context, building int64, before calendar.Month) error {
	var house housing.Building
	var known int
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if house, err = housing.FindBuilding(ctx, tx, building); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM charge WHERE building_id = $1 AND month = $2", building, int64(before)).Scan(&known)
	})
	if err != nil || known == 0 { // the town's first month
		return err
	}
	run, err := a.ChargeMonth(ctx, demoOperator.String(), before, []string{house.Code}, nil)
	if err == nil {
		err = a.Charges.Approve(ctx, run.Run, demoAccountant.String())
	}
	if err != nil {
		return err
	}
	outage := map[string]any{"fact": record.Event, "house": house.Code, "service": "electricity", "event": "outage", "date": before.First().AddDays(13).String(), "hours": demoOutage}
	return a.tellDemo(ctx, demoAccident, []map[string]any{outage})
}

// tellDemo records facts as the centre's operator would.
func (a *App) tellDemo(ctx context.Context, reason string, told []map[string]any) error {
	if len(told) == 0 {
		return nil
	}
	body, err := json.Marshal(map[string]any{"facts": told})
	if err != nil {
		return err
	}
	report, err := a.Records.Load(ctx, demoOperator, record.Load{By: "person:" + demoOperator.Name + ": " + reason, Sources: []record.Source{{Body: bytes.NewReader(body)}}})
	if err == nil && !report.OK {
		err = errNoFamily.Because(errors.New(report.Records[0].Says))
	}
	return err
}

// demoNeighbours are the doors of the households whose water Kvit computes.
func (a *App) demoNeighbours(ctx context.Context, building int64) (doors []portal.DemoDoor, actors []access.Actor, err error) {
	for _, x := range []struct{ mode, title, text string }{
		{fact.Computed, "Житель, у которого кончилась поверка", "Воду считает Квит: норматив и повышающий коэффициент"},
		{fact.Compared, "Житель, у которого суммы расходятся", "Поставщик прислал одну сумму за воду, Квит посчитал другую"},
	} {
		var household int64
		err := a.DB.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT household_id FROM charge_subscription WHERE building_id = $1 AND service = 'cold_water' AND mode = $2 AND meter_possible
				ORDER BY recorded_at DESC, household_id LIMIT 1`, building, x.mode).Scan(&household)
		})
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, nil, db.Fold(err)
		}
		doors = append(doors, portal.DemoDoor{Title: x.title, Text: x.text, Icon: "home"})
		actors = append(actors, access.Actor{Role: access.Resident, Name: "житель", BuildingID: building, HouseholdID: household})
	}
	return doors, actors, nil
}
