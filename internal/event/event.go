// Package event is the outbox of facts: what suppliers are to be told, written in the transaction of the fact itself.
//
// Owns: tables event, event_subject. Does not own: who is told and in which order (event/feed), how it is delivered
// (event/webhook), the facts.
//
// Invariants: a fact and its event are committed together or not at all; the events of a subject (an account, a
// household as a whole, or all accounts of a supplier) are numbered from one without gaps, in the order they were committed; writers of different
// subjects never wait for each other; a body holds ids and figures, never names, addresses or telephones.
package event

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Event is a fact to be told.
type Event struct {
	BuildingID  int64
	AccountID   int64 // whose; 0: about the household as a whole
	HouseholdID int64 // needed when AccountID is 0; else the account's is found when it is told
	SupplierID  int64 // of what is about all of a supplier's accounts: then there is no account, household or building
	At          calendar.Micros
	Service     string // of the catalogue: of readings and meters
	FactID      int64  // the row told of, by which kvit check finds it: of payments the order
	Body        Body
}

// bodyMax keeps a message with its envelope within the 20 KB of Standard Webhooks.
const bodyMax = 16 << 10

// Bounds of one statement with its parameters in the text.
const (
	subjectsMax = 200
	fewEvents   = 40 // so many go in by a batch, more by the bulk way
)

// subject is whose sequence an event takes its number from.
type subject struct{ building, id int64 }

func (e *Event) subject() subject {
	return subject{e.BuildingID, cmp.Or(e.AccountID, e.HouseholdID, -e.SupplierID)}
}

// reserved are the numbers given to a subject: the last of them, how many are used, and a moment no earlier than
// that of any event before.
type reserved struct{ last, count, used, at int64 }

// Write tells of facts in the transaction that records them. It locks the sequences of their subjects until the
// transaction ends, so call it last. Of one subject the list is in order.
func Write(ctx context.Context, tx *db.Tx, list []Event) error {
	if len(list) <= fewEvents {
		var b db.Batch
		if err := Add(&b, list); err != nil {
			return err
		}
		return tx.Send(ctx, &b)
	}
	given, err := reserve(ctx, tx, list)
	if err != nil {
		return fmt.Errorf("number events: %w", err)
	}
	rows := make([][]any, len(list))
	for i := range list {
		if rows[i], err = list[i].row(given[list[i].subject()]); err != nil {
			return err
		}
	}
	slices.SortFunc(rows, byKey)
	if _, err = tx.Copy(ctx, "event", columns, db.Rows(rows, len(columns), func(from *[]any, to []any) { copy(to, *from) })); err != nil {
		return fmt.Errorf("write events: %w", err)
	}
	return nil
}

var columns = []string{"building_id", "subject_id", "seq", "account_id", "household_id", "recorded_at", "fact_id", "fed", "kind", "service", "body"}

func (e *Event) row(r *reserved) ([]any, error) {
	body, err := e.text()
	if err != nil {
		return nil, err
	}
	r.used++
	s := e.subject()
	return []any{s.building, s.id, r.last - r.count + r.used, e.AccountID, e.HouseholdID, r.at, e.FactID, int64(0), string(e.Body.Kind()), e.Service, body}, nil
}

// text is the body as it is stored.
func (e *Event) text() (string, error) {
	body, err := json.Marshal(e.Body)
	if err != nil {
		return "", fmt.Errorf("event %s: %w", e.Body.Kind(), err)
	}
	if len(body) > bodyMax {
		return "", fault.Newf(fault.Invalid, "event.too_large", "Событие %s длиннее %d байт.", e.Body.Kind(), bodyMax)
	}
	return string(body), nil
}

// byKey orders rows by the primary key, which goes in fastest.
func byKey(a, b []any) int {
	for i := range 3 {
		if c := cmp.Compare(a[i].(int64), b[i].(int64)); c != 0 {
			return c
		}
	}
	return 0
}

// count gives how many numbers each subject of a list needs, and the subjects in one order for all writers: no deadlocks.
func count(list []Event) (map[subject]*reserved, []subject, error) {
	given := map[subject]*reserved{}
	var order []subject
	for i := range list {
		s := list[i].subject()
		if s.id == 0 {
			return nil, nil, fault.New(fault.Invalid, "event.no_subject", "Событие должно быть о лицевом счёте, о семье или о поставщике.")
		}
		if given[s] == nil {
			given[s] = &reserved{}
			order = append(order, s)
		}
		given[s].count++
		given[s].at = max(given[s].at, int64(list[i].At))
	}
	slices.SortFunc(order, func(a, b subject) int { return cmp.Or(cmp.Compare(a.building, b.building), cmp.Compare(a.id, b.id)) })
	return given, order, nil
}

// reserve gives each subject the next numbers of its sequence.
func reserve(ctx context.Context, tx *db.Tx, list []Event) (map[subject]*reserved, error) {
	given, order, err := count(list)
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(order, subjectsMax) {
		if err := reserveChunk(ctx, tx, chunk, given); err != nil {
			return nil, err
		}
	}
	return given, nil
}

func reserveChunk(ctx context.Context, tx *db.Tx, chunk []subject, given map[subject]*reserved) error {
	args := make([]any, 0, 4*len(chunk))
	for _, s := range chunk {
		args = append(args, s.building, s.id, given[s].count, given[s].at)
	}
	rows, err := tx.QueryContext(ctx, "INSERT INTO event_subject (building_id, subject_id, last_seq, last_at) VALUES "+db.Placeholders(len(chunk), 4)+
		takeNumbers+" RETURNING building_id, subject_id, last_seq, last_at", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s subject
		var last, at int64
		if err := rows.Scan(&s.building, &s.id, &last, &at); err != nil {
			return err
		}
		given[s].last, given[s].at = last, at
	}
	return rows.Err()
}

// Find gives the body of an event as it is stored.
func Find(ctx context.Context, tx *db.Tx, building, subject, seq int64) (body []byte, err error) {
	var text string
	err = db.Fold(tx.QueryRowContext(ctx, "SELECT body FROM event WHERE building_id = $1 AND subject_id = $2 AND seq = $3", building, subject, seq).Scan(&text))
	return []byte(text), err
}
