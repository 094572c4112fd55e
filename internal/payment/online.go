package payment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
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
// recorded before the acquirer is called, so a crash between loses nothing: FinishOpen asks. After a return of the data to an
// earlier moment a payment whose record was lost is found at its acquirer by the key, and is the answer; Unavailable while that
// is silent.
func (m *Module) Start(ctx context.Context, r StartRequest) (Order, error) {
	if err := checkKey(r.Key); err != nil {
		return Order{}, err
	}
	before, err := m.askedBefore(ctx, &r)
	if err != nil {
		return Order{}, err
	}
	o, err := m.record(ctx, &r)
	if err != nil || o.State != StateCreated {
		return o, err
	}
	repeated := o.Repeated || before != nil
	if before != nil {
		o, err = m.advance(ctx, o, *before)
	} else {
		o, err = m.register(ctx, o, repeated)
	}
	o.Repeated = repeated
	return o, err
}

// record writes down what was asked for. What was paid under the key is told as it was, whatever can be chosen now.
func (m *Module) record(ctx context.Context, r *StartRequest) (Order, error) {
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return Order{}, err
	}
	public, err := m.publicIDOf(ctx, r.Key)
	if err != nil {
		return Order{}, err
	}
	now := m.now()
	o := Order{ID: id, Key: r.Key, PublicID: public, Fingerprint: Fingerprint(r.Input), Channel: ChannelOnline, Method: r.Method, State: StateCreated,
		Sum: r.Plan.Sum, PaidOn: m.today(), Actor: r.Actor, CreatedAt: now, ChangedAt: now,
		request: request{Description: r.Description, ReturnURL: r.ReturnURL, Hold: r.Hold, SavedID: r.SavedID, Contact: r.Contact, Receipt: r.Receipt}}
	if err := m.choose(ctx, &o, r); err != nil {
		return m.unlessBefore(ctx, o, err)
	}
	o.divide(&r.Plan)
	var b db.Batch
	o.add(&b)
	if r.Save != nil {
		addConsent(&b, &o, r.Save)
	}
	return m.writeOnce(ctx, o, &b)
}

// choose settles who takes the payment and by which method.
func (m *Module) choose(ctx context.Context, o *Order, r *StartRequest) error {
	a, saved, err := m.acquirerFor(ctx, r)
	if err != nil {
		return err
	}
	o.Gateway = a.Name
	if saved != nil {
		o.Method = saved.Method
	}
	if r.Save == nil {
		return nil
	}
	o.request.Save, o.request.Payer = true, r.Save.payer()
	return r.Save.check()
}

// acquirerFor chooses who takes a payment: the acquirer that keeps the way of paying, or the first that takes the method.
func (m *Module) acquirerFor(ctx context.Context, r *StartRequest) (*Acquirer, *SavedMethod, error) {
	if r.SavedID != "" {
		saved, err := m.FindSaved(ctx, r.SavedID)
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
	return m.advance(ctx, o, remote)
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
	return m.advance(ctx, o, remote)
}

func (m *Module) ask(ctx context.Context, g Gateway, o *Order) (gateway.Payment, error) {
	if o.GatewayID == "" {
		return g.FindByKey(ctx, o.PublicID, o.CreatedAt.Time())
	}
	return g.Find(ctx, o.GatewayID)
}

// post credits the parts of a captured order, building by building, each once, and closes it.
func (m *Module) post(ctx context.Context, o Order) (Order, error) {
	for _, building := range o.buildings() {
		if err := m.postBuilding(ctx, &o, building); err != nil {
			return o, fmt.Errorf("post order %d: %w", o.ID, err)
		}
	}
	err := m.db.WriteJoint(ctx, func(tx *db.Tx) error {
		o.State, o.ChangedAt = StateCredited, m.now()
		_, err := tx.ExecContext(ctx, "UPDATE payment_order SET state = $2, changed_at = $3 WHERE client_key = $1 AND state = 'captured'", o.Key, o.State, int64(o.ChangedAt))
		return err
	})
	return o, err
}

// buildings are those the order's money goes to, in order.
func (o *Order) buildings() (list []int64) {
	for i := range o.Parts {
		list = append(list, o.Parts[i].BuildingID)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (m *Module) postBuilding(ctx context.Context, o *Order, building int64) error {
	id, err := m.db.NextIDs(ctx, 1+followIDs(len(o.Parts)))
	if err != nil {
		return err
	}
	return m.db.WriteJoint(ctx, func(tx *db.Tx) error {
		t, parts := o.posting(building, id, m.now())
		posted, err := ledger.Post(ctx, tx, &t)
		if err != nil || !posted {
			return err
		}
		if err := follow(ctx, tx, &t, id+1); err != nil {
			return err
		}
		var b db.Batch
		b.Add(partsPosted, building, o.ID, int64(t.RecordedAt))
		if err := event.Add(&b, eventsOf(o, parts, t.RecordedAt)); err != nil {
			return err
		}
		return tx.Send(ctx, &b)
	})
}

// partsPosted marks the parts of an order in a building as posted.
const partsPosted = "UPDATE payment_part SET posted_at = $3 WHERE building_id = $1 AND order_id = $2 AND posted_at = 0"

// posting is what a building gets of an order, and its parts there.
func (o *Order) posting(building, id int64, at calendar.Micros) (t ledger.Transaction, parts []Part) {
	t = ledger.Transaction{ID: id, BuildingID: building, Key: postingKey(o.ID), Kind: "payment", OrderID: o.ID, EffectiveOn: o.PaidOn, RecordedAt: at}
	var total money.Amount
	for i := range o.Parts {
		if p := &o.Parts[i]; p.BuildingID == building {
			t.Entries = append(t.Entries, p.entry())
			total += p.Amount
			parts = append(parts, *p)
		}
	}
	t.Entries = append(t.Entries, ledger.Entry{Name: ledger.Clearing(o.Channel, o.PaidOn), Amount: total})
	return t, parts
}

// Find gives an order by its public id.
func (m *Module) Find(ctx context.Context, publicID string) (o Order, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		o, err = findOrder(ctx, tx, "public_id", publicID)
		return err
	})
	return o, err
}

// Unknown tells whether err says that there is no such order.
func (m *Module) Unknown(err error) bool { return fault.CodeOf(err) == "payment.unknown" }
