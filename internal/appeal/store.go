package appeal

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

const appealColumns = `building_id, appeal_id, number, kind, household_id, person_id, account_id, supplier_id, service_id, service, account, month, line_no, penalty, reason, words, sum_kop, aside,
	state, round, answer_by, clause, outcome, answer, change_kop, shows_in, shown_kop, shown_in, shown_source, escalated_at, drafted_at, sent_at, answered_at, changed_at, calculation, digest`

func (a *Appeal) row() []any {
	return []any{a.Building, a.ID, a.Number, a.Kind, a.Household, a.Person, a.AccountID, a.SupplierID, a.ServiceID, a.Service, a.Account, int64(a.Month), int64(a.Line), a.Penalty, a.Reason, a.Words, int64(a.Sum), a.Aside,
		string(a.State), int64(a.Round), int64(a.AnswerBy), a.Clause, a.Outcome, a.Answer, int64(a.Change), int64(a.ShowsIn), int64(a.Shown), int64(a.ShownIn), a.ShownSource, int64(a.EscalatedAt),
		int64(a.DraftedAt), int64(a.SentAt), int64(a.AnsweredAt), int64(a.ChangedAt), a.calculation, a.digests}
}

func (a *Appeal) fields() []any {
	return []any{&a.Building, &a.ID, &a.Number, &a.Kind, &a.Household, &a.Person, &a.AccountID, &a.SupplierID, &a.ServiceID, &a.Service, &a.Account, &a.Month, &a.Line, &a.Penalty, &a.Reason, &a.Words, &a.Sum, &a.Aside,
		&a.State, &a.Round, &a.AnswerBy, &a.Clause, &a.Outcome, &a.Answer, &a.Change, &a.ShowsIn, &a.Shown, &a.ShownIn, &a.ShownSource, &a.EscalatedAt,
		&a.DraftedAt, &a.SentAt, &a.AnsweredAt, &a.ChangedAt, &a.calculation, &a.digests}
}

func insertAppeal(ctx context.Context, tx *db.Tx, key string, a *Appeal) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO appeal_route (number, client_key, building_id, appeal_id) VALUES ($1, $2, $3, $4)", a.Number, key, a.Building, a.ID)
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO appeal (`+appealColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
			$26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)`, a.row()...)
	}
	if err != nil {
		return fmt.Errorf("begin an appeal: %w", err)
	}
	return nil
}

func updateAppeal(ctx context.Context, tx *db.Tx, a *Appeal) error {
	_, err := tx.ExecContext(ctx, `UPDATE appeal SET state = $3, round = $4, answer_by = $5, clause = $6, outcome = $7, answer = $8, change_kop = $9, shows_in = $10, shown_kop = $11, shown_in = $12, shown_source = $13,
		escalated_at = $14, sent_at = $15, answered_at = $16, changed_at = $17 WHERE building_id = $1 AND appeal_id = $2`,
		a.Building, a.ID, string(a.State), int64(a.Round), int64(a.AnswerBy), a.Clause, a.Outcome, a.Answer, int64(a.Change), int64(a.ShowsIn), int64(a.Shown), int64(a.ShownIn), a.ShownSource,
		int64(a.EscalatedAt), int64(a.SentAt), int64(a.AnsweredAt), int64(a.ChangedAt))
	if err != nil {
		return fmt.Errorf("change appeal %s: %w", a.Number, err)
	}
	return nil
}

