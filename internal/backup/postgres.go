package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"kvit/internal/db/cluster"
	"kvit/internal/fault"
)

// Times of taking PostgreSQL's log.
const (
	receiveWait = 20 * time.Second // until the receiver takes the log
	flushWait   = 10 * time.Second // until it has taken what is committed
)

// postgres copies a PostgreSQL database by its own programs: pg_basebackup and pg_receivewal.
type postgres struct {
	m        *Maker
	bin      string
	address  string   // without a password
	env      []string // with it
	name     string   // of our receiver on the server
	stage    string   // where the receiver writes
	receiver *exec.Cmd
	said     bytes.Buffer
	ended    chan error
	shipped  map[string]bool // files of the log that are whole and copied
}

func (m *Maker) openPostgres(ctx context.Context, h *Head) (_ *postgres, err error) {
	at, err := cluster.ParseAddress(m.URL)
	if err != nil {
		return nil, err
	}
	h.User, h.Name = at.User, at.Database
	var version int
	var receivers, wal string
	err = m.DB.Handle().QueryRowContext(ctx, "SELECT CAST(current_setting('server_version_num') AS INTEGER) / 10000, current_setting('max_wal_senders'), current_setting('wal_level')").Scan(&version, &receivers, &wal)
	if err != nil {
		return nil, fmt.Errorf("settings of the server: %w", err)
	}
	if wal == "minimal" || receivers == "0" {
		return nil, fault.New(fault.Conflict, "backup.wal_settings", "PostgreSQL настроен без передачи журнала. Нужны wal_level = replica и max_wal_senders не меньше 4.")
	}
	h.Server = version
	p := &postgres{m: m, name: fmt.Sprintf("kvit-copy-%d", h.BeganAt), shipped: map[string]bool{}, ended: make(chan error, 1)}
	if p.bin, err = cluster.Bin(version); err != nil {
		return nil, err
	}
	p.address, p.env = at.Tools, append(at.Env, "PGAPPNAME="+p.name)
	p.stage = m.stage(p.name)
	if err := os.MkdirAll(p.stage, 0o700); err != nil {
		return nil, noSpace(err)
	}
	if err := p.receive(ctx); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// tool prepares one of PostgreSQL's programs. It dies with us.
func (p *postgres) tool(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	return cmd
}

// receive begins to take the log.
func (p *postgres) receive(ctx context.Context) error {
	p.receiver = p.tool("pg_receivewal", "-D", p.stage, "-d", p.address, "--no-loop", "--synchronous", "-w")
	p.receiver.Stderr = &p.said
	if err := p.receiver.Start(); err != nil {
		return fault.New(fault.Unavailable, "backup.wal", "Журнал PostgreSQL не читается.").Because(err)
	}
	go func() { p.ended <- p.receiver.Wait() }()
	for end := time.Now().Add(receiveWait); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-p.ended:
			p.ended <- err
			return p.stopped(err)
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		if list, _ := filepath.Glob(filepath.Join(p.stage, "*.partial")); len(list) > 0 {
			return nil
		}
	}
	return fault.New(fault.Unavailable, "backup.wal", "PostgreSQL не начал передавать журнал.")
}

// stopped says why the receiver ended: a right that lacks, a server that went away.
func (p *postgres) stopped(err error) error {
	return fault.New(fault.Unavailable, "backup.wal", "Журнал PostgreSQL не читается. Роли базы нужно право REPLICATION и строка replication в pg_hba.conf.").Because(fmt.Errorf("%w: %.500s", err, strings.TrimSpace(p.said.String())))
}

