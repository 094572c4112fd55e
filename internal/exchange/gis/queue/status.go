package queue

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/supplier"
)

// Status is how the exchange with ГИС ЖКХ goes.
type Status struct {
	Queues   []Queue   `json:"queues"`
	Messages Messages  `json:"messages"`
	Refusals []Refusal `json:"refusals"` // the most frequent ones

	moving int64 // objects that go on without a person, and questions
}

// Queue is how many objects of a kind a supplier has in each state.
type Queue struct {
	Supplier string   `json:"supplier"`
	Kind     gis.Kind `json:"kind"`
	Waiting  int64    `json:"waiting"`
	Sent     int64    `json:"sent"`
	Done     int64    `json:"done"`
	Refused  int64    `json:"refused"`
	Age      int64    `json:"ageSeconds"` // of the oldest that waits or is on its way
}

// Messages are messages on their way by what is known of them.
type Messages struct {
	Unknown    int64 `json:"unknown"` // no receipt came
	Received   int64 `json:"received"`
	Processing int64 `json:"processing"`
}

// Refusal is an object that was refused, or waits with a reason.
type Refusal struct {
	Supplier string   `json:"supplier"`
	Kind     gis.Kind `json:"kind"`
	Entity   string   `json:"entity"`
	State    string   `json:"state"`
	Reason   string   `json:"reason"`
	Advice   string   `json:"advice"` // what to do about it
	Count    int64    `json:"count"`  // of objects with that reason
	Example  string   `json:"-"`      // the account of one of them, as its supplier prints it
}

// refusalsMax is how many reasons are shown.
const refusalsMax = 20

