// Package courier carries files to suppliers at the hour they asked for, in their own layout, and brings back what they
// answer and what they have to give.
//
// Owns: tables courier_schedule, courier_state, courier_file, courier_refusal, courier_taken: schedules, files made, their
// delivery and answers. Does not own: what suppliers may know and its order (event/feed), layouts (exchange/register),
// folders and servers (exchange/remote), taking registers in (exchange).
//
// Invariants: what was told a supplier is in one file of each of his exchanges, in the order of his feed: the next file goes
// on from where the last one ended; numbers and names of files never repeat; a file once made is never changed; files of an
// exchange are sent in the order of their numbers; what the supplier refused is kept until it is given again.
package courier

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event/feed"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// Balance is what is due on an account.
type Balance struct {
	BuildingID, AccountID int64
	Due                   money.Amount
}

// Deps are what the module stands on.
type Deps struct {
	DB    *db.DB
	Blobs *blob.Store
	Feed  *feed.Module
	Now   func() calendar.Micros
	// Layout is how a supplier wants registers of payments.
	Layout func(ctx context.Context, tx *db.Tx, supplierID int64) (register.Layout, error)
	// Balances gives what is due on each account of a supplier.
	Balances func(ctx context.Context, supplierID int64, each func(Balance) error) error
	// Deliver takes in a supplier's file as his programs hand it over, once however often it is called with one key.
	Deliver func(ctx context.Context, supplierID int64, name, key string, body io.Reader) error
}

// Module holds the operations on exchanges of files.
type Module struct {
	Deps
	seen sightings
}

// New makes the module.
func New(d Deps) *Module { return &Module{Deps: d, seen: sightings{at: map[string]int64{}}} }

// Load keeps schedules. One that says the same as the one in force changes nothing; it tells how many are new.
func (m *Module) Load(ctx context.Context, actor access.Actor, list []Schedule) (changed int, err error) {
	if _, err := m.Feed.Catch(ctx); err != nil { // what was told before is before the beginning
		return 0, err
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		changed = 0
		for i := range list {
			is, err := m.keep(ctx, tx, actor, &list[i])
			if err != nil {
				return err
			}
			if is {
				changed++
			}
		}
		return nil
	})
	return changed, err
}

func (m *Module) keep(ctx context.Context, tx *db.Tx, actor access.Actor, s *Schedule) (changed bool, err error) {
	owner, err := supplier.Find(ctx, tx, s.Supplier)
	if err != nil {
		return false, err
	}
	spec, err := json.Marshal(s)
	if err != nil {
		return false, err
	}
	now := m.Now()
	var had string
	err = db.Fold(tx.QueryRowContext(ctx, "SELECT spec FROM courier_schedule WHERE supplier_id = $1 AND code = $2 AND valid_from = $3 ORDER BY recorded_at DESC LIMIT 1", owner.ID, s.Code, int64(s.From)).Scan(&had))
	if err != nil && !fault.Is(err, fault.NotFound) || had == string(spec) {
		return false, notFoundIsNil(err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO courier_schedule (supplier_id, code, valid_from, recorded_at, recorded_by, spec) VALUES ($1, $2, $3, $4, $5, $6)",
		owner.ID, s.Code, int64(s.From), int64(now), actor.String(), string(spec)); err != nil {
		return false, err
	}
	if err := m.begin(ctx, tx, owner.ID, s, now); err != nil {
		return false, err
	}
	return true, audit.Record(ctx, tx, now, actor.String(), "courier.scheduled", fmt.Sprintf("courier:%d/%s", owner.ID, s.Code), map[string]any{"what": s.What, "from": int64(s.From)})
}

func notFoundIsNil(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// begin gives an exchange its place to begin at: its first day, or now.
func (m *Module) begin(ctx context.Context, tx *db.Tx, supplierID int64, s *Schedule, now calendar.Micros) error {
	at := now
	if s.From != 0 {
		at = min(now, calendar.MicrosOf(calendar.Date(s.From).Time(s.zone))-1)
	}
	position, err := feed.PositionAt(ctx, tx, supplierID, at)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO courier_state (supplier_id, code, position, last_number, slot_at, looked_at, trouble) VALUES ($1, $2, $3, 0, $4, 0, '') ON CONFLICT DO NOTHING",
		supplierID, s.Code, position, int64(at))
	return err
}

// exchange is a schedule in force with how far it has come.
type exchange struct {
	Schedule
	supplier         supplier.Supplier
	position, number int64
	slotAt, lookedAt calendar.Micros
	trouble          string
}

// inForce gives the exchanges whose schedules hold on the day of now; of one supplier, or all (0).
func (m *Module) inForce(ctx context.Context, tx *db.Tx, supplierID int64) (list []exchange, err error) {
	now := m.Now()
	rows, err := tx.QueryContext(ctx, `SELECT c.supplier_id, c.valid_from, c.spec, s.position, s.last_number, s.slot_at, s.looked_at, s.trouble FROM courier_schedule c
		JOIN courier_state s ON s.supplier_id = c.supplier_id AND s.code = c.code WHERE (CAST($1 AS BIGINT) = 0 OR c.supplier_id = $1) ORDER BY c.supplier_id, c.code, c.valid_from, c.recorded_at`, supplierID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x exchange
		var from int64
		var spec string
		if err := rows.Scan(&x.supplier.ID, &from, &spec, &x.position, &x.number, &x.slotAt, &x.lookedAt, &x.trouble); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(spec), &x.Schedule); err != nil {
			return nil, err
		}
		if err := x.prepare(); err != nil {
			return nil, err
		}
		if calendar.Date(from) > x.day(now) && len(list) > 0 && list[len(list)-1].same(&x) {
			continue // begins later: until then the one before holds
		}
		if n := len(list); n > 0 && list[n-1].same(&x) {
			list[n-1] = x
			continue
		}
		list = append(list, x)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].supplier, err = supplier.FindByID(ctx, tx, list[i].supplier.ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (x *exchange) same(o *exchange) bool { return x.supplier.ID == o.supplier.ID && x.Code == o.Code }

// over tells whether an exchange has ended: its last hour is past and dealt with.
func (x *exchange) over(now calendar.Micros) bool {
	return x.Until != 0 && x.day(now) > calendar.Date(x.Until) && len(x.slots(x.slotAt, now)) == 0
}
