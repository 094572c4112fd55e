// Package feed tells suppliers of facts: who may know what, each supplier's feed in order and without gaps, and its
// reading from any place on.
//
// Owns: tables event_feed, event_feed_head, event_round, the table of entitlements, and the form of a message. Does not
// own: the facts and their events (event), delivery by call (event/webhook).
//
// Invariants (docs/decisions/0008): an event gets its places in feeds after its transaction was committed, so none is
// passed over however late that was; positions of a supplier go up by one; of a subject they go in the order of its
// sequence; a message carries the addressee's own account and nothing of others' accounts.
package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// Message is an event as one supplier is told of it, by whichever way.
type Message struct {
	ID       string          `json:"id" doc:"The same however often and by whichever way it is told"`
	Kind     event.Kind      `json:"kind" doc:"What it tells of" example:"payment"`
	At       time.Time       `json:"at" doc:"When the fact was recorded"`
	Supplier string          `json:"supplier" doc:"Code of the supplier who is told"`
	Account  string          `json:"account" doc:"The supplier's own account in that household, as he prints it; empty when it is about all his accounts"`
	Data     json.RawMessage `json:"data" doc:"Ids and figures of the fact"`
	Cursor   string          `json:"cursor" doc:"Place in the feed; continue after it"`

	Position   int64 `json:"-"`
	BuildingID int64 `json:"-"` // of the event
	AccountID  int64 `json:"-"` // the supplier's own
}

// PageMax is how many messages one page has at most.
const PageMax = 10_000

// Fed is an event that was just given its places in feeds, in the transaction that did it.
type Fed struct {
	Building, Subject, Seq int64
	Account, Household     int64 // 0: not of one
	At                     calendar.Micros
	Kind                   event.Kind
}

// Module holds the operations on feeds.
type Module struct {
	// OnFed is told of events as they are fed, each once: with it others than suppliers learn of them. Nil is nobody.
	OnFed   func(ctx context.Context, tx *db.Tx, list []Fed) error
	db      *db.DB
	catalog func(ctx context.Context, at calendar.Micros) (*tariff.Catalog, error)
	zone    *time.Location
	now     func() calendar.Micros
	closing chan struct{}
}

// New makes the module; catalog gives the catalogue in force.
func New(d *db.DB, catalog func(ctx context.Context, at calendar.Micros) (*tariff.Catalog, error), zone *time.Location, now func() calendar.Micros) *Module {
	return &Module{db: d, catalog: catalog, zone: zone, now: now, closing: make(chan struct{})}
}

// Close ends those who follow a feed, for the server to stop.
func (m *Module) Close() { close(m.closing) }

// Closing is closed when the server stops.
func (m *Module) Closing() <-chan struct{} { return m.closing }

// Page gives a supplier's messages after a position, oldest first. A feed has no gaps, so fewer than limit means that
// there are no more now; a place before what was removed as old is refused (GoneCode).
func (m *Module) Page(ctx context.Context, supplierID, after int64, limit int) (list []Message, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = Page(ctx, tx, supplierID, after, limit)
		return err
	})
	return list, err
}

// Page is Module.Page in the caller's transaction.
func Page(ctx context.Context, tx *db.Tx, supplierID, after int64, limit int) ([]Message, error) {
	if err := refuseGone(ctx, tx, supplierID, after); err != nil {
		return nil, err
	}
	return list(ctx, tx, supplierID, "position > $2 ORDER BY position LIMIT $3", after, min(limit, PageMax))
}

// ListAt gives a supplier's messages at positions, which go up.
func ListAt(ctx context.Context, tx *db.Tx, supplierID int64, positions []int64) ([]Message, error) {
	args := []any{supplierID}
	of := db.In("position", positions, &args)
	return list(ctx, tx, supplierID, of+" ORDER BY position LIMIT $"+strconv.Itoa(len(args)+1), append(args[1:], len(positions))...)
}

