package audit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

const minute = calendar.Micros(60_000_000)

// log is a chain of records with checkpoints after every fourth, and an anchor outside the database.
type log struct {
	t      *testing.T
	d      *db.DB
	key    Key
	anchor string
	at     calendar.Micros
}

func newLog(t *testing.T, d *db.DB, records int) *log {
	t.Helper()
	key, err := OpenKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l := &log{t: t, d: d, key: key, anchor: filepath.Join(t.TempDir(), "audit.anchor"), at: 1000 * minute}
	l.record(records)
	return l
}

func (l *log) record(n int) {
	for i := range n {
		l.at += 10 * minute
		l.tx(func(ctx context.Context, tx *db.Tx) error {
			err := Record(ctx, tx, l.at, "operator:1", "supplier.changed", "supplier:7", map[string]int{"n": i})
			if err == nil && i%4 == 3 {
				err = l.key.Checkpoint(ctx, tx, l.at+minute)
			}
			return err
		})
	}
	l.tx(func(ctx context.Context, tx *db.Tx) error { return l.key.Anchor(ctx, tx, l.anchor) })
}

func (l *log) tx(fn func(ctx context.Context, tx *db.Tx) error) {
	l.t.Helper()
	ctx := context.Background()
	if err := l.d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		l.t.Fatal(err)
	}
}

func (l *log) exec(statement string, args ...any) {
	l.t.Helper()
	l.tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
}

// verify names what is broken, with the anchor.
func (l *log) verify() (broken []string) {
	l.t.Helper()
	points, err := ReadAnchor(l.anchor)
	if err != nil {
		l.t.Fatal(err)
	}
	l.tx(func(ctx context.Context, tx *db.Tx) (err error) {
		broken, err = l.key.Verify(ctx, tx, points)
		return err
	})
	return broken
}

// restamp makes the chain whole again from a record on, as its owner's database administrator could: digests, numbers
// and the head; checkpoints that no longer fit are removed, for he has no key.
func (l *log) restamp(from int64) {
	l.t.Helper()
	l.tx(func(ctx context.Context, tx *db.Tx) error {
		events, err := list(ctx, tx, "ORDER BY seq")
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM audit_event"); err != nil {
			return err
		}
		prev := ""
		for i := range events {
			e := &events[i]
			if e.Seq >= from {
				e.Seq, e.Prev = int64(i+1), prev
				e.Digest = e.digest()
			}
			prev = e.Digest
			if _, err := tx.ExecContext(ctx, "INSERT INTO audit_event (seq, at, actor, action, object, detail, prev_digest, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
				e.Seq, int64(e.At), e.Actor, e.Action, e.Object, e.Detail, e.Prev, e.Digest); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM audit_checkpoint WHERE seq >= $1", from); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE audit_head SET seq = $1, digest = $2", int64(len(events)), prev)
		return err
	})
}

// TestNineAttacksAreFound plants the attacks of reliability.md section 15, each by somebody who owns the database and
// hides his traces as well as he can without the key; each is found and names its first bad record.
func TestNineAttacksAreFound(t *testing.T) {
	for _, attack := range []struct {
		name, found string
		do          func(l *log)
	}{
		{"changed field", "event 6: ", func(l *log) { l.exec("UPDATE audit_event SET actor = 'somebody' WHERE seq = 6") }},
		{"deleted middle", "event 6: ", func(l *log) { l.exec("DELETE FROM audit_event WHERE seq = 6") }},
		{"deleted middle, restamped", "event 8: ", func(l *log) {
			l.exec("DELETE FROM audit_event WHERE seq = 6")
			l.restamp(6)
		}},
		{"deleted tail", "event 10: ", func(l *log) {
			l.exec("DELETE FROM audit_event WHERE seq >= 10")
			l.restamp(10)
		}},
		{"tail deleted and regrown to the same length", "event 12: ", func(l *log) {
			l.exec("DELETE FROM audit_event WHERE seq >= 10")
			l.restamp(10)
			for range 3 {
				l.tx(func(ctx context.Context, tx *db.Tx) error {
					return Record(ctx, tx, l.at, "operator:1", "supplier.changed", "supplier:8", nil)
				})
			}
		}},
		{"swapped", "event 5: ", func(l *log) {
			l.exec("UPDATE audit_event SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6)")
			l.exec("UPDATE audit_event SET seq = -seq WHERE seq < 0")
		}},
		{"inserted", "event 8: ", func(l *log) {
			l.exec("UPDATE audit_event SET seq = -(seq + 1) WHERE seq >= 6")
			l.exec("UPDATE audit_event SET seq = -seq WHERE seq < 0")
			l.exec(`INSERT INTO audit_event (seq, at, actor, action, object, detail, prev_digest, digest) SELECT 6, at, actor, action, 'supplier:9', detail, prev_digest, digest FROM audit_event WHERE seq = 5`)
			l.restamp(6)
		}},
		{"whole chain restamped", "event 4: ", func(l *log) {
			l.exec("UPDATE audit_event SET actor = 'somebody'")
			l.restamp(1)
		}},
		{"clock moved back", "event 13: time", func(l *log) {
			l.at -= 120 * minute
			l.record(1)
		}},
		{"forged checkpoint", "checkpoint 8: signature", func(l *log) {
			l.exec("UPDATE audit_event SET actor = 'somebody' WHERE seq = 8")
			l.restamp(8)
			l.exec("INSERT INTO audit_checkpoint (seq, digest, at, signature) SELECT seq, digest, at, 'AAAA' FROM audit_event WHERE seq = 8")
		}},
	} {
		t.Run(attack.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				l := newLog(t, d, 12)
				if b := l.verify(); len(b) != 0 {
					t.Fatalf("an honest chain is broken: %v", b)
				}
				attack.do(l)
				if b := l.verify(); len(b) == 0 || !strings.HasPrefix(b[0], attack.found) {
					t.Errorf("found %q, want first %q", b, attack.found)
				}
			})
		})
	}
}

// TestAnchorSurvivesCrashes: a line cut by a crash is written again; what is there is not written twice; a forged line
// is found.
func TestAnchorSurvivesCrashes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d, 8)
		b, err := os.ReadFile(l.anchor)
		if err != nil {
			t.Fatal(err)
		}
		for _, cut := range []int{len(b), len(b) - 1, len(b) - 40, len(b) / 2, 0} {
			if err := os.WriteFile(l.anchor, b[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			l.tx(func(ctx context.Context, tx *db.Tx) error { return l.key.Anchor(ctx, tx, l.anchor) })
			if again, err := os.ReadFile(l.anchor); err != nil || string(again) != string(b) {
				t.Errorf("cut at %d: %v\n%s", cut, err, again)
			}
		}
		if b := l.verify(); len(b) != 0 {
			t.Errorf("%v", b)
		}
		forged := strings.Replace(string(b), `"seq":4`, `"seq":3`, 1)
		if err := os.WriteFile(l.anchor, []byte(forged), 0o600); err != nil {
			t.Fatal(err)
		}
		if b := l.verify(); fmt.Sprint(b) != "[anchor 3: signature]" {
			t.Errorf("a forged line of the anchor: %v", b)
		}
	})
}
