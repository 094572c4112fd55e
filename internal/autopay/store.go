package autopay

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

const selectRule = "SELECT r.rule_id, r.building_id, r.household_id, r.state, r.day, r.fixed_kop, r.cap_kop, r.saved_id, r.since, r.actor, r.recorded_at, r.person_id, r.of_part FROM autopay_rule r "

// lastRule keeps the row of a rule that was recorded last: a household and each of its people have one at most.
const lastRule = "r.recorded_at = (SELECT max(n.recorded_at) FROM autopay_rule n WHERE n.building_id = r.building_id AND n.household_id = r.household_id AND n.person_id = r.person_id)"

func listRules(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Rule, err error) {
	rows, err := tx.QueryContext(ctx, selectRule+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list autopay rules: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Rule
		var ofPart int
		if err := rows.Scan(&r.ID, &r.BuildingID, &r.HouseholdID, &r.State, &r.Day, &r.Fixed, &r.Cap, &r.SavedID, &r.Since, &r.Actor, &r.RecordedAt, &r.PersonID, &ofPart); err != nil {
			return nil, err
		}
		r.OfPart = ofPart == 1
		list = append(list, r)
	}
	return list, rows.Err()
}

// rulesOf are the rules of a household and of its people, that of the household first.
func rulesOf(ctx context.Context, tx *db.Tx, building, household int64) ([]Rule, error) {
	return listRules(ctx, tx, "WHERE r.building_id = $1 AND r.household_id = $2 AND "+lastRule+" ORDER BY r.person_id", building, household)
}

// insertRule writes a rule after every row of its household there is.
func insertRule(ctx context.Context, tx *db.Tx, r *Rule) error {
	var last int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(recorded_at), 0) FROM autopay_rule WHERE building_id = $1 AND household_id = $2", r.BuildingID, r.HouseholdID).Scan(&last); err != nil {
		return err
	}
	r.RecordedAt = max(r.RecordedAt, calendar.Micros(last)+1)
	ofPart := 0
	if r.OfPart {
		ofPart = 1
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO autopay_rule (building_id, household_id, recorded_at, rule_id, state, day, fixed_kop, cap_kop, saved_id, since, actor, person_id, of_part)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, r.BuildingID, r.HouseholdID, int64(r.RecordedAt), r.ID, r.State, int64(r.Day), int64(r.Fixed), int64(r.Cap), r.SavedID, int64(r.Since), r.Actor, r.PersonID, int64(ofPart))
	return err
}

func listTurns(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Turn, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT building_id, rule_id, month, household_id, state, sum_kop, next_on, tries, public_id, reason, told_at, changed_at FROM autopay_turn "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list autopay turns: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Turn
		if err := rows.Scan(&t.BuildingID, &t.RuleID, &t.Month, &t.HouseholdID, &t.State, &t.Sum, &t.NextOn, &t.Tries, &t.PublicID, &t.Reason, &t.ToldAt, &t.ChangedAt); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// findTurn is the turn of a month; nil when it has not come.
func findTurn(ctx context.Context, tx *db.Tx, building, rule int64, month calendar.Month) (*Turn, error) {
	list, err := listTurns(ctx, tx, "WHERE building_id = $1 AND rule_id = $2 AND month = $3", building, rule, int64(month))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// insertTurn begins a turn; false when another process was first.
func insertTurn(ctx context.Context, tx *db.Tx, t *Turn) (bool, error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO autopay_turn (building_id, rule_id, month, household_id, state, sum_kop, next_on, tries, public_id, reason, told_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (building_id, rule_id, month) DO NOTHING`,
		t.BuildingID, t.RuleID, int64(t.Month), t.HouseholdID, t.State, int64(t.Sum), int64(t.NextOn), int64(t.Tries), t.PublicID, t.Reason, int64(t.ToldAt), int64(t.ChangedAt))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// updateTurn changes a turn over the state and try it was seen in; false when somebody else changed it since.
func updateTurn(ctx context.Context, tx *db.Tx, t *Turn, state string, tries int) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE autopay_turn SET state = $4, sum_kop = $5, next_on = $6, tries = $7, public_id = $8, reason = $9, changed_at = $10
		WHERE building_id = $1 AND rule_id = $2 AND month = $3 AND state = $11 AND tries = $12`,
		t.BuildingID, t.RuleID, int64(t.Month), t.State, int64(t.Sum), int64(t.NextOn), int64(t.Tries), t.PublicID, t.Reason, int64(t.ChangedAt), state, int64(tries))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
