package courier

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/remote"
	"kvit/internal/fault"
	"kvit/internal/restore"
)

// claimTime is how long a file is one process's to send, unless somebody wants it at once: two that write it write the same
// bytes to the same places. pauses are those before each further attempt, the last one over
// and over: a supplier's server that is away is waited for.
const claimTime = 2 * time.Minute

var pauses = []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

func micros(d time.Duration) calendar.Micros { return calendar.Micros(d / time.Microsecond) }

// send sends what waits of an exchange, in the order of numbers, until one fails. Nothing is opened while nothing waits.
func (m *Module) send(ctx context.Context, x *exchange, now bool, open func() (remote.Folder, error)) (sent int, trouble, err error) {
	for {
		f, err := m.claim(ctx, x, now)
		if err != nil || f == nil {
			return sent, nil, err
		}
		folder, trouble := open()
		if trouble == nil {
			trouble = m.put(ctx, folder, f)
		}
		if err := m.recordSent(context.WithoutCancel(ctx), f, trouble); err != nil || trouble != nil {
			return sent, trouble, err // its trouble is noted; it is tried again later
		}
		sent++
	}
}

// claim takes the first file that waits, when its time has come, or an attempt failed and somebody wants another at once.
func (m *Module) claim(ctx context.Context, x *exchange, atOnce bool) (f *File, err error) {
	now := m.Now()
	least := int64(math.MaxInt32)
	if atOnce {
		least = 1
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		f = nil
		list, err := listFiles(ctx, tx, "f.supplier_id = $1 AND f.code = $2 AND f.state = 'waiting' ORDER BY f.number LIMIT 1", x.supplier.ID, x.Code)
		if err != nil || len(list) == 0 {
			return err
		}
		res, err := tx.ExecContext(ctx, "UPDATE courier_file SET next_at = $4, attempts = attempts + 1 WHERE supplier_id = $1 AND code = $2 AND number = $3 AND state = 'waiting' AND (next_at <= $5 OR attempts >= $6)",
			x.supplier.ID, x.Code, list[0].Number, int64(now+micros(claimTime)), int64(now), least)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		f = &list[0]
		return nil
	})
	return f, err
}

// put puts the bytes of a file where the supplier takes them. What an earlier try wrote has the digest in its name.
func (m *Module) put(ctx context.Context, folder remote.Folder, f *File) error {
	b, err := m.Open(f)
	if err != nil {
		return err
	}
	defer b.Close()
	return folder.Put(ctx, f.Name, "."+f.Name+"."+f.Digest[:8]+".part", b, f.Size)
}

// recordSent notes how an attempt ended.
func (m *Module) recordSent(ctx context.Context, f *File, failed error) error {
	now := m.Now()
	state, next, sentAt, trouble := Sent, calendar.Micros(0), now, ""
	if failed != nil {
		state, sentAt, trouble = Waiting, f.SentAt, fault.As(failed).Message
		next = now + micros(pauses[min(f.Attempts, len(pauses)-1)])
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE courier_file SET state = $4, next_at = $5, sent_at = $6, trouble = $7 WHERE supplier_id = $1 AND code = $2 AND number = $3 AND state = 'waiting'",
			f.supplierID, f.Code, f.Number, state, int64(next), int64(sentAt), trouble)
		return err
	})
}

// Run does what is due of all exchanges, or of a supplier's: makes files, sends them, reads answers, takes registers. now:
// without waiting for the hour. What fails with one supplier does not hold up another.
//
// After a return of the data it refuses until a person has let files go.
func (m *Module) Run(ctx context.Context, supplierID int64, now bool) (done Done, err error) {
	if err := restore.RefuseNow(ctx, m.DB, restore.StepFiles); err != nil {
		return done, err
	}
	if _, err := m.Feed.Catch(ctx); err != nil {
		return done, err
	}
	var list []exchange
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = m.inForce(ctx, tx, supplierID)
		return err
	})
	for i := 0; i < len(list) && ctx.Err() == nil; i++ {
		if failed := m.runOne(ctx, &list[i], now, &done); failed != nil {
			done.Failed++
			err = errors.Join(err, fmt.Errorf("exchange %s of %s: %w", list[i].Code, list[i].supplier.Code, failed))
		}
	}
	return done, err
}

// Done is what a run did.
type Done struct {
	Made    int `json:"made"`
	Sent    int `json:"sent"`
	Answers int `json:"answers"` // files of answers read
	Taken   int `json:"taken"`   // registers taken
	Failed  int `json:"failed"`  // exchanges that met trouble
}

func (m *Module) runOne(ctx context.Context, x *exchange, now bool, done *Done) error {
	create := m.makeDue
	if now {
		create = m.makeNow
	}
	made, err := create(ctx, x)
	if done.Made += made; err != nil {
		return err
	}
	c := &connection{ctx: ctx, target: x.Target}
	defer c.close()
	sent, trouble, err := m.send(ctx, x, now, c.open)
	if done.Sent += sent; err != nil {
		return err
	}
	if look := x.Answer != nil || x.Take != nil; look && trouble == nil && (now || m.Now() >= x.lookedAt+micros(lookPause)) {
		trouble = m.look(ctx, x, c, done)
	}
	if trouble != nil {
		done.Failed++ // what it is stands with the file or the exchange
	}
	return nil
}

// connection is opened when it is first needed, once a run.
type connection struct {
	ctx    context.Context
	target remote.Target
	folder remote.Folder
	failed error
}

func (c *connection) open() (remote.Folder, error) {
	if c.folder == nil && c.failed == nil {
		c.folder, c.failed = remote.Open(c.ctx, c.target)
	}
	return c.folder, c.failed
}

func (c *connection) close() {
	if c.folder != nil {
		_ = c.folder.Close() // what was sent is recorded; a connection that was dropped cannot be ended
	}
}

// trimmed keeps a text within a bound, in whole signs.
func trimmed(s string, most int) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > most {
		return string(r[:most])
	}
	return strings.TrimSpace(s)
}
