package webhook

import (
	"context"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event/feed"
)

// TestOldMessagesWaitForActiveAddresses: what an active address has not had stays however old; a disabled one holds
// nothing, goes on after what is gone, and says that it missed some.
func TestOldMessagesWaitForActiveAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newTown(t, d, newReceiver(t, func(*feed.Message, int) int { return 503 }), HMAC)
		prune := func() int {
			t.Helper()
			holds, err := w.m.Holds(ctx)
			if err != nil {
				t.Fatal(err)
			}
			n, err := w.m.Feed.Prune(ctx, w.m.Now(), holds, func(ctx context.Context, tx *db.Tx, id, upTo int64) error { return Drop(ctx, tx, id, upTo) })
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		w.pay([2]int64{1, 1}, [2]int64{1, 2})
		w.deliver()
		w.pass(3 * 24 * time.Hour)
		if n := prune(); n != 0 {
			t.Errorf("%d messages an active address waits for went", n)
		}
		if err := w.m.Disable(ctx, w.actor, w.endpoint.ID); err != nil {
			t.Fatal(err)
		}
		if n := prune(); n != 2 {
			t.Errorf("%d messages went, want 2", n)
		}
		if e := w.state(); e.Reason != missed || e.Waiting != 0 || e.position != 2 {
			t.Errorf("the disabled address: %+v", e)
		}
		if _, err := w.m.Replay(ctx, w.actor, w.endpoint.ID, 0, 0); err == nil {
			t.Error("what is gone is sent again")
		}
		var left int
		err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT count(*) FROM webhook_delivery").Scan(&left)
		})
		if err != nil || left != 0 {
			t.Errorf("%d deliveries of what is gone: %v", left, err)
		}
	})
}
