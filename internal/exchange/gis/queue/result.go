package queue

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
)

// apply writes what ГИС ЖКХ says of a message.
func (m *Module) apply(ctx context.Context, r *request, s *gis.State) error {
	if s.State == gis.StateDone {
		whole := s.Whole()
		switch {
		case r.purpose != purposeTell && (whole == nil || whole.Class() == gis.ClassNothing):
			return m.applyFound(ctx, r, s)
		case whole != nil:
			return m.giveUp(ctx, r, whole)
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

// silence is why an object waits that an answer did not mention.
const silence = "ГИС ЖКХ не ответила об этом объекте."

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
		var silent []object
		for i := range list {
			res, answered := results[list[i].GUID]
			if !answered {
				silent = append(silent, list[i])
				continue
			}
			if err := m.settleResult(ctx, tx, &list[i], &res, now); err != nil {
				return err
			}
		}
		if len(silent) > 0 && r.attempts+1 < asksMax {
			return nil
		}
		held, err := closeRequest(ctx, tx, r.id, gis.StateDone, now, "")
		for i := 0; i < len(silent) && err == nil && held; i++ {
			err = settle(ctx, tx, silent[i].GUID, outcome{state: stateWaiting, reason: silence, class: gis.ClassAgain, next: now + backoff(silent[i].Attempts)}, now)
		}
		return err
	})
}

// settleResult writes what became of one object.
func (m *Module) settleResult(ctx context.Context, tx *db.Tx, o *object, res *gis.Result, now calendar.Micros) error {
	end := outcome{state: stateDone}
	for i := range res.Errors {
		end = m.afterRefusal(o, &res.Errors[i], now)
		if end.class == gis.ClassList {
			if err := dropCodes(ctx, tx, o); err != nil {
				return err
			}
		}
		if end.state != stateDone {
			return settle(ctx, tx, o.GUID, end, now)
		}
	}
	number, err := numberOf(ctx, tx, o, res)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE gis_object SET guid = $2, number = $3 WHERE transport_guid = $1", o.GUID, res.GUID, number); err != nil {
		return err
	}
	if err := learn(ctx, tx, o, res, now); err != nil {
		return err
	}
	if b, ok := o.Body.(*gis.Meter); ok && !b.Archives() {
		end.state = stateCompare // the answer names a version of the meter, readings go to the meter itself
	}
	return settle(ctx, tx, o.GUID, end, now)
}

// numberOf is the number an object is known by later: the one ГИС ЖКХ gave, of an acknowledgment the notice and the
// document it joins.
func numberOf(ctx context.Context, tx *db.Tx, o *object, res *gis.Result) (string, error) {
	if o.Kind != gis.KindAck {
		return res.UniqueNumber, nil
	}
	notice, err := noticeOf(ctx, tx, o)
	if err != nil {
		return "", err
	}
	document, err := latestDocument(ctx, tx, o)
	return notice + " " + document, err
}

// afterRefusal is what becomes of an object that was refused by itself.
func (m *Module) afterRefusal(o *object, f *gis.Failure, now calendar.Micros) outcome {
	end := outcome{state: stateWaiting, reason: f.Said(), class: f.Class(), next: now + backoff(o.Attempts)}
	switch end.class {
	case gis.ClassExists:
		if !gis.Asked(o.Kind) {
			return outcome{state: stateDone}
		}
		return outcome{state: stateCompare, reason: f.Said(), class: end.class, next: now}
	case gis.ClassAgain, gis.ClassList, gis.ClassUnknown:
	case gis.ClassAccess:
		end.next = now + accessPause
	default:
		end.state = stateRefused
	}
	return end
}

// learn keeps the identifiers a result brings and lets those try at once who waited for them.
func learn(ctx context.Context, tx *db.Tx, o *object, res *gis.Result, now calendar.Micros) error {
	key := accountKey(o.Account)
	var known []learnt
	switch o.Kind {
	case gis.KindAccount:
		known = []learnt{{aliasAccount, key, res.GUID, fromAnswer}}
		if res.Account != nil {
			known = append(known, learnt{aliasUnified, key, res.Account.Unified, fromAnswer}, learnt{aliasService, key, res.Account.ServiceID, fromAnswer})
		}
	case gis.KindDocument:
		known = []learnt{{aliasDocument, documentKey(o.Account, o.Batch), res.UniqueNumber, fromAnswer}}
	}
	return saveLearnt(ctx, tx, o.Supplier, o.Account, known, now)
}

// saveLearnt keeps what was learnt of an account and lets those try at once who waited for it.
func saveLearnt(ctx context.Context, tx *db.Tx, supplierID, account int64, known []learnt, now calendar.Micros) error {
	for _, x := range known {
		if x.value == "" {
			continue
		}
		if err := saveAlias(ctx, tx, supplierID, x, now); err != nil {
			return err
		}
	}
	if len(known) == 0 {
		return nil
	}
	return wake(ctx, tx, supplierID, account)
}

// wake lets the waiting objects of an account try at once.
func wake(ctx context.Context, tx *db.Tx, supplierID, account int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE gis_object SET next_at = 0 WHERE supplier_id = $1 AND account_id = $2 AND state = 'waiting' AND class = ''", supplierID, account)
	return err
}
