// Package job runs work in the background: a job is enqueued in the transaction of the change that asks for it, and is
// worked once it is committed, again after a failure, and after a crash.
//
// Owns: River's tables and the queues. Does not own: what a job does – features give their own kinds and functions.
//
// Invariants: a job of a rolled-back transaction never runs; a job that a crash interrupted runs again, so every job is
// written to be run twice; nothing waits for ever: every kind has a bound of tries and of time.
package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"kvit/internal/db"
)

// Args are what a job is about: a small struct that names its kind. Two jobs of one kind with equal arguments that
// still wait are one job.
type Args = river.JobArgs

// Options are how a kind of job is queued; arguments give them by a method InsertOpts.
type Options = river.InsertOpts

// Bounds of the queues.
const (
	workersMax   = 2                // jobs at a time; a job is a batch, not a row
	callersMax   = 16               // jobs that wait for outside parties; they hold up nobody else
	triesMax     = 20               // over about a day, growing pauses between them
	jobTime      = 12 * time.Hour   // of one try: the longest file of a region
	stuckAfter   = 13 * time.Hour   // a job of a process that died is taken over by then at the latest
	pollPause    = time.Second      // SQLite has no notifications
	listenConns  = 2                // taken out of the pool for good
	stopWait     = 15 * time.Second // for running jobs when the program is told to stop
	keepFinished = 72 * time.Hour
)

// Queue is the way to the background.
type Queue struct {
	db       *db.DB
	log      *slog.Logger
	workers  *river.Workers
	periodic []*river.PeriodicJob
	client   *river.Client[*sql.Tx]
	listener *pgxpool.Pool
}

// New makes a queue; kinds are added by Handle before Start.
func New(d *db.DB, log *slog.Logger) *Queue {
	return &Queue{db: d, log: log, workers: river.NewWorkers()}
}

// Handle gives a kind of job the function that does it. The function is called again when it fails.
func Handle[T Args](q *Queue, do func(ctx context.Context, args T) error) {
	river.AddWorker(q.workers, river.WorkFunc(func(ctx context.Context, j *river.Job[T]) error { return do(ctx, j.Args) }))
}

// Every enqueues a job again and again, first when the queue starts.
func (q *Queue) Every(pause time.Duration, args Args) {
	q.periodic = append(q.periodic, river.NewPeriodicJob(river.PeriodicInterval(pause),
		func() (river.JobArgs, *river.InsertOpts) { return args, unique() }, &river.PeriodicJobOpts{RunOnStart: true}))
}

func unique() *river.InsertOpts {
	return &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// callers is the queue of jobs that wait for outside parties.
const callers = "callers"

// Calling are the options of arguments whose job waits for an outside party: a queue of its own, and no second try by
// itself, for such a job is asked for again as long as there is something to do.
func Calling() Options { return Options{Queue: callers, MaxAttempts: 1} }

// Later tells the queue to try a job again after a pause that counts as no failure.
func Later(pause time.Duration) error { return river.JobSnooze(pause) }

// Start begins to work. Jobs that a crash left are taken up.
func (q *Queue) Start(ctx context.Context) error {
	if q.db.Dialect == db.Postgres {
		cfg := q.db.Pool().Config().Copy()
		cfg.MaxConns, cfg.MinConns = listenConns, 0
		pool, err := pgxpool.NewWithConfig(ctx, cfg)
		if err != nil {
			return fmt.Errorf("job listener: %w", db.Fold(err))
		}
		q.listener = pool
	}
	client, err := river.NewClient(q.db.JobDriver(q.listener), &river.Config{
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workersMax}, callers: {MaxWorkers: callersMax}},
		Workers:                     q.workers,
		PeriodicJobs:                q.periodic,
		Logger:                      q.log,
		ErrorHandler:                failures{q.log},
		MaxAttempts:                 triesMax,
		JobTimeout:                  jobTime,
		RescueStuckJobsAfter:        stuckAfter,
		FetchPollInterval:           pollPause,
		CompletedJobRetentionPeriod: keepFinished,
	})
	if err != nil {
		return fmt.Errorf("job queue: %w", err)
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("job queue: %w", db.Fold(err))
	}
	q.client = client
	return nil
}

// Stop lets running jobs end and then interrupts them; an interrupted job runs again at the next start.
func (q *Queue) Stop() {
	if q.client == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopWait)
	defer cancel()
	if err := q.client.Stop(ctx); err != nil {
		hard, cancelHard := context.WithTimeout(context.Background(), stopWait)
		defer cancelHard()
		if err := q.client.StopAndCancel(hard); err != nil {
			q.log.Warn("jobs did not stop in time", "error", err)
		}
	}
	if q.listener != nil {
		q.listener.Close()
	}
}

// errNotStarted is a fault of wiring, not of a user.
var errNotStarted = errors.New("the job queue was not started")

// Enqueue adds a job in the caller's transaction: rolled back with it, worked once it is committed. A job that waits
// with the same arguments is not added again.
func (q *Queue) Enqueue(ctx context.Context, tx *db.Tx, args Args) error {
	if q.client == nil {
		return errNotStarted
	}
	if _, err := q.client.InsertTx(ctx, tx.Tx, args, unique()); err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	return nil
}

// failures logs what went wrong with a job; the queue tries it again.
type failures struct{ log *slog.Logger }

// HandleError logs a failed try.
func (f failures) HandleError(_ context.Context, j *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.log.Error("job failed", "kind", j.Kind, "job", j.ID, "try", j.Attempt, "error", err)
	return nil
}

// HandlePanic logs a try that panicked.
func (f failures) HandlePanic(_ context.Context, j *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	f.log.Error("job panicked", "kind", j.Kind, "job", j.ID, "try", j.Attempt, "panic", value, "trace", trace)
	return nil
}
