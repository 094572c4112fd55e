// Package handover passes a house from one settlement centre (one installation) to another, with balances both agree on and no
// month billed twice.
//
// Owns: tables handover, handover_peer, handover_message, handover_account, handover_household, handover_forward; the package
// of a house, the act of balances, the steps of both sides. Does not own: how messages are closed (handover/seal), accounts,
// charges and payments (their packages write them), real money between the centres (settlement, reconcile).
//
// The steps. The giver prepares a package as of a moment, the cut. The taker counts the balances anew from what they are made
// of, and two of his persons accept them. A second person of the giver confirms: the accounts leave, in one transaction. The
// taker takes them in, in one transaction, and says so. Money that comes to the giver after the cut is sent on.
//
// Invariants: a state only moves forward; a message is worked once, whatever comes twice; the month of the cut and those before
// are the giver's, later ones the taker's; what leaves the giver's book equals what comes into the taker's, to the kopeck; an
// account that left keeps nothing but money on its way (kvit check, I21). Both centres process the personal data of payers on
// behalf of the same suppliers (152-ФЗ, ст. 6 ч. 3): a package holds what bills are made of, encrypted to its receiver, and no
// phones, sessions, ways of paying or consents.
package handover

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/handover/seal"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// Sides of a hand-over.
const (
	Out = "out" // we give the house
	In  = "in"  // we take it
)

// States. A hand-over only moves forward along its side's list; Declined and Cancelled end it before the house has left.
const (
	Prepared  = "prepared"  // out: the package is made
	Offered   = "offered"   // in: the package came
	Checked   = "checked"   // in: one person accepted the balances
	Accepted  = "accepted"  // both: two persons of the taker accepted
	Confirmed = "confirmed" // out: a second person confirmed, the house has left
	Completed = "completed" // both: the taker has it
	Declined  = "declined"  // the taker refused
	Cancelled = "cancelled" // the giver changed his mind
)

// Labels are the words for states.
var Labels = map[string]string{
	Prepared: "пакет готов, ждём другой центр", Offered: "пакет пришёл, сверьте остатки", Checked: "остатки принял один человек, нужен второй", Accepted: "остатки приняты двумя людьми",
	Confirmed: "дом отдан, ждём подтверждения приёма", Completed: "дом передан", Declined: "отклонено", Cancelled: "отменено",
}

// Handed is what another centre vouches for of one supplier, as a file figures stand on.
type Handed struct {
	ID, SupplierID int64
	Name, Digest   string
	Month          calendar.Month
	Day, Months    int
	Received       calendar.Micros
	Rows           int64
}

// Doors are what other features do for a hand-over.
type Doors struct {
	// Alone runs something while no files are being taken in.
	Alone func(do func() error) error
	// KeepHanded writes what was handed over as files of one batch.
	KeepHanded func(ctx context.Context, tx *db.Tx, batch int64, actor string, list []Handed, now calendar.Micros) error
	// StopAutopay ends a household's autopay; nothing where there is none.
	StopAutopay func(ctx context.Context, building, household int64) error
	// Measuring gives what works out anew what a building's own meters measured, from facts known at a moment.
	Measuring func(ctx context.Context) (func(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) error, error)
	// Contracts gives the codes of the suppliers we have a contract with today.
	Contracts func(ctx context.Context) (map[string]bool, error)
}

// Deps are what the module stands on.
type Deps struct {
	DB        *db.DB
	Keys      seal.Keys
	Bills     *bill.Module
	Payments  *payment.Module
	Suppliers *supplier.Module
	Catalog   func(ctx context.Context) (*tariff.Catalog, error)
	Doors     Doors
	Centre    Party
	Zone      *time.Location
	Now       func() calendar.Micros
	Client    *http.Client // nil: one with the module's own bounds
	Log       *slog.Logger
}

// Module holds the operations of both sides.
type Module struct{ Deps }

// callTime bounds one call of the other centre's program: a package of a large house is some megabytes.
const callTime = 2 * time.Minute

// New makes the module.
func New(d Deps) *Module {
	if d.Client == nil {
		d.Client = &http.Client{Timeout: callTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return &Module{d}
}

// party is our centre as the other sees it: its pages are where residents are led.
func (m *Module) party() Party {
	p := m.Centre
	p.Pages = m.Bills.BaseURL
	return p
}

func (m *Module) today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }

// Handover is a house on its way.
type Handover struct {
	ID            string          `json:"id"`
	Number        int64           `json:"-"`
	Side          string          `json:"side"`
	Peer          string          `json:"peer"`
	BuildingID    int64           `json:"-"`
	House         string          `json:"house"`
	Address       string          `json:"address"`
	Month         calendar.Month  `json:"-"`
	CutAt         calendar.Micros `json:"-"`
	Accounts      int             `json:"accounts"`
	Due           money.Amount    `json:"due"`  // by the bills
	Book          money.Amount    `json:"book"` // by the ledger
	PackageDigest string          `json:"packageDigest"`
	ActDigest     string          `json:"actDigest"`
	State         string          `json:"state"`
	First         string          `json:"firstBy"`
	Second        string          `json:"secondBy"`
	Theirs        string          `json:"theirPersons"`
	Reason        string          `json:"reason"`
	CreatedAt     calendar.Micros `json:"-"`
	MovedAt       calendar.Micros `json:"-"`
	ChangedAt     calendar.Micros `json:"-"`
}

// ended tells whether nothing more happens to the hand-over.
func (h *Handover) ended() bool { return h.State == Declined || h.State == Cancelled }

// next is the first day of the taker's.
func (h *Handover) next() calendar.Date { return h.Month.Add(1).First() }
