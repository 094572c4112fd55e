package payment

import (
	"context"
	"strings"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// keyMax is the longest key of a client.
const keyMax = 200

// checkKey refuses a client's key that is none, or that would pass for an operation of a bank.
func checkKey(key string) error {
	if key == "" || len(key) > keyMax || strings.HasPrefix(key, registerKey) {
		return fault.New(fault.Invalid, "payment.key", "Нужен ключ платежа от 1 до 200 знаков: по нему повтор не станет вторым платежом.").WithField("key")
	}
	return nil
}

// writeOnce writes a fresh order with all that belongs to it; of a key that was used before it gives the first order.
// Nobody looks the key up first: the database refuses the second order of a key, also when both come at once.
func (m *Module) writeOnce(ctx context.Context, o Order, b *db.Batch) (Order, error) {
	if err := m.db.WriteBatch(ctx, b); err != nil {
		return m.unlessBefore(ctx, o, err)
	}
	return o, nil
}

// unlessBefore gives the first order of a key, marked Repeated, in place of why a fresh one was not written; also one whose record
// was lost and that its acquirer told of. Another input
// under the key is a Conflict. When the outcome of writing is not known nothing is concluded.
func (m *Module) unlessBefore(ctx context.Context, o Order, why error) (Order, error) {
	if fault.Is(why, fault.Unavailable) {
		return o, why
	}
	before, err := m.findKey(ctx, o.Key)
	switch {
	case m.Unknown(err):
		return m.claim(ctx, o, why)
	case err != nil:
		return o, why
	case before.Fingerprint != o.Fingerprint:
		return before, errKeyReused
	}
	before.Repeated = true
	return before, nil
}

func (m *Module) findKey(ctx context.Context, key string) (o Order, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		o, err = findOrder(ctx, tx, "client_key", key)
		return err
	})
	return o, err
}

// FindByKey gives the order of a client's key, marked Repeated; the same key with another input is a Conflict.
func (m *Module) FindByKey(ctx context.Context, key string, input any) (Order, error) {
	o, err := m.findKey(ctx, key)
	if err == nil && o.Fingerprint != Fingerprint(input) {
		return o, errKeyReused
	}
	o.Repeated = true
	return o, err
}

// KeyReused is the code of a fault: the number or key was used before with another input.
const KeyReused = "payment.key_reused"

var errKeyReused = fault.New(fault.Conflict, KeyReused, "С этим ключом уже был другой платёж. Начните новый платёж.").WithField("key")
