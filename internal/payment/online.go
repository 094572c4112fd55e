package payment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// StartRequest is a payer's wish already split.
type StartRequest struct {
	Key         string // made by the client before the first try
	Input       any    // what the client asked for; with the same key it must be the same
	Plan        Plan
	Method      string // card, sbp
	Description string
	ReturnURL   string // given the order's public id in place of {id}
	Actor       string
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
	o, err = m.register(ctx, o, r.Description, r.ReturnURL)
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
		now := m.now()
		o = Order{ID: id, Key: r.Key, PublicID: uuid.Must(uuid.NewV7()).String(), Fingerprint: print, Channel: ChannelOnline, Method: r.Method, State: StateCreated,
			Sum: r.Plan.Sum, PaidOn: m.today(), Actor: r.Actor, CreatedAt: now, ChangedAt: now}
		for i, p := range r.Plan.Parts {
			o.Parts = append(o.Parts, Part{BuildingID: p.BuildingID, OrderID: id, No: i + 1, AccountID: p.AccountID, SupplierID: p.SupplierID, ServiceID: p.ServiceID, Kind: p.Kind,
				Amount: p.Amount, PaidOn: o.PaidOn, Channel: ChannelOnline, RecordedAt: now})
		}
		if err := insertOrders(ctx, tx, []Order{o}, 0, func(int) int { return 0 }); err != nil {
			return err
		}
		return insertParts(ctx, tx, o.Parts)
	})
	return o, err
}

// register tells the acquirer about a recorded order.
func (m *Module) register(ctx context.Context, o Order, description, returnURL string) (Order, error) {
	if m.gateway == nil {
		return o, errNoAcquirer
	}
	remote, err := m.gateway.Create(ctx, o.PublicID, o.Sum, o.Method, description, replaceID(returnURL, o.PublicID))
	if err != nil {
		m.log.Warn("acquirer did not register a payment", "order", o.ID, "error", err)
		return o, nil //nolint:nilerr // the outcome is unknown: the order stays created and is asked about again
	}
	return m.advance(ctx, o.ID, remote)
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
	if m.gateway == nil || Final(o.State) && o.State != StateExpired { // an expired order may have been paid late
		return o, nil
	}
	remote, err := m.ask(ctx, &o)
	if err != nil {
		if fault.Is(err, fault.NotFound) && o.State == StateCreated {
			return m.register(ctx, o, "Оплата счёта", "")
		}
		return o, nil //nolint:nilerr // no answer is no answer: the order waits
	}
	return m.advance(ctx, o.ID, remote)
}

func (m *Module) ask(ctx context.Context, o *Order) (Remote, error) {
	if o.GatewayID == "" {
		return m.gateway.FindByKey(ctx, o.PublicID)
	}
	return m.gateway.Find(ctx, o.GatewayID)
}

// ranksOf order the states: a state never goes back.
var ranksOf = map[string]int{StateCreated: 0, StatePending: 1, StateDeclined: 2, StateExpired: 2, StateCancelled: 2, StateCaptured: 3, StateCredited: 4}

// advance applies what the acquirer says of an order, forward only. A sum, key or currency that is not ours is
// quarantined, never applied. A late capture of an order we gave up wins: the money was taken.
func (m *Module) advance(ctx context.Context, id int64, r Remote) (o Order, err error) {
	for range advanceTries {
		if o, err = m.advanceOnce(ctx, id, r); !errors.Is(err, errMoved) {
			break
		}
	}
	if err != nil || o.State != StateCaptured {
		return o, err
	}
	return m.post(ctx, o)
}

// errMoved says that somebody else changed the order between our look and our write.
var errMoved = fault.New(fault.Conflict, "payment.moved", "Платёж только что изменился. Повторите.")

const advanceTries = 5

// advanceOnce writes over the state it saw and no other, so two who were told different things cannot take an order
// back.
func (m *Module) advanceOnce(ctx context.Context, id int64, r Remote) (o Order, err error) {
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		if o, err = findOrder(ctx, tx, "order_id", id); err != nil {
			return err
		}
		seen := o.State
		if r.Sum != o.Sum || r.Key != o.PublicID || r.Currency != "RUB" {
			return fault.New(fault.Conflict, "payment.foreign", "Ответ банка не о нашем платеже. Деньги не зачислены, центр разбирается.").
				Because(fmt.Errorf("order %d: sum %d, key %q, currency %q", id, r.Sum, r.Key, r.Currency))
		}
		if ranksOf[r.State] <= ranksOf[o.State] && o.GatewayID != "" {
			return nil
		}
		if ranksOf[r.State] > ranksOf[o.State] {
			o.State = r.State
		}
		o.GatewayID, o.RedirectURL, o.Reason, o.ChangedAt = r.ID, r.RedirectURL, r.Reason, m.now()
		res, err := tx.ExecContext(ctx, "UPDATE payment_order SET state = $2, gateway_id = $3, redirect_url = $4, reason = $5, changed_at = $6 WHERE client_key = $1 AND state = $7",
			o.Key, o.State, o.GatewayID, o.RedirectURL, o.Reason, int64(o.ChangedAt), seen)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errMoved)
		}
		return nil
	})
	return o, err
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

var errNoAcquirer = fault.New(fault.Unavailable, "payment.no_acquirer", "Приём платежей не настроен: не указан эквайер.")

var errKeyReused = fault.New(fault.Conflict, KeyReused, "С этим ключом уже был другой платёж. Начните новый платёж.").WithField("key")
