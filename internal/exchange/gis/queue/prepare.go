package queue

import (
	"context"
	"time"

	"github.com/google/uuid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

// ready is the condition of an object o that may be sent at $3: it is the first open one of its entity.
const ready = `o.supplier_id = $1 AND o.kind = $2 AND o.state = 'waiting' AND o.next_at <= $3 AND NOT EXISTS (SELECT 1 FROM gis_object b
	WHERE b.supplier_id = o.supplier_id AND b.entity = o.entity AND b.seq < o.seq AND b.state IN ('waiting', 'sent', 'compare'))`

// prepare makes the next message of a kind and gives it its objects, before anything is sent; nil when nothing is ready.
func (m *Module) prepare(ctx context.Context, s *supplier.Supplier, k gis.Kind) (made *request, err error) {
	if waits, err := m.waits(ctx, s.ID, k); err != nil || !waits {
		return nil, err
	}
	if err := m.loadCodes(ctx, s, k); err != nil {
		return nil, err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	for more := true; more && made == nil && err == nil; {
		err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			r := &request{id: id, supplier: s.ID, kind: k, message: uuid.NewString(), purpose: purposeTell}
			made = nil
			list, err := scanObjects(ctx, tx, "WHERE "+ready+" ORDER BY o.split, o.batch, o.seq LIMIT $4", s.ID, string(k), int64(m.Now()), gis.Operations[k].Max)
			if more = len(list) > 0; err != nil || !more {
				return err
			}
			list = oneMessage(list)
			r.batch = list[0].Batch
			n, err := m.fill(ctx, tx, s, r, list)
			if err != nil || n == 0 {
				return err
			}
			made = r
			return m.insertRequest(ctx, tx, r, n)
		})
	}
	return made, err
}

// splitBits is how much smaller a message is after one with its objects was refused as a whole: eight times.
const splitBits = 3

// oneMessage are the first of a list that go in one message: documents of one month, and after a refusal of the whole
// message as few as are left to find the one that is not by the schema.
func oneMessage(list []object) []object {
	most := max(1, gis.Operations[list[0].Kind].Max>>(splitBits*list[0].Split))
	for i := range list {
		if i == most || list[i].Batch != list[0].Batch || list[i].Split != list[0].Split {
			return list[:i]
		}
	}
	return list
}

func (m *Module) waits(ctx context.Context, supplierID int64, k gis.Kind) (yes bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM gis_object o WHERE "+ready+")", supplierID, string(k), int64(m.Now())).Scan(&yes)
	})
	return yes, err
}

// missingPause is how long an object without an identifier waits for it; when one comes in, all are tried at once.
const missingPause = calendar.Micros(time.Hour / time.Microsecond)

// noRequisites is why documents of a supplier wait.
const noRequisites = "У поставщика нет БИК и расчётного счёта: загрузите реквизиты, kvit suppliers load."

// fill puts the objects that can go into a message and puts the others off, or refuses those that never can.
func (m *Module) fill(ctx context.Context, tx *db.Tx, s *supplier.Supplier, r *request, list []object) (n int, err error) {
	if err := identify(ctx, tx, s, list, r.message); err != nil {
		return 0, err
	}
	known, err := knownMeters(ctx, tx, list)
	if err != nil {
		return 0, err
	}
	now := m.Now()
	for i := range list {
		o := &list[i]
		if r.kind == gis.KindDocument && (s.BIC == "" || s.BankAccount == "") {
			o.Reason = noRequisites
		}
		end := held(o, now)
		if known[o.GUID] {
			end = &outcome{state: stateDone}
		}
		if end != nil {
			err = settle(ctx, tx, o.GUID, *end, now)
		} else {
			var taken int64
			taken, err = take(ctx, tx, o.GUID, stateWaiting, r.id, now)
			n += int(taken)
		}
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}

// held is what becomes of an object that cannot go, nil of one that can.
func held(o *object, now calendar.Micros) *outcome {
	switch {
	case o.Reason == nothingAcknowledged:
		return &outcome{state: stateDone, reason: o.Reason}
	case o.Reason != "" && o.Kind == gis.KindCancellation:
		return &outcome{state: stateRefused, reason: o.Reason}
	case o.Reason != "":
		return &outcome{state: stateWaiting, reason: o.Reason, next: now + missingPause}
	}
	if broken := o.Body.Broken(); broken != "" {
		return &outcome{state: stateRefused, reason: "Не по схеме ГИС ЖКХ: " + broken + ".", class: gis.ClassFormat}
	}
	return nil
}

// knownMeters are the meters among objects to be entered that ГИС ЖКХ has meanwhile, by TransportGUID: somebody entered them there.
func knownMeters(ctx context.Context, tx *db.Tx, list []object) (map[string]bool, error) {
	known := map[string]bool{}
	if list[0].Kind != gis.KindMeter {
		return known, nil
	}
	var keys []string
	for i := range list {
		keys = append(keys, meterKey(list[i].Entity))
	}
	found, err := listAliases(ctx, tx, list[0].Supplier, aliasMeter, keys)
	for i := range list {
		if b, ok := list[i].Body.(*gis.Meter); ok && b.Data != nil {
			known[list[i].GUID] = found[keys[i]] != ""
		}
	}
	return known, err
}

// take gives an object in a state to a message; another process may have been quicker.
func take(ctx context.Context, tx *db.Tx, guid, from string, request int64, now calendar.Micros) (int64, error) {
	res, err := tx.ExecContext(ctx, "UPDATE gis_object SET state = 'sent', request_id = $2, reason = '', changed_at = $3 WHERE transport_guid = $1 AND state = $4", guid, request, int64(now), from)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (m *Module) insertRequest(ctx context.Context, tx *db.Tx, r *request, objects int) error {
	now := m.Now()
	_, err := tx.ExecContext(ctx, `INSERT INTO gis_request (request_id, supplier_id, kind, batch, message, remote, state, objects, attempts, next_at, made_at, received_at, processing_at, done_at, note, purpose)
		VALUES ($1, $2, $3, $4, $5, '', 0, $6, 0, $7, $8, 0, 0, 0, '', $9)`, r.id, r.supplier, string(r.kind), r.batch, r.message, objects, int64(now+inFlight), int64(now), r.purpose)
	return err
}
