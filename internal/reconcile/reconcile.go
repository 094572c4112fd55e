// Package reconcile proves that three books agree: our payments, the register of whoever took them (a bank, an acquirer,
// an agent) and the statement of our bank account.
//
// Owns: tables reconcile_partner, reconcile_register, reconcile_line, reconcile_statement, reconcile_movement, reconcile_balance,
// reconcile_explained, reconcile_day, reconcile_case, reconcile_proposal; what statements bring into the centre's book. Does not
// own: payments and money nobody knows (payment), reading of files (exchange/register, exchange/statement), payouts and payment
// orders (settlement).
//
// Invariants: a register and a statement are taken once by their bytes, an operation and a movement once whatever files they
// come in; the order in which files come does not matter, for a run compares all that is known anew; every difference is a
// case with a cause, an owner and an age (reliability.md I6); what changes money takes two persons; the bank's account in the
// centre's book is what its statements show, movement by movement.
//
// Sources: formats.md 2.7, 3.2, 3.7, 3.10; reliability.md I6, I7, F15, W7.
package reconcile

import (
	"context"
	"log/slog"

	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// ChannelBank is the channel of residents' single payments that came straight to our bank account.
const ChannelBank = "bank-statement"

// Module holds the operations of reconciliation.
type Module struct{ Deps }

// Deps are what the module works with.
type Deps struct {
	DB       *db.DB
	Blobs    *blob.Store
	Payments *payment.Module
	Now      func() calendar.Micros
	Today    func() calendar.Date // in the region's zone
	Log      *slog.Logger
	// Outgoing is told of money that left our account or came back to it, to find the payout it is of; '' when none is.
	// Nil: payouts are not kept.
	Outgoing func(ctx context.Context, tx *db.Tx, o Outgoing) (payout string, err error)
	// GiveBack prepares a payment order for unidentified money that goes back to its payer; what it gives writes the order in
	// the transaction that returns the money.
	GiveBack func(ctx context.Context) (func(ctx context.Context, tx *db.Tx, g *GiveBack) error, error)
	// AssignAbove is the sum of an unidentified payment from which a second person must confirm; 0: always.
	AssignAbove money.Amount
	// ReturnDays is after how many days unidentified money is due back to its payer.
	ReturnDays int
}

// Outgoing is a movement that may be of a payout: money sent, or sent money that came back.
type Outgoing struct {
	Key      string
	Number   string
	Day      calendar.Date
	DocDay   calendar.Date
	Sum      money.Amount
	Account  string // of the other side
	INN      string
	Purpose  string
	Returned bool
}

// New makes the module.
func New(d Deps) *Module {
	if d.ReturnDays == 0 {
		d.ReturnDays = returnDays
	}
	return &Module{d}
}

// returnDays is after how many days money nobody knows goes back, unless the installation says otherwise.
const returnDays = 30