// Status tells how the exchange goes.
func (m *Module) Status(ctx context.Context) (s *Status, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s = &Status{Queues: []Queue{}, Refusals: []Refusal{}}
		codes, err := supplier.ListCodes(ctx, tx)
		if err == nil {
			err = s.readQueues(ctx, tx, codes, int64(m.Now()))
		}
		if err == nil {
			err = s.readRefusals(ctx, tx, codes)
		}
		if err == nil {
			err = tx.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM gis_object o WHERE "+moving+") + (SELECT count(*) FROM gis_request WHERE purpose = 'fetch' AND state < 3)").Scan(&s.moving)
		}
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT coalesce(sum(CASE WHEN state = 0 THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN state = 1 THEN 1 ELSE 0 END), 0),
			coalesce(sum(CASE WHEN state = 2 THEN 1 ELSE 0 END), 0) FROM gis_request WHERE state < 3`).Scan(&s.Messages.Unknown, &s.Messages.Received, &s.Messages.Processing)
	})
	if err != nil {
		return nil, fmt.Errorf("status of the state system: %w", err)
	}
	return s, nil
}

// Idle tells whether nothing is on its way and nothing waits but for a person or an identifier.
func (s *Status) Idle() bool { return s.moving == 0 }

// moving is the condition of an object o that goes on without a person: it is under way, or the first of its entity and
// waits for nothing but its time.
const moving = `o.state IN ('sent', 'compare') OR o.state = 'waiting' AND (o.reason = '' OR o.class IN ('again', 'exists', 'list', 'unknown', 'format', 'data'))
	AND NOT EXISTS (SELECT 1 FROM gis_object b WHERE b.supplier_id = o.supplier_id AND b.entity = o.entity AND b.seq < o.seq AND b.state IN ('waiting', 'sent', 'compare'))`

func (s *Status) readQueues(ctx context.Context, tx *db.Tx, codes map[int64]string, now int64) error {
	rows, err := tx.QueryContext(ctx, `SELECT supplier_id, kind, sum(CASE WHEN state IN ('waiting', 'compare') THEN 1 ELSE 0 END), sum(CASE WHEN state = 'sent' THEN 1 ELSE 0 END),
		sum(CASE WHEN state = 'done' THEN 1 ELSE 0 END), sum(CASE WHEN state = 'refused' THEN 1 ELSE 0 END),
		coalesce(min(CASE WHEN state IN ('waiting', 'sent', 'compare') THEN created_at END), 0) FROM gis_object GROUP BY supplier_id, kind ORDER BY supplier_id, kind`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, oldest int64
		var q Queue
		if err := rows.Scan(&id, &q.Kind, &q.Waiting, &q.Sent, &q.Done, &q.Refused, &oldest); err != nil {
			return err
		}
		q.Supplier = codes[id]
		if oldest > 0 {
			q.Age = (now - oldest) / int64(time.Second/time.Microsecond)
		}
		s.Queues = append(s.Queues, q)
	}
	return rows.Err()
}

func (s *Status) readRefusals(ctx context.Context, tx *db.Tx, codes map[int64]string) error {
	rows, err := tx.QueryContext(ctx, `SELECT supplier_id, kind, min(entity), state, reason, class, count(*) FROM gis_object WHERE reason <> '' AND state IN ('waiting', 'compare', 'refused')
		GROUP BY supplier_id, kind, state, reason, class ORDER BY count(*) DESC, supplier_id, kind, reason LIMIT $1`, refusalsMax)
	if err != nil {
		return err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		var x Refusal
		var class gis.Class
		if err := rows.Scan(&id, &x.Kind, &x.Entity, &x.State, &x.Reason, &class, &x.Count); err != nil {
			return err
		}
		x.Supplier, x.Advice = codes[id], class.Advice()
		s.Refusals, ids = append(s.Refusals, x), append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i := range s.Refusals {
		if err := s.Refusals[i].exemplify(ctx, tx, ids[i]); err != nil {
			return err
		}
	}
	return nil
}

// exemplify names the account of one of the objects.
func (x *Refusal) exemplify(ctx context.Context, tx *db.Tx, supplierID int64) error {
	err := tx.QueryRowContext(ctx, `SELECT c.number FROM gis_object o JOIN v_account_claim c ON c.building_id = o.building_id AND c.account_id = o.account_id
		WHERE o.supplier_id = $1 AND o.entity = $2 LIMIT 1`, supplierID, x.Entity).Scan(&x.Example)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return nil // the account was closed meanwhile
	}
	return err
}

// Retry lets refused objects of a supplier be sent again, under the GUIDs they have. A reversal that names no payment
// stays: nothing can be sent for it.
func (m *Module) Retry(ctx context.Context, code string) (n int64, err error) {
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		s, err := supplier.Find(ctx, tx, code)
		if err != nil {
			return err
		}
		if err := regather(ctx, tx, s.ID); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, "UPDATE gis_object SET state = 'waiting', next_at = 0, attempts = 0, split = 0, reason = '', class = '', changed_at = $2 WHERE supplier_id = $1 AND state = 'refused' AND reason <> $3", s.ID, int64(m.Now()), reversalReason)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, err
}

// regather forgets documents that could not be made for want of a code, and reads the facts again: the codes may be
// there now.
func regather(ctx context.Context, tx *db.Tx, supplierID int64) error {
	res, err := tx.ExecContext(ctx, "DELETE FROM gis_object WHERE supplier_id = $1 AND kind = 'document' AND state = 'refused' AND guid = '' AND attempts = 0", supplierID)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE gis_house SET read_at = 0 WHERE supplier_id = $1", supplierID)
	return err
}

// Checks are the invariants of the exchange (I18) as queries for offenders.
var Checks = []ledger.Check{
	{"I18.gis_objects_have_a_state", `SELECT o.transport_guid FROM gis_object o LEFT JOIN gis_request r ON r.request_id = o.request_id
		WHERE o.state NOT IN ('waiting', 'sent', 'compare', 'done', 'refused') OR o.state = 'sent' AND (r.request_id IS NULL OR r.state >= 3) OR o.state <> 'sent' AND o.request_id <> 0`},
	{"I18.gis_objects_in_order", `SELECT o.transport_guid FROM gis_object o WHERE o.state = 'sent' AND EXISTS (SELECT 1 FROM gis_object b
		WHERE b.supplier_id = o.supplier_id AND b.entity = o.entity AND b.seq < o.seq AND b.state IN ('waiting', 'sent', 'compare'))`},
}

// Invariants runs the checks.
func Invariants(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	return ledger.Breaches(ctx, tx, Checks)
}
