package payment

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/payment/gateway"
	"kvit/internal/restore"
)

// kept is what a process reads of the installation once.
type kept struct {
	secret db.Secret   // of public ids
	whole  atomic.Bool // no return of the data is unfinished: none begins beside a process that runs
}

// publicIDOf is the public id of a client's key. It is the same when a payment is asked for again after the data were returned
// to a moment before it, so its acquirer, which knows payments by it, tells that it was paid. Without the installation's secret
// nobody works it out. It is a UUID of version 8 (RFC 9562).
func (m *Module) publicIDOf(ctx context.Context, key string) (string, error) {
	secret, err := m.kept.secret.Of(ctx, m.db)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(key))
	id := uuid.UUID(mac.Sum(nil)[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return id.String(), nil
}

// lostSince is the moment since which records of payments may be missing: the data were returned to it, and not everything has
// been compared yet. 0: nothing is missing.
func (m *Module) lostSince(ctx context.Context) (since calendar.Micros, err error) {
	if m.kept.whole.Load() {
		return 0, nil
	}
	if since, err = restore.LostSince(ctx, m.db); err == nil && since == 0 {
		m.kept.whole.Store(true)
	}
	return since, err
}

// Missing is an Unavailable fault while a payment nobody knows here may be one whose record was lost with a return of the data;
// nil when it is not there for certain.
func (m *Module) Missing(ctx context.Context) error {
	since, err := m.lostSince(ctx)
	if err == nil && since != 0 {
		err = errLost
	}
	return err
}

var errLost = fault.New(fault.Unavailable, "payment.lost", "Данные возвращены из копии, и об этом платеже пока неизвестно. Повторите позже: деньги не спишутся дважды.")

// askedBefore looks, after a return of the data, whether the acquirer knows a payment of a key that is unknown here. remote is
// what it knows; nil: nobody was asked, or the acquirer has no such payment. Nothing is begun while it is silent.
func (m *Module) askedBefore(ctx context.Context, r *StartRequest) (remote *gateway.Payment, err error) {
	since, err := m.lostSince(ctx)
	if err != nil || since == 0 {
		return nil, err
	}
	if _, err := m.findKey(ctx, r.Key); !m.Unknown(err) {
		return nil, err
	}
	id, err := m.publicIDOf(ctx, r.Key)
	if err != nil {
		return nil, err
	}
	if _, err := m.Find(ctx, id); !m.Unknown(err) { // found by asking the acquirer for all of them
		return nil, err
	}
	a, _, err := m.acquirerFor(ctx, r)
	if err != nil {
		return nil, err
	}
	p, err := a.Gateway.FindByKey(ctx, id, since.Time())
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, nil
	case err != nil:
		return nil, errLost.Because(err)
	case p.Sum == r.Plan.Sum:
		return &p, nil
	case p.State != StateCaptured: // its payer may still finish it, with another sum than is asked for now
		return nil, errLost.Because(fmt.Errorf("payment %s of %d is %s", p.ID, p.Sum, p.State))
	}
	var found Recovered
	return nil, m.recoverOne(ctx, r.Actor, a, &p, &found)
}

// methodRecovered marks an order whose record was lost: its acquirer told of it.
const methodRecovered = "recovered"

// recoveredKey begins the keys of such orders until their client asks again.
const recoveredKey = "recovered:"

// claim gives a fresh order's key the payment that its acquirer told of, when there is one under the key's public id: it was
// paid before its record was lost. Its money goes where the client asks now, if it is as much and nobody has placed it yet. why
// is why the fresh order was not written; it stays the answer where no such payment is.
func (m *Module) claim(ctx context.Context, fresh Order, why error) (Order, error) {
	before, err := m.Find(ctx, fresh.PublicID)
	if err != nil || before.Method != methodRecovered {
		return fresh, why
	}
	first, err := m.db.NextIDs(ctx, 1+len(fresh.Parts))
	if err != nil {
		return fresh, err
	}
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		o, err := findOrder(ctx, tx, "order_id", before.ID)
		if err != nil || !strings.HasPrefix(o.Key, recoveredKey) {
			return err // claimed by another asking at the same time
		}
		res, err := tx.ExecContext(ctx, "UPDATE payment_order SET client_key = $2, fingerprint = $3 WHERE order_id = $1 AND client_key = $4", o.ID, fresh.Key, fresh.Fingerprint, o.Key)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 || o.Sum != fresh.Sum {
			return err
		}
		return m.placeLost(ctx, tx, &o, fresh.Parts, fresh.Actor, first)
	})
	if err != nil {
		return fresh, err
	}
	o, err := m.findKey(ctx, fresh.Key)
	if err == nil && o.Fingerprint != fresh.Fingerprint {
		err = errKeyReused
	}
	o.Repeated = true
	return o, err
}

// placeLost puts the waiting money of an order onto the parts its client asked for.
func (m *Module) placeLost(ctx context.Context, tx *db.Tx, o *Order, parts []Part, actor string, id int64) error {
	waiting, err := listSuspense(ctx, tx, "WHERE order_id = $1 AND assigned_at = 0", o.ID)
	if err != nil || len(waiting) == 0 {
		return err
	}
	s := &waiting[0]
	for i := range parts {
		parts[i].PaidOn, parts[i].Channel = o.PaidOn, o.Channel
	}
	return m.place(ctx, tx, s, parts, actor, id, func() error {
		return audit.Record(ctx, tx, m.now(), actor, "payment.claimed", "order:"+o.PublicID, map[string]int64{"sum": int64(o.Sum)})
	})
}
