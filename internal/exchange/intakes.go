package exchange

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Intake is a file of a supplier whichever door it came by: waiting, being taken in, or done.
type Intake struct {
	ID          int64
	Name        string
	DryRun      bool
	State       string // queued, running, failed, or the state of the file
	Stage       string // of a running one
	Done, Total int64
	Month       string
	Encoding    string
	DuplicateOf int64
	Tally       tally
	Control     *Control
	Refusal     *Refusal
	CreatedAt   calendar.Micros
	FinishedAt  calendar.Micros
}

// Finished tells whether verdicts are there.
func (i *Intake) Finished() bool {
	return i.State == StateApplied || i.State == StateJudged || i.State == StateDuplicate || i.State == StateRefused
}

// ListIntakes gives the latest intakes of the scope with ids below one, newest first.
func (m *Module) ListIntakes(ctx context.Context, scope access.Scope, below int64, limit int) (list []Intake, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listIntakes(ctx, tx, scope, "< $2", below, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list intakes: %w", err)
	}
	return list, nil
}

// FindIntake gives an intake of the scope; a foreign one is NotFound, like any unknown.
func (m *Module) FindIntake(ctx context.Context, scope access.Scope, id int64) (i Intake, err error) {
	var list []Intake
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listIntakes(ctx, tx, scope, "= $2", id, 1)
		return err
	})
	if err != nil {
		return i, fmt.Errorf("find intake: %w", err)
	}
	if len(list) == 0 {
		return i, fault.New(fault.NotFound, "file.unknown", "Такой загрузки нет.")
	}
	return list[0], nil
}

// listIntakes brings deliveries and files together: a delivery that was taken in is the file of its number.
func listIntakes(ctx context.Context, tx *db.Tx, scope access.Scope, test string, id int64, limit int) ([]Intake, error) {
	where, arg := scope.Filter("supplier_id", "$1")
	byID := map[int64]Intake{}
	rows, err := tx.QueryContext(ctx, `SELECT delivery_id, name, month, dry_run, state, stage, done, total, report, created_at, finished_at FROM intake_delivery
		WHERE `+where+" AND delivery_id "+test+" ORDER BY delivery_id DESC LIMIT $3", arg, id, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		i, err := scanDelivery(rows.Scan)
		if err != nil {
			return nil, err
		}
		byID[i.ID] = i
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	files, err := tx.QueryContext(ctx, "SELECT "+fileColumns+" FROM intake_file WHERE "+where+" AND file_id "+test+" ORDER BY file_id DESC LIMIT $3", arg, id, limit)
	if err != nil {
		return nil, err
	}
	defer files.Close()
	for files.Next() {
		f, err := scanFile(files.Scan)
		if err != nil {
			return nil, err
		}
		byID[f.ID] = byID[f.ID].with(&f)
	}
	list := make([]Intake, 0, len(byID))
	for _, i := range byID {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b Intake) int { return int(b.ID - a.ID) })
	return list[:min(limit, len(list))], files.Err()
}

func scanDelivery(scan func(...any) error) (i Intake, err error) {
	var month calendar.Month
	var dry int
	var report string
	if err := scan(&i.ID, &i.Name, &month, &dry, &i.State, &i.Stage, &i.Done, &i.Total, &report, &i.CreatedAt, &i.FinishedAt); err != nil {
		return i, err
	}
	i.DryRun = dry == 1
	if month.Valid() {
		i.Month = month.String()
	}
	if i.State != StateDone || report == "" {
		return i, nil
	}
	var r FileReport
	if err := json.Unmarshal([]byte(report), &r); err != nil {
		return i, fmt.Errorf("report of delivery %d: %w", i.ID, err)
	}
	i.State, i.Encoding, i.DuplicateOf, i.Control, i.Refusal = r.State, r.Encoding, r.DuplicateOf, r.Control, r.Refusal
	i.Tally = tally{r.Rows, r.Applied, r.Repaired, r.Ignored, r.Quarantined}
	if r.Month != "" {
		i.Month = r.Month
	}
	return i, nil
}

// with is the intake with what its file tells; a file that is not applied yet is running.
func (i Intake) with(f *FileInfo) Intake {
	if i.ID == 0 {
		i.ID, i.Name, i.CreatedAt = f.ID, f.Name, f.CreatedAt
	}
	i.State, i.Encoding, i.DuplicateOf, i.Tally, i.Control, i.Refusal, i.FinishedAt = f.State, f.Encoding, f.DuplicateOf, f.Tally, f.Control, f.Refusal, f.AppliedAt
	if f.State == StateReceived || f.State == StateJudged || i.FinishedAt == 0 {
		i.State = StateRunning
	} else {
		i.Stage, i.Done, i.Total = "", 0, 0
	}
	if f.Month.Valid() {
		i.Month = f.Month.String()
	}
	return i
}

// issuesPage is how many issues are read at once when all are wanted.
const issuesPage = 1000

// EachIssue calls fn for every issue of an intake, in the order of its protocol, a page of them in memory.
func (m *Module) EachIssue(ctx context.Context, intakeID int64, fn func(*Issue) error) error {
	for after := int64(0); ; {
		var list []Issue
		err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
			list, err = scanIssues(ctx, tx, "WHERE file_id = $1 AND issue_no > $2 ORDER BY issue_no LIMIT $3", intakeID, after, issuesPage)
			return err
		})
		if err != nil {
			return err
		}
		for i := range list {
			if err := fn(&list[i]); err != nil {
				return err
			}
			after = list[i].No
		}
		if len(list) < issuesPage {
			return nil
		}
	}
}
