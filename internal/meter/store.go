package meter

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// Known is meters of some households of a building, or of all: what charging knows of them, which are one device, and how
// their registers are called.
type Known struct {
	*fact.Set
	Named   map[int64][]Register
	devices map[int64][]int64 // all meters of a device, by each of them
}

// Gather reads meters as they were known at a moment. Those linked with them come too, whosever household they are in.
func Gather(ctx context.Context, tx *db.Tx, building int64, of *fact.Scope, at calendar.Micros) (*Known, error) {
	links, err := listLinks(ctx, tx, building, at)
	if err != nil {
		return nil, err
	}
	k := &Known{devices: devicesOf(links)}
	if k.Set, err = fact.GatherMeters(ctx, tx, building, of, at); err != nil {
		return nil, err
	}
	if of != nil && len(links) > 0 {
		if err := k.widen(ctx, tx, of, at); err != nil {
			return nil, err
		}
	}
	k.Named, err = listNamed(ctx, tx, building, at)
	return k, err
}

// widen reads again with the accounts of meters linked with those that were read.
func (k *Known) widen(ctx context.Context, tx *db.Tx, of *fact.Scope, at calendar.Micros) error {
	known := map[int64]bool{}
	for i := range k.Meters {
		known[k.Meters[i].ID] = true
	}
	accounts := slices.Clone(of.Accounts)
	for id := range known {
		for _, other := range k.devices[id] {
			if known[other] {
				continue
			}
			account, err := fact.AccountOfMeter(ctx, tx, k.Building, other)
			if err != nil {
				return err
			}
			accounts = append(accounts, account)
		}
	}
	if len(accounts) == len(of.Accounts) {
		return nil
	}
	set, err := fact.GatherMeters(ctx, tx, k.Building, &fact.Scope{Accounts: accounts}, at)
	k.Set = set
	return err
}

// Linked are the other meters of the device of a meter, as links say.
func (k *Known) Linked(id int64) (list []int64) {
	for _, other := range k.devices[id] {
		if other != id {
			list = append(list, other)
		}
	}
	return list
}

type link struct{ a, b int64 }

// devicesOf puts meters that are linked, directly or over others, together.
func devicesOf(links []link) map[int64][]int64 {
	groups := map[int64][]int64{}
	for _, l := range links {
		joined := slices.Concat(groups[l.a], groups[l.b], []int64{l.a, l.b})
		slices.Sort(joined)
		joined = slices.Compact(joined)
		for _, id := range joined {
			groups[id] = joined
		}
	}
	return groups
}

// listLinks gives the links of a building that held at a moment.
func listLinks(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) (list []link, err error) {
	err = tx.Scan(ctx, `SELECT meter_id, other_id, linked FROM meter_link l WHERE building_id = $1 AND recorded_at <= $2 AND NOT EXISTS (SELECT 1 FROM meter_link n
		WHERE n.building_id = l.building_id AND n.meter_id = l.meter_id AND n.other_id = l.other_id AND n.recorded_at > l.recorded_at AND n.recorded_at <= $2)
		ORDER BY meter_id, other_id`, []any{building, int64(at)}, func(v []int64, _ []byte) error {
		if v[2] != 0 {
			list = append(list, link{v[0], v[1]})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("links of meters of building %d: %w", building, err)
	}
	return list, nil
}

// stored is a row of a step.
type stored struct {
	meter, id int64
	at        calendar.Micros
	kind      Kind
	on        calendar.Date
	body      string
	reason    string
	source    string
}

const stepColumns = `SELECT meter_id, step_id, recorded_at, kind, on_day, body, reason, source FROM meter_step `

func scanStep(rows *sql.Rows) (s stored, err error) {
	err = rows.Scan(&s.meter, &s.id, &s.at, &s.kind, &s.on, &s.body, &s.reason, &s.source)
	return s, err
}

// listSteps gives the rows of a query, of one step the last.
func listSteps(ctx context.Context, tx *db.Tx, where string, args ...any) (list []stored, err error) {
	rows, err := tx.QueryContext(ctx, stepColumns+where+" ORDER BY meter_id, step_id, recorded_at", args...)
	if err != nil {
		return nil, fmt.Errorf("steps of meters: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		s, err := scanStep(rows)
		if err != nil {
			return nil, err
		}
		if n := len(list); n > 0 && list[n-1].meter == s.meter && list[n-1].id == s.id {
			list = list[:n-1]
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// stepsOf gives the steps of a meter known at a moment.
func stepsOf(ctx context.Context, tx *db.Tx, building, meter int64, at calendar.Micros) ([]stored, error) {
	return listSteps(ctx, tx, "WHERE building_id = $1 AND meter_id = $2 AND recorded_at <= $3", building, meter, int64(at))
}

// listNamed gives the named registers of a building's meters: as the latest description of each says.
func listNamed(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) (map[int64][]Register, error) {
	list, err := listSteps(ctx, tx, "WHERE building_id = $1 AND kind = $2 AND recorded_at <= $3", building, string(Described), int64(at))
	if err != nil {
		return nil, err
	}
	named, told := map[int64][]Register{}, map[int64]calendar.Micros{}
	for _, s := range list {
		var b body
		if err := json.Unmarshal([]byte(s.body), &b); err != nil {
			return nil, fmt.Errorf("step %d: %w", s.id, err)
		}
		if len(b.Registers) > 0 && s.at >= told[s.meter] {
			named[s.meter], told[s.meter] = b.Registers, s.at
		}
	}
	return named, nil
}

func insertStep(ctx context.Context, tx *db.Tx, building int64, s *stored) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO meter_step (building_id, meter_id, step_id, recorded_at, kind, on_day, body, reason, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		building, s.meter, s.id, int64(s.at), string(s.kind), int64(s.on), s.body, s.reason, s.source)
	return err
}

func insertLink(ctx context.Context, tx *db.Tx, building int64, l link, at calendar.Micros, linked bool, reason, source string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO meter_link (building_id, meter_id, other_id, recorded_at, linked, reason, source) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		building, min(l.a, l.b), max(l.a, l.b), int64(at), linked, reason, source)
	return err
}
