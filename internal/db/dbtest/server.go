package dbtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/cluster"
)

// template is the migrated database that tests' databases are copied from.
const template = "template_kvit"

// Server is a throwaway PostgreSQL cluster that dies with the process.
type Server struct {
	port int
	cmd  *exec.Cmd
	dir  string
	mu   sync.Mutex
}

// StartServer starts a cluster on loopback. It is stopped by Stop or with the process, and then its files are removed by
// Stop or by the next server started.
//
// Making a cluster and migrating it costs seconds, and every package's tests want one: it is made once for a version of
// PostgreSQL and a set of migrations, kept stopped in the temporary folder, and copied.
func StartServer() (*Server, error) {
	bin, err := cluster.Bin(0)
	if err != nil {
		return nil, err
	}
	go sweep()
	kept, err := keptCluster(bin)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", clusterPrefix)
	if err != nil {
		return nil, err
	}
	cred, err := cluster.Owner(dir)
	if err != nil {
		return nil, err
	}
	if out, err := exec.Command("cp", "-a", "--reflink=auto", kept, filepath.Join(dir, "data")).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("copy of %s: %w: %s", kept, err, out)
	}
	return start(bin, dir, cred)
}

// start starts the cluster in a folder.
func start(bin, dir string, cred *syscall.Credential) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{port: port, dir: dir}
	args := []string{"-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(port), "-k", dir}
	for _, setting := range settings() {
		args = append(args, "-c", setting)
	}
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), args...)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred, Pdeathsig: syscall.SIGKILL}
	s.cmd.Dir = dir
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	return s, s.wait()
}

// settings are of a cluster that nobody misses: it writes no more than it must, and autovacuum does not walk from one of its
// hundreds of small databases to the next. Who takes its log keeps up however busy the machine is. Where
// KVIT_TEST_PG_FSYNC=on asks for honest figures how it writes is PostgreSQL's own way.
func settings() []string {
	list := []string{"listen_addresses=127.0.0.1", "max_connections=200", "shared_buffers=256MB", "max_wal_size=4GB", "wal_keep_size=1GB"}
	if os.Getenv("KVIT_TEST_PG_FSYNC") == "on" {
		return list
	}
	return append(list, "fsync=off", "full_page_writes=off", "autovacuum=off")
}

// keptCluster is the folder of the stopped, migrated cluster; made when there is none. Several processes may make it at
// once: the first to put it in its place wins.
func keptCluster(bin string) (string, error) {
	name, err := keptName(bin)
	if err != nil {
		return "", err
	}
	place := filepath.Join(os.TempDir(), name)
	if _, err := os.Stat(place); err == nil {
		return place, nil
	}
	dir, err := os.MkdirTemp("", clusterPrefix)
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := makeCluster(bin, dir); err != nil {
		return "", err
	}
	err = os.Rename(filepath.Join(dir, "data"), place)
	if _, there := os.Stat(place); there == nil {
		return place, nil
	}
	return place, err
}

// keptName tells one version of PostgreSQL, set of migrations and user from another.
func keptName(bin string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, bin, os.Getuid())
	err := fs.WalkDir(db.Migrations(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(db.Migrations(), path)
		fmt.Fprintln(h, path, len(body))
		h.Write(body)
		return err
	})
	return "kvit-kept-" + hex.EncodeToString(h.Sum(nil))[:16], err
}

func makeCluster(bin, dir string) error {
	cred, err := cluster.Owner(dir)
	if err != nil {
		return err
	}
	init := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "--locale=C.UTF-8", "-E", "UTF8", "-A", "trust", "-U", "kvit", "--no-sync")
	init.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	init.Dir = dir
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	s, err := start(bin, dir, cred)
	if err != nil {
		return err
	}
	if err := s.Create(template, "template0"); err != nil {
		return err
	}
	if err := s.migrate(); err != nil {
		return err
	}
	s.cmd.Process.Signal(syscall.SIGINT) // a stop in order: a copy starts without recovery
	return s.cmd.Wait()
}

// migrate brings the template up to date.
func (s *Server) migrate() error {
	d, err := db.Open(context.Background(), db.Config{URL: s.URL(template)})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(context.Background())
}

// clusterPrefix is how folders of clusters begin.
const clusterPrefix = "kvit-pg-"

// leftAfter is when a folder without a running server is taken for one left behind.
const leftAfter = 10 * time.Minute

// sweep removes the folders of servers that died with their process, as far as it comes before the tests end.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), clusterPrefix+"*"))
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err == nil && time.Since(info.ModTime()) > leftAfter && !running(dir) {
			os.RemoveAll(dir)
		}
	}
}

// running tells whether the server of a folder lives, by the process it names.
func running(dir string) bool {
	body, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		return false
	}
	first, _, _ := strings.Cut(string(body), "\n")
	pid, err := strconv.Atoi(first)
	return err == nil && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
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

// Create makes a database from a template, file by file: through the log, as is usual since PostgreSQL 15, a thousand small
// tables cost six times the work.
func (s *Server) Create(name, template string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	admin, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		return err
	}
	defer admin.Close()
	var version int
	if err := admin.QueryRow("SELECT CAST(current_setting('server_version_num') AS INTEGER) / 10000").Scan(&version); err != nil {
		return err
	}
	how := ""
	if version >= 15 { // before, there was no other way
		how = " STRATEGY file_copy"
	}
	_, err = admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + template + how)
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

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
