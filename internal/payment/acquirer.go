package payment

import (
	"context"
	"time"

	"kvit/internal/money"
	"kvit/internal/payment/gateway/acquirer"
)

// Acquirer is the Gateway over the acquirer's client.
type Acquirer struct{ client *acquirer.Client }

// NewAcquirer makes a gateway to the acquirer at an address.
func NewAcquirer(base, secret string) *Acquirer { return &Acquirer{acquirer.New(base, secret)} }

// states leads the acquirer's words to ours.
var states = map[string]string{"pending": StatePending, "captured": StateCaptured, "declined": StateDeclined, "expired": StateExpired}

func remote(p acquirer.Payment, err error) (Remote, error) {
	state, ok := states[p.State]
	if !ok {
		state = StatePending // a word we do not know decides nothing
	}
	return Remote{ID: p.ID, Key: p.Key, State: state, Sum: p.Sum, Currency: p.Currency, RedirectURL: p.RedirectURL, Reason: p.Reason}, err
}

// Create registers a payment.
func (a *Acquirer) Create(ctx context.Context, key string, sum money.Amount, method, description, returnURL string) (Remote, error) {
	return remote(a.client.Create(ctx, acquirer.Payment{Key: key, Sum: sum, Currency: "RUB", Method: method, Description: description, ReturnURL: returnURL}))
}

// Find asks for a payment.
func (a *Acquirer) Find(ctx context.Context, id string) (Remote, error) {
	return remote(a.client.Find(ctx, id))
}

// FindByKey asks for the payment of our key.
func (a *Acquirer) FindByKey(ctx context.Context, key string) (Remote, error) {
	return remote(a.client.FindByKey(ctx, key))
}

// Refund gives a part back.
func (a *Acquirer) Refund(ctx context.Context, id, key string, sum money.Amount) error {
	return a.client.Refund(ctx, id, key, sum)
}

// Verify checks a notification.
func (a *Acquirer) Verify(body []byte, headers map[string]string, now time.Time) (event, paymentID string, err error) {
	return a.client.Verify(body, headers, now)
}
