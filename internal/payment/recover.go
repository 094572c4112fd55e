package payment

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// lister is a gateway that lists what it took.
type lister interface {
	// List gives a page of the payments made from a moment and before another, and the cursor of the next page; ” after the last.
	List(ctx context.Context, from, to time.Time, cursor string) (list []gateway.Payment, next string, err error)
}

// Recovered is what acquirers said of a time whose records are lost.
type Recovered struct {
	Asked   []string     `json:"asked"`   // acquirers that listed their payments
	Silent  []string     `json:"silent"`  // those that list none: their registers tell
	Seen    int          `json:"seen"`    // payments of that time
	Found   int          `json:"found"`   // captured and unknown to us: now in suspense
	Sum     money.Amount `json:"sum"`     // of those found
	Pending int          `json:"pending"` // unknown to us, their payer has not finished
	Orders  []string     `json:"orders"`  // keys of those found
}

// recoverPages bounds the pages of a list.
const recoverPages = 10_000

// Recover asks acquirers for all payments made between two moments. One that was captured and is unknown here is put down under
// the number its payer's page has, and its money waits in suspense for the account: what it was for is lost. Asked again it
// changes nothing more. Unavailable when an acquirer does not answer; what was found so far stays.
func (m *Module) Recover(ctx context.Context, actor string, from, to calendar.Micros) (r Recovered, err error) {
	r = Recovered{Asked: []string{}, Silent: []string{}, Orders: []string{}}
	for i := range m.acquirers {
		a := &m.acquirers[i]
		l, ok := a.Gateway.(lister)
		if !ok {
			r.Silent = append(r.Silent, a.Name)
			continue
		}
		if err := m.recoverFrom(ctx, actor, a, l, from, to, &r); err != nil {
			return r, fmt.Errorf("payments of %s: %w", a.Name, err)
		}
		r.Asked = append(r.Asked, a.Name)
	}
	return r, nil
}

func (m *Module) recoverFrom(ctx context.Context, actor string, a *Acquirer, l lister, from, to calendar.Micros, r *Recovered) error {
	cursor := ""
	for range recoverPages {
		list, next, err := l.List(ctx, from.Time(), to.Time(), cursor)
		if err != nil {
			return err
		}
		for i := range list {
			if err := m.recoverOne(ctx, actor, a, &list[i], r); err != nil {
				return err
			}
		}
		if cursor = next; next == "" {
			return nil
		}
	}
	return gateway.Away(fmt.Errorf("more than %d pages", recoverPages))
}

func (m *Module) recoverOne(ctx context.Context, actor string, a *Acquirer, p *gateway.Payment, r *Recovered) error {
	r.Seen++
	switch p.State {
	case gateway.Captured:
	case gateway.Pending, gateway.Authorised:
		known, err := m.knows(ctx, p)
		if err == nil && !known {
			r.Pending++
		}
		return err
	default:
		return nil
	}
	first, err := m.db.NextIDs(ctx, 2)
	if err != nil {
		return err
	}
	var o Order
	found := false
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		found = false
		known, err := knows(ctx, tx, p)
		if err != nil || known {
			return err
		}
		o, found = m.lostOrder(a, p, first), true
		if err := m.putDown(ctx, tx, &o, first+1); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.now(), actor, "payment.recovered", "order:"+o.PublicID, map[string]int64{"sum": int64(o.Sum)})
	})
	if err == nil && found {
		r.Found, r.Sum, r.Orders = r.Found+1, r.Sum+o.Sum, append(r.Orders, o.Key)
	}
	return err
}

func (m *Module) knows(ctx context.Context, p *gateway.Payment) (known bool, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		known, err = knows(ctx, tx, p)
		return err
	})
	return known, err
}

// knows tells whether a payment of an acquirer is an order of ours, by either number.
func knows(ctx context.Context, tx *db.Tx, p *gateway.Payment) (known bool, err error) {
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM payment_order WHERE gateway_id = $1 OR public_id = $2)", p.ID, p.Key).Scan(&known)
	return known, db.Fold(err)
}

// lostOrder is an order as far as its acquirer knows it. A key that is no number of our kind came from elsewhere.
func (m *Module) lostOrder(a *Acquirer, p *gateway.Payment, id int64) Order {
	now := m.now()
	public := p.Key
	if uuid.Validate(public) != nil {
		public = uuid.Must(uuid.NewV7()).String()
	}
	day := m.today()
	if !p.PaidAt.IsZero() {
		day = calendar.DateOf(p.PaidAt.In(m.zone))
	}
	return Order{ID: id, Key: recoveredKey + a.Name + ":" + p.ID, PublicID: public, Channel: ChannelOnline, Method: methodRecovered, State: StateCredited, Sum: p.Sum, PaidOn: day,
		Gateway: a.Name, GatewayID: p.ID, Actor: "recover", CreatedAt: now, ChangedAt: now}
}

// putDown writes an order whose money waits for its account.
func (m *Module) putDown(ctx context.Context, tx *db.Tx, o *Order, txn int64) error {
	if o.Sum <= 0 {
		return fault.New(fault.Invalid, "payment.recovered", "Эквайер назвал платёж без суммы.")
	}
	building, err := channelBuilding(ctx, tx, o.Channel)
	if err != nil {
		return err
	}
	part := Part{BuildingID: building, OrderID: o.ID, No: 1, Kind: ledger.Suspense, Amount: o.Sum, PaidOn: o.PaidOn, Channel: o.Channel, PostedAt: o.CreatedAt, RecordedAt: o.CreatedAt}
	if err := insertOrders(ctx, tx, []Order{*o}, 0, func(int) int { return 0 }); err != nil {
		return err
	}
	if err := insertParts(ctx, tx, []Part{part}); err != nil {
		return err
	}
	posting := ledger.Transaction{ID: txn, BuildingID: building, Key: postingKey(o.ID), Kind: "payment", OrderID: o.ID, EffectiveOn: o.PaidOn, RecordedAt: o.CreatedAt,
		Entries: []ledger.Entry{{Name: ledger.Clearing(o.Channel, o.PaidOn), Amount: o.Sum}, {Name: ledger.Suspense, Amount: -o.Sum}}}
	if _, err := ledger.Post(ctx, tx, &posting); err != nil {
		return err
	}
	return insertSuspense(ctx, tx, o.Channel, []suspense{{order: o.ID, building: building, number: "", amount: o.Sum, day: o.PaidOn}}, o.CreatedAt)
}
