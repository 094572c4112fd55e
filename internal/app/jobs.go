package app

import (
	"context"
	"time"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/job"
)

// intakeJob takes in a file that a supplier's program delivered.
type intakeJob struct {
	Delivery int64 `json:"delivery"`
}

// Kind names the job.
func (intakeJob) Kind() string { return "intake" }

// webhookJob calls one endpoint with what waits for it, under a claim: one left by a crash does nothing any more.
type webhookJob struct {
	Endpoint int64 `json:"endpoint"`
	Claim    int64 `json:"claim"`
}

// Kind names the job.
func (webhookJob) Kind() string { return "webhook" }

// InsertOpts gives it the queue of those who wait for others.
func (webhookJob) InsertOpts() job.Options { return job.Calling() }

// gisJob tells ГИС ЖКХ what there is to tell. Asked tells two wishes apart: a job done once is not done again.
type gisJob struct {
	Asked int64 `json:"asked"`
}

// Kind names the job.
func (gisJob) Kind() string { return "gis" }

// InsertOpts gives it the queue of those who wait for others.
func (gisJob) InsertOpts() job.Options { return job.Calling() }

// every does something now and again until the context ends, with a pause after each time; what fails is logged under a
// name, once while it stays the same, and done again.
func (a *App) every(ctx context.Context, pause time.Duration, what string, do func() error) {
	said := ""
	for {
		err := do()
		if err != nil && ctx.Err() == nil && err.Error() != said {
			a.Log.Error(what, "error", err)
		}
		if said = ""; err != nil {
			said = err.Error()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// gisPause is how often the queue of ГИС ЖКХ gets a job.
const gisPause = 15 * time.Second

// tellState hands what ГИС ЖКХ has to be told to jobs, one at a time in this process.
func (a *App) tellState(ctx context.Context, q *job.Queue) {
	if a.Settings.GISURL == "" {
		return
	}
	a.every(ctx, gisPause, "queue of GIS", func() error {
		return a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			return q.Enqueue(ctx, tx, gisJob{int64(a.now()) / int64(gisPause/time.Microsecond)})
		})
	})
}

// dispatchPause is how soon an endpoint that has something to be called with gets its job.
const dispatchPause = 500 * time.Millisecond

// callEndpoints hands endpoints that have something waiting to jobs.
func (a *App) callEndpoints(ctx context.Context, q *job.Queue) {
	a.every(ctx, dispatchPause, "webhooks", func() error {
		return a.Webhooks.Dispatch(ctx, func(ctx context.Context, tx *db.Tx, endpoint, claim int64) error {
			return q.Enqueue(ctx, tx, webhookJob{endpoint, claim})
		})
	})
}

// busyPause is how long a delivery waits when another intake is running.
const busyPause = time.Second

// startJobs starts the queue and connects the features that enqueue.
func (a *App) startJobs(ctx context.Context) (*job.Queue, error) {
	q := job.New(a.DB, a.Log)
	job.Handle(q, func(ctx context.Context, j intakeJob) error {
		err := a.Exchange.RunIntake(ctx, j.Delivery)
		if fault.CodeOf(err) == "intake.busy" {
			return job.Later(busyPause)
		}
		return err
	})
	a.handleRuns(q)
	a.handleAutopay(q)
	job.Handle(q, func(ctx context.Context, _ gisJob) error {
		return a.background.alone("gis", func() error { return a.GIS.Tick(ctx) })
	})
	job.Handle(q, func(ctx context.Context, j webhookJob) error { return a.Webhooks.Run(ctx, j.Endpoint, j.Claim) })
	if err := q.Start(ctx); err != nil {
		return nil, err
	}
	a.background.queue = q
	a.Exchange.OnDelivered = func(ctx context.Context, tx *db.Tx, id int64) error { return q.Enqueue(ctx, tx, intakeJob{id}) }
	return q, nil
}
