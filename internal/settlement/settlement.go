// Package settlement is what the centre does with money once it is credited: it closes days, pays suppliers, and follows
// each kopeck from the payer to them.
//
// Owns: tables settlement_close, settlement_total, settlement_due, settlement_contract, settlement_payout,
// settlement_claim; the centre's own book (ledger.Centre) but for what statements bring in. Does not own: payments and
// their split (payment), bank details (supplier), statements and registers of partners.
//
// Invariants: a transaction of a payment is counted by one close (ledger.Count marks it, under the lock of its own row;
// what commits while a close counts is left to the next one); a close is numbered without gaps, never changes, and its
// digest covers the one before; payout = collected − refunds − fee − held + carried, and each close of a supplier is in
// one payout of his that was not cancelled (reliability.md I5); the one who prepares a payout does not approve it; money goes
// by bank details in force only (S13). A resident's payment takes no lock of this package.
//
// Law: ПП № 253 от 28.03.2012 (split money goes out not later than the next working day), 103-ФЗ, 161-ФЗ.
package settlement

import (
	"context"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// Deps are what settlement stands on.
type Deps struct {
	DB        *db.DB
	Suppliers *supplier.Module
	Zone      *time.Location
	Now       func() calendar.Micros
	// Check runs the invariants of money: a close refuses when one is broken.
	Check func(ctx context.Context) ([]ledger.Breach, error)
	// CheckAll runs all invariants there are (I1–I12 and more): a broken one stops the payouts of the suppliers it concerns.
	CheckAll func(ctx context.Context) ([]ledger.Breach, error)
	// Reconciled tells how channels and days up to one agree with partners' registers and statements; nil: nobody compares.
	Reconciled func(ctx context.Context, tx *db.Tx, day calendar.Date) (*Reconciliation, error)
}

// Reconciliation is how money agreed on the day of a close.
type Reconciliation struct {
	State string           `json:"state"` // in words: «сошлось», «есть расхождения», «сверка не велась»
	Lines []ReconciledLine `json:"lines,omitempty"`
	Open  []string         `json:"open,omitempty"` // differences that wait for somebody
}

// ReconciledLine is a channel and a day: what we took, what the partner says, what came to the bank; nil: not told yet.
type ReconciledLine struct {
	Channel string           `json:"channel"`
	Day     calendar.DayText `json:"day"`
	Ours    money.Amount     `json:"ours"`
	Partner *money.Amount    `json:"partner,omitempty"`
	Bank    *money.Amount    `json:"bank,omitempty"`
}

// Module holds the operations of settlement.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

// Today is the date where the payers live.
func (m *Module) Today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }
