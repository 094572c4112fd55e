package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

// Bounds of sending.
const (
	callsMax  = 4                                                   // at a time
	openMax   = 200                                                 // messages asked about in one round
	inFlight  = calendar.Micros(2 * time.Minute / time.Microsecond) // a message being sent is asked about by nobody else
	pollPause = calendar.Micros(10 * time.Second / time.Microsecond)
	asksMax   = 5 // of a worked message that is silent about some of its objects
)

// request is a row of gis_request.
type request struct {
	id, supplier    int64
	kind            gis.Kind
	batch           int64
	message, remote string
	state, attempts int
}

// Round asks about messages on their way and sends what is ready; it gives how many objects were settled. Several
// processes may do it at once.
func (m *Module) Round(ctx context.Context) (settled int, err error) {
	if m.Client == nil {
		return 0, nil
	}
	list, err := participants(ctx, m.DB)
	if err != nil {
		return 0, err
	}
	bySupplier := map[int64]*supplier.Supplier{}
	for i := range list {
		bySupplier[list[i].ID] = &list[i]
	}
	before, err := m.countSettled(ctx)
	if err != nil {
		return 0, err
	}
	open, err := m.takeOpen(ctx)
	if err != nil {
		return 0, err
	}
	err = together(open, func(r *request) error {
		if s := bySupplier[r.supplier]; s != nil {
			return m.bring(ctx, s, r)
		}
		return nil
	})
	for i := 0; i < len(list) && err == nil; i++ {
		err = m.sendSupplier(ctx, &list[i])
	}
	after, counted := m.countSettled(ctx)
	return after - before, errors.Join(err, counted)
}

func (m *Module) countSettled(ctx context.Context) (n int, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM gis_object WHERE state IN ('done', 'refused')").Scan(&n)
	})
	return n, err
}

// together does something with each of a list, a few at a time.
func together(list []request, do func(*request) error) error {
	errs := make([]error, len(list))
	slots := make(chan struct{}, callsMax)
	var wg sync.WaitGroup
	for i := range list {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			errs[i] = do(&list[i])
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

const requestColumns = "request_id, supplier_id, kind, batch, message, remote, state, attempts"

// takeOpen gives the messages whose time has come, for a while to this process alone.
func (m *Module) takeOpen(ctx context.Context) (list []request, err error) {
	now := m.Now()
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT "+requestColumns+" FROM gis_request WHERE state < 3 AND next_at <= $1 ORDER BY next_at LIMIT $2", int64(now), openMax)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r request
			if err := rows.Scan(&r.id, &r.supplier, &r.kind, &r.batch, &r.message, &r.remote, &r.state, &r.attempts); err != nil {
				return err
			}
			list = append(list, r)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	mine := list[:0]
	for _, r := range list {
		err := m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			res, err := tx.ExecContext(ctx, "UPDATE gis_request SET next_at = $2 WHERE request_id = $1 AND state < 3 AND next_at <= $3", r.id, int64(now+inFlight), int64(now))
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return err
			}
			mine = append(mine, r)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return mine, nil
}

// bring asks what became of a message. One that ГИС ЖКХ never got is sent again as it was.
func (m *Module) bring(ctx context.Context, s *supplier.Supplier, r *request) error {
	guid := r.remote
	if guid == "" {
		guid = r.message
	}
	state, err := m.Client.Ask(ctx, r.kind, s.GIS.Org, guid)
	var refused *gis.Refused
	switch {
	case errors.As(err, &refused) && refused.Unknown():
		return m.repeat(ctx, s, r)
	case err != nil:
		return m.later(ctx, r, err)
	}
	return m.apply(ctx, r, state)
}

// repeat sends a message again under the same GUIDs, with the objects it had.
func (m *Module) repeat(ctx context.Context, s *supplier.Supplier, r *request) error {
	var list []object
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if list, err = scanObjects(ctx, tx, "WHERE o.request_id = $1 AND o.state = 'sent' ORDER BY o.seq", r.id); err != nil || len(list) == 0 {
			return err
		}
		return identify(ctx, tx, list, r.message)
	})
	if err != nil {
		return err
	}
	return m.post(ctx, s, r, list)
}

// later puts a message off.
func (m *Module) later(ctx context.Context, r *request, why error) error {
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE gis_request SET attempts = attempts + 1, next_at = $2, note = $3 WHERE request_id = $1 AND state < 3", r.id, int64(m.Now()+backoff(r.attempts)), why.Error())
		return err
	})
}

