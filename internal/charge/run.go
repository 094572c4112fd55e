package charge

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Kinds of runs.
const (
	KindMonth         = "month"
	KindRecalculation = "recalculation"
	KindUndo          = "undo"
)

// States of a run. A run that is running or paused goes on from the buildings it has not done; a checked one waits for
// a second person; a closed one's month is frozen.
const (
	StateRunning  = "running"
	StatePaused   = "paused"
	StateChecked  = "checked"
	StateApproved = "approved"
	StateClosed   = "closed"
	StateUndone   = "undone"
)

// Run is one work of charging over buildings. What it did is told by the buildings it has done.
type Run struct {
	ID         int64
	Kind       string
	Month      calendar.Month // charged in
	Buildings  []int64        // scope, by id; none is all
	State      string
	FactsAt    calendar.Micros // facts and catalogue recorded later are left out
	Catalog    string          // its digest
	Cause      string          // of a recalculation
	FromMonth  calendar.Month  // the earliest month recalculated
	Undoes     int64
	CreatedBy  string
	CreatedAt  calendar.Micros
	ApprovedBy string
	FinishedAt calendar.Micros
}

// key is the key of the run's transaction in the book of each building.
func (r *Run) key() string { return fmt.Sprintf("charge:%d", r.ID) }

// part is what tells the run's work in a building from others of the month: the charge of the month is one.
func (r *Run) part() int64 {
	if r.Kind == KindMonth {
		return 0
	}
	return r.ID
}

// going tells whether the run has buildings to do.
func (r *Run) going() bool { return r.State == StateRunning || r.State == StatePaused }

const runColumns = "run_id, kind, month, scope, state, facts_at, catalog, cause, from_month, undoes, created_by, created_at, approved_by, finished_at"

func insertRun(ctx context.Context, tx *db.Tx, r *Run) error {
	scope, err := json.Marshal(append([]int64{}, r.Buildings...))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO charge_run ("+runColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
		r.ID, r.Kind, int64(r.Month), string(scope), r.State, int64(r.FactsAt), r.Catalog, r.Cause, int64(r.FromMonth), r.Undoes, r.CreatedBy, int64(r.CreatedAt),
		r.ApprovedBy, int64(r.FinishedAt))
	if err != nil {
		return fmt.Errorf("insert run: %w", err)
	}
	return nil
}

// ListRuns gives the runs of a month, the first one first; month 0 is all.
func ListRuns(ctx context.Context, tx *db.Tx, month calendar.Month) (list []Run, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+runColumns+" FROM charge_run WHERE month = $1 OR $1 = 0 ORDER BY run_id", int64(month))
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Run
		var scope string
		err := rows.Scan(&r.ID, &r.Kind, &r.Month, &scope, &r.State, &r.FactsAt, &r.Catalog, &r.Cause, &r.FromMonth, &r.Undoes, &r.CreatedBy, &r.CreatedAt,
			&r.ApprovedBy, &r.FinishedAt)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(scope), &r.Buildings); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// FindRun gives a run by its number.
func FindRun(ctx context.Context, tx *db.Tx, id int64) (*Run, error) {
	list, err := ListRuns(ctx, tx, 0)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID == id {
			return &list[i], nil
		}
	}
	return nil, fault.Newf(fault.NotFound, "charge.no_run", "Расчёта № %d нет. Номера расчётов: kvit charge list.", id)
}

// pending is a stretch of buildings with facts that a run has not done, with none other between them.
type pending struct {
	first, last int64
	buildings   int
	households  int64
	txn         int64 // ledger transaction of its first building
}

// wavesHouseholds is about how many households are written in one transaction.
const wavesHouseholds = 2000

// listPending gives what the run has not done yet, in stretches of about so many households.
func (r *Run) listPending(ctx context.Context, tx *db.Tx) (list []pending, err error) {
	var now pending
	flush := func() {
		if now.buildings > 0 {
			list = append(list, now)
		}
		now = pending{}
	}
	err = tx.Scan(ctx, `SELECT s.building_id, s.households, CASE WHEN EXISTS (SELECT 1 FROM charge_building b
		WHERE b.building_id = s.building_id AND b.month = $1 AND b.part = $2) THEN 1 ELSE 0 END FROM charge_sheet s ORDER BY s.building_id`,
		[]any{int64(r.Month), r.part()}, func(v []int64, _ []byte) error {
			if v[2] != 0 || !r.Covers(v[0]) {
				flush()
				return nil
			}
			if now.buildings == 0 {
				now.first = v[0]
			}
			now.last, now.buildings, now.households = v[0], now.buildings+1, now.households+v[1]
			if now.households >= wavesHouseholds || now.buildings >= 100 {
				flush()
			}
			return nil
		})
	flush()
	if err != nil {
		return nil, fmt.Errorf("list buildings to charge: %w", err)
	}
	return list, nil
}

// Covers tells whether a building is in the scope.
func (r *Run) Covers(building int64) bool {
	if len(r.Buildings) == 0 {
		return true
	}
	_, found := slices.BinarySearch(r.Buildings, building)
	return found
}

// closedAt is when a month was closed; 0 when it is open.
func closedAt(ctx context.Context, tx *db.Tx, month calendar.Month) (at calendar.Micros, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(closed_at), 0) FROM charge_month WHERE month = $1", int64(month)).Scan(&at)
	if err != nil {
		return 0, fmt.Errorf("is the month closed: %w", err)
	}
	return at, nil
}
