package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"kvit/internal/bill"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/job"
)

// chargeJob goes on with a charge run. Asked tells two wishes for one run apart: a job done once is not done again.
type chargeJob struct {
	Run   int64 `json:"run"`
	Asked int64 `json:"asked"`
}

// Kind names the job.
func (chargeJob) Kind() string { return "charge_run" }

// publishJob goes on with the publication of a run.
type publishJob struct {
	Run   int64 `json:"run"`
	Asked int64 `json:"asked"`
}

// Kind names the job.
func (publishJob) Kind() string { return "publish_bills" }

// intakeWait is how long a publication waits for files that are being taken in.
const intakeWait = 10 * time.Second

// errNoQueue is a fault of wiring: pages that begin runs are served by a program without a queue.
var errNoQueue = errors.New("runs need the job queue")

// background is the work on runs that the server does behind the pages.
type background struct {
	queue *job.Queue
	mu    sync.Mutex
	at    map[string]bool // what this process is at
}

// busyWait is how long a job waits for another of the same run to end.
const busyWait = 2 * time.Second

// alone does something, later when this process is at it already: a job may be asked for twice, and one that was asked
// for while the other was stopping has to be worked.
func (b *background) alone(name string, do func() error) error {
	b.mu.Lock()
	if b.at[name] {
		b.mu.Unlock()
		return job.Later(busyWait)
	}
	if b.at == nil {
		b.at = map[string]bool{}
	}
	b.at[name] = true
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		delete(b.at, name)
		b.mu.Unlock()
	}()
	return do()
}

func (b *background) enqueue(ctx context.Context, tx *db.Tx, args job.Args) error {
	if b.queue == nil {
		return errNoQueue
	}
	return b.queue.Enqueue(ctx, tx, args)
}

// handleRuns gives the queue the work on runs.
func (a *App) handleRuns(q *job.Queue) {
	job.Handle(q, func(ctx context.Context, j chargeJob) error {
		return a.background.alone(fmt.Sprintf("charge:%d", j.Run), func() error {
			return notPaused(a.Charges.Continue(ctx, j.Run), "charge.paused")
		})
	})
	job.Handle(q, func(ctx context.Context, j publishJob) error {
		return a.background.alone(fmt.Sprintf("publish:%d", j.Run), func() error { return a.publishOn(ctx, j.Run) })
	})
	job.Handle(q, func(ctx context.Context, j reissueJob) error {
		return a.background.alone(fmt.Sprintf("reissue:%d", j.Reissue), func() error { return a.reissueOn(ctx, j.Reissue) })
	})
}

// notPaused forgives work that somebody paused.
func notPaused(err error, code string) error {
	if fault.CodeOf(err) == code {
		return nil
	}
	return err
}

// publishOn goes on with a publication unless it was paused or is done.
func (a *App) publishOn(ctx context.Context, run int64) error {
	var p *bill.Publication
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = bill.FindPublication(ctx, tx, run)
		return err
	})
	if err != nil || p == nil || p.State != bill.PublicationRunning {
		return err
	}
	_, err = a.Bills.ContinuePublication(ctx, p, nil)
	if fault.CodeOf(err) == bill.IntakeRunning {
		return job.Later(intakeWait)
	}
	return notPaused(err, bill.PausedCode)
}

// BeginCharge begins a run, or goes on with one, behind the pages: it lasts over restarts of the server.
func (a *App) BeginCharge(ctx context.Context, req charge.Request) (*charge.Run, error) {
	if _, err := a.Meters.CatchUp(ctx); err != nil {
		return nil, err
	}
	req.Join = func(ctx context.Context, tx *db.Tx, run *charge.Run) error {
		if err := a.Charges.Remember(ctx, tx, run.ID, req.Actor); err != nil {
			return err
		}
		return a.background.enqueue(ctx, tx, chargeJob{run.ID, int64(a.now())})
	}
	return a.Charges.Begin(ctx, req)
}

// BeginPublication issues the bills of a run behind the pages.
func (a *App) BeginPublication(ctx context.Context, req bill.PublishRequest) error {
	req.Background = true
	_, err := a.Bills.BeginPublication(ctx, req, func(ctx context.Context, tx *db.Tx) error {
		return a.background.enqueue(ctx, tx, publishJob{req.Run, int64(a.now())})
	})
	return err
}

// takeUpRuns goes on with the runs, publications and reissues the server was at when it stopped.
func (a *App) takeUpRuns(ctx context.Context) error {
	runs, err := a.Charges.ListInterrupted(ctx)
	if err != nil {
		return err
	}
	publications, err := a.Bills.ListInterrupted(ctx)
	if err != nil {
		return err
	}
	reissues, err := a.Bills.ListInterruptedReissues(ctx)
	if err != nil || len(runs)+len(publications)+len(reissues) == 0 {
		return err
	}
	return a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for _, id := range runs {
			if err := a.background.enqueue(ctx, tx, chargeJob{id, int64(a.now())}); err != nil {
				return err
			}
		}
		for _, id := range publications {
			if err := a.background.enqueue(ctx, tx, publishJob{id, int64(a.now())}); err != nil {
				return err
			}
		}
		for _, id := range reissues {
			if err := a.background.enqueue(ctx, tx, reissueJob{id, int64(a.now())}); err != nil {
				return err
			}
		}
		return nil
	})
}
