// Package webhook calls suppliers' programs with the messages of their feeds, by Standard Webhooks 1.0.
//
// Owns: tables webhook_endpoint, webhook_delivery; signing, calling, retrying. Does not own: who is told what, order
// and form of messages (event/feed).
//
// Invariants: each message of the kinds an endpoint asks for is delivered at least once or waits; of an account a
// message is sent only when those before it were delivered, and one that fails holds back that account alone; an
// address is judged at every connection (Guard); secrets are stored sealed and shown once.
package webhook

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/fault"
)

// States of an endpoint.
const (
	Active   = "active"
	Disabled = "disabled"
)

// Endpoint is an address that is called.
type Endpoint struct {
	ID           int64           `json:"id"`
	URL          string          `json:"url"`
	Kinds        []event.Kind    `json:"kinds" doc:"What it is told of; empty is everything"`
	Signing      string          `json:"signing" enum:"hmac,ed25519"`
	State        string          `json:"state" enum:"active,disabled"`
	Reason       string          `json:"reason,omitempty" doc:"Why it was disabled"`
	FailingSince calendar.Micros `json:"-"`
	CreatedAt    calendar.Micros `json:"-"`
	Waiting      int64           `json:"waiting" doc:"Messages that wait"`

	supplier, position int64
	secrets            [][]byte // the newest first
}

// endpointsMax is how many endpoints a supplier has at most; rotation is how long the old secret signs beside the new.
const (
	endpointsMax = 10
	rotation     = 24 * time.Hour
)

// Deps are what the module stands on.
type Deps struct {
	DB     *db.DB
	Access *access.Module // seals secrets
	Feed   *feed.Module
	Guard  *Guard
	Now    func() calendar.Micros
}

// Module holds the operations on webhooks.
type Module struct {
	Deps
	client *http.Client
}

// New makes the module.
func New(d Deps) *Module { return &Module{Deps: d, client: d.Guard.client()} }

// Create keeps a new endpoint of the actor's supplier; it is told of what happens from now on. The secret is shown once.
func (m *Module) Create(ctx context.Context, actor access.Actor, address string, kinds []event.Kind, signing string) (e Endpoint, secret string, err error) {
	if address, err = m.Guard.CheckURL(address); err != nil {
		return e, "", err
	}
	for _, k := range kinds {
		if !slices.Contains(event.Kinds, k) {
			return e, "", fault.Newf(fault.Invalid, "webhook.kind", "Вида событий %q нет.", k).WithField("kinds")
		}
	}
	key, err := newSecret(signing)
	if err != nil {
		return e, "", err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return e, "", err
	}
	e = Endpoint{ID: id, URL: address, Kinds: append([]event.Kind{}, kinds...), Signing: signing, State: Active, CreatedAt: m.Now(), supplier: actor.SupplierID}
	err = m.DB.Write(ctx, func(tx *db.Tx) error { return m.insert(ctx, tx, actor, &e, m.Access.Seal(label(id), key)) })
	return e, shown(signing, key), err
}

