package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"sync"
)

// jointMax is how many transactions one commit of SQLite ends at most: more would make the first wait for the last.
const jointMax = 50

// joint is the transactions that wait to be written together. Who has the turn writes for all that wait, so that while
// the disk makes one group safe the next one gathers.
type joint struct {
	turn    sync.Mutex
	mu      sync.Mutex
	waiting []*joined
}

// joined is a transaction written together with others. Who holds the turn owns its outcome.
type joined struct {
	ctx      context.Context //nolint:containedctx // it lives no longer than the call it serves
	fn       func(*Tx) error
	done     bool
	err      error
	panicked any
}

func (q *joint) add(j *joined) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, j)
}

func (q *joint) take() []*joined {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), jointMax)
	group := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	return group
}

// WriteJoint is WriteLocal for short transactions of which many come at once. On SQLite, which writes one at a time and
// waits for the disk at each commit, those that wait are committed together: each by itself succeeds or fails, and none
// is told so before the disk has it. Like those of WriteLocal fn may run more than once, and on another goroutine.
func (d *DB) WriteJoint(ctx context.Context, fn func(*Tx) error) error {
	if d.Dialect == Postgres {
		return d.WriteLocal(ctx, fn)
	}
	j := &joined{ctx: ctx, fn: fn}
	d.joint.add(j)
	d.joint.turn.Lock()
	defer d.joint.turn.Unlock()
	for !j.done {
		d.writeGroup(d.joint.take())
	}
	if j.panicked != nil {
		panic(j.panicked)
	}
	return Fold(j.err)
}

// writeGroup writes transactions by one commit and settles the outcome of each.
func (d *DB) writeGroup(group []*joined) {
	settled := false
	defer func() { // whatever happens, who waits must not wait for ever
		for _, j := range group {
			if j.done = true; !settled && j.err == nil {
				j.err = unavailable(errors.New("a commit shared with others did not end"))
			}
		}
	}()
	if len(group) == 1 || d.writeShared(group) {
		for _, j := range group {
			j.alone(d)
		}
	}
	settled = true
}

// writeShared writes transactions by one commit. apart: there was none, and each has to be written by itself.
func (d *DB) writeShared(group []*joined) (apart bool) {
	err := d.once(context.WithoutCancel(group[0].ctx), d.write, nil, func(tx *Tx) error { return tx.writeEach(group) }, d.commit)
	if isBroken(err) || isConflict(err) {
		return true
	}
	for _, j := range group {
		j.err = cmp.Or(j.err, err) // of the commit nobody knows whether it was done
	}
	return false
}

// alone writes a transaction by itself, unless it panicked before.
func (j *joined) alone(d *DB) {
	defer func() { j.panicked = cmp.Or(j.panicked, recover()) }()
	if j.panicked == nil {
		j.err = d.retry(j.ctx, sql.LevelDefault, j.fn)
	}
}

// errBroken says that SQLite gave up the whole transaction for the sake of one statement.
type errBroken struct{ error }

func isBroken(err error) bool {
	_, ok := err.(errBroken) //nolint:errorlint // it is never wrapped
	return ok
}

// writeEach runs transactions inside one; what one that fails has written is taken back.
func (tx *Tx) writeEach(group []*joined) error {
	for _, j := range group {
		if err := tx.inner(j); err != nil {
			return errBroken{err}
		}
	}
	return nil
}

// inner runs a transaction within another. An error is of the outer one.
func (tx *Tx) inner(j *joined) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil //nolint:nilerr // who asked has gone
	}
	if err := tx.plain(j.ctx, "SAVEPOINT joined"); err != nil {
		return err
	}
	j.err = j.run(tx)
	if j.err != nil || j.panicked != nil {
		if err := tx.plain(j.ctx, "ROLLBACK TO joined"); err != nil {
			return err
		}
	}
	return tx.plain(j.ctx, "RELEASE joined")
}

func (tx *Tx) plain(ctx context.Context, statement string) error {
	_, err := tx.ExecContext(context.WithoutCancel(ctx), statement)
	return err
}

// run calls the transaction's function; its panic is kept for the goroutine it belongs to.
func (j *joined) run(tx *Tx) (err error) {
	defer func() { j.panicked = recover() }()
	return j.fn(tx)
}
