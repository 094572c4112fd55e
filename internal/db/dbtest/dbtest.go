// Package dbtest gives tests a fresh migrated database of either kind.
//
// PostgreSQL is the system's own: the newest server under Debian's versioned folder is started once per test
// binary on a free port in a temporary folder, and each test gets a database copied from a migrated template.
// A missing server fails the test, unless KVIT_TEST_NO_PG=1 says to skip it loudly.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"kvit/internal/db"
)

// Each runs fn on a fresh database of each kind, as a parallel subtest. Under the race detector SQLite is left
// out when KVIT_TEST_RACE=1 is set: the pure-Go driver is an order of magnitude slower there (design.md 2).
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	if os.Getenv("KVIT_TEST_RACE") != "1" {
		t.Run("sqlite", func(t *testing.T) { t.Parallel(); fn(t, SQLite(t)) })
	}
	t.Run("postgres", func(t *testing.T) { t.Parallel(); fn(t, Postgres(t)) })
}

// One gives a fresh migrated database for a test that both would answer alike: SQLite, which is nearer; PostgreSQL where Each
// leaves SQLite out.
func One(t testing.TB) *db.DB {
	t.Helper()
	if os.Getenv("KVIT_TEST_RACE") == "1" {
		return Postgres(t)
	}
	return SQLite(t)
}

var (
	liteOnce     sync.Once
	liteTemplate []byte
	liteErr      error
)

// SQLite gives a fresh migrated SQLite file.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kvit.db")
	SQLiteFile(t, path)
	return open(t, db.Config{Path: path})
}

// SQLiteFile writes a fresh migrated SQLite file, for who opens it by himself.
func SQLiteFile(t testing.TB, path string) {
	t.Helper()
	liteOnce.Do(func() { liteTemplate, liteErr = migratedFile() })
	if liteErr != nil {
		t.Fatalf("migrate SQLite: %v", liteErr)
	}
	if err := os.WriteFile(path, liteTemplate, 0o600); err != nil {
		t.Fatal(err)
	}
}

func migratedFile() ([]byte, error) {
	dir, err := os.MkdirTemp("", "kvit-lite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "t.db")
	d, err := db.Open(context.Background(), db.Config{Path: path})
	if err != nil {
		return nil, err
	}
	err = d.Migrate(context.Background())
	if err == nil {
		_, err = d.Handle().Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	}
	d.Close()
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func open(t testing.TB, c db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

var (
	pgOnce sync.Once
	pg     *Server
	pgErr  error
	pgSeq  atomic.Int64
)

// Postgres gives a fresh migrated PostgreSQL database.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, db.Config{URL: PostgresURL(t)})
}

// PostgresURL is the address of a fresh migrated PostgreSQL database.
func PostgresURL(t testing.TB) string {
	t.Helper()
	if os.Getenv("KVIT_TEST_NO_PG") == "1" {
		t.Skip("ПРОПУЩЕНО: KVIT_TEST_NO_PG=1, PostgreSQL не проверяется")
	}
	pgOnce.Do(func() { pg, pgErr = startMigrated() })
	if pgErr != nil {
		t.Fatalf("PostgreSQL для проверок не запустился (пакет postgresql; пропустить: KVIT_TEST_NO_PG=1): %v", pgErr)
	}
	name := fmt.Sprintf("t%d", pgSeq.Add(1))
	if err := pg.Create(name, template); err != nil {
		t.Fatal(err)
	}
	return pg.URL(name)
}

// OwnPostgresURL is the address of a fresh migrated database on a server of its own, for who copies a whole cluster: the one
// the tests of a package share holds hundreds of databases.
func OwnPostgresURL(t testing.TB) string {
	t.Helper()
	if os.Getenv("KVIT_TEST_NO_PG") == "1" {
		t.Skip("ПРОПУЩЕНО: KVIT_TEST_NO_PG=1, PostgreSQL не проверяется")
	}
	s, err := startMigrated()
	if err == nil {
		t.Cleanup(s.Stop)
		err = s.Create("own", template)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s.URL("own")
}

// startMigrated starts a server whose template is up to date: the kept one may be older than a library with tables of its own.
func startMigrated() (*Server, error) {
	s, err := StartServer()
	if err != nil {
		return nil, err
	}
	return s, s.migrate()
}
