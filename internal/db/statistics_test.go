package db_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestTablesJustFilledAreCounted: what PostgreSQL thinks of a table follows a large load, and a small change is left to it.
func TestTablesJustFilledAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for _, statement := range []string{
			"CREATE TABLE filled (a BIGINT)", "CREATE TABLE touched (a BIGINT)", "CREATE INDEX filled_a ON filled (a)",
			"INSERT INTO filled WITH RECURSIVE n (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 5000) SELECT a FROM n", "INSERT INTO touched VALUES (1)",
		} {
			if _, err := d.Handle().ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		counted := func(table string) (n float64) {
			t.Helper()
			query := "SELECT reltuples FROM pg_class WHERE relname = $1"
			if d.Dialect == db.SQLite { // «5000 1»: rows, and rows of one value
				query = "SELECT CAST(substr(stat, 1, instr(stat, ' ')) AS REAL) FROM sqlite_stat1 WHERE tbl = $1"
			}
			if err := d.Handle().QueryRowContext(ctx, query, table).Scan(&n); err != nil && !errors.Is(err, sql.ErrNoRows) {
				t.Fatal(err)
			}
			return n
		}
		if err := d.AnalyzeChanged(ctx); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(15 * time.Second); counted("filled") != 5000; time.Sleep(100 * time.Millisecond) { // it hears of changes late
			if time.Now().After(end) {
				t.Fatalf("filled has %v rows", counted("filled"))
			}
			if err := d.AnalyzeChanged(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if n := counted("touched"); n > 0 {
			t.Errorf("a table of one new row was counted: %v", n)
		}
	})
}
