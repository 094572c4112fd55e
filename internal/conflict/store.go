package conflict

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
)

const caseColumns = "c.building_id, c.case_id, c.recorded_at, c.household_id, c.attribute, c.object, c.state, c.opened_at, c.claims, c.value, c.holds_from, c.rule_id, c.actor, c.reason, c.effect_kop"

// latestCases are the cases as they hold now.
const latestCases = "SELECT " + caseColumns + ` FROM conflict_case c WHERE NOT EXISTS (SELECT 1 FROM conflict_case n
	WHERE n.building_id = c.building_id AND n.case_id = c.case_id AND n.recorded_at > c.recorded_at) `

func listCases(ctx context.Context, tx *db.Tx, and string, args ...any) (list []Case, err error) {
	return queryCases(ctx, tx, latestCases+and+" ORDER BY c.opened_at, c.case_id", args...)
}

func queryCases(ctx context.Context, tx *db.Tx, query string, args ...any) (list []Case, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list conflicts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Case
		var claims string
		err := rows.Scan(&c.Building, &c.ID, &c.RecordedAt, &c.Household, &c.Attribute, &c.Object, &c.State, &c.OpenedAt, &claims, &c.Value, &c.From, &c.Rule, &c.Actor, &c.Reason, &c.Effect)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(claims), &c.Claims); err != nil {
			return nil, fmt.Errorf("conflict %d: %w", c.ID, err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// findCase gives a case by its number.
func findCase(ctx context.Context, tx *db.Tx, id int64) (Case, error) {
	list, err := listCases(ctx, tx, "AND c.case_id = $1", id)
	if err != nil {
		return Case{}, err
	}
	if len(list) == 0 {
		return Case{}, fault.Newf(fault.NotFound, "conflict.unknown", "Расхождения № %d нет. Номера: kvit conflicts list.", id)
	}
	return list[0], nil
}

// history gives every row of a case, the first one first.
func history(ctx context.Context, tx *db.Tx, id int64) ([]Case, error) {
	return queryCases(ctx, tx, "SELECT "+caseColumns+" FROM conflict_case c WHERE c.case_id = $1 ORDER BY c.recorded_at", id)
}

func insertCase(ctx context.Context, tx *db.Tx, c *Case) error {
	claims, err := json.Marshal(c.Claims)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO conflict_case (building_id, case_id, recorded_at, household_id, attribute, object, state, opened_at, claims, value, holds_from, rule_id, actor, reason, effect_kop)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, c.Building, c.ID, int64(c.RecordedAt), c.Household, string(c.Attribute), c.Object, string(c.State), int64(c.OpenedAt),
		string(claims), c.Value, int64(c.From), c.Rule, c.Actor, c.Reason, int64(c.Effect))
	if err != nil {
		return fmt.Errorf("record conflict %d: %w", c.ID, err)
	}
	return nil
}

// seen is what a building was when conflicts were looked for in it.
type seen struct{ accounts, facts, rule int64 }

// due is a building to be looked at: what it was then and what it is now.
type due struct {
	building int64
	was, is  seen
}

// listDue gives the buildings that were written to since conflicts were looked for in them.
func listDue(ctx context.Context, tx *db.Tx) (list []due, err error) {
	err = tx.Scan(ctx, `SELECT v.building_id, CAST(sum(v.accounts) AS BIGINT), CAST(sum(v.facts) AS BIGINT), r.latest, CAST(coalesce(max(b.accounts), -1) AS BIGINT), CAST(coalesce(max(b.facts), -1) AS BIGINT), CAST(coalesce(max(b.rule_id), -1) AS BIGINT)
		FROM (SELECT building_id, version AS accounts, 0 AS facts FROM account_version UNION ALL SELECT building_id, 0, version FROM charge_sheet WHERE building_id > 0) v
		CROSS JOIN (SELECT coalesce(max(rule_id), 0) AS latest FROM conflict_rule) r
		LEFT JOIN conflict_building b ON b.building_id = v.building_id
		GROUP BY v.building_id, r.latest HAVING coalesce(max(b.accounts), -1) <> sum(v.accounts) OR coalesce(max(b.facts), -1) <> sum(v.facts) OR coalesce(max(b.rule_id), -1) <> r.latest
		ORDER BY v.building_id`, nil, func(v []int64, _ []byte) error {
		list = append(list, due{v[0], seen{v[4], v[5], v[6]}, seen{v[1], v[2], v[3]}})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("buildings to look for conflicts in: %w", err)
	}
	return list, nil
}

// lock holds the row of a building until the end of the transaction, and gives what it was looked at last.
func lock(ctx context.Context, tx *db.Tx, building int64) (was seen, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO conflict_building (building_id, accounts, facts, rule_id) VALUES ($1, -1, -1, -1)
		ON CONFLICT (building_id) DO UPDATE SET accounts = conflict_building.accounts RETURNING accounts, facts, rule_id`, building).Scan(&was.accounts, &was.facts, &was.rule)
	if err != nil {
		return was, fmt.Errorf("lock conflicts of building %d: %w", building, err)
	}
	return was, nil
}

func setSeen(ctx context.Context, tx *db.Tx, building int64, s seen) error {
	_, err := tx.ExecContext(ctx, "UPDATE conflict_building SET accounts = $2, facts = $3, rule_id = $4 WHERE building_id = $1", building, s.accounts, s.facts, s.rule)
	return err
}
