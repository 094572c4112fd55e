package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

func TestWritersLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var wg sync.WaitGroup
		errs := make(chan error, 8)
		for range 8 {
			wg.Go(func() {
				for range 10 {
					err := d.Write(ctx, func(tx *db.Tx) error {
						var n int64
						if err := tx.QueryRowContext(ctx, "SELECT last_id FROM id_block WHERE name = $1", "all").Scan(&n); err != nil {
							return err
						}
						_, err := tx.ExecContext(ctx, "UPDATE id_block SET last_id = $1 WHERE name = 'all'", n+1)
						return err
					})
					if err != nil {
						errs <- err
						return
					}
				}
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			t.Fatal(err)
		}
		var n int64
		if err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT last_id FROM id_block").Scan(&n)
		}); err != nil || n != 1080 {
			t.Fatalf("last_id %d, %v; want 1080", n, err)
		}
	})
}

func TestNextIDsDoNotRepeat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seen := map[int64]bool{}
		for _, n := range []int{1, 1, 1500, 3, 900, 200} {
			first, err := d.NextIDs(context.Background(), n)
			if err != nil {
				t.Fatal(err)
			}
			for i := range int64(n) {
				if first+i <= 1000 || seen[first+i] {
					t.Fatalf("id %d given twice or below the first", first+i)
				}
				seen[first+i] = true
			}
		}
	})
}

func TestCopyWritesAllRowsAndRollsBack(t *testing.T) {
	type pair struct{ name, value string }
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var items []pair
		for i := range 1234 {
			items = append(items, pair{fmt.Sprintf("n%05d", i), "значение"})
		}
		write := func(fail error) error {
			return d.WriteLocal(ctx, func(tx *db.Tx) error {
				n, err := tx.Copy(ctx, "setting", []string{"name", "value"}, db.Rows(items, 2, func(p *pair, row []any) { row[0], row[1] = p.name, p.value }))
				if err == nil && n != 1234 {
					return fmt.Errorf("copied %d", n)
				}
				return errors.Join(err, fail)
			})
		}
		if err := write(errors.New("stop")); err == nil {
			t.Fatal("the transaction should have failed")
		}
		if err := write(nil); err != nil {
			t.Fatal(err)
		}
		if err := write(nil); !fault.Is(err, fault.Conflict) {
			t.Fatalf("copy of the same keys: %v, want Conflict", err)
		}
	})
}

func TestErrorsAreFolded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Write(ctx, func(tx *db.Tx) error {
			var s string
			return tx.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = 'нет'").Scan(&s)
		})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("no row: %v, want NotFound", err)
		}
	})
}

func TestMigrateTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Migrate(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := d.CheckSchema(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}
