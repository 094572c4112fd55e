package bill

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// States of a reissue. One that is running goes on from the buildings it has not done.
const (
	ReissueWaiting = "waiting" // for a second person
	ReissueRunning = "running"
	ReissuePaused  = "paused"
	ReissueDone    = "done"
)

// ReissueScope is whose bills are looked at; none of a kind is all.
type ReissueScope struct {
	Buildings []int64 `json:"buildings,omitempty"`
	Suppliers []int64 `json:"suppliers,omitempty"` // bills in which a line of one of them has changed
}

// Reissue is newer bills of a month in the place of those whose figures have changed since they were issued.
type Reissue struct {
	ID          int64
	Month       calendar.Month
	Scope       ReissueScope
	Reason      string // residents read it
	State       string
	Found       ReissueFound
	PreparedBy  string
	PreparedAt  calendar.Micros
	ConfirmedBy string
	ConfirmedAt calendar.Micros
	Wave        int           // households
	Pause       time.Duration // between waves
	FinishedAt  calendar.Micros
	Background  bool
}

// ReissueFound is what a reissue would change, as it was prepared. Sums are kopecks.
type ReissueFound struct {
	Buildings  int64          `json:"buildings"`
	Bills      int64          `json:"bills"`      // looked at
	Changed    int64          `json:"changed"`    // whose figures are others now
	Other      int64          `json:"other"`      // withdrawn, or the household's bill is of another month by now
	Before     money.Amount   `json:"before"`     // to pay by the bills to be replaced
	After      money.Amount   `json:"after"`      // to pay by the newer ones
	Difference money.Amount   `json:"difference"` // of what is charged; payments since do not count
	Largest    []ReissueShift `json:"largest"`
}

// ReissueShift is a household whose bill changes.
type ReissueShift struct {
	Building   int64        `json:"-"`
	Household  int64        `json:"-"`
	Code       string       `json:"household"`
	Address    string       `json:"address"`
	Before     money.Amount `json:"before"`
	After      money.Amount `json:"after"`
	Difference money.Amount `json:"difference"`
}

// Reissued is how far a reissue has come.
type Reissued struct {
	Buildings    int64           `json:"buildings"`
	BuildingsAll int64           `json:"buildingsAll"`
	Issued       int64           `json:"issued"`
	Same         int64           `json:"same"`
	Other        int64           `json:"other"`
	Difference   money.Amount    `json:"difference"`
	Last         calendar.Micros `json:"-"` // the moment of the last wave
}

// ReissueRequest asks what bills of a month would be replaced.
type ReissueRequest struct {
	Month  calendar.Month
	Scope  ReissueScope
	Reason string
	Actor  string
}

// PrepareReissue finds the bills whose figures have changed since they were issued, and keeps the wish to replace them for a
// second person.
func (m *Module) PrepareReissue(ctx context.Context, req ReissueRequest) (*Reissue, error) {
	if req.Reason = strings.TrimSpace(req.Reason); req.Reason == "" {
		return nil, fault.New(fault.Invalid, "bill.reason", "Напишите причину: её прочитает житель.").WithField("reason")
	}
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	slices.Sort(req.Scope.Buildings)
	slices.Sort(req.Scope.Suppliers)
	x := &Reissue{ID: id, Month: req.Month, Scope: req.Scope, Reason: req.Reason, State: ReissueWaiting, PreparedBy: req.Actor, PreparedAt: m.now(), Wave: WaveDefault}
	if err := m.findChanged(ctx, x); err != nil {
		return nil, err
	}
	return x, m.db.Write(ctx, func(tx *db.Tx) error {
		if err := insertReissue(ctx, tx, x); err != nil {
			return err
		}
		return x.audit(ctx, tx, x.PreparedAt, x.PreparedBy, "bill.reissue_prepared", map[string]any{"month": x.Month.String(), "reason": x.Reason, "changed": x.Found.Changed, "difference": x.Found.Difference})
	})
}

func (x *Reissue) audit(ctx context.Context, tx *db.Tx, at calendar.Micros, actor, action string, details map[string]any) error {
	return audit.Record(ctx, tx, at, actor, action, fmt.Sprintf("bill_reissue:%d", x.ID), details)
}

// findChanged looks through the issued bills of the scope as they are now.
func (m *Module) findChanged(ctx context.Context, x *Reissue) error {
	var left []batch
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		left, err = listNotReissued(ctx, tx, x, batchHouseholds)
		return err
	})
	if err == nil && len(left) == 0 {
		return fault.Newf(fault.Conflict, "reissue.none", "Счета за %s здесь ещё не выставлены: заменять нечего.", x.Month.Title())
	}
	for i := 0; i < len(left) && err == nil; i++ {
		var list []*comparedBill
		list, err = m.compareIssued(ctx, x, &left[i], x.PreparedAt)
		for _, c := range list {
			x.Found.add(c)
		}
		x.Found.Buildings += int64(len(left[i].buildings))
	}
	if err != nil {
		return fmt.Errorf("bills to be issued anew: %w", err)
	}
	x.Found.keepLargest()
	return nil
}

// shiftsMax is how many of the largest changes a reissue names.
const shiftsMax = 50