func (p *postgres) whole(ctx context.Context, c *chain) (piece Piece, from int64, err error) {
	from, path := c.number(kindWhole)
	var said bytes.Buffer
	piece, err = c.s.put(path, func(w io.Writer) error {
		cmd := p.tool("pg_basebackup", "-D", "-", "-d", p.address, "-F", "tar", "-X", "fetch", "-c", "fast", "-w")
		cmd.Stdout, cmd.Stderr = w, &said
		if err := cmd.Start(); err != nil {
			return err
		}
		done := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() }) // it may have ended
		defer done()
		return cmd.Wait()
	})
	if ctx.Err() != nil {
		return piece, from, ctx.Err()
	}
	if err != nil && fault.CodeOf(err) == "" {
		err = fault.New(fault.Unavailable, "backup.base", "Копия PostgreSQL не снялась.").Because(fmt.Errorf("%w: %.500s", err, strings.TrimSpace(said.String())))
	}
	return piece, from, err
}

// logName is the name of a file of PostgreSQL's log, or of the history of its timelines.
var logName = regexp.MustCompile(`^([0-9A-F]{24}|[0-9A-F]{8}\.history)$`)

// change waits until the receiver has what is committed, then copies the files of the log that are whole, and what there is
// of the one being written as the entry's own piece.
func (p *postgres) change(ctx context.Context, c *chain, e *Entry) error {
	if err := p.flushed(ctx); err != nil {
		return err
	}
	names, err := os.ReadDir(p.stage)
	if err != nil {
		return err
	}
	var whole []string
	for _, n := range names {
		if logName.MatchString(n.Name()) {
			whole = append(whole, n.Name())
		}
	}
	slices.Sort(whole)
	for i, name := range whole {
		if p.shipped[name] {
			continue
		}
		x := Entry{Kind: kindChange, WAL: name}
		if err := p.copyLog(c, &x, name); err != nil {
			return err
		}
		if err := c.add(&x); err != nil {
			return err
		}
		p.shipped[name] = true
		for _, old := range whole[:i] { // the receiver goes on after the last one it finds
			os.Remove(filepath.Join(p.stage, old))
		}
	}
	for _, n := range names {
		name, partial := strings.CutSuffix(n.Name(), ".partial")
		if !partial {
			continue
		}
		e.WAL = name
		if err = p.copyLog(c, e, n.Name()); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		e.WAL = name
		return p.copyLog(c, e, name) // it became whole meanwhile
	}
	return fault.New(fault.Unavailable, "backup.wal", "PostgreSQL перестал передавать журнал.")
}

func (p *postgres) copyLog(c *chain, e *Entry, file string) error {
	in, err := os.Open(filepath.Join(p.stage, file))
	if err != nil {
		return err
	}
	defer in.Close()
	no, path := c.number(kindChange)
	e.No = no
	e.Piece, err = c.s.put(path, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
	return err
}

// flushed writes one row, so that a moment asked for later always has a commit after it, and waits until the receiver has it.
func (p *postgres) flushed(ctx context.Context) error {
	h := p.m.DB.Handle()
	if _, err := h.ExecContext(ctx, "UPDATE db_beat SET beat = beat + 1"); err != nil {
		return fmt.Errorf("beat: %w", err)
	}
	var at string
	if err := h.QueryRowContext(ctx, "SELECT CAST(pg_current_wal_flush_lsn() AS TEXT)").Scan(&at); err != nil {
		return fmt.Errorf("place in the log: %w", err)
	}
	for end := time.Now().Add(flushWait); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-p.ended:
			p.ended <- err
			return p.stopped(err)
		default:
		}
		var there bool
		err := h.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE application_name = $1 AND flush_lsn >= CAST($2 AS pg_lsn))", p.name, at).Scan(&there)
		if err != nil || there {
			return err
		}
	}
	return fault.New(fault.Unavailable, "backup.wal", "PostgreSQL не успевает передавать журнал.")
}

func (p *postgres) pressing() bool                       { return false }
func (p *postgres) settle(context.Context, *chain) error { return nil }

func (p *postgres) close() {
	if p.receiver != nil && p.receiver.Process != nil {
		_ = p.receiver.Process.Signal(syscall.SIGINT) // it may have ended
		<-p.ended
	}
	os.RemoveAll(p.stage)
}
