package job

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "greet" }

type tick struct{}

func (tick) Kind() string { return "tick" }

func open(d *db.DB) *Queue {
	return New(d, slog.New(slog.DiscardHandler))
}

// wait gets what a job says, or fails when it never comes.
func wait(t *testing.T, said <-chan string) string {
	t.Helper()
	select {
	case s := <-said:
		return s
	case <-time.After(time.Minute):
		t.Fatal("no job ran within a minute")
		return ""
	}
}

func TestAJobOfACommittedTransactionRunsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(d)
		said := make(chan string, 10)
		Handle(q, func(_ context.Context, g greet) error { said <- g.Name; return nil })
		if err := q.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer q.Stop()
		rollback := errors.New("rolled back")
		err := d.WriteLocal(t.Context(), func(tx *db.Tx) error {
			if err := q.Enqueue(t.Context(), tx, greet{"nobody"}); err != nil {
				return err
			}
			return rollback
		})
		if !errors.Is(err, rollback) {
			t.Fatal(err)
		}
		err = d.WriteLocal(t.Context(), func(tx *db.Tx) error {
			for range 3 { // the same wish three times is one job
				if err := q.Enqueue(t.Context(), tx, greet{"Анна"}); err != nil {
					return err
				}
			}
			return q.Enqueue(t.Context(), tx, greet{"Борис"})
		})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{wait(t, said): 1}
		got[wait(t, said)]++
		if got["Анна"] != 1 || got["Борис"] != 1 {
			t.Errorf("ran for %v, want once for each", got)
		}
	})
}

func TestAFailedJobRunsAgainAndALaterOneWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(d)
		var tries atomic.Int32
		said := make(chan string, 10)
		Handle(q, func(_ context.Context, g greet) error {
			switch tries.Add(1) {
			case 1:
				return errors.New("the bank is silent")
			case 2:
				return Later(time.Millisecond)
			}
			said <- g.Name
			return nil
		})
		if err := q.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer q.Stop()
		if err := d.WriteLocal(t.Context(), func(tx *db.Tx) error { return q.Enqueue(t.Context(), tx, greet{"Вера"}) }); err != nil {
			t.Fatal(err)
		}
		if got := wait(t, said); got != "Вера" || tries.Load() != 3 {
			t.Errorf("%s after %d tries, want 3", got, tries.Load())
		}
	})
}

func TestAPeriodicJobRunsAtStart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(d)
		said := make(chan string, 10)
		Handle(q, func(context.Context, tick) error { said <- "tick"; return nil })
		q.Every(24*time.Hour, tick{})
		if err := q.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer q.Stop()
		wait(t, said)
	})
}
