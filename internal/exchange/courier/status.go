package courier

import (
	"context"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event/feed"
)

// lateAfter is how long after its hour a file that is not with the supplier yet is late.
const lateAfter = time.Hour

// Status is an exchange as it stands.
type Status struct {
	Supplier string          `json:"supplier"`
	Code     string          `json:"code"`
	What     string          `json:"what,omitempty"`
	Folder   string          `json:"folder"`
	Days     []string        `json:"days,omitempty"`
	Hours    []string        `json:"hours,omitempty"`
	Zone     string          `json:"zone,omitempty"`
	Next     calendar.Micros `json:"-"`
	NextTime string          `json:"next,omitempty"`
	Files    int64           `json:"files"`   // made
	Untold   int64           `json:"untold"`  // messages of the feed no file has gone through yet
	Waiting  int             `json:"waiting"` // files
	Open     int             `json:"refused"` // rows refused and not given again
	Late     bool            `json:"late"`    // a file is an hour late, or the folder cannot be looked into
	Trouble  string          `json:"trouble,omitempty"`
	Noted    []Noted         `json:"noted,omitempty"` // the supplier's latest files that were not understood as a whole, the newest first
}

// Noted is a file of the supplier's that was taken, with what there is to know of it.
type Noted struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // register or answer
	Note string `json:"note"`
}

// notedMax is how many of them are shown.
const notedMax = 5

func listNoted(ctx context.Context, tx *db.Tx, x *exchange) (list []Noted, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT name, kind, note FROM courier_taken WHERE supplier_id = $1 AND code = $2 AND note <> '' ORDER BY taken_at DESC, name LIMIT $3", x.supplier.ID, x.Code, notedMax)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n Noted
		if err := rows.Scan(&n.Name, &n.Kind, &n.Note); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err()
}

// Statuses gives the exchanges in force; of one supplier, or all (0).
func (m *Module) Statuses(ctx context.Context, supplierID int64) (list []Status, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []Status{}
		exchanges, err := m.inForce(ctx, tx, supplierID)
		if err != nil {
			return err
		}
		for i := range exchanges {
			s, err := m.status(ctx, tx, &exchanges[i])
			if err != nil {
				return err
			}
			list = append(list, s)
		}
		return nil
	})
	return list, err
}

func (m *Module) status(ctx context.Context, tx *db.Tx, x *exchange) (s Status, err error) {
	now := m.Now()
	s = Status{Supplier: x.supplier.Code, Code: x.Code, What: x.What, Folder: x.Folder, Days: x.Days, Hours: x.Hours, Zone: x.zone.String(), Files: x.number, Trouble: x.trouble}
	if x.What != "" {
		if s.Next = x.next(now); s.Next != 0 {
			s.NextTime = s.Next.Time().In(x.zone).Format(time.RFC3339)
		}
		head, err := feed.Head(ctx, tx, x.supplier.ID)
		if err != nil {
			return s, err
		}
		s.Untold = head - x.position
	}
	var oldest int64
	var trouble string
	err = tx.QueryRowContext(ctx, `SELECT count(*), coalesce(min(slot_at), 0), coalesce(max(trouble), '') FROM courier_file WHERE supplier_id = $1 AND code = $2 AND state = 'waiting'`, x.supplier.ID, x.Code).Scan(&s.Waiting, &oldest, &trouble)
	if err != nil {
		return s, err
	}
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM courier_refusal WHERE supplier_id = $1 AND code = $2 AND again_number = 0", x.supplier.ID, x.Code).Scan(&s.Open)
	if err != nil {
		return s, err
	}
	s.Noted, err = listNoted(ctx, tx, x)
	missed := x.What != "" && len(x.slots(x.slotAt, now-micros(lateAfter))) > 0
	s.Late = s.Trouble != "" || missed || oldest != 0 && calendar.Micros(oldest) < now-micros(lateAfter)
	if s.Trouble == "" {
		s.Trouble = trouble
	}
	return s, err
}

// Holds tells how far of each supplier's feed files have gone: old messages after it must not be removed. Refused rows and
// files whose answer is still waited for hold theirs, but no longer than until a moment.
func (m *Module) Holds(ctx context.Context, until calendar.Micros) (map[int64]int64, error) {
	holds := map[int64]int64{}
	keep := func(id, position int64) {
		if have, ok := holds[id]; !ok || position < have {
			holds[id] = position
		}
	}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		clear(holds)
		list, err := m.inForce(ctx, tx, 0)
		if err != nil {
			return err
		}
		for i := range list {
			x := &list[i]
			if x.What == "" || x.What == WhatBalance || x.over(m.Now()) {
				continue
			}
			keep(x.supplier.ID, x.position)
			if x.Answer == nil {
				continue
			}
			var after int64
			err := tx.QueryRowContext(ctx, "SELECT coalesce(min(after_position), $3) FROM courier_file WHERE supplier_id = $1 AND code = $2 AND state = 'sent' AND sent_at >= $4", x.supplier.ID, x.Code, x.position, int64(until)).Scan(&after)
			if err != nil {
				return err
			}
			keep(x.supplier.ID, after)
		}
		return tx.Scan(ctx, "SELECT supplier_id, min(position) - 1 FROM courier_refusal WHERE again_number = 0 AND recorded_at >= $1 GROUP BY supplier_id", []any{int64(until)}, func(v []int64, _ []byte) error {
			keep(v[0], v[1])
			return nil
		})
	})
	return holds, err
}
