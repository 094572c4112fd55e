package queue

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
)

// apply writes what ГИС ЖКХ says of a message.
func (m *Module) apply(ctx context.Context, r *request, s *gis.State) error {
	if s.State == gis.StateDone {
		if whole := s.Whole(); whole != nil {
			return m.giveUp(ctx, r, fmt.Sprintf("%s: %s", whole.Code, whole.Text))
		}
		return m.applyResults(ctx, r, s.Objects())
	}
	now := int64(m.Now())
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE gis_request SET state = $2, remote = $3, next_at = $4, received_at = CASE WHEN received_at = 0 THEN $5 ELSE received_at END,
			processing_at = CASE WHEN $2 = 2 AND processing_at = 0 THEN $5 ELSE processing_at END WHERE request_id = $1 AND state < 3`, r.id, s.State, s.Message, now+int64(pollPause), now)
		return err
	})
}

// giveUp lets the objects of a message wait again: it was refused as a whole.
func (m *Module) giveUp(ctx context.Context, r *request, why string) error {
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		now := m.Now()
		held, err := closeRequest(ctx, tx, r.id, requestGivenUp, now, why)
		if err != nil || !held {
			return err
		}
		return m.release(ctx, tx, r, now, why)
	})
}

// closeRequest ends a message; false when another process did.
func closeRequest(ctx context.Context, tx *db.Tx, id int64, state int, now calendar.Micros, note string) (bool, error) {
	res, err := tx.ExecContext(ctx, "UPDATE gis_request SET state = $2, done_at = $3, note = $4 WHERE request_id = $1 AND state < 3", id, state, int64(now), note)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// release lets the objects still in a message wait for another.
func (m *Module) release(ctx context.Context, tx *db.Tx, r *request, now calendar.Micros, why string) error {
	list, err := scanObjects(ctx, tx, "WHERE o.request_id = $1 AND o.state = 'sent'", r.id)
	for i := 0; i < len(list) && err == nil; i++ {
		err = settle(ctx, tx, list[i].GUID, stateWaiting, why, now+backoff(list[i].Attempts), now)
	}
	return err
}

// applyResults settles the objects that were answered. A message that is silent about others stays open for some more
// asks; then they wait for another message.
func (m *Module) applyResults(ctx context.Context, r *request, results map[string]gis.Result) error {
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		now := m.Now()
		// The message's row first: two who ask about it wait for each other here.
		if _, err := tx.ExecContext(ctx, "UPDATE gis_request SET attempts = attempts + 1, next_at = $2 WHERE request_id = $1", r.id, int64(now+pollPause)); err != nil {
			return err
		}
		list, err := scanObjects(ctx, tx, "WHERE o.request_id = $1 AND o.state = 'sent' ORDER BY o.seq", r.id)
		if err != nil {
			return err
		}
		silent := 0
		for i := range list {
			res, answered := results[list[i].GUID]
			if !answered {
				silent++
				continue
			}
			if err := m.settleResult(ctx, tx, &list[i], &res, now); err != nil {
				return err
			}
		}
		if silent > 0 && r.attempts+1 < asksMax {
			return nil
		}
		held, err := closeRequest(ctx, tx, r.id, gis.StateDone, now, "")
		if err != nil || !held {
			return err
		}
		return m.release(ctx, tx, r, now, "ГИС ЖКХ не ответила об этом объекте.")
	})
}

// settleResult writes what became of one object.
func (m *Module) settleResult(ctx context.Context, tx *db.Tx, o *object, res *gis.Result, now calendar.Micros) error {
	for i := range res.Errors {
		f := &res.Errors[i]
		switch {
		case f.Exists():
		case f.ListChanged():
			if _, err := tx.ExecContext(ctx, "DELETE FROM gis_code WHERE list_no = $1", listResources); err != nil {
				return err
			}
			return settle(ctx, tx, o.GUID, stateWaiting, f.Text, now+backoff(o.Attempts), now)
		default:
			return settle(ctx, tx, o.GUID, stateRefused, f.Code+": "+f.Text, 0, now)
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE gis_object SET guid = $2, number = $3 WHERE transport_guid = $1", o.GUID, res.GUID, res.UniqueNumber); err != nil {
		return err
	}
	if err := learn(ctx, tx, o, res, now); err != nil {
		return err
	}
	return settle(ctx, tx, o.GUID, stateDone, "", 0, now)
}

// learn keeps the identifiers a result brings and lets those try at once who waited for them.
func learn(ctx context.Context, tx *db.Tx, o *object, res *gis.Result, now calendar.Micros) error {
	known := map[string]string{}
	switch o.Kind {
	case gis.KindAccount:
		known[aliasAccount] = res.GUID
		if res.Account != nil {
			known[aliasUnified], known[aliasService] = res.Account.Unified, res.Account.ServiceID
		}
	case gis.KindDocument:
		known[aliasDocument] = res.UniqueNumber
	}
	for kind, value := range known {
		key := accountKey(o.Account)
		if kind == aliasDocument {
			key = documentKey(o.Account, o.Batch)
		}
		if value == "" {
			continue
		}
		if err := saveAlias(ctx, tx, o.Supplier, kind, key, value, now); err != nil {
			return err
		}
	}
	if len(known) == 0 {
		return nil
	}
	return wake(ctx, tx, o.Supplier, o.Account)
}

// wake lets the waiting objects of an account try at once.
func wake(ctx context.Context, tx *db.Tx, supplierID, account int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE gis_object SET next_at = 0 WHERE supplier_id = $1 AND account_id = $2 AND state = 'waiting'", supplierID, account)
	return err
}
