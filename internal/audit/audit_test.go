package audit

import (
	"context"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

func TestChainShowsTampering(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		key, err := OpenKey(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 5 {
			write(func(tx *db.Tx) error {
				return Record(ctx, tx, 1000, "operator:1", "supplier.changed", "supplier:7", map[string]int{"n": i})
			})
		}
		write(func(tx *db.Tx) error { return key.Checkpoint(ctx, tx, 2000) })
		verify := func() (broken []string) {
			write(func(tx *db.Tx) (err error) { broken, err = key.Verify(ctx, tx); return err })
			return broken
		}
		if b := verify(); len(b) != 0 {
			t.Fatalf("fresh chain is broken: %v", b)
		}
		write(func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE audit_event SET actor = 'somebody' WHERE seq = 3")
			return err
		})
		if b := verify(); len(b) == 0 {
			t.Fatal("a changed event was not noticed")
		}
		write(func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, "DELETE FROM audit_event WHERE seq = 5")
			return err
		})
		if b := verify(); len(b) < 2 {
			t.Fatalf("a removed tail was not noticed by the checkpoint: %v", b)
		}
	})
}
