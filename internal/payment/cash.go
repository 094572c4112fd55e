package payment

import (
	"context"

	"github.com/google/uuid"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// ChannelCash begins the channels of money taken at a desk: «cash:1».
const ChannelCash = "cash:"

// MethodCash is the way of money put on the desk.
const MethodCash = "cash"

// CashRequest is money in the clerk's hand, already split.
type CashRequest struct {
	Key   string // of the form: pressed twice it takes once
	Input any    // with the same key it must be the same
	Plan  Plan
	Desk  string
	Actor string
	// Join writes what else becomes true with the payment, in its transaction.
	Join func(ctx context.Context, tx *db.Tx, o *Order) error
}

// TakeCash records money taken at a desk and posts it. The order is captured at once: nobody has to be asked. A crash after
// the record loses nothing, FinishOpen posts. The same key gives the first answer, marked Repeated; with another input it
// is a Conflict.
func (m *Module) TakeCash(ctx context.Context, r CashRequest) (Order, error) {
	if r.Key == "" || len(r.Key) > 200 {
		return Order{}, fault.New(fault.Invalid, "payment.key", "Нужен ключ платежа от 1 до 200 знаков: по нему повтор не станет вторым платежом.").WithField("key")
	}
	o, err := m.recordCash(ctx, r)
	if fault.CodeOf(err) == "duplicate" { // the other press was recorded between our look and our write
		o, err = m.recordCash(ctx, r)
	}
	if err != nil || o.State != StateCaptured {
		return o, err
	}
	repeated := o.Repeated
	o, err = m.post(ctx, o)
	o.Repeated = repeated
	return o, err
}

func (m *Module) recordCash(ctx context.Context, r CashRequest) (o Order, err error) {
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return o, err
	}
	print := Fingerprint(r.Input)
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		o, err = findOrder(ctx, tx, "client_key", r.Key)
		if err == nil {
			if o.Repeated = true; o.Fingerprint != print {
				return errKeyReused
			}
			return nil
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		now := m.now()
		o = Order{ID: id, Key: r.Key, PublicID: uuid.Must(uuid.NewV7()).String(), Fingerprint: print, Channel: ChannelCash + r.Desk, Method: MethodCash, State: StateCaptured,
			Sum: r.Plan.Sum, PaidOn: m.today(), Actor: r.Actor, CreatedAt: now, ChangedAt: now}
		o.divide(&r.Plan)
		if err := insertOrders(ctx, tx, []Order{o}, 0, func(int) int { return 0 }); err != nil {
			return err
		}
		if err := insertParts(ctx, tx, o.Parts); err != nil {
			return err
		}
		return r.Join(ctx, tx, &o)
	})
	return o, err
}
