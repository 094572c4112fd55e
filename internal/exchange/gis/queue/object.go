package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
)

// object is a row of gis_object.
type object struct {
	GUID     string
	Supplier int64
	Kind     gis.Kind
	Entity   string
	Seq      int64
	FactKey  string
	Batch    int64 // the month of documents, else 0
	Account  int64
	Building int64
	Body     gis.Object
	State    string
	Attempts int
	Split    int
	Reason   string
	Class    gis.Class
}

// newObject is an object that waits to be sent.
func newObject(supplier int64, k gis.Kind, entity, fact string, account int64, body gis.Object) object {
	return object{GUID: uuid.NewString(), Supplier: supplier, Kind: k, Entity: entity, FactKey: fact, Account: account, Body: body, State: stateWaiting}
}

var objectColumns = []string{"transport_guid", "supplier_id", "kind", "entity", "seq", "fact_key", "batch", "account_id", "body", "state", "request_id", "attempts", "next_at",
	"created_at", "changed_at", "guid", "number", "reason", "class", "split", "building_id"}

// listMax is how many keys one query asks for.
const listMax = 500

// add queues objects of one supplier that are not there yet, in their order; first is the first of as many ids.
func (m *Module) add(ctx context.Context, tx *db.Tx, list []object, first int64) error {
	fresh, err := unknown(ctx, tx, list)
	if err != nil || len(fresh) == 0 {
		return err
	}
	bodies := make([]string, len(fresh))
	for i := range fresh {
		text, err := json.Marshal(fresh[i].Body)
		if err != nil {
			return err
		}
		bodies[i] = string(text)
	}
	now, i := int64(m.Now()), -1
	_, err = tx.Copy(ctx, "gis_object", objectColumns, db.Rows(fresh, len(objectColumns), func(o *object, row []any) {
		i++
		copy(row, []any{o.GUID, o.Supplier, string(o.Kind), o.Entity, first + int64(i), o.FactKey, o.Batch, o.Account, bodies[i], o.State, int64(0), int64(0), int64(0), now, now, "", "", o.Reason, string(o.Class), int64(0), o.Building})
	}))
	if err != nil {
		return fmt.Errorf("queue objects of the state system: %w", err)
	}
	return nil
}

// unknown are the objects whose facts are not queued.
func unknown(ctx context.Context, tx *db.Tx, list []object) (fresh []object, err error) {
	for from := 0; from < len(list); from += listMax {
		part := list[from:min(from+listMax, len(list))]
		args, keys := []any{part[0].Supplier}, make([]string, len(part))
		for i := range part {
			keys[i] = part[i].FactKey
		}
		rows, err := tx.QueryContext(ctx, "SELECT kind, fact_key FROM gis_object WHERE supplier_id = $1 AND "+db.In("fact_key", keys, &args), args...)
		if err != nil {
			return nil, err
		}
		known := map[string]bool{}
		for rows.Next() {
			var kind, key string
			if err := rows.Scan(&kind, &key); err != nil {
				rows.Close()
				return nil, err
			}
			known[kind+" "+key] = true
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		for _, o := range part {
			if key := string(o.Kind) + " " + o.FactKey; !known[key] {
				known[key] = true
				fresh = append(fresh, o)
			}
		}
	}
	return fresh, nil
}

// scanObjects reads objects o that a query chooses.
func scanObjects(ctx context.Context, tx *db.Tx, query string, args ...any) (list []object, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT o.transport_guid, o.supplier_id, o.kind, o.entity, o.seq, o.batch, o.account_id, o.body, o.attempts, o.split, o.building_id FROM gis_object o "+query, args...)
	if err != nil {
		return nil, fmt.Errorf("objects of the state system: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var o object
		var body string
		if err := rows.Scan(&o.GUID, &o.Supplier, &o.Kind, &o.Entity, &o.Seq, &o.Batch, &o.Account, &body, &o.Attempts, &o.Split, &o.Building); err != nil {
			return nil, err
		}
		o.Body = gis.NewObject(o.Kind)
		if err := json.Unmarshal([]byte(body), o.Body); err != nil {
			return nil, fmt.Errorf("object %s of the state system: %w", o.GUID, err)
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// outcome is what became of an object that waited or was sent.
type outcome struct {
	state  string
	reason string
	class  gis.Class
	next   calendar.Micros // when it may go again
}

// settle writes the outcome.
func settle(ctx context.Context, tx *db.Tx, guid string, o outcome, now calendar.Micros) error {
	_, err := tx.ExecContext(ctx, `UPDATE gis_object SET state = $2, reason = $3, class = $4, next_at = $5, changed_at = $6, request_id = 0, attempts = attempts + 1
		WHERE transport_guid = $1 AND state IN ('waiting', 'sent')`, guid, o.state, o.reason, string(o.class), int64(o.next), int64(now))
	return err
}
