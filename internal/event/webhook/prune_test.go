package webhook

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event/feed"
	"kvit/internal/fault"
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

// TestARemovedEndpointLeavesNothing: neither deliveries nor a place among the ten; the job that was on its way ends quietly.
func TestARemovedEndpointLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newTown(t, d, newReceiver(t, nil), HMAC)
		for i := range endpointsMax - 1 {
			if _, _, err := w.m.Create(ctx, w.actor, fmt.Sprintf("https://erp.example/%d", i), nil, HMAC); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := w.m.Create(ctx, w.actor, "https://erp.example/more", nil, HMAC); fault.CodeOf(err) != "webhook.many" {
			t.Errorf("one too many: %v", err)
		}
		w.pay([2]int64{1, 1}, [2]int64{2, 1})
		w.deliver()
		if err := w.m.Remove(ctx, w.actor, w.endpoint.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.m.Run(ctx, w.endpoint.ID, 1); err != nil {
			t.Errorf("a job of it: %v", err)
		}
		if _, _, err := w.m.Create(ctx, w.actor, "https://erp.example/more", nil, HMAC); err != nil {
			t.Errorf("its place: %v", err)
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			list, err := Invariants(ctx, tx)
			for _, b := range list {
				if b.Count > 0 {
					t.Errorf("%s: %v", b.ID, b.Rows)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