// list reads the places first, bounded, and then their events by key: joined as they are, a planner walks all events
// for each page.
func list(ctx context.Context, tx *db.Tx, supplierID int64, where string, args ...any) ([]Message, error) {
	s, err := supplier.FindByID(ctx, tx, supplierID)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT f.position, f.account_id, f.number, e.building_id, e.subject_id, e.seq, e.kind, e.recorded_at, e.body
		FROM (SELECT position, account_id, number, building_id, subject_id, seq FROM event_feed WHERE supplier_id = $1 AND `+where+`) f
		JOIN event e ON e.building_id = f.building_id AND e.subject_id = f.subject_id AND e.seq = f.seq ORDER BY f.position`, append([]any{supplierID}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("page of feed: %w", err)
	}
	defer rows.Close()
	var list []Message
	for rows.Next() {
		m := Message{Supplier: s.Code}
		var building, subject, seq int64
		var at calendar.Micros
		var body string
		if err := rows.Scan(&m.Position, &m.AccountID, &m.Account, &building, &subject, &seq, &m.Kind, &at, &body); err != nil {
			return nil, err
		}
		if m.Data, err = event.Own(m.Kind, []byte(body), m.AccountID); err != nil {
			return nil, err
		}
		m.BuildingID = building
		m.ID, m.At = messageID(building, subject, seq, m.AccountID), at.Time()
		m.Cursor = strconv.FormatInt(m.Position, 10)
		list = append(list, m)
	}
	return list, rows.Err()
}

// messageID names an event and the account it is told about. It has no dot: Standard Webhooks sign «id.timestamp.body».
func messageID(building, subject, seq, account int64) string {
	b := make([]byte, 0, 48)
	b = append(b, "evt"...)
	for _, n := range [...]int64{building, subject, seq, account} {
		b = strconv.AppendInt(append(b, '_'), n, 36)
	}
	return string(b)
}

// Find turns what a reader gave as the place to go on from into a position: a cursor, a moment or a day (then it is
// what was told later than that), or nothing for the very beginning. What was removed as old is no place (GoneCode), nor is
// one the feed has not come to: who waited there would be told nothing for long.
func (m *Module) Find(ctx context.Context, supplierID int64, after string) (int64, error) {
	var position int64
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		if position, err = m.find(ctx, tx, supplierID, after); err != nil {
			return err
		}
		return refuseGone(ctx, tx, supplierID, position)
	})
	return position, err
}

func (m *Module) find(ctx context.Context, tx *db.Tx, supplierID int64, after string) (int64, error) {
	if after == "" {
		return 0, nil
	}
	if n, err := strconv.ParseInt(after, 10, 64); err == nil && n >= 0 && !strings.HasPrefix(after, "+") {
		head, err := Head(ctx, tx, supplierID)
		if err == nil && n > head {
			err = fault.Newf(fault.Invalid, "feed.ahead", "Места %d в ленте ещё нет, последнее – %d. Если база восстановлена из копии, начните со времени последнего события.", n, head).WithField("after")
		}
		return n, err
	}
	at, err := m.moment(after)
	if err != nil {
		return 0, err
	}
	return PositionAt(ctx, tx, supplierID, at)
}

func (m *Module) moment(s string) (calendar.Micros, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return calendar.MicrosOf(t), nil
	}
	day, err := calendar.ParseDate(s)
	if err != nil {
		return 0, fault.Newf(fault.Invalid, "feed.after", "%q – не место в ленте и не время. Укажите cursor последнего события или время: 2026-11-23T10:00:00Z.", s).WithField("after")
	}
	return calendar.MicrosOf(day.Time(m.zone)) - 1, nil
}

// PositionAt is the last position told up to a moment; 0 when it may have been removed. Moments go up with positions, so
// it is found by halving.
func PositionAt(ctx context.Context, tx *db.Tx, supplierID int64, at calendar.Micros) (int64, error) {
	var low, high int64 // what is sought is in [low, high]
	var pruned calendar.Micros
	err := tx.QueryRowContext(ctx, "SELECT coalesce(max(h.pruned_to), 0), coalesce(max(h.position), 0), (SELECT max(pruned_before) FROM event_round) FROM event_feed_head h WHERE h.supplier_id = $1", supplierID).
		Scan(&low, &high, &pruned)
	if low > 0 && at < pruned {
		return 0, err
	}
	for low < high && err == nil {
		middle := (low + high + 1) / 2
		var fed calendar.Micros
		err = tx.QueryRowContext(ctx, "SELECT fed_at FROM event_feed WHERE supplier_id = $1 AND position = $2", supplierID, middle).Scan(&fed)
		if fed > at {
			high = middle - 1
		} else {
			low = middle
		}
	}
	return low, err
}

// Head is the last position of a supplier's feed.
func Head(ctx context.Context, tx *db.Tx, supplierID int64) (position int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(position), 0) FROM event_feed_head WHERE supplier_id = $1", supplierID).Scan(&position)
	return position, err
}
