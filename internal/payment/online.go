package payment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// StartRequest is a payer's wish already split.
type StartRequest struct {
	Key         string // made by the client before the first try
	Input       any    // what the client asked for; with the same key it must be the same
	Plan        Plan
	Method      string // gateway.Card, gateway.SBP
	Description string
	ReturnURL   string // given the order's public id in place of {id}
	Actor       string
	Hold        bool           // hold the sum; Capture or Cancel decides
	Save        *Consent       // keep the way of paying for later
	SavedID     string         // pay by a kept way, without the payer
	Contact     string         // e-mail or phone of the receipt
	Receipt     []gateway.Line // lines the acquirer makes a fiscal receipt of
}

// Fingerprint is the digest of a request's input: the same key with another input is refused.
func Fingerprint(input any) string {
	b, err := json.Marshal(input)
	if err != nil {
		panic(fmt.Sprintf("payment input does not marshal: %v", err)) // plain values of ours
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:16])
}

// Start records the order, registers it with the acquirer and gives it back with the page the payer goes to. The
// same key with the same input gives the first answer; with another input it is a Conflict. The intention is
// recorded before the acquirer is called, so a crash between loses nothing: FinishOpen asks.
func (m *Module) Start(ctx context.Context, r StartRequest) (Order, error) {
	if r.Key == "" || len(r.Key) > 200 || strings.HasPrefix(r.Key, registerKey) {
		return Order{}, fault.New(fault.Invalid, "payment.key", "Нужен ключ платежа от 1 до 200 знаков: по нему повтор не станет вторым платежом.").WithField("key")
	}
	o, err := m.record(ctx, r)
	if fault.CodeOf(err) == "duplicate" { // another process recorded the same key between our look and our write
		o, err = m.record(ctx, r)
	}
	if err != nil || o.State != StateCreated {
		return o, err
	}
	repeated := o.Repeated
	o, err = m.register(ctx, o, repeated)
	o.Repeated = repeated
	return o, err
}

func (m *Module) record(ctx context.Context, r StartRequest) (o Order, err error) {
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return o, err
	}
	print := Fingerprint(r.Input)
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		o, err = findOrder(ctx, tx, "client_key", r.Key)
		if err == nil {
			if o.Fingerprint != print {
				return errKeyReused
			}
			o.Repeated = true
			return nil
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		a, saved, err := m.acquirerFor(ctx, tx, &r)
		if err != nil {
			return err
		}
		now := m.now()
		o = Order{ID: id, Key: r.Key, PublicID: uuid.Must(uuid.NewV7()).String(), Fingerprint: print, Channel: ChannelOnline, Method: r.Method, State: StateCreated,
			Sum: r.Plan.Sum, PaidOn: m.today(), Gateway: a.Name, Actor: r.Actor, CreatedAt: now, ChangedAt: now,
			request: request{Description: r.Description, ReturnURL: r.ReturnURL, Hold: r.Hold, SavedID: r.SavedID, Contact: r.Contact, Receipt: r.Receipt}}
		if saved != nil {
			o.Method = saved.Method
		}
		if r.Save != nil {
			o.request.Save, o.request.Payer = true, r.Save.payer()
			if err := insertConsent(ctx, tx, &o, r.Save); err != nil {
				return err
			}
		}
		o.divide(&r.Plan)
		if err := insertOrders(ctx, tx, []Order{o}, 0, func(int) int { return 0 }); err != nil {
			return err
		}
		return insertParts(ctx, tx, o.Parts)
	})
	return o, err
}

// acquirerFor chooses who takes a payment: the acquirer that keeps the way of paying, or the first that takes the method.
func (m *Module) acquirerFor(ctx context.Context, tx *db.Tx, r *StartRequest) (*Acquirer, *SavedMethod, error) {
	if r.SavedID != "" {
		saved, err := findSaved(ctx, tx, r.SavedID)
		if err != nil {
			return nil, nil, err
		}
		if a := m.acquirers.Named(saved.gateway); a != nil && saved.Active() {
			return a, &saved, nil
		}
		return nil, nil, errNotSaved
	}
	if a := m.acquirers.For(r.Method); a != nil {
		return a, nil, nil
	}
	if len(m.acquirers) > 0 {
		return nil, nil, fault.New(fault.Invalid, "payment.method", "Так заплатить сейчас нельзя. Выберите другой способ.").WithField("method")
	}
	return nil, nil, errNoAcquirer
}

// register tells the acquirer about a recorded order. What it refuses for good is declined: nothing was taken.
func (m *Module) register(ctx context.Context, o Order, again bool) (Order, error) {
	g, err := m.gatewayOf(&o)
	if err != nil {
		return o, err
	}
	token, err := m.tokenOf(ctx, &o)
	if fault.Is(err, fault.NotFound) {
		return m.decline(ctx, o, "способ оплаты больше не сохранён")
	}
	if err != nil {
		return o, err
	}
	remote, err := g.Create(ctx, o.request.of(&o, token, again))
	if fault.Is(err, fault.Invalid) {
		m.log.Warn("acquirer refused a payment", "order", o.ID, "error", err)
		return m.decline(ctx, o, "банк не принял платёж")
	}
	if err != nil {
		m.log.Warn("acquirer did not register a payment", "order", o.ID, "error", err)
		return o, nil //nolint:nilerr // the outcome is unknown: the order stays created and is asked about again
	}
	return m.advance(ctx, o.ID, remote)
}

