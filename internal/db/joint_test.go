package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

func put(ctx context.Context, d *db.DB, name string, then func() error) error {
	return d.WriteJoint(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO setting (name, value) VALUES ($1, 'x')", name); err != nil {
			return err
		}
		return then()
	})
}

func settings(t *testing.T, d *db.DB, like string) (n int) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRowContext(context.Background(), "SELECT count(*) FROM setting WHERE name LIKE $1", like).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWrittenTogetherEachByItself: of many that come at once those that fail, panic or are gone leave nothing behind, and
// the others are all there.
func TestWrittenTogetherEachByItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		no := errors.New("no")
		gone, leave := context.WithCancel(context.Background())
		leave()
		const rounds, each = 8, 4
		var wg sync.WaitGroup
		for w := range 16 {
			wg.Go(func() {
				for i := range rounds {
					name := fmt.Sprint(w, "-", i)
					switch w % each {
					case 0:
						if err := put(context.Background(), d, "refused"+name, func() error { return no }); !errors.Is(err, no) {
							t.Errorf("refused: %v", err)
						}
					case 1:
						func() {
							defer func() {
								if recover() != "fell" {
									t.Error("the panic is lost")
								}
							}()
							put(context.Background(), d, "fell"+name, func() error { panic("fell") }) //nolint:errcheck // it does not come to that
						}()
					case 2:
						if err := put(gone, d, "gone"+name, func() error { return nil }); err == nil {
							t.Error("who has gone was written")
						}
					default:
						if err := put(context.Background(), d, "kept"+name, func() error { return nil }); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		if kept, others := settings(t, d, "kept%"), settings(t, d, "refused%")+settings(t, d, "fell%")+settings(t, d, "gone%"); kept != 16/each*rounds || others != 0 {
			t.Errorf("kept %d, others %d", kept, others)
		}
	})
}

// TestASharedCommitThatIsNotKnown: those who come while the disk is slow share a commit, and when nobody knows whether it
// was done, each of them is told so.
func TestASharedCommitThatIsNotKnown(t *testing.T) {
	d := dbtest.SQLite(t)
	lost := fault.New(fault.Unavailable, "lost", "Ответ потерян.")
	var commits atomic.Int32
	d.BreakCommits(func(commit func() error) error {
		commits.Add(1)
		time.Sleep(30 * time.Millisecond)
		return errors.Join(commit(), lost)
	})
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			if err := put(context.Background(), d, fmt.Sprint("lost", i), func() error { return nil }); !errors.Is(err, lost) {
				t.Errorf("told %v", err)
			}
		})
	}
	wg.Wait()
	if n, by := settings(t, d, "lost%"), commits.Load(); n != 12 || by >= 12 {
		t.Errorf("%d are there, by %d commits", n, by)
	}
}

// TestABatchIsOneTransaction: a statement that cannot be done takes back those before it; all of it is there or nothing.
func TestABatchIsOneTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		batch := func(names ...string) *db.Batch {
			var b db.Batch
			rows := make([][]any, len(names))
			for i, name := range names {
				rows[i] = []any{name, "x"}
			}
			b.Insert("setting", []string{"name", "value"}, "", rows)
			b.Add("UPDATE setting SET value = $2 WHERE name = $1", names[0], "y")
			return &b
		}
		var many []string
		for i := range 150 { // more than one statement
			many = append(many, fmt.Sprint("many", i))
		}
		if err := d.WriteBatch(context.Background(), batch(many...)); err != nil {
			t.Fatal(err)
		}
		broken := batch("fresh", "other")
		broken.Add("INSERT INTO setting (name, value) VALUES ($1, 'x')", "many7")
		if err := d.WriteBatch(context.Background(), broken); fault.CodeOf(err) != "duplicate" {
			t.Errorf("a key that is there: %v", err)
		}
		inside := d.WriteLocal(context.Background(), func(tx *db.Tx) error { return tx.Send(context.Background(), broken) })
		if fault.CodeOf(inside) != "duplicate" {
			t.Errorf("inside a transaction: %v", inside)
		}
		if n, fresh := settings(t, d, "many%"), settings(t, d, "fresh")+settings(t, d, "other"); n != 150 || fresh != 0 {
			t.Errorf("%d rows, %d of the broken batch", n, fresh)
		}
	})
}
