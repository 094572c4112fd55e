package queue

import (
	"context"
	"errors"
	"sync"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/gis"
	"kvit/internal/restore"
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
	purpose         string
}

// Round asks about messages on their way and sends what is ready; it gives how many objects were settled. Several
// processes may do it at once.
func (m *Module) Round(ctx context.Context) (settled int, err error) {
	if m.Client == nil {
		return 0, nil
	}
	if held, err := restore.HeldNow(ctx, m.DB, restore.StepGIS); err != nil || held {
		return 0, err
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

const requestColumns = "request_id, supplier_id, kind, batch, message, remote, state, attempts, purpose"

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
			if err := rows.Scan(&r.id, &r.supplier, &r.kind, &r.batch, &r.message, &r.remote, &r.state, &r.attempts, &r.purpose); err != nil {
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
	case errors.As(err, &refused) && refused.Class() == gis.ClassUnknown:
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
		if list, err = scanObjects(ctx, tx, "WHERE o.request_id = $1 AND o.state = 'sent' ORDER BY o.seq", r.id); err != nil || len(list) == 0 || r.purpose != purposeTell {
			return err
		}
		return identify(ctx, tx, s, list, r.message)
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
		if err := m.sendAll(ctx, s, func() (*request, error) { return m.prepareQuery(ctx, s, k) }); err != nil {
			return err
		}
		if err := m.sendAll(ctx, s, func() (*request, error) { return m.prepare(ctx, s, k) }); err != nil {
			return err
		}
	}
	return nil
}

// sendAll sends messages as long as there are any, a few at a time.
func (m *Module) sendAll(ctx context.Context, s *supplier.Supplier, next func() (*request, error)) error {
	for {
		var made []request
		for range callsMax {
			r, err := next()
			if err != nil {
				return err
			}
			if r == nil {
				break
			}
			made = append(made, *r)
		}
		if len(made) == 0 {
			return nil
		}
		if err := together(made, func(r *request) error { return m.repeat(ctx, s, r) }); err != nil {
			return err
		}
	}
}
