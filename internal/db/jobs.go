package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"kvit/internal/fault"
)

// jobLock is the advisory lock under which PostgreSQL's tables of jobs are migrated.
const jobLock = 0x6b766974 // "kvit"

// JobDriver is the job queue's way to the database. On PostgreSQL a listener, a small pool of its own, brings jobs
// without polling; nil polls.
func (d *DB) JobDriver(listener *pgxpool.Pool) riverdriver.Driver[*sql.Tx] {
	switch {
	case d.Dialect == SQLite:
		return riversqlite.New(d.write)
	case listener != nil:
		return riverdatabasesql.NewWithPgxListener(d.write, listener)
	}
	return riverdatabasesql.New(d.write)
}

func (d *DB) jobMigrator() (*rivermigrate.Migrator[*sql.Tx], error) {
	return rivermigrate.New(d.JobDriver(nil), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
}

// migrateJobs brings the tables of the job queue up to date.
func (d *DB) migrateJobs(ctx context.Context) (err error) {
	m, err := d.jobMigrator()
	if err != nil {
		return err
	}
	if d.Dialect == Postgres {
		conn, err := d.write.Conn(ctx)
		if err != nil {
			return Fold(err)
		}
		defer conn.Close() // gives the lock back whatever happened
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", jobLock); err != nil {
			return Fold(err)
		}
		defer conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", jobLock) //nolint:errcheck // a closed connection has no locks
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate jobs: %w", Fold(err))
	}
	return nil
}

// checkJobs refuses a database whose tables of jobs are older than this program.
func (d *DB) checkJobs(ctx context.Context) error {
	m, err := d.jobMigrator()
	if err != nil {
		return err
	}
	res, err := m.Validate(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	if !res.OK {
		return fault.New(fault.Conflict, "db.schema_old", "Схема базы данных старее программы. Выполните: kvit migrate")
	}
	return nil
}
