package app

import (
	"context"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/job"
	"kvit/internal/supplier"
)

// ReissueOptions say whose bills of a month are to be issued anew.
type ReissueOptions struct {
	Month     calendar.Month
	Houses    []string // codes; none is all
	Suppliers []string
	Reason    string
	Actor     string
}

// ReissueReport is a reissue as it stands; docs/schema/bill-reissue.schema.json describes its JSON.
type ReissueReport struct {
	ID          int64             `json:"reissue"`
	Month       string            `json:"month"`
	State       string            `json:"state"`
	Reason      string            `json:"reason"`
	PreparedBy  string            `json:"preparedBy"`
	ConfirmedBy string            `json:"confirmedBy,omitempty"`
	Found       bill.ReissueFound `json:"found"`
	Done        bill.Reissued     `json:"done"`
}

// PrepareReissue finds the bills whose figures have changed and keeps the wish to replace them.
func (a *App) PrepareReissue(ctx context.Context, o ReissueOptions) (*ReissueReport, error) {
	buildings, err := a.buildingsOf(ctx, o.Houses)
	if err != nil {
		return nil, err
	}
	scope := bill.ReissueScope{Buildings: buildings}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		scope.Suppliers = nil
		for _, code := range o.Suppliers {
			s, err := supplier.Find(ctx, tx, code)
			if err != nil {
				return err
			}
			scope.Suppliers = append(scope.Suppliers, s.ID)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	x, err := a.Bills.PrepareReissue(ctx, bill.ReissueRequest{Month: o.Month, Scope: scope, Reason: o.Reason, Actor: o.Actor})
	if err != nil {
		return nil, err
	}
	return a.reissueReport(ctx, x.ID)
}

// RunReissue lets a prepared reissue run, or goes on with one that was stopped.
func (a *App) RunReissue(ctx context.Context, id int64, wave int, pause time.Duration, actor string) (*ReissueReport, error) {
	x, err := a.Bills.ConfirmReissue(ctx, bill.ReissueStart{ID: id, Wave: wave, Pause: pause, Actor: actor}, nil)
	if err != nil {
		return nil, err
	}
	if _, err := a.Bills.ContinueReissue(ctx, x, nil); err != nil {
		return nil, err
	}
	return a.reissueReport(ctx, id)
}

func (a *App) reissueReport(ctx context.Context, id int64) (r *ReissueReport, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		x, err := bill.FindReissue(ctx, tx, id)
		if err != nil {
			return err
		}
		r = &ReissueReport{ID: x.ID, Month: x.Month.String(), State: x.State, Reason: x.Reason, PreparedBy: x.PreparedBy, ConfirmedBy: x.ConfirmedBy, Found: x.Found}
		r.Done, err = bill.CountReissued(ctx, tx, x)
		return err
	})
	return r, err
}

// reissueJob goes on with a reissue.
type reissueJob struct {
	Reissue int64 `json:"reissue"`
	Asked   int64 `json:"asked"`
}

// Kind names the job.
func (reissueJob) Kind() string { return "reissue_bills" }

// BeginReissue lets a reissue run behind the pages.
func (a *App) BeginReissue(ctx context.Context, s bill.ReissueStart) error {
	s.Background = true
	_, err := a.Bills.ConfirmReissue(ctx, s, func(ctx context.Context, tx *db.Tx) error {
		return a.background.enqueue(ctx, tx, reissueJob{s.ID, int64(a.now())})
	})
	return err
}

// reissueOn goes on with a reissue unless it was paused or is done.
func (a *App) reissueOn(ctx context.Context, id int64) error {
	var x *bill.Reissue
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		x, err = bill.FindReissue(ctx, tx, id)
		return err
	})
	if err != nil || x.State != bill.ReissueRunning {
		return err
	}
	_, err = a.Bills.ContinueReissue(ctx, x, nil)
	if fault.CodeOf(err) == bill.IntakeRunning {
		return job.Later(intakeWait)
	}
	return notPaused(err, bill.PausedCode)
}