// sendSupplier sends what is ready of a supplier, kind by kind: identifiers come with the kinds before.
func (m *Module) sendSupplier(ctx context.Context, s *supplier.Supplier) error {
	for _, k := range gis.Kinds {
		for {
			var made []request
			for range callsMax {
				r, err := m.prepare(ctx, s, k)
				if err != nil {
					return err
				}
				if r == nil {
					break
				}
				made = append(made, *r)
			}
			if len(made) == 0 {
				break
			}
			if err := together(made, func(r *request) error { return m.repeat(ctx, s, r) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// ready is the condition of an object o that may be sent at $3: it is the first open one of its entity.
const ready = `o.supplier_id = $1 AND o.kind = $2 AND o.state = 'waiting' AND o.next_at <= $3 AND NOT EXISTS (SELECT 1 FROM gis_object b
	WHERE b.supplier_id = o.supplier_id AND b.entity = o.entity AND b.seq < o.seq AND b.state IN ('waiting', 'sent'))`

// prepare makes the next message of a kind and gives it its objects, before anything is sent; nil when nothing is ready.
func (m *Module) prepare(ctx context.Context, s *supplier.Supplier, k gis.Kind) (made *request, err error) {
	if k == gis.KindReading {
		if waits, err := m.waits(ctx, s.ID, k); err != nil || !waits {
			return nil, err
		}
		if err := m.loadCodes(ctx, s.GIS.Org); err != nil {
			return nil, nil // without the code list readings wait
		}
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	for more := true; more && made == nil && err == nil; {
		err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			r := &request{id: id, supplier: s.ID, kind: k, message: uuid.NewString()}
			made = nil
			list, err := scanObjects(ctx, tx, "WHERE "+ready+" ORDER BY o.batch, o.seq LIMIT $4", s.ID, string(k), int64(m.Now()), gis.Operations[k].Max)
			if more = len(list) > 0; err != nil || !more {
				return err
			}
			for i := range list { // documents of one message are of one month
				if list[i].Batch != list[0].Batch {
					list = list[:i]
					break
				}
			}
			r.batch = list[0].Batch
			n, err := m.fill(ctx, tx, r, list)
			if err != nil || n == 0 {
				return err
			}
			made = r
			return m.insertRequest(ctx, tx, r, n)
		})
	}
	return made, err
}

func (m *Module) waits(ctx context.Context, supplierID int64, k gis.Kind) (yes bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM gis_object o WHERE "+ready+")", supplierID, string(k), int64(m.Now())).Scan(&yes)
	})
	return yes, err
}

// missingPause is how long an object without an identifier waits for it; when one comes in, all are tried at once.
const missingPause = calendar.Micros(time.Hour / time.Microsecond)

// fill puts the objects that can go into a message and puts the others off, or refuses those that never can.
func (m *Module) fill(ctx context.Context, tx *db.Tx, r *request, list []object) (n int, err error) {
	if err := identify(ctx, tx, list, r.message); err != nil {
		return 0, err
	}
	now := m.Now()
	for i := range list {
		o := &list[i]
		broken := ""
		if o.Reason == "" {
			broken = o.Body.Broken()
		}
		switch {
		case o.Reason != "" && o.Kind == gis.KindCancellation:
			err = settle(ctx, tx, o.GUID, stateRefused, o.Reason, 0, now)
		case o.Reason != "":
			err = settle(ctx, tx, o.GUID, stateWaiting, o.Reason, now+missingPause, now)
		case broken != "":
			err = settle(ctx, tx, o.GUID, stateRefused, "Не по схеме ГИС ЖКХ: "+broken+".", 0, now)
		default:
			var taken int64
			taken, err = take(ctx, tx, o.GUID, r.id, now)
			n += int(taken)
		}
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}

// take gives an object to a message; another process may have been quicker.
func take(ctx context.Context, tx *db.Tx, guid string, request int64, now calendar.Micros) (int64, error) {
	res, err := tx.ExecContext(ctx, "UPDATE gis_object SET state = 'sent', request_id = $2, reason = '', changed_at = $3 WHERE transport_guid = $1 AND state = 'waiting'", guid, request, int64(now))
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (m *Module) insertRequest(ctx context.Context, tx *db.Tx, r *request, objects int) error {
	now := m.Now()
	_, err := tx.ExecContext(ctx, `INSERT INTO gis_request (request_id, supplier_id, kind, batch, message, remote, state, objects, attempts, next_at, made_at, received_at, processing_at, done_at, note)
		VALUES ($1, $2, $3, $4, $5, '', 0, $6, 0, $7, $8, 0, 0, 0, '')`, r.id, r.supplier, string(r.kind), r.batch, r.message, objects, int64(now+inFlight), int64(now))
	return err
}

// post sends a message. When no answer comes it stays open: the next round asks before it repeats.
func (m *Module) post(ctx context.Context, s *supplier.Supplier, r *request, list []object) error {
	q := &gis.Request{Kind: r.kind, Message: r.message, Org: s.GIS.Org, Operator: true, Month: calendar.Month(r.batch), BIC: s.BIC, Account: s.BankAccount}
	if s.GIS.Role == gis.RoleRC {
		q.Provider = s.GIS.Org
	}
	for i := range list {
		list[i].Body.Carry(list[i].GUID)
		q.Objects = append(q.Objects, list[i].Body)
	}
	if len(list) == 0 {
		return m.giveUp(ctx, r, "")
	}
	remote, err := m.Client.Send(ctx, q)
	var refused *gis.Refused
	switch {
	case errors.As(err, &refused):
		return m.giveUp(ctx, r, fmt.Sprintf("%s: %s", refused.Code, refused.Text))
	case err != nil:
		return m.later(ctx, r, err)
	}
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		now := m.Now()
		_, err := tx.ExecContext(ctx, "UPDATE gis_request SET state = 1, remote = $2, received_at = $3, next_at = $4, attempts = 0, note = '' WHERE request_id = $1 AND state = 0", r.id, remote, int64(now), int64(now+pollPause))
		return err
	})
}
