// Package dbtest gives tests a fresh migrated database of either kind.
//
// PostgreSQL is the system's own: the newest server under Debian's versioned folder is started once per test
// binary on a free port in a temporary folder, and each test gets a database copied from a migrated template.
// A missing server fails the test, unless KVIT_TEST_NO_PG=1 says to skip it loudly.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

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

var (
	liteOnce     sync.Once
	liteTemplate []byte
	liteErr      error
)

// SQLite gives a fresh migrated SQLite file.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	liteOnce.Do(func() { liteTemplate, liteErr = migratedFile() })
	if liteErr != nil {
		t.Fatalf("migrate SQLite: %v", liteErr)
	}
	path := filepath.Join(t.TempDir(), "kvit.db")
	if err := os.WriteFile(path, liteTemplate, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, db.Config{Path: path})
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
	pgOnce.Do(func() { pg, pgErr = startWithTemplate() })
	if pgErr != nil {
		t.Fatalf("PostgreSQL для проверок не запустился (пакет postgresql; пропустить: KVIT_TEST_NO_PG=1): %v", pgErr)
	}
	name := fmt.Sprintf("t%d", pgSeq.Add(1))
	if err := pg.Create(name, "template_kvit"); err != nil {
		t.Fatal(err)
	}
	return pg.URL(name)
}

func startWithTemplate() (*Server, error) {
	s, err := StartServer()
	if err != nil {
		return nil, err
	}
	if err := s.Create("template_kvit", "template0"); err != nil {
		return nil, err
	}
	d, err := db.Open(context.Background(), db.Config{URL: s.URL("template_kvit")})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return s, d.Migrate(context.Background())
}

// Server is a throwaway PostgreSQL cluster that dies with the process.
type Server struct {
	port int
	cmd  *exec.Cmd
	dir  string
	mu   sync.Mutex
}

// StartServer starts a cluster on loopback. It is stopped by Stop or with the process.
func StartServer() (*Server, error) {
	bin, err := binDir()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kvit-pg-")
	if err != nil {
		return nil, err
	}
	cred, err := owner(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	init := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "--locale=C.UTF-8", "-E", "UTF8", "-A", "trust", "-U", "kvit", "--no-sync")
	init.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	init.Dir = dir
	if out, err := init.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{port: port, dir: dir}
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-k", dir,
		"-c", "listen_addresses=127.0.0.1", "-c", "fsync="+fsync(), "-c", "max_connections=200", "-c", "shared_buffers=256MB")
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred, Pdeathsig: syscall.SIGKILL}
	s.cmd.Dir = dir
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	return s, s.wait()
}

// fsync is off in tests and on where KVIT_TEST_PG_FSYNC=on asks for honest figures.
func fsync() string {
	if os.Getenv("KVIT_TEST_PG_FSYNC") == "on" {
		return "on"
	}
	return "off"
}

// Stop ends the server and removes its files.
func (s *Server) Stop() {
	s.cmd.Process.Signal(syscall.SIGQUIT)
	s.cmd.Wait()
	os.RemoveAll(s.dir)
}

// URL is the address of a database on the server.
func (s *Server) URL(name string) string {
	return fmt.Sprintf("postgres://kvit@127.0.0.1:%d/%s?sslmode=disable", s.port, name)
}

// Create makes a database from a template.
func (s *Server) Create(name, template string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	admin, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		return err
	}
	defer admin.Close()
	_, err = admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + template)
	return err
}

func (s *Server) wait() error {
	admin, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		return err
	}
	defer admin.Close()
	for range 300 {
		if err = admin.Ping(); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("postgres did not answer in 15 s: %w", err)
}

// binDir is the folder of the newest server installed.
func binDir() (string, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(dirs, func(a, b string) int { return version(b) - version(a) })
	for _, d := range dirs {
		if _, err := os.Stat(filepath.Join(d, "initdb")); err == nil {
			return d, nil
		}
	}
	return "", fmt.Errorf("нет сервера PostgreSQL в /usr/lib/postgresql: установите пакет postgresql")
}

func version(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return n
}

// owner gives the folder to a user the server agrees to run as: it refuses root.
func owner(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chmod(dir, 0o755)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
