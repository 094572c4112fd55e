// Package backup makes copies of the whole installation, keeps them complete up to the last seconds, and gives the data of any
// moment back.
//
// A chain is a whole copy of the database and everything committed since, without a gap; files of the folder of data are kept
// once, by digest. SQLite: the file as it stands between two turns of its log, and pages committed since (db.Follower).
// PostgreSQL: its own pg_basebackup and its log as pg_receivewal takes it.
//
// Owns: the folder of copies. Does not own: what is held back after a return (restore), when copies are made (app).
//
// Invariants: every piece is sealed for a key whose secret half is not here, has its digest in the chain's log, and was read
// back after it was written; a piece the log does not name is no part of any copy, so one cut at half is never restored; what a
// row names was copied no later than the row.
package backup

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Times of keeping copies.
const (
	ShipPause  = 10 * time.Second // how often what was committed is copied at least
	tick       = time.Second
	wholeEvery = 24 * time.Hour // how old a whole copy may be
	againPause = 15 * time.Second
	pressing   = 8 << 20                         // of a SQLite log: copied and begun anew without waiting
	idlePause  = calendar.Micros(60 * 1_000_000) // how often it is noted that nothing happened
)

// Maker makes copies.
type Maker struct {
	DB      *db.DB
	URL     string // of PostgreSQL
	Dir     string // of data
	Store   *Store
	Keep    time.Duration // how long any moment can be returned to; 0: for good
	Pause   time.Duration // between two copies of what was committed; 0: ShipPause
	Version string        // of the program
	Now     func() calendar.Micros
	Log     *slog.Logger

	mu     sync.Mutex
	status Status
}

// Status is how copying stands in this process.
type Status struct {
	Chain   string
	WholeAt calendar.Micros // when the last whole copy was made
	LastAt  calendar.Micros // everything committed before it is in the copies
	Trouble string          // why copies are not made now
}

// Status tells how copying stands.
func (m *Maker) Status() Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.status
}

func (m *Maker) note(change func(*Status)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(&m.status)
}

// source is a database as copies are made of it.
type source interface {
	// whole writes the database as a whole and gives the first change that belongs on top of it.
	whole(ctx context.Context, c *chain) (piece Piece, from int64, err error)
	// change fills an entry with what was committed since the last one; no piece when nothing was.
	change(ctx context.Context, c *chain, e *Entry) error
	// pressing tells whether a change should not wait.
	pressing() bool
	// settle is called now and then while no whole copy is being made.
	settle(ctx context.Context, c *chain) error
	close()
}

func (m *Maker) open(ctx context.Context) (source, Head, error) {
	h := Head{Database: m.DB.Dialect.String(), Version: m.Version, BeganAt: m.Now()}
	if m.DB.Dialect == db.SQLite {
		f, err := m.DB.Follow(ctx)
		return &lite{m: m, f: f}, h, err
	}
	s, err := m.openPostgres(ctx, &h)
	return s, h, err
}

// run is one chain being made.
type run struct {
	m     *Maker
	src   source
	c     *chain
	files *folder
	mu    sync.Mutex // one change at a time
	noted calendar.Micros
}

func (m *Maker) begin(ctx context.Context) (*run, error) {
	src, h, err := m.open(ctx)
	if err != nil {
		return nil, err
	}
	c, err := m.Store.begin(h)
	if err != nil {
		src.close()
		return nil, err
	}
	return &run{m: m, src: src, c: c, files: newFolder(m.Store, m.Dir)}, nil
}

func (r *run) close() {
	r.src.close()
	r.c.close()
}

// ship copies what was committed since the last time, then the files it may name.
func (r *run) ship(ctx context.Context) (Entry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := Entry{Kind: kindChange, At: r.m.Now()}
	if err := r.src.change(ctx, r.c, &e); err != nil {
		return e, err
	}
	e.EndAt = r.m.Now()
	var err error
	if e.Files, e.Gone, err = r.files.look(ctx); err != nil {
		return e, fmt.Errorf("copying the folder of data: %w", err)
	}
	if idle := e.Piece.Name == "" && len(e.Files)+len(e.Gone) == 0; !idle || e.At-r.noted >= idlePause {
		if err := r.c.add(&e); err != nil {
			return e, err
		}
		r.noted = e.At
	}
	r.m.note(func(s *Status) { s.LastAt = e.At })
	return e, nil
}

