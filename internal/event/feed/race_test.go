package feed

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event"
)

// TestLateCommitsAreNotPassedOver is the promise of docs/decisions/0006: writers whose transactions commit in any order,
// two processes feeding, and readers who follow all the while. Each reader gets every committed event once, in the
// order of its subject, and positions without gaps.
func TestLateCommitsAreNotPassedOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := context.Background()
		const writers, each = 6, 25
		done := make(chan struct{})
		var feeding, writing sync.WaitGroup
		for range 2 {
			feeding.Go(func() {
				for {
					if _, err := h.feeds.Catch(ctx); err != nil {
						t.Error(err)
						return
					}
					select {
					case <-done:
						return
					case <-time.After(time.Millisecond):
					}
				}
			})
		}
		var got []Message
		feeding.Go(func() {
			for after := int64(0); len(got) < writers*each; {
				page, err := h.feeds.Page(ctx, h.suppliers["voda"], after, 7)
				if err != nil {
					t.Error(err)
					return
				}
				for _, m := range page {
					if m.Position != after+1 {
						t.Errorf("position %d after %d", m.Position, after)
					}
					after = m.Position
				}
				got = append(got, page...)
				if len(page) == 0 {
					select {
					case <-done:
						if head, _ := headNow(d, h.suppliers["voda"]); head == after {
							return
						}
					case <-time.After(time.Millisecond):
					}
				}
			}
		})
		for w := range writers {
			writing.Go(func() {
				for i := range each {
					err := d.WriteLocal(ctx, func(tx *db.Tx) error {
						if err := event.Write(ctx, tx, []event.Event{{BuildingID: 1, AccountID: []int64{11, 21}[(w+i)%2], At: now(), Body: event.Payment{Operation: fmt.Sprint(w, "-", i)}}}); err != nil {
							return err
						}
						time.Sleep(time.Duration((w*7+i*3)%5) * time.Millisecond) // the commit comes late, in another order
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		if _, err := h.feeds.Catch(ctx); err != nil {
			t.Fatal(err)
		}
		close(done)
		feeding.Wait()
		checkFollowed(t, got, writers*each)
	})
}

func headNow(d *db.DB, supplierID int64) (head int64, err error) {
	err = d.Read(context.Background(), func(tx *db.Tx) error {
		head, err = Head(context.Background(), tx, supplierID)
		return err
	})
	return head, err
}

func checkFollowed(t *testing.T, got []Message, want int) {
	t.Helper()
	seen, last := map[string]bool{}, map[string]int64{}
	for _, m := range got {
		if seen[m.ID] {
			t.Errorf("%s came twice", m.ID)
		}
		seen[m.ID] = true
		seq, err := strconv.ParseInt(strings.Split(m.ID, "_")[3], 36, 64)
		if err != nil || seq != last[m.Account]+1 {
			t.Errorf("account %s: event %d after %d", m.Account, seq, last[m.Account])
		}
		last[m.Account] = seq
	}
	if len(got) != want {
		t.Errorf("%d of %d events came", len(got), want)
	}
}
