// Package cluster finds PostgreSQL's own programs and runs a server on a folder of data.
//
// Owns: where the programs are, as whom they run, how long a server may take to answer. Does not own: what is in the folder.
package cluster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // answers whether the server is there

	"kvit/internal/fault"
)

// Bin is the folder of the programs of one version, of the newest when version is 0.
func Bin(version int) (string, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is right
	slices.SortFunc(dirs, func(a, b string) int { return versionOf(b) - versionOf(a) })
	for _, d := range dirs {
		if _, err := os.Stat(filepath.Join(d, "initdb")); err == nil && (version == 0 || versionOf(d) == version) {
			return d, nil
		}
	}
	if path, err := exec.LookPath("pg_basebackup"); err == nil && version == 0 {
		return filepath.Dir(path), nil
	}
	if version != 0 {
		return "", fault.Newf(fault.Unavailable, "postgres.missing", "Программы PostgreSQL %d не найдены в /usr/lib/postgresql. Поставьте пакет postgresql-%d.", version, version)
	}
	return "", fault.New(fault.Unavailable, "postgres.missing", "Программы PostgreSQL не найдены в /usr/lib/postgresql. Поставьте пакет postgresql.")
}

func versionOf(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return n
}

// Owner gives a folder to a user the server agrees to run as: it refuses root. nil when this process is not root.
func Owner(dir string) (*syscall.Credential, error) {
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
	cred := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return cred, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
}

// Server is a server running on a folder of data, with settings of its own: the folder's are not read.
type Server struct {
	cmd  *exec.Cmd
	done chan error
	dir  string // of its socket and settings
}

// startWait bounds how long a server may replay its log before it answers.
const startWait = 2 * time.Hour

// Start runs a server of a version on a folder of data, reached by a socket only, with settings written as in
// postgresql.conf. It comes back once the server answers and has replayed its log. stderr takes what the server says.
func Start(ctx context.Context, version int, data string, settings string, stderr io.Writer) (*Server, error) {
	bin, err := Bin(version)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kvit-return-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, done: make(chan error, 1)}
	conf, hba := filepath.Join(dir, "postgresql.conf"), filepath.Join(dir, "pg_hba.conf")
	if err = os.WriteFile(conf, []byte(settings), 0o600); err == nil {
		err = os.WriteFile(hba, []byte("local all all trust\n"), 0o600)
	}
	cred, ownErr := Owner(dir)
	if err != nil || ownErr != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("settings of the server: %w", firstOf(err, ownErr))
	}
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-c", "config_file="+conf, "-c", "hba_file="+hba, "-c", "listen_addresses=", "-c", "port=5432")
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred, Pdeathsig: syscall.SIGQUIT}
	s.cmd.Dir, s.cmd.Stderr = dir, stderr
	if err := s.cmd.Start(); err != nil {
		os.RemoveAll(dir)
		return nil, fault.New(fault.Unavailable, "postgres.start", "Сервер PostgreSQL не запустился.").Because(err)
	}
	go func() { s.done <- s.cmd.Wait() }()
	return s, s.wait(ctx)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// wait asks until the server answers that it has come to its end of recovery.
func (s *Server) wait(ctx context.Context) error {
	d, err := sql.Open("pgx", s.URL("postgres", "template1"))
	if err != nil {
		return err
	}
	defer d.Close()
	for end := time.Now().Add(startWait); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		select {
		case err := <-s.done:
			s.done <- err
			os.RemoveAll(s.dir)
			return fault.New(fault.Unavailable, "postgres.start", "Сервер PostgreSQL остановился, не дойдя до нужного момента.").Because(err)
		case <-ctx.Done():
			s.Stop()
			return ctx.Err()
		default:
		}
		if d.PingContext(ctx) == nil || answers(d) {
			return nil
		}
	}
	s.Stop()
	return fault.New(fault.Unavailable, "postgres.start", "Сервер PostgreSQL не ответил.")
}

// answers tells whether the server refuses us for another reason than that it is still starting: a role of that name may
// not be there.
func answers(d *sql.DB) bool {
	var state interface{ SQLState() string }
	err := d.Ping()
	return errors.As(err, &state) && state.SQLState() != "57P03"
}

// Stop ends the server in order, so that the next start needs no recovery.
func (s *Server) Stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGINT) // it may have ended
	err := <-s.done
	os.RemoveAll(s.dir)
	return err
}

// URL is the address of a database on the server.
func (s *Server) URL(user, database string) string {
	return fmt.Sprintf("postgres:///%s?host=%s&port=5432&user=%s&sslmode=disable", database, s.dir, user)
}
