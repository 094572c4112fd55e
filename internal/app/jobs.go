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
	if err := q.Start(ctx); err != nil {
		return nil, err
	}
	a.background.queue = q
	a.Exchange.OnDelivered = func(ctx context.Context, tx *db.Tx, id int64) error { return q.Enqueue(ctx, tx, intakeJob{id}) }
	return q, nil
}
