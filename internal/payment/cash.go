package payment

import (
	"context"

	"github.com/google/uuid"

	"kvit/internal/db"
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

// TakeCash credits money taken at a desk: order, parts, postings and what joins them in one transaction. The same key
// gives the first answer, marked Repeated; with another input it is a Conflict.
func (m *Module) TakeCash(ctx context.Context, r CashRequest) (Order, error) {
	if err := checkKey(r.Key); err != nil {
		return Order{}, err
	}
	now := m.now()
	o := Order{Key: r.Key, PublicID: uuid.Must(uuid.NewV7()).String(), Fingerprint: Fingerprint(r.Input), Channel: ChannelCash + r.Desk, Method: MethodCash,
		Sum: r.Plan.Sum, PaidOn: m.today(), Actor: r.Actor, CreatedAt: now, ChangedAt: now}
	if err := m.pay(ctx, &o, &r.Plan); err != nil {
		return o, err
	}
	var b db.Batch
	o.add(&b)
	if err := o.addPostings(&b, o.ID+1, now); err != nil {
		return o, err
	}
	err := m.db.WriteJoint(ctx, func(tx *db.Tx) error {
		if err := r.Join(ctx, tx, &o); err != nil {
			return err
		}
		return tx.Send(ctx, &b)
	})
	if err != nil {
		return m.unlessBefore(ctx, o, err)
	}
	return o, nil
}
