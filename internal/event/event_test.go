package event_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event"
	"kvit/internal/fault"
)

func payment(building, account int64, at calendar.Micros, sum int64) event.Event {
	return event.Event{BuildingID: building, AccountID: account, At: at, Body: event.Payment{Operation: "op", Sum: sum}}
}

func rowsOf(t *testing.T, d *db.DB, query string) (list []string) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(context.Background(), query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			list = append(list, s)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestSequenceHasNoGaps: many writers about few subjects, some of whom roll back, leave each subject's events numbered
// from one without a gap, with moments that do not go down.
func TestSequenceHasNoGaps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		rollBack := errors.New("no")
		var wg sync.WaitGroup
		for w := range 6 {
			wg.Go(func() {
				for i := range 20 {
					err := d.WriteLocal(ctx, func(tx *db.Tx) error {
						at := calendar.Micros(1000 - i) // clocks differ
						list := []event.Event{payment(1, 7, at, 1), payment(1, int64(8+(w+i)%3), at, 2), payment(1, 7, at, 3)}
						if w%2 == 0 {
							slices.Reverse(list) // another order than the neighbour's
						}
						if err := event.Write(ctx, tx, list); err != nil {
							return err
						}
						if i%5 == 4 {
							return rollBack
						}
						return nil
					})
					if err != nil && !errors.Is(err, rollBack) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		got := rowsOf(t, d, "SELECT subject_id || ':' || count(*) || ':' || max(seq) || ':' || min(seq) FROM event GROUP BY subject_id ORDER BY subject_id")
		if got[0] != "7:192:192:1" || len(got) != 4 {
			t.Errorf("sequences %v", got)
		}
		if bad := rowsOf(t, d, `SELECT e.subject_id || '/' || e.seq FROM event e JOIN event n ON n.building_id = e.building_id AND n.subject_id = e.subject_id AND n.seq = e.seq + 1
			WHERE n.recorded_at < e.recorded_at`); len(bad) > 0 {
			t.Errorf("moments go down at %v", bad)
		}
	})
}

// TestManyAtOnce: the bulk way numbers as the small one does.
func TestManyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var list []event.Event
		for i := range 1500 {
			list = append(list, payment(int64(1+i%3), int64(10+i%500), 5, int64(i)))
		}
		if err := d.WriteLocal(ctx, func(tx *db.Tx) error { return event.Write(ctx, tx, list) }); err != nil {
			t.Fatal(err)
		}
		if got := rowsOf(t, d, "SELECT body FROM event WHERE building_id = 1 AND subject_id = 10 ORDER BY seq"); len(got) != 1 || !strings.Contains(got[0], `"sum":0`) {
			t.Errorf("%v", got)
		}
		if got := rowsOf(t, d, "SELECT count(*) || ' ' || sum(last_seq) FROM event_subject"); got[0] != "1500 1500" {
			t.Errorf("%v", got)
		}
	})
}

func TestWrongEventsAreRefused(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx := context.Background()
	for name, e := range map[string]event.Event{
		"event.no_subject": {BuildingID: 1, Body: event.AccountOpened{}},
		"event.too_large":  {BuildingID: 1, AccountID: 7, Body: event.Ownership{Shares: strings.Split(strings.Repeat("1/100 ", 3000), " ")}},
	} {
		err := d.WriteLocal(ctx, func(tx *db.Tx) error { return event.Write(ctx, tx, []event.Event{e}) })
		if fault.CodeOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEveryKindHasATitle: what people choose from has words.
func TestEveryKindHasATitle(t *testing.T) {
	for _, k := range event.Kinds {
		if event.Titles[k] == "" {
			t.Error(fmt.Sprint(k, " has no title"))
		}
	}
}
