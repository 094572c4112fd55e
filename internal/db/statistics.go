package db

import (
	"context"
	"fmt"
)

// changedLeast is how many changed rows make PostgreSQL's statistics of a table worth another look, and changedPart of how
// many it has: fewer do not turn a plan.
const (
	changedLeast = 1000
	changedPart  = 5
)

// AnalyzeChanged lets the database count the tables a good part of which changed since it last did. After a large load
// PostgreSQL still plans by what was there before – «no row comes from a reading» – and joins a hundred thousand rows one by
// one until autovacuum comes round: minutes instead of a second. SQLite never counts by itself; its readers learn the counts as
// they are opened anew.
func (d *DB) AnalyzeChanged(ctx context.Context) error {
	if d.Dialect != Postgres {
		if _, err := d.write.ExecContext(ctx, "PRAGMA optimize = 0x10002"); err != nil {
			return fmt.Errorf("optimize: %w", Fold(err))
		}
		return nil
	}
	rows, err := d.write.QueryContext(ctx, `SELECT quote_ident(relname) FROM pg_stat_user_tables WHERE schemaname = current_schema()
		AND n_mod_since_analyze > $1 AND n_mod_since_analyze > n_live_tup / $2 ORDER BY relname`, changedLeast, changedPart)
	if err != nil {
		return fmt.Errorf("changed tables: %w", Fold(err))
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fmt.Errorf("changed tables: %w", err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("changed tables: %w", Fold(err))
	}
	rows.Close()
	for _, table := range tables { // each by itself: nobody waits for a lock on all
		if err := d.Analyze(ctx, table); err != nil {
			return err
		}
	}
	return nil
}
