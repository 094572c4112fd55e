package queue

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange/gis/simulator"
)

// TestHousesAreReadWhenSomethingWasSaid: a turn of a server reads a house that is new, one something was said of since it
// was read, and one that was not read for long; no other.
func TestHousesAreReadWhenSomethingWasSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		o := newOffice(t, d, simulator.Options{})
		o.accounts(1)
		turn := func(what string, want int) {
			t.Helper()
			var list []visit
			o.write(func(tx *db.Tx) (err error) {
				if err = o.m.lookForHouses(ctx, tx, o.s.ID, false); err == nil {
					list, err = o.m.visits(ctx, tx, o.s.ID, false)
				}
				return err
			})
			if len(list) != want {
				t.Errorf("%s: %d houses are read, want %d", what, len(list), want)
			}
			o.clock.Add(1)
			o.write(func(tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, fmt.Sprint("UPDATE gis_house SET read_at = ", o.clock.Load()))
				return err
			})
		}
		turn("new", 1)
		turn("read just now", 0)
		o.clock.Add(1)
		o.write(func(tx *db.Tx) error { return o.m.markHouses(ctx, tx, o.s.ID, map[int64]bool{o.house: true, -5: true}) })
		turn("said", 1)
		turn("said before it was read", 0)
		o.clock.Add(int64(11 * time.Minute / time.Microsecond))
		turn("long ago", 1)
	})
}
