package notice

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/notice/simulator"
)

// instant is a way that takes everything at once.
type instant struct{}

func (instant) Send(context.Context, string, Message) (string, error) { return "", nil }

// TestABigWave plans and sends a wave of KVIT_NOTICE_WAVE messages and says how fast. Figures: docs/performance.md.
func TestABigWave(t *testing.T) {
	count, err := strconv.Atoi(os.Getenv("KVIT_NOTICE_WAVE"))
	if err != nil {
		t.Skip("SKIPPED: KVIT_NOTICE_WAVE is not set: a measurement")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d, simulator.Options{})
		w.Ways = Ways{SMS: instant{}}
		const people = 500
		for i := range people {
			w.resident(int64(100+i), access.AllRights, fmt.Sprintf("+7916%07d", i+1), "")
		}
		err := d.Write(w.ctx, func(tx *db.Tx) error {
			for i := range count {
				o := Order{Key: fmt.Sprintf("wave:%d", i), Topic: Bill, Building: 1, Household: int64(100 + i%people), Ask: AskBill, Wave: "wave"}
				if err := Send(w.ctx, tx, o); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = w.SetWave(w.ctx, "test", idOf("wave"), WaveRunning, paceMax)
		}
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		planned, err := w.Plan(w.ctx)
		plan := time.Since(begun)
		if err != nil || planned != count {
			t.Fatal(planned, err)
		}
		begun, sent := time.Now(), 0
		for sent < count {
			n, err := w.Deliver(w.ctx)
			if sent += n; err != nil {
				t.Fatal(err)
			}
			w.pass(time.Minute)
		}
		t.Logf("%d messages: planned %.0f a second, sent %.0f a second", count, float64(count)/plan.Seconds(), float64(count)/time.Since(begun).Seconds())
	})
}
