// Package payment takes money in and sends it where it belongs: orders, their split over accounts, registers of
// banks, refunds, money nobody can place.
//
// Owns: tables payment_order, payment_part, payment_suspense, payment_duplicate, payment_channel, payment_refund,
// gateway_event. Does not own: what is due (bill), the book (ledger), the acquirer's protocol (gateway/acquirer).
//
// Invariants: an order is known by the key its client made before the first try; its states only move forward;
// nothing is credited without the acquirer being asked; the parts of an order add up to it; each part is posted
// once; refunds never exceed what was captured. Date of payment is the payer's date.
package payment

import (
	"context"
	"log/slog"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// States of an order. They only move forward.
const (
	StateCreated   = "created"   // recorded, the acquirer not asked yet
	StatePending   = "pending"   // «ждём банк»
	StateCaptured  = "captured"  // the bank has taken the money; parts may still be being posted
	StateCredited  = "credited"  // every part is posted
	StateDeclined  = "declined"  // the bank refused, nothing was taken
	StateExpired   = "expired"   // the payer did not finish in time
	StateCancelled = "cancelled" // the payer changed his mind
)

// Final tells whether a state cannot change any more by itself.
func Final(state string) bool {
	return state == StateCredited || state == StateDeclined || state == StateExpired || state == StateCancelled
}

// Labels are the words people see for states, the same everywhere.
var Labels = map[string]string{StateCreated: "готовим", StatePending: "ждём банк", StateCaptured: "оплачено", StateCredited: "зачислено",
	StateDeclined: "отклонено", StateExpired: "истекло", StateCancelled: "отменено"}

// Channels of money that came through our own pages.
const ChannelOnline = "online"

// Order is a payment on its way.
type Order struct {
	ID          int64
	Key         string
	PublicID    string
	Fingerprint string
	Channel     string
	Method      string
	State       string
	Sum         money.Amount
	Refunded    money.Amount
	PaidOn      calendar.Date
	GatewayID   string
	RedirectURL string
	Reason      string // why it was declined, in the acquirer's words
	Actor       string
	CreatedAt   calendar.Micros
	ChangedAt   calendar.Micros
	Parts       []Part
	Repeated    bool // the answer is of an earlier call with the same key
}

// Advance is what the order pays above what was due.
func (o *Order) Advance() (sum money.Amount) {
	for i := range o.Parts {
		if o.Parts[i].Kind == PartAdvance {
			sum += o.Parts[i].Amount
		}
	}
	return sum
}

// Part is a piece of an order that belongs to one account and service.
type Part struct {
	BuildingID int64
	OrderID    int64
	No         int
	AccountID  int64
	SupplierID int64
	ServiceID  int64
	Kind       string
	Amount     money.Amount
	PaidOn     calendar.Date
	Channel    string
	PostedAt   calendar.Micros
	RecordedAt calendar.Micros
}

// Gateway is an acquirer: the one outside party that takes a payer's money for us.
type Gateway interface {
	// Create registers a payment under our key and gives the page the payer goes to. Repeating it with the same key
	// gives the same payment.
	Create(ctx context.Context, key string, sum money.Amount, method, description, returnURL string) (Remote, error)
	// Find asks for the state of a payment.
	Find(ctx context.Context, id string) (Remote, error)
	// FindByKey asks for the payment registered under our key; NotFound when there is none.
	FindByKey(ctx context.Context, key string) (Remote, error)
	// Refund gives a part back; repeating it with the same key refunds once.
	Refund(ctx context.Context, id, key string, sum money.Amount) error
	// Verify checks a notification's signature over its raw bytes and names the event and the payment.
	Verify(body []byte, headers map[string]string, now time.Time) (event, paymentID string, err error)
}

// Remote is a payment as the acquirer knows it.
type Remote struct {
	ID          string
	Key         string
	State       string // StatePending, StateCaptured, StateDeclined, StateExpired
	Sum         money.Amount
	Currency    string
	RedirectURL string
	Reason      string
}

// Module holds the operations on payments.
type Module struct {
	db      *db.DB
	gateway Gateway
	zone    *time.Location
	now     func() calendar.Micros
	log     *slog.Logger
	asking  *asking
}

// New makes the module. gateway may be nil: then only registers are taken.
func New(d *db.DB, gateway Gateway, zone *time.Location, now func() calendar.Micros, log *slog.Logger) *Module {
	return &Module{db: d, gateway: gateway, zone: zone, now: now, log: log, asking: &asking{}}
}

// WithGateway is the same module talking to another acquirer.
func (m *Module) WithGateway(g Gateway) *Module {
	c := *m
	c.gateway = g
	return &c
}

// today is the date where the payers live.
func (m *Module) today() calendar.Date { return calendar.DateOf(m.now().Time().In(m.zone)) }
