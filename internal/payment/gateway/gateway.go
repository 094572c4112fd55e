// Package gateway holds what all acquirers have in common: what we ask of them and what they know of a payment, in our
// words. A client of one acquirer (gateway/yookassa, gateway/tbank, …) turns these into its protocol and back.
//
// Owns: the vocabulary, one way to call over HTTP. Does not own: orders, which acquirer takes which payment, what is done
// with an answer (payment).
//
// Invariants: sums are kopecks; a client concludes nothing from a lost answer: it says Unavailable, and the same call with
// the same key may be made again.
package gateway

import (
	"net/netip"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// States of a payment at an acquirer, the words of payment.State….
const (
	Pending    = "pending"    // the payer has not finished
	Authorised = "authorised" // the sum is held on the payer's card, not taken yet
	Captured   = "captured"
	Declined   = "declined"
	Expired    = "expired"
	Cancelled  = "cancelled"
)

// Methods of paying.
const (
	Card = "card"
	SBP  = "sbp"
)

// Request is a payment to register. The same Key with the same request gives the same payment.
type Request struct {
	Key         string // ours, up to 36 characters: the acquirer keeps it with the payment
	Sum         money.Amount
	Method      string // Card or SBP
	Description string
	ReturnURL   string    // where the payer comes back to
	Since       time.Time // when the order was made: how far back an acquirer is searched for it
	Again       bool      // it may have been asked before: its outcome is not known
	Hold        bool      // hold the sum first, take it by Capture
	Save        bool      // keep the way of paying: its payer has agreed
	Payer       string    // who has agreed, the same for all his payments
	Saved       string    // token of a kept way: the payer is not asked
	Contact     string    // e-mail or phone the receipt goes to
	Receipt     []Line    // lines of the fiscal receipt; none: the acquirer makes no receipt
}

// Line is a line of a fiscal receipt (54-ФЗ): what one supplier gets.
type Line struct {
	Name         string // tag 1030
	Amount       money.Amount
	VAT          int    // as YooKassa codes it: 1 none … 4 20 %, 11 22 %
	Mode         string // tag 1214: full_prepayment, advance, full_payment
	Subject      string // tag 1212: service, payment
	SupplierINN  string // tag 1226
	SupplierName string // tag 1225
	SupplierTel  string // tag 1171
}

// Payment is a payment as an acquirer knows it.
type Payment struct {
	ID          string
	Key         string // ours; another one is not our payment
	State       string
	Sum         money.Amount // of the payment, or what was taken of it
	Refunded    money.Amount // went back in all; unknown to some acquirers: 0
	Currency    string       // RUB
	RedirectURL string       // the payer's page, or the link of СБП; '' when there is nowhere to go
	Reason      string       // why nothing was taken, in Russian
	PaidAt      time.Time    // when the payer paid; zero when not told
	Saved       *Saved       // the way of paying that was kept
}

// Saved is a way of paying that the acquirer keeps for us. The number of a card never comes to us.
type Saved struct {
	Token   string
	Title   string         // «Карта ····4477»
	Expires calendar.Month // 0: never
}

// Refund is a sum on its way back.
type Refund struct {
	ID        string
	PaymentID string
	State     string // Pending, Captured (it went back) or Declined
	Sum       money.Amount
	Reason    string
}

// Notification is a message of an acquirer as it came.
type Notification struct {
	Body    []byte
	Headers map[string]string // names in lower case
	From    netip.Addr        // who sent it; invalid when unknown
	At      time.Time
}

// Note is what a notification is about. What it says of the payment is never believed: the acquirer is asked.
type Note struct {
	Event     string // the same for the same notification sent again
	PaymentID string // '' when it is about nothing of ours
	State     string // which state it tells of; '' when none
	Saved     *Saved // told in signed notifications only
}
