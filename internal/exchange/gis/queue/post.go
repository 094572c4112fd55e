package queue

import (
	"context"
	"errors"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/supplier"
)

// post sends a message. When no answer comes it stays open: the next round asks before it repeats.
func (m *Module) post(ctx context.Context, s *supplier.Supplier, r *request, list []object) error {
	if len(list) == 0 && r.purpose != purposeFetch {
		return m.giveUp(ctx, r, &gis.Failure{})
	}
	remote, err := m.sendOne(ctx, s, r, list)
	var refused *gis.Refused
	switch {
	case errors.As(err, &refused):
		return m.giveUp(ctx, r, &gis.Failure{Code: refused.Code, Text: refused.Text})
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.NotFound): // it cannot be written: no such house, no code of it
		return m.giveUp(ctx, r, &gis.Failure{Code: fault.CodeOf(err), Text: fault.As(err).Message})
	case err != nil:
		return m.later(ctx, r, err)
	}
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		now := m.Now()
		_, err := tx.ExecContext(ctx, "UPDATE gis_request SET state = 1, remote = $2, received_at = $3, next_at = $4, attempts = 0, note = '' WHERE request_id = $1 AND state = 0", r.id, remote, int64(now), int64(now+pollPause))
		return err
	})
}

// sendOne sends what a message is for: its objects, or a question about them.
func (m *Module) sendOne(ctx context.Context, s *supplier.Supplier, r *request, list []object) (remote string, err error) {
	if r.purpose != purposeTell {
		q, err := m.question(ctx, s, r, list)
		if err != nil {
			return "", err
		}
		return m.Client.Query(ctx, q)
	}
	q := &gis.Request{Kind: r.kind, Message: r.message, Org: s.GIS.Org, Operator: true, Month: calendar.Month(r.batch), BIC: s.BIC, Account: s.BankAccount}
	if s.GIS.Role == gis.RoleRC {
		q.Provider = s.GIS.Org
	}
	for i := range list {
		list[i].Body.Carry(list[i].GUID)
		q.Objects = append(q.Objects, list[i].Body)
	}
	return m.Client.Send(ctx, q)
}

// question asks for the house in the batch, or for documents of the objects' accounts.
func (m *Module) question(ctx context.Context, s *supplier.Supplier, r *request, list []object) (q *gis.Query, err error) {
	q = &gis.Query{Kind: r.kind, Message: r.message, Org: s.GIS.Org}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if r.kind != gis.KindDocument {
			b, err := housing.FindBuilding(ctx, tx, r.batch)
			q.House = b.GUID
			return err
		}
		q.Month, q.Accounts = calendar.Month(r.batch), nil
		keys := make([]string, len(list))
		for i := range list {
			keys[i] = accountKey(list[i].Account)
		}
		known, err := listAliases(ctx, tx, s.ID, aliasAccount, keys)
		for _, k := range keys {
			if known[k] != "" {
				q.Accounts = append(q.Accounts, known[k])
			}
		}
		return err
	})
	return q, err
}

// accessPause is how long objects wait after a refusal of rights: a person has to act first.
const accessPause = calendar.Micros(time.Hour / time.Microsecond)

// giveUp lets the objects of a message wait again: it was refused as a whole. What is not by the schema is looked for in
// smaller messages; alone it is refused.
func (m *Module) giveUp(ctx context.Context, r *request, why *gis.Failure) error {
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		now := m.Now()
		held, err := closeRequest(ctx, tx, r.id, requestGivenUp, now, why.Said())
		if err != nil || !held {
			return err
		}
		list, err := scanObjects(ctx, tx, "WHERE o.request_id = $1 AND o.state = 'sent'", r.id)
		for i := 0; i < len(list) && err == nil; i++ {
			err = settle(ctx, tx, list[i].GUID, m.afterWhole(r, &list[i], why, len(list), now), now)
		}
		if err == nil && (why.Class() == gis.ClassFormat || why.Class() == gis.ClassData) {
			err = splitUp(ctx, tx, list)
		}
		return err
	})
}

// afterWhole is what becomes of one of the objects of a message that was refused as a whole.
func (m *Module) afterWhole(r *request, o *object, why *gis.Failure, objects int, now calendar.Micros) outcome {
	end := outcome{state: stateWaiting, reason: why.Said(), class: why.Class(), next: now + backoff(o.Attempts)}
	if *why == (gis.Failure{}) {
		return outcome{state: stateWaiting, next: now}
	}
	switch {
	case r.purpose == purposeCompare:
		end.state = stateCompare
	case end.class == gis.ClassAccess:
		end.next = now + accessPause
	case end.class == gis.ClassFormat || end.class == gis.ClassData:
		if objects == 1 {
			return outcome{state: stateRefused, reason: why.Said(), class: end.class}
		}
		end.next = now
	}
	return end
}

// splitUp makes the next messages with these objects smaller.
func splitUp(ctx context.Context, tx *db.Tx, list []object) error {
	for i := range list {
		if _, err := tx.ExecContext(ctx, "UPDATE gis_object SET split = split + 1 WHERE transport_guid = $1 AND state = 'waiting'", list[i].GUID); err != nil {
			return err
		}
	}
	return nil
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