func listAppeals(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Appeal, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+appealColumns+" FROM appeal "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list appeals: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a Appeal
		if err := rows.Scan(a.fields()...); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// reach is whose appeals an actor's action covers; every query of appeals takes it.
type reach struct {
	all                 bool
	supplier            int64
	building, household int64
	person              int64 // 0: whoever lives there
}

// reachOf is what an actor may read or answer: a resident his own appeals of his home, a supplier those to him. Who lived there
// before has his own.
func reachOf(actor access.Actor, action string) (reach, error) {
	if actor.Role == access.Resident {
		if err := actor.Require("appeal", "own"); err != nil {
			return reach{}, err
		}
		return homeOf(actor), nil
	}
	s, err := actor.Scope("appeal", action)
	return reach{all: s.All, supplier: s.SupplierID}, err
}

func homeOf(actor access.Actor) reach {
	return reach{building: actor.BuildingID, household: actor.HouseholdID, person: actor.UserID}
}

// where is the condition of the reach; what it compares with goes to the arguments. Drafts are their residents' alone.
func (r reach) where(args *[]any) string {
	is := func(column string, id int64) string {
		*args = append(*args, id)
		return fmt.Sprintf("%s = $%d", column, len(*args))
	}
	switch {
	case r.household != 0:
		home := is("building_id", r.building) + " AND " + is("household_id", r.household)
		if r.person == 0 {
			return home
		}
		return home + " AND (person_id = 0 OR " + is("person_id", r.person) + ")"
	case r.all:
		return "state <> 'draft'"
	}
	return "state <> 'draft' AND " + is("supplier_id", r.supplier)
}

func errUnknown() error {
	return fault.New(fault.NotFound, "appeal.unknown", "Такого обращения нет. Сверьте номер.")
}

// find gives an appeal the reach covers.
func find(ctx context.Context, tx *db.Tx, r reach, number string) (a Appeal, err error) {
	var building, id int64
	err = db.Fold(tx.QueryRowContext(ctx, "SELECT building_id, appeal_id FROM appeal_route WHERE number = $1", number).Scan(&building, &id))
	if fault.Is(err, fault.NotFound) {
		return a, errUnknown()
	}
	if err != nil {
		return a, fmt.Errorf("appeal %s: %w", number, err)
	}
	args := []any{building, id}
	where := r.where(&args)
	list, err := listAppeals(ctx, tx, "WHERE building_id = $1 AND appeal_id = $2 AND "+where, args...)
	if err == nil && len(list) == 0 {
		err = errUnknown()
	}
	if err != nil {
		return a, err
	}
	return list[0], nil
}

func insertStep(ctx context.Context, tx *db.Tx, a *Appeal, s *Step) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO appeal_step (building_id, appeal_id, step_no, kind, words, side, actor, recorded_at)
		SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), count(*) + 1, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS BIGINT) FROM appeal_step WHERE building_id = $1 AND appeal_id = $2`,
		a.Building, a.ID, s.Kind, s.Words, s.Side, s.Actor, int64(s.At))
	if err != nil {
		return fmt.Errorf("step of appeal %s: %w", a.Number, err)
	}
	return nil
}

func listSteps(ctx context.Context, tx *db.Tx, building, id int64) (list []Step, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT kind, words, side, actor, recorded_at FROM appeal_step WHERE building_id = $1 AND appeal_id = $2 ORDER BY step_no", building, id)
	if err != nil {
		return nil, fmt.Errorf("steps of an appeal: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s Step
		if err := rows.Scan(&s.Kind, &s.Words, &s.Side, &s.Actor, &s.At); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// beginAside leaves the disputed sum out of «pay all» from now on.
func beginAside(ctx context.Context, tx *db.Tx, a *Appeal, at calendar.Micros) error {
	if !a.Aside || a.Sum <= 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO appeal_aside (building_id, appeal_id, aside_no, household_id, account_id, service_id, penalty, sum_kop, began_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
		a.Building, a.ID, int64(a.Round), a.Household, a.AccountID, a.ServiceID, a.Penalty, int64(a.Sum), int64(at))
	if err != nil {
		return fmt.Errorf("leave out the sum of appeal %s: %w", a.Number, err)
	}
	return nil
}

func endAside(ctx context.Context, tx *db.Tx, a *Appeal, at calendar.Micros) error {
	if _, err := tx.ExecContext(ctx, "UPDATE appeal_aside SET ended_at = $3 WHERE building_id = $1 AND appeal_id = $2 AND ended_at = 0", a.Building, a.ID, int64(at)); err != nil {
		return fmt.Errorf("end what appeal %s leaves out: %w", a.Number, err)
	}
	return nil
}
