package status

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// gapMax is how long a component may stay unwatched before the time counts as unwatched.
const gapMax = 3 * time.Minute

// forgotten is how long a component nobody samples any more stays on the page.
const forgotten = time.Hour

// Record keeps how components were found, with the time since they were last looked at. Several servers may do it: of
// two at once one does.
func (m *Module) Record(ctx context.Context, samples []Sample) error {
	now := m.Now()
	err := m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for i := range samples {
			if err := m.record(ctx, tx, &samples[i], now); err != nil {
				return err
			}
		}
		if err := forget(ctx, tx, m.today()); err != nil {
			return err
		}
		return forgetUnconfirmed(ctx, tx, now)
	})
	if err != nil {
		return fmt.Errorf("record how components do: %w", err)
	}
	return nil
}

func (m *Module) record(ctx context.Context, tx *db.Tx, s *Sample, now calendar.Micros) error {
	old, known, err := findComponent(ctx, tx, s.Component)
	if err != nil {
		return err
	}
	if !known {
		_, err := tx.ExecContext(ctx, `INSERT INTO status_component (component, title, state, note, since_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)
			ON CONFLICT (component) DO NOTHING`, s.Component, s.Title, string(s.State), s.Note, int64(now))
		return err
	}
	since := old.Since
	if old.State != s.State {
		since = now
	}
	done, err := tx.ExecContext(ctx, "UPDATE status_component SET title = $2, state = $3, note = $4, since_at = $5, seen_at = $6 WHERE component = $1 AND seen_at = $7",
		s.Component, s.Title, string(s.State), s.Note, int64(since), int64(now), int64(old.SeenAt))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 { // another server has counted this time
		return err
	}
	return m.count(ctx, tx, s, old.SeenAt, now)
}

// count adds the time between two looks to the days it belongs to.
func (m *Module) count(ctx context.Context, tx *db.Tx, s *Sample, from, until calendar.Micros) error {
	state := s.State
	if until-from > calendar.Micros(gapMax/time.Microsecond) {
		if s.Component != Pages {
			return nil
		}
		state = Stopped
	}
	for from < until {
		day := dayOf(from, m.Zone)
		end := min(until, calendar.MicrosOf(day.AddDays(1).Time(m.Zone)))
		if err := addSeconds(ctx, tx, s.Component, day, state, int64(end-from)/1e6); err != nil {
			return err
		}
		from = end
	}
	return nil
}

func addSeconds(ctx context.Context, tx *db.Tx, component string, day calendar.Date, state State, seconds int64) error {
	var add [3]int64
	add[rank[state]] = seconds
	_, err := tx.ExecContext(ctx, `INSERT INTO status_day (component, day, ok_s, degraded_s, stopped_s) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (component, day) DO UPDATE SET ok_s = status_day.ok_s + excluded.ok_s, degraded_s = status_day.degraded_s + excluded.degraded_s, stopped_s = status_day.stopped_s + excluded.stopped_s`,
		component, int64(day), add[0], add[1], add[2])
	return err
}

// forget drops days the page does not look back to.
func forget(ctx context.Context, tx *db.Tx, today calendar.Date) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM status_day WHERE day <= $1", int64(today.AddDays(-Days)))
	return err
}

func findComponent(ctx context.Context, tx *db.Tx, code string) (c Component, known bool, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT state, since_at, seen_at FROM status_component WHERE component = $1", code)
	if err != nil {
		return c, false, err
	}
	defer rows.Close()
	for rows.Next() {
		known, err = true, rows.Scan(&c.State, &c.Since, &c.SeenAt)
	}
	return c, known, cmp.Or(err, rows.Err())
}

// listComponents gives the components that are still watched, each with a row for every one of the last days.
func listComponents(ctx context.Context, tx *db.Tx, today calendar.Date) ([]Component, error) {
	rows, err := tx.QueryContext(ctx, "SELECT component, title, state, note, since_at, seen_at FROM status_component WHERE seen_at > (SELECT max(seen_at) FROM status_component) - $1",
		int64(forgotten/time.Microsecond))
	if err != nil {
		return nil, fmt.Errorf("list components: %w", err)
	}
	defer rows.Close()
	var list []Component
	for rows.Next() {
		c := Component{Days: blank(today)}
		if err := rows.Scan(&c.Component, &c.Title, &c.State, &c.Note, &c.Since, &c.SeenAt); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b Component) int {
		return cmp.Or(cmp.Compare(place(a.Component), place(b.Component)), strings.Compare(a.Title, b.Title))
	})
	return list, fillDays(ctx, tx, list, today)
}

// place is where a component stands among the others: acquirers together.
func place(component string) int {
	kind, _, _ := strings.Cut(component, "-")
	return order[kind]
}

func blank(today calendar.Date) []Day {
	list := make([]Day, Days)
	for i := range list {
		list[i].Day = today.AddDays(i - Days + 1)
	}
	return list
}

func fillDays(ctx context.Context, tx *db.Tx, list []Component, today calendar.Date) error {
	rows, err := tx.QueryContext(ctx, "SELECT component, day, ok_s, degraded_s, stopped_s FROM status_day")
	if err != nil {
		return fmt.Errorf("list days of components: %w", err)
	}
	defer rows.Close()
	at := map[string]int{}
	for i := range list {
		at[list[i].Component] = i
	}
	for rows.Next() {
		var code string
		var d Day
		if err := rows.Scan(&code, &d.Day, &d.OK, &d.Degraded, &d.Stopped); err != nil {
			return err
		}
		i, known := at[code]
		if n := Days - 1 - today.Days(d.Day); known && n >= 0 && n < Days {
			list[i].Days[n] = d
		}
	}
	return rows.Err()
}
