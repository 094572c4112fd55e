package dbtest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"kvit/internal/db"
)

// Image is what a database of one kind held when it was taken: tests that begin with the same town fill it once.
type Image struct {
	lite      []byte            // SQLite: the file
	tables    map[string][]byte // PostgreSQL: rows as COPY gives them; tables without rows are left out
	sequences map[string]int64
}

// emptyCopy is the length of a binary COPY without rows: its head and its end.
const emptyCopy = 21

// Take takes the image of a database.
func Take(t testing.TB, d *db.DB) *Image {
	t.Helper()
	m := &Image{}
	var err error
	if d.Dialect == db.SQLite {
		m.lite, err = takeSQLite(t, d)
	} else {
		err = m.takePostgres(t.Context(), d.Pool())
	}
	if err != nil {
		t.Fatalf("image: %v", err)
	}
	return m
}

func takeSQLite(t testing.TB, d *db.DB) ([]byte, error) {
	path := filepath.Join(t.TempDir(), "image.db")
	if _, err := d.Handle().ExecContext(t.Context(), "VACUUM INTO $1", path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func (m *Image) takePostgres(ctx context.Context, pool *pgxpool.Pool) error {
	m.tables, m.sequences = map[string][]byte{}, map[string]int64{}
	names, err := tablesOf(ctx, pool)
	if err != nil {
		return err
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	for _, name := range names {
		var rows bytes.Buffer
		if _, err := conn.Conn().PgConn().CopyTo(ctx, &rows, "COPY "+name+" TO STDOUT (FORMAT binary)"); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if rows.Len() > emptyCopy {
			m.tables[name] = rows.Bytes()
		}
	}
	rows, err := conn.Query(ctx, "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var last int64
		if err := rows.Scan(&name, &last); err != nil {
			return err
		}
		m.sequences[name] = last
	}
	return rows.Err()
}

func tablesOf(ctx context.Context, pool *pgxpool.Pool) (names []string, err error) {
	rows, err := pool.Query(ctx, "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// Give puts what the image holds in the place of what a migrated database of the same kind holds. Nobody may have used it.
func (m *Image) Give(t testing.TB, d *db.DB) {
	t.Helper()
	var err error
	if d.Dialect == db.SQLite {
		err = m.giveSQLite(t, d)
	} else {
		err = m.givePostgres(t.Context(), d.Pool())
	}
	if err != nil {
		t.Fatalf("image: %v", err)
	}
}

// giveSQLite copies the tables of the file; the one writing connection is the one that knows it.
func (m *Image) giveSQLite(t testing.TB, d *db.DB) error {
	ctx, handle := t.Context(), d.Handle()
	path := filepath.Join(t.TempDir(), "image.db")
	if err := os.WriteFile(path, m.lite, 0o600); err != nil {
		return err
	}
	if _, err := handle.ExecContext(ctx, "ATTACH $1 AS image", path); err != nil {
		return err
	}
	script := "PRAGMA foreign_keys = OFF; BEGIN;"
	rows, err := handle.QueryContext(ctx, "SELECT name FROM image.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		return err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			rows.Close()
			return err
		}
		script += fmt.Sprintf("DELETE FROM main.%q; INSERT INTO main.%[1]q SELECT * FROM image.%[1]q;", name)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	_, err = handle.ExecContext(ctx, script+"COMMIT; PRAGMA foreign_keys = ON; DETACH image")
	return err
}

func (m *Image) givePostgres(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	wire := conn.Conn().PgConn()
	if _, err := wire.Exec(ctx, "BEGIN; SET LOCAL session_replication_role = replica").ReadAll(); err != nil { // no foreign keys: tables come in any order
		return err
	}
	for name, rows := range m.tables {
		if _, err := wire.Exec(ctx, "DELETE FROM "+name).ReadAll(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := wire.CopyFrom(ctx, bytes.NewReader(rows), "COPY "+name+" FROM STDIN (FORMAT binary)"); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for name, last := range m.sequences {
		if _, err := wire.Exec(ctx, fmt.Sprintf("SELECT setval('%s', %d)", name, last)).ReadAll(); err != nil {
			return err
		}
	}
	_, err = wire.Exec(ctx, "COMMIT").ReadAll()
	return err
}