// decline ends an order the acquirer did not take.
func (m *Module) decline(ctx context.Context, o Order, reason string) (Order, error) {
	err := m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now := m.now()
		_, err := tx.ExecContext(ctx, "UPDATE payment_order SET state = 'declined', reason = $2, changed_at = $3 WHERE client_key = $1 AND state = 'created'", o.Key, reason, int64(now))
		return err
	})
	if err != nil {
		return o, err
	}
	return m.Find(ctx, o.PublicID)
}

// Confirm asks the acquirer about an order and does what follows. Unknown stays pending.
func (m *Module) Confirm(ctx context.Context, publicID string) (Order, error) {
	o, err := m.Find(ctx, publicID)
	if err != nil {
		return o, err
	}
	if o.State == StateCaptured {
		return m.post(ctx, o)
	}
	if o.Channel != ChannelOnline || Final(o.State) && o.State != StateExpired { // an expired order may have been paid late
		return o, nil
	}
	g, err := m.gatewayOf(&o)
	if err != nil {
		return o, nil //nolint:nilerr // its acquirer is not set up now: the order waits
	}
	remote, err := m.ask(ctx, g, &o)
	if err != nil {
		if fault.Is(err, fault.NotFound) && o.State == StateCreated {
			return m.register(ctx, o, true)
		}
		return o, nil //nolint:nilerr // no answer is no answer: the order waits
	}
	return m.advance(ctx, o.ID, remote)
}

func (m *Module) ask(ctx context.Context, g Gateway, o *Order) (gateway.Payment, error) {
	if o.GatewayID == "" {
		return g.FindByKey(ctx, o.PublicID, o.CreatedAt.Time())
	}
	return g.Find(ctx, o.GatewayID)
}

// post credits the parts of a captured order, building by building, each once, and closes it.
func (m *Module) post(ctx context.Context, o Order) (Order, error) {
	byBuilding := map[int64][]int{}
	for i := range o.Parts {
		byBuilding[o.Parts[i].BuildingID] = append(byBuilding[o.Parts[i].BuildingID], i)
	}
	for building, parts := range byBuilding {
		if err := m.postBuilding(ctx, &o, building, parts); err != nil {
			return o, fmt.Errorf("post order %d: %w", o.ID, err)
		}
	}
	err := m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		o.State, o.ChangedAt = StateCredited, m.now()
		_, err := tx.ExecContext(ctx, "UPDATE payment_order SET state = $2, changed_at = $3 WHERE client_key = $1 AND state = 'captured'", o.Key, o.State, int64(o.ChangedAt))
		return err
	})
	return o, err
}

func (m *Module) postBuilding(ctx context.Context, o *Order, building int64, parts []int) error {
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now := m.now()
		t := ledger.Transaction{ID: id, BuildingID: building, Key: postingKey(o.ID), Kind: "payment", OrderID: o.ID, EffectiveOn: o.PaidOn, RecordedAt: now}
		var total money.Amount
		var posts []Part
		for _, i := range parts {
			t.Entries = append(t.Entries, o.Parts[i].entry())
			total += o.Parts[i].Amount
			posts = append(posts, o.Parts[i])
		}
		t.Entries = append(t.Entries, ledger.Entry{Name: ledger.Clearing(o.Channel, o.PaidOn), Amount: total})
		posted, err := ledger.Post(ctx, tx, &t)
		if err != nil || !posted {
			return err
		}
		if _, err = tx.ExecContext(ctx, "UPDATE payment_part SET posted_at = $3 WHERE building_id = $1 AND order_id = $2 AND posted_at = 0", building, o.ID, int64(now)); err != nil {
			return err
		}
		return tell(ctx, tx, o, posts, now)
	})
}

// Find gives an order by its public id.
func (m *Module) Find(ctx context.Context, publicID string) (o Order, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		o, err = findOrder(ctx, tx, "public_id", publicID)
		return err
	})
	return o, err
}

// FindByKey gives the order of a client's key, marked Repeated; the same key with another input is a Conflict.
func (m *Module) FindByKey(ctx context.Context, key string, input any) (o Order, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		o, err = findOrder(ctx, tx, "client_key", key)
		return err
	})
	if err == nil && o.Fingerprint != Fingerprint(input) {
		return o, errKeyReused
	}
	o.Repeated = true
	return o, err
}

// Unknown tells whether err says that there is no such order.
func (m *Module) Unknown(err error) bool { return fault.CodeOf(err) == "payment.unknown" }

var errKeyReused = fault.New(fault.Conflict, KeyReused, "С этим ключом уже был другой платёж. Начните новый платёж.").WithField("key")