func (f *ReissueFound) add(c *comparedBill) {
	f.Bills++
	switch c.verdict {
	case billOther:
		f.Other++
	case billChanged:
		s := ReissueShift{c.was.ref.Building, c.was.ref.Household, c.now.Household, c.now.Address, c.was.total, c.now.Total, c.difference}
		f.Changed, f.Before, f.After, f.Difference = f.Changed+1, f.Before+s.Before, f.After+s.After, f.Difference+s.Difference
		if f.Largest = append(f.Largest, s); len(f.Largest) > 2*shiftsMax {
			f.keepLargest()
		}
	}
}

func (f *ReissueFound) keepLargest() {
	slices.SortStableFunc(f.Largest, func(a, b ReissueShift) int { return cmp.Compare(b.Difference.Abs(), a.Difference.Abs()) })
	f.Largest = f.Largest[:min(len(f.Largest), shiftsMax)]
}

const reissueColumns = "reissue_id, month, scope, reason, state, found, prepared_by, prepared_at, confirmed_by, confirmed_at, wave, pause_us, finished_at, background"

func insertReissue(ctx context.Context, tx *db.Tx, x *Reissue) error {
	scope, err := json.Marshal(x.Scope)
	if err != nil {
		return err
	}
	found, err := json.Marshal(x.Found)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO bill_reissue ("+reissueColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, $9, 0, 0, 0)",
		x.ID, int64(x.Month), string(scope), x.Reason, x.State, string(found), x.PreparedBy, int64(x.PreparedAt), x.Wave)
	if err != nil {
		return fmt.Errorf("insert reissue: %w", err)
	}
	return nil
}

func scanReissue(scan func(...any) error) (*Reissue, error) {
	x, scope, found, pause := &Reissue{}, "", "", int64(0)
	err := scan(&x.ID, &x.Month, &scope, &x.Reason, &x.State, &found, &x.PreparedBy, &x.PreparedAt, &x.ConfirmedBy, &x.ConfirmedAt, &x.Wave, &pause, &x.FinishedAt, &x.Background)
	if err != nil {
		return nil, err
	}
	x.Pause = time.Duration(pause) * time.Microsecond
	if err := json.Unmarshal([]byte(scope), &x.Scope); err != nil {
		return nil, fmt.Errorf("scope of reissue %d: %w", x.ID, err)
	}
	if err := json.Unmarshal([]byte(found), &x.Found); err != nil {
		return nil, fmt.Errorf("figures of reissue %d: %w", x.ID, err)
	}
	return x, nil
}

// FindReissue gives a reissue; NotFound when there is none.
func FindReissue(ctx context.Context, tx *db.Tx, id int64) (*Reissue, error) {
	x, err := scanReissue(tx.QueryRowContext(ctx, "SELECT "+reissueColumns+" FROM bill_reissue WHERE reissue_id = $1", id).Scan)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return nil, fault.Newf(fault.NotFound, "reissue.unknown", "Замены счетов № %d нет.", id).Because(err)
	}
	return x, err
}

// ListReissues gives the reissues of a month, the latest first.
func ListReissues(ctx context.Context, tx *db.Tx, month calendar.Month) (list []*Reissue, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+reissueColumns+" FROM bill_reissue WHERE month = $1 ORDER BY reissue_id DESC", int64(month))
	if err != nil {
		return nil, fmt.Errorf("list reissues: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		x, err := scanReissue(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// CountReissued tells how far a reissue has come.
func CountReissued(ctx context.Context, tx *db.Tx, x *Reissue) (r Reissued, err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(issued), 0), coalesce(sum(same), 0), coalesce(sum(other), 0), coalesce(sum(difference_kop), 0), coalesce(max(published_at), 0)
		FROM bill_reissued WHERE reissue_id = $1`, x.ID).Scan(&r.Buildings, &r.Issued, &r.Same, &r.Other, &r.Difference, &r.Last)
	if err != nil {
		return r, fmt.Errorf("count bills issued anew: %w", err)
	}
	left, err := listNotReissued(ctx, tx, x, batchHouseholds)
	for i := range left {
		r.BuildingsAll += int64(len(left[i].buildings))
	}
	r.BuildingsAll += r.Buildings
	return r, err
}

// listNotReissued gives the buildings of a reissue's scope that have bills of the month and that it has not done yet, in
// batches.
func listNotReissued(ctx context.Context, tx *db.Tx, x *Reissue, most int64) ([]batch, error) {
	left := map[int64]bool{}
	err := tx.Scan(ctx, `SELECT DISTINCT s.building_id FROM bill_snapshot s WHERE s.month = $1
		AND NOT EXISTS (SELECT 1 FROM bill_reissued r WHERE r.building_id = s.building_id AND r.reissue_id = $2)`, []any{int64(x.Month), x.ID}, func(v []int64, _ []byte) error {
		left[v[0]] = len(x.Scope.Buildings) == 0 || slices.Contains(x.Scope.Buildings, v[0])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list buildings with bills: %w", err)
	}
	return listBatches(ctx, tx, most, func(building int64) bool { return left[building] })
}