// whole makes a whole copy. It counts once what was committed while it was made is copied too.
func (r *run) whole(ctx context.Context) error {
	e := Entry{Kind: kindWhole}
	var err error
	if e.Piece, e.From, err = r.src.whole(ctx, r.c); err != nil {
		return err
	}
	last, err := r.ship(ctx)
	if err != nil {
		return err
	}
	e.No, _ = r.c.number(kindWhole)
	e.At, e.EndAt, e.Files = last.At, last.EndAt, r.files.all()
	if err := r.c.add(&e); err != nil {
		return err
	}
	r.m.note(func(s *Status) { s.Chain, s.WholeAt, s.LastAt, s.Trouble = r.c.ID, e.EndAt, e.At, "" })
	return nil
}

// Once makes one whole copy of this moment.
func (m *Maker) Once(ctx context.Context) (*Copy, error) {
	unlock, err := m.Store.lock(false)
	if err != nil {
		return nil, err
	}
	defer unlock()
	r, err := m.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.whole(ctx); err != nil {
		return nil, err
	}
	return m.Store.find(r.c.ID)
}

// KeepUp keeps copies up to the last seconds until the context ends: whole ones every day, changes every ten seconds. What goes
// wrong is noted and begun anew. After each whole copy those too old go.
func (m *Maker) KeepUp(ctx context.Context) {
	for ctx.Err() == nil {
		err := m.keepChain(ctx)
		if ctx.Err() != nil {
			return
		}
		m.note(func(s *Status) { s.Trouble = err.Error() })
		m.Log.Error("copies are begun anew", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(againPause):
		}
	}
}

// keepChain goes on with one chain until something breaks it.
func (m *Maker) keepChain(ctx context.Context) error {
	unlock, err := m.Store.lock(false)
	if err != nil {
		return err
	}
	defer func() { unlock() }()
	r, err := m.begin(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	made := make(chan error, 1)
	begin := func() {
		wg.Go(func() { made <- r.whole(ctx) })
	}
	begin()
	making, wholeAt, shipped := true, time.Now(), time.Now()
	pause := cmp.Or(m.Pause, ShipPause)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-made:
			if err != nil {
				return err
			}
			making = false
			if err := m.prune(ctx, r.c, &unlock); err != nil {
				return err
			}
		case <-time.After(min(tick, pause)):
		}
		if time.Since(shipped) >= pause || r.src.pressing() {
			if _, err := r.ship(ctx); err != nil {
				return err
			}
			shipped = time.Now()
		}
		if making {
			continue
		}
		if err := r.settle(ctx); err != nil {
			return err
		}
		if time.Since(wholeAt) >= wholeEvery {
			making, wholeAt = true, time.Now()
			begin()
		}
	}
}

func (r *run) settle(ctx context.Context) error { return r.src.settle(ctx, r.c) }

// prune removes what is too old, giving the folder up for that moment: nobody may write while something is removed.
func (m *Maker) prune(ctx context.Context, c *chain, unlock *func()) error {
	if m.Keep <= 0 {
		return nil
	}
	(*unlock)()
	*unlock = func() {}
	_, err := m.Store.Prune(ctx, m.Now()-calendar.Micros(m.Keep/time.Microsecond))
	if err != nil && !fault.Is(err, fault.Conflict) { // another command works there: next time
		return err
	}
	again, err := m.Store.lock(false)
	if err != nil {
		return err
	}
	*unlock = again
	return c.reopen()
}

// stage is a folder for bytes on their way.
func (m *Maker) stage(id string) string { return filepath.Join(m.Dir, "tmp", "copy-"+id) }
