package payment

import (
	"context"
	"slices"
	"time"

	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// Gateway is a client of an acquirer: an outside party that takes payers' money for us. Its errors: Unavailable, the
// outcome is not known and the same call may be made again; Invalid, refused for good; NotFound.
type Gateway interface {
	// Create registers a payment under our key. Repeated with the same key it gives the same payment.
	Create(ctx context.Context, r gateway.Request) (gateway.Payment, error)
	// Find asks for a payment by the acquirer's id.
	Find(ctx context.Context, id string) (gateway.Payment, error)
	// FindByKey asks for the payment of our key that was made after a moment.
	FindByKey(ctx context.Context, key string, since time.Time) (gateway.Payment, error)
	// Capture takes a held sum or a part of it.
	Capture(ctx context.Context, id, key string, sum money.Amount) (gateway.Payment, error)
	// Cancel lets a held sum go.
	Cancel(ctx context.Context, id, key string) (gateway.Payment, error)
	// Refund gives a sum back, once for its key. again: it may have been asked for before.
	Refund(ctx context.Context, id, key string, sum money.Amount, again bool) (gateway.Refund, error)
	// Verify checks who sent a notification and names its payment.
	Verify(n gateway.Notification) (gateway.Note, error)
	// Acknowledgment is the body a notification is answered with.
	Acknowledgment() string
}

// Acquirer is a gateway under the name orders remember it by.
type Acquirer struct {
	Name    string
	Methods []string // what it takes: gateway.Card, gateway.SBP; none is all
	Gateway Gateway
}

// takes tells whether payments of a method go to the acquirer.
func (a *Acquirer) takes(method string) bool {
	return len(a.Methods) == 0 || slices.Contains(a.Methods, method)
}

// Acquirers are all there are, the preferred first.
type Acquirers []Acquirer

// Only is the list of one acquirer that takes everything.
func Only(name string, g Gateway) Acquirers { return Acquirers{{Name: name, Gateway: g}} }

// For is the acquirer that takes a method; nil when none does.
func (l Acquirers) For(method string) *Acquirer {
	for i := range l {
		if l[i].takes(method) {
			return &l[i]
		}
	}
	return nil
}

// Named is the acquirer of a name; nil when it is not there. Orders made before acquirers had names are the first one's.
func (l Acquirers) Named(name string) *Acquirer {
	for i := range l {
		if l[i].Name == name || name == "" {
			return &l[i]
		}
	}
	return nil
}

// gatewayOf is the client of the acquirer that took an order.
func (m *Module) gatewayOf(o *Order) (Gateway, error) {
	if a := m.acquirers.Named(o.Gateway); a != nil {
		return a.Gateway, nil
	}
	return nil, errNoAcquirer
}

// Methods are the methods some acquirer takes.
func (m *Module) Methods() (list []string) {
	for _, method := range []string{gateway.SBP, gateway.Card} {
		if m.acquirers.For(method) != nil {
			list = append(list, method)
		}
	}
	return list
}

var errNoAcquirer = fault.New(fault.Unavailable, "payment.no_acquirer", "Приём платежей не настроен: не указан эквайер.")
