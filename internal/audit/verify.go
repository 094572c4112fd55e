package audit

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// clockSkew is how far a record's time may lie before the one of the record before it: machines differ a little.
const clockSkew = calendar.Micros(5 * 60 * 1_000_000)

// Verify walks the chain from its first record and names what is broken, the first bad record first; nothing means
// intact. anchor are the checkpoints kept outside the database: without them a chain cut or rewritten as a whole,
// together with its checkpoints, looks intact.
func (k Key) Verify(ctx context.Context, tx *db.Tx, anchor []Checkpoint) (broken []string, err error) {
	own, err := listCheckpoints(ctx, tx, 0)
	if err != nil {
		return nil, err
	}
	v := verifying{points: map[int64][]point{}}
	for i := range own {
		v.add("checkpoint", &own[i], k.Public())
	}
	for i := range anchor {
		v.add("anchor", &anchor[i], k.Public())
	}
	if err := v.walk(ctx, tx); err != nil {
		return nil, err
	}
	if err := v.head(ctx, tx); err != nil {
		return nil, err
	}
	return v.broken, nil
}

// point is what a checkpoint says of a record.
type point struct {
	what   string
	digest string
	at     calendar.Micros
}

type verifying struct {
	points map[int64][]point
	last   int64 // the last record any checkpoint tells of
	broken []string

	seq  int64
	prev string
	at   calendar.Micros
}

func (v *verifying) note(format string, args ...any) {
	v.broken = append(v.broken, fmt.Sprintf(format, args...))
}

// add takes a checkpoint whose signature holds; a forged one tells nothing but that it is forged.
func (v *verifying) add(what string, c *Checkpoint, public string) {
	if !c.verifies(public) {
		v.note("%s %d: signature", what, c.Seq)
		return
	}
	v.points[c.Seq] = append(v.points[c.Seq], point{what, c.Digest, c.At})
	v.last = max(v.last, c.Seq)
}

func (v *verifying) walk(ctx context.Context, tx *db.Tx) error {
	rows, err := tx.QueryContext(ctx, "SELECT seq, at, actor, action, object, detail, prev_digest, digest FROM audit_event ORDER BY seq")
	if err != nil {
		return fmt.Errorf("walk audit: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e Event
		if err := rows.Scan(&e.Seq, &e.At, &e.Actor, &e.Action, &e.Object, &e.Detail, &e.Prev, &e.Digest); err != nil {
			return err
		}
		v.event(&e)
	}
	return rows.Err()
}

func (v *verifying) event(e *Event) {
	switch {
	case e.Seq != v.seq+1:
		v.note("event %d: missing", v.seq+1)
	case e.Prev != v.prev:
		v.note("event %d: does not follow the one before", e.Seq)
	case e.digest() != e.Digest:
		v.note("event %d: digest", e.Seq)
	}
	if e.At < v.at-clockSkew {
		v.note("event %d: time before the one before", e.Seq)
	}
	for _, p := range v.points[e.Seq] {
		if p.digest != e.Digest {
			v.note("event %d: %s has another digest", e.Seq, p.what)
		}
		if p.at < e.At-clockSkew {
			v.note("event %d: time after its %s", e.Seq, p.what)
		}
	}
	v.seq, v.prev, v.at = e.Seq, e.Digest, max(v.at, e.At)
}

// head compares the end of the chain with the head row and with what the checkpoints know.
func (v *verifying) head(ctx context.Context, tx *db.Tx) error {
	var seq int64
	var digest string
	if err := tx.QueryRowContext(ctx, "SELECT seq, digest FROM audit_head WHERE id = 1").Scan(&seq, &digest); err != nil {
		return err
	}
	if seq != v.seq || digest != v.prev {
		v.note("event %d: the chain ends at %d", v.seq+1, v.seq)
	} else if v.last > v.seq {
		v.note("event %d: missing, checkpoints tell of %d", v.seq+1, v.last)
	}
	return nil
}