func (m *Module) insert(ctx context.Context, tx *db.Tx, actor access.Actor, e *Endpoint, sealed []byte) error {
	var have int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM webhook_endpoint WHERE supplier_id = $1", e.supplier).Scan(&have); err != nil {
		return err
	}
	if have >= endpointsMax {
		return fault.Newf(fault.Limited, "webhook.many", "Адресов может быть не больше %d. Удалите лишний.", endpointsMax)
	}
	head, err := feed.Head(ctx, tx, e.supplier)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO webhook_endpoint (endpoint_id, supplier_id, url, kinds, signing, secret, old_secret, old_until, state, reason, position, failing_since, claim, claimed_until, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 'active', '', $8, 0, 0, 0, $9)`, e.ID, e.supplier, e.URL, joined(e.Kinds), e.Signing, sealed, []byte{}, head, int64(e.CreatedAt))
	if err != nil {
		return err
	}
	return m.note(ctx, tx, actor, "webhook.created", e.ID, map[string]any{"supplier": e.supplier, "kinds": e.Kinds, "signing": e.Signing})
}

func (m *Module) note(ctx context.Context, tx *db.Tx, actor access.Actor, action string, id int64, detail any) error {
	return audit.Record(ctx, tx, m.Now(), actor.String(), action, fmt.Sprintf("webhook:%d", id), detail)
}

// label names a secret when it is sealed.
func label(id int64) string { return fmt.Sprintf("webhook:%d", id) }

func joined(kinds []event.Kind) string {
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = string(k)
	}
	return strings.Join(list, " ")
}

// Rotate makes a new secret, shown once. For a day both sign, so that the receiver changes over when it likes.
func (m *Module) Rotate(ctx context.Context, actor access.Actor, id int64) (secret string, err error) {
	err = m.change(ctx, actor, id, "webhook.rotated", func(tx *db.Tx, e *Endpoint) error {
		key, err := newSecret(e.Signing)
		if err != nil {
			return err
		}
		secret = shown(e.Signing, key)
		_, err = tx.ExecContext(ctx, "UPDATE webhook_endpoint SET old_secret = secret, old_until = $2, secret = $3 WHERE endpoint_id = $1",
			id, int64(m.Now())+int64(rotation/time.Microsecond), m.Access.Seal(label(id), key))
		return err
	})
	return secret, err
}

// Disable stops calling an endpoint; what happens meanwhile waits for it.
func (m *Module) Disable(ctx context.Context, actor access.Actor, id int64) error {
	return m.change(ctx, actor, id, "webhook.disabled", func(tx *db.Tx, _ *Endpoint) error {
		return disable(ctx, tx, id, "Отключён владельцем.")
	})
}

func disable(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	_, err := tx.ExecContext(ctx, "UPDATE webhook_endpoint SET state = 'disabled', reason = $2, claim = 0, claimed_until = 0 WHERE endpoint_id = $1", id, reason)
	return err
}

// Enable calls an endpoint again: first with what waits.
func (m *Module) Enable(ctx context.Context, actor access.Actor, id int64) error {
	return m.change(ctx, actor, id, "webhook.enabled", func(tx *db.Tx, _ *Endpoint) error {
		if _, err := tx.ExecContext(ctx, "UPDATE webhook_delivery SET attempts = 0, next_at = 0 WHERE endpoint_id = $1 AND state = 'waiting'", id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE webhook_endpoint SET state = 'active', reason = '', failing_since = 0 WHERE endpoint_id = $1", id)
		return err
	})
}

// Remove forgets an endpoint and what was sent to it. What it was not told yet stays in the feed.
func (m *Module) Remove(ctx context.Context, actor access.Actor, id int64) error {
	return m.change(ctx, actor, id, "webhook.removed", func(tx *db.Tx, _ *Endpoint) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM webhook_delivery WHERE endpoint_id = $1", id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM webhook_endpoint WHERE endpoint_id = $1", id)
		return err
	})
}

// change does something to an endpoint of the actor's supplier and notes it in the audit log.
func (m *Module) change(ctx context.Context, actor access.Actor, id int64, action string, do func(tx *db.Tx, e *Endpoint) error) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		e, err := m.find(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if err := do(tx, &e); err != nil {
			return err
		}
		return m.note(ctx, tx, actor, action, id, struct{}{})
	})
}

const endpointColumns = `endpoint_id, supplier_id, url, kinds, signing, state, reason, position, failing_since, created_at,
	(SELECT count(*) FROM webhook_delivery d WHERE d.endpoint_id = webhook_endpoint.endpoint_id AND d.state = 'waiting')`

func scanEndpoint(scan func(...any) error) (e Endpoint, err error) {
	var kinds string
	err = scan(&e.ID, &e.supplier, &e.URL, &kinds, &e.Signing, &e.State, &e.Reason, &e.position, &e.FailingSince, &e.CreatedAt, &e.Waiting)
	e.Kinds = []event.Kind{}
	for _, k := range strings.Fields(kinds) {
		e.Kinds = append(e.Kinds, event.Kind(k))
	}
	return e, db.Fold(err)
}

// find gives an endpoint of the actor's supplier; another's is not found.
func (m *Module) find(ctx context.Context, tx *db.Tx, actor access.Actor, id int64) (Endpoint, error) {
	e, err := scanEndpoint(tx.QueryRowContext(ctx, "SELECT "+endpointColumns+" FROM webhook_endpoint WHERE endpoint_id = $1 AND supplier_id = $2", id, actor.SupplierID).Scan)
	if fault.Is(err, fault.NotFound) {
		return e, fault.New(fault.NotFound, "webhook.unknown", "Такого адреса вызова нет.").Because(err)
	}
	return e, err
}

// Find gives an endpoint of the actor's supplier.
func (m *Module) Find(ctx context.Context, actor access.Actor, id int64) (e Endpoint, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		e, err = m.find(ctx, tx, actor, id)
		return err
	})
	return e, err
}

// List gives the endpoints of the actor's supplier.
func (m *Module) List(ctx context.Context, actor access.Actor) (list []Endpoint, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []Endpoint{}
		rows, err := tx.QueryContext(ctx, "SELECT "+endpointColumns+" FROM webhook_endpoint WHERE supplier_id = $1 ORDER BY endpoint_id", actor.SupplierID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			e, err := scanEndpoint(rows.Scan)
			if err != nil {
				return err
			}
			list = append(list, e)
		}
		return rows.Err()
	})
	return list, err
}
