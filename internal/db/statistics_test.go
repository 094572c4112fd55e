package db_test

import (
	"context"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestTablesJustFilledAreCounted: what PostgreSQL thinks of a table follows a large load, and a small change is left to it.
func TestTablesJustFilledAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.AnalyzeChanged(ctx); err != nil || d.Dialect == db.SQLite {
			if err != nil {
				t.Fatal(err)
			}
			return // it keeps no statistics: asking changes nothing
		}
		for _, statement := range []string{"CREATE TABLE filled (a BIGINT)", "CREATE TABLE touched (a BIGINT)", "INSERT INTO filled SELECT generate_series(1, 5000)", "INSERT INTO touched VALUES (1)"} {
			if _, err := d.Handle().ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		counted := func(table string) (n float64) {
			t.Helper()
			if err := d.Handle().QueryRowContext(ctx, "SELECT reltuples FROM pg_class WHERE relname = $1", table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for end := time.Now().Add(2 * time.Minute); counted("filled") != 5000; time.Sleep(100 * time.Millisecond) { // it hears of changes late
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
