package payment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"kvit/internal/calendar"
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
	if r.Key == "" || len(r.Key) > 200 {
		return Order{}, fault.New(fault.Invalid, "payment.key", "Нужен ключ платежа от 1 до 200 знаков: по нему повтор не станет вторым платежом.").WithField("key")
	}
	o, err := m.record(ctx, r)
	if err != nil || o.State != StateCreated {
		return o, err
	}
	return m.register(ctx, o, r.Description, r.ReturnURL)
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
		return o, fault.New(fault.Unavailable, "payment.no_acquirer", "Приём платежей не настроен: не указан эквайер.")
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
	if err != nil || Final(o.State) || m.gateway == nil {
		return o, err
	}
	if o.State == StateCaptured {
		return m.post(ctx, o)
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
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		if o, err = findOrder(ctx, tx, "order_id", id); err != nil {
			return err
		}
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
		_, err := tx.ExecContext(ctx, "UPDATE payment_order SET state = $2, gateway_id = $3, redirect_url = $4, reason = $5, changed_at = $6 WHERE client_key = $1",
			o.Key, o.State, o.GatewayID, o.RedirectURL, o.Reason, int64(o.ChangedAt))
		return err
	})
	if err != nil || o.State != StateCaptured {
		return o, err
	}
	return m.post(ctx, o)
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
		for _, i := range parts {
			p := &o.Parts[i]
			name := ledger.Receivable
			if p.Kind == PartAdvance {
				name = ledger.Advance
			}
			t.Entries = append(t.Entries, ledger.Entry{Name: name, AccountID: p.AccountID, SupplierID: p.SupplierID, ServiceID: p.ServiceID, Amount: -p.Amount})
			total += p.Amount
		}
		t.Entries = append(t.Entries, ledger.Entry{Name: ledger.Clearing(o.Channel, o.PaidOn), Amount: total})
		posted, err := ledger.Post(ctx, tx, &t)
		if err != nil || !posted {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE payment_part SET posted_at = $3 WHERE building_id = $1 AND order_id = $2 AND posted_at = 0", building, o.ID, int64(now))
		return err
	})
}

// orderLife is how long an unpaid order lives before the acquirer is asked whether to give it up.
const orderLife = calendar.Micros(90 * 60 * 1_000_000)

// FinishOpen brings on every order a crash or a lost answer left open: created ones are looked up by our key,
// pending ones asked about, captured ones posted, old ones expired after asking.
func (m *Module) FinishOpen(ctx context.Context) (int, error) {
	var ids []string
	var created []calendar.Micros
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		ids, created = nil, nil
		rows, err := tx.QueryContext(ctx, "SELECT public_id, created_at FROM payment_order WHERE state IN ('created', 'pending', 'captured') ORDER BY order_id")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			var at calendar.Micros
			if err := rows.Scan(&id, &at); err != nil {
				return err
			}
			ids, created = append(ids, id), append(created, at)
		}
		return rows.Err()
	})
	if err != nil {
		return 0, err
	}
	done := 0
	for i, id := range ids {
		o, err := m.Confirm(ctx, id)
		if err != nil {
			return done, err
		}
		if !Final(o.State) && m.now()-created[i] > orderLife && m.gateway != nil {
			if err := m.expire(ctx, &o); err != nil {
				return done, err
			}
		}
		if Final(o.State) {
			done++
		}
	}
	return done, nil
}

// expire gives up an order that the acquirer does not say was paid.
func (m *Module) expire(ctx context.Context, o *Order) error {
	remote, err := m.ask(ctx, o)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil //nolint:nilerr // nothing is concluded from a lost answer
	}
	if err == nil && remote.State == StateCaptured {
		return nil
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		o.State = StateExpired
		_, err := tx.ExecContext(ctx, "UPDATE payment_order SET state = 'expired', changed_at = $2 WHERE client_key = $1 AND state IN ('created', 'pending')", o.Key, int64(m.now()))
		return err
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

var errKeyReused = fault.New(fault.Conflict, "payment.key_reused", "С этим ключом уже был другой платёж. Начните новый платёж.").WithField("key")
