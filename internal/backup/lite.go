package backup

import (
	"context"
	"io"
	"os"
	"sync"

	"kvit/internal/db"
)

// lite copies a SQLite database.
type lite struct {
	m     *Maker
	f     *db.Follower
	mu    sync.Mutex // a whole copy and a turn exclude each other
	first int64      // the first change after the last turn
}

// whole copies the file: nobody writes to it until the next turn.
func (l *lite) whole(ctx context.Context, c *chain) (p Piece, from int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	in, err := os.Open(l.f.File())
	if err != nil {
		return p, 0, err
	}
	defer in.Close()
	_, path := c.number(kindWhole)
	p, err = c.s.put(path, func(w io.Writer) error {
		_, err := io.Copy(w, reading{ctx, in})
		return err
	})
	return p, l.first, err
}

func (l *lite) change(_ context.Context, c *chain, e *Entry) (err error) {
	some := false
	no, path := c.number(kindChange)
	e.No = no
	e.Piece, err = c.s.put(path, func(w io.Writer) (err error) {
		some, err = l.f.Pull(w)
		return err
	})
	if err == nil && !some {
		e.Piece = Piece{}
		return os.Remove(path)
	}
	return err
}

// pressing: a long log slows everybody down.
func (l *lite) pressing() bool {
	n, err := l.f.Unread()
	return err == nil && n > pressing
}

// settle begins the log anew once it is long. What was committed up to then is the last change of its run.
func (l *lite) settle(ctx context.Context, c *chain) error {
	if !l.pressing() || !l.mu.TryLock() {
		return nil
	}
	defer l.mu.Unlock()
	turned, err := l.f.Turn(ctx, func() error {
		e := Entry{Kind: kindChange, At: l.m.Now()}
		if err := l.change(ctx, c, &e); err != nil {
			return err
		}
		e.EndAt = l.m.Now()
		return c.add(&e)
	})
	if turned {
		l.first = c.last() + 1
	}
	return err
}

func (l *lite) close() { l.f.Close() }
