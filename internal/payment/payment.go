// Package payment takes money in and sends it where it belongs: orders, their split over accounts, registers of
// banks, refunds, money nobody can place.
//
// Owns: tables payment_order, payment_part, payment_suspense, payment_duplicate, payment_channel, payment_refund,
// payment_hold, payment_saved, gateway_event. Does not own: what is due (bill), the book (ledger),
// acquirers' protocols (gateway/yookassa, gateway/tbank).
//
// Invariants: an order is known by the key its client made before the first try; its states only move forward;
// nothing is credited without the acquirer being asked; the parts of an order add up to it; each part is posted
// once; refunds never exceed what was captured. Date of payment is the payer's date.
package payment

import (
	"log/slog"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// States of an order. They only move forward; what went back of a credited order is in its refunds.
const (
	StateCreated    = "created"          // recorded, the acquirer not asked yet
	StatePending    = gateway.Pending    // «ждём банк»
	StateAuthorised = gateway.Authorised // the sum is held and waits for Capture or Cancel
	StateCaptured   = gateway.Captured   // the bank has taken the money; parts may still be being posted
	StateCredited   = "credited"         // every part is posted
	StateDeclined   = gateway.Declined   // the bank refused, nothing was taken
	StateExpired    = gateway.Expired    // the payer did not finish in time
	StateCancelled  = gateway.Cancelled  // the held sum was let go
)

// Final tells whether a state cannot change any more by itself.
func Final(state string) bool {
	return state == StateCredited || state == StateDeclined || state == StateExpired || state == StateCancelled
}

// Labels are the words people see for states, the same everywhere.
var Labels = map[string]string{StateCreated: "готовим", StatePending: "ждём банк", StateAuthorised: "деньги отложены", StateCaptured: "оплачено", StateCredited: "зачислено",
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
	PaidOn      calendar.Date // the payer's day: of the payment, or of its order until it is paid
	Gateway     string        // the acquirer's name; '' of registers
	GatewayID   string        // the acquirer's id of the payment
	RedirectURL string        // the payer's page or the link of СБП
	Reason      string        // why it was declined, in the acquirer's words
	Actor       string
	CreatedAt   calendar.Micros
	ChangedAt   calendar.Micros
	Parts       []Part
	Repeated    bool // the answer is of an earlier call with the same key
	request     request
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

// divide gives a fresh order the parts of its plan, none of them posted.
func (o *Order) divide(plan *Plan) {
	for i, p := range plan.Parts {
		o.Parts = append(o.Parts, Part{BuildingID: p.BuildingID, OrderID: o.ID, No: i + 1, AccountID: p.AccountID, SupplierID: p.SupplierID, ServiceID: p.ServiceID, Kind: p.Kind,
			Amount: p.Amount, PaidOn: o.PaidOn, Channel: o.Channel, RecordedAt: o.CreatedAt, Month: p.Month, Reason: p.Reason})
	}
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
	Month      calendar.Month // what it closes, where that is not simply the oldest debt; 0 is the oldest
	Reason     string         // why it went here, ReasonNamed …; '' is unknown
}

// Module holds the operations on payments.
type Module struct {
	db        *db.DB
	acquirers Acquirers
	zone      *time.Location
	now       func() calendar.Micros
	log       *slog.Logger
	asking    *asking
	kept      *kept

	// HomeOf tells the household of a code that came instead of an account's number; nil: there are no such codes.
	HomeOf HomeOf
}

// New makes the module. Without acquirers only registers are taken.
func New(d *db.DB, acquirers Acquirers, zone *time.Location, now func() calendar.Micros, log *slog.Logger) *Module {
	return &Module{db: d, acquirers: acquirers, zone: zone, now: now, log: log, asking: &asking{taking: map[string]int{}}, kept: &kept{secret: db.Secret{Name: "payment_secret"}}}
}

// WithAcquirers is the same module talking to other acquirers.
func (m *Module) WithAcquirers(list Acquirers) *Module {
	c := *m
	c.acquirers = list
	return &c
}

// today is the date where the payers live.
func (m *Module) today() calendar.Date { return calendar.DateOf(m.now().Time().In(m.zone)) }
