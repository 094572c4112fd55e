// Package fiscal makes cash receipts (54-ФЗ): one for each settlement, with every supplier's ИНН as an agent's data, the
// later offset of an advance, the receipt of a refund, corrections; and sees that the register prints each once.
//
// Owns: tables fiscal_policy, fiscal_source, fiscal_receipt, fiscal_line, fiscal_contact. Does not own: money (payment),
// the register's protocol and the format of fiscal data (fiscal/atol).
//
// Invariants: a receipt is made after the money is posted and never holds it up; its lines are the parts of the payment
// to the kopeck; our id of it is made before the first try and sent again until the answer is known, so nothing is printed
// twice; what the register refused waits for a person with what to do.
package fiscal

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal/atol"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// States of a receipt.
const (
	StateWaiting  = "waiting"
	StateAsked    = "asked" // sent; whether the register took it is not known
	StateSent     = "sent"  // the register has it
	StateDone     = "done"
	StateRefused  = "refused"
	StateReplaced = "replaced" // by a correction
)

// Labels are the words people see for states.
var Labels = map[string]string{StateWaiting: "ждёт отправки", StateAsked: "уточняем у кассы", StateSent: "печатается", StateDone: "напечатан", StateRefused: "отклонён кассой", StateReplaced: "заменён коррекцией"}

// Kinds are the words for what a receipt is.
var Kinds = map[string]string{atol.Sell: "приход", atol.SellRefund: "возврат прихода", atol.Correction: "коррекция прихода"}

// Ways money was given, as a receipt keeps them.
const (
	PaidCash       = "cash"
	PaidElectronic = "electronic"
	PaidPrepaid    = "prepaid" // an advance is offset
)

// lateAfter is when a receipt that is not printed is an alarm: the law gives until the end of the next working day for what
// was paid from a distance (54-ФЗ ст. 1.2 п. 5.4).
const lateAfter = 24 * time.Hour

// Register is the cash register and whose it is.
type Register struct {
	atol.Access
	INN      string // of the centre, which takes the money
	Taxation string // tag 1055: osn, usn_income …
	Place    string // tag 1187: the address of the pages, or of the desk
	Email    string // of the sender, tag 1117; receipts of payers who named no address go there
	Phone    string // of the centre
	Callback string // address of our own door for its call-backs
}

// Deps are what the module stands on.
type Deps struct {
	DB       *db.DB
	Payments *payment.Module
	Register Register // without a URL receipts are made and wait
	Zone     *time.Location
	Now      func() calendar.Micros
	Log      *slog.Logger
	// Advance is what is left of the money an account paid ahead.
	Advance func(ctx context.Context, building, account int64) (money.Amount, error)
}

// Module holds the operations on receipts.
type Module struct {
	Deps
	client *atol.Client

	mu    sync.Mutex
	since calendar.Micros // orders settled before were looked at
}

// New makes the module.
func New(d Deps) *Module {
	m := &Module{Deps: d}
	if d.Register.URL != "" {
		m.client = atol.New(d.Register.Access)
	}
	return m
}

// Sends tells whether a register is set.
func (m *Module) Sends() bool { return m.client != nil }

func (m *Module) today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }

// Receipt is a fiscal document of ours, printed or on its way.
type Receipt struct {
	ID          int64           `json:"number"`
	ExternalID  string          `json:"externalId"`
	Kind        string          `json:"kind"`
	PaidBy      string          `json:"paidBy"`
	Channel     string          `json:"channel"`
	Order       int64           `json:"-"`
	PublicID    string          `json:"payment"`
	After       int64           `json:"-"` // printed before this one
	Of          int64           `json:"of,omitempty"`
	Sum         money.Amount    `json:"sum"`
	SettledOn   calendar.Date   `json:"-"`
	Day         string          `json:"settledOn"`
	Contact     string          `json:"-"`
	Reason      string          `json:"reason,omitempty"`
	State       string          `json:"state"`
	Attempts    int             `json:"attempts"`
	NextAt      calendar.Micros `json:"-"`
	TroubleCode string          `json:"troubleCode,omitempty"`
	Trouble     string          `json:"trouble,omitempty"`
	Advice      string          `json:"advice,omitempty"`
	UUID        string          `json:"uuid,omitempty"`
	FN          string          `json:"fn,omitempty"`
	FD          string          `json:"fd,omitempty"`
	FP          string          `json:"fp,omitempty"`
	Till        string          `json:"register,omitempty"`
	Shift       string          `json:"shift,omitempty"`
	Number      string          `json:"receiptNumber,omitempty"`
	PrintedAt   string          `json:"printedAt,omitempty"` // as the till wrote it
	URL         string          `json:"url,omitempty"`
	QR          string          `json:"qr,omitempty"`
	Late        bool            `json:"late"`
	MadeAt      calendar.Micros `json:"-"`
	SentAt      calendar.Micros `json:"-"`
	ChangedAt   calendar.Micros `json:"-"`
	Lines       []Line          `json:"lines,omitempty"`
}

// Line is a line of a receipt.
type Line struct {
	No           int            `json:"no"`
	Building     int64          `json:"-"`
	Account      int64          `json:"-"`
	SupplierID   int64          `json:"-"`
	Service      int64          `json:"-"`
	Kind         string         `json:"kind"` // of the part of the payment
	Name         string         `json:"name"`
	Amount       money.Amount   `json:"sum"`
	Vat          string         `json:"vat"`
	Method       int            `json:"method"`  // tag 1214
	Subject      int            `json:"subject"` // tag 1212
	Agent        string         `json:"agent,omitempty"`
	SupplierName string         `json:"supplier"`
	SupplierINN  string         `json:"inn"`
	Phone        string         `json:"-"`
	About        calendar.Month `json:"-"` // the month a prepaid charge is of; 0: an advance, or nothing is ahead
	Used         money.Amount   `json:"-"` // of an advance: offset or given back
}

// Methods of settlement, tag 1214.
const (
	methodPrepaid = 1
	methodAdvance = 3
	methodFull    = 4
)

// methodNames are the register's words for methods.
var methodNames = map[int]string{methodPrepaid: atol.FullPrepayment, methodAdvance: atol.Advance, methodFull: atol.FullPayment}

// ahead tells whether the line is money given before its service.
func (l *Line) ahead() bool { return l.Method == methodPrepaid || l.Method == methodAdvance }

// settled tells whether nothing is awaited any more.
func (r *Receipt) settled() bool { return r.State == StateDone || r.State == StateReplaced }

// qr is the text of a receipt's code, by which anybody checks it with the tax service (приказ ФНС ЕД-7-20/662@):
// t=20261124T1312&s=385.50&fn=…&i=…&fp=…&n=1. Empty until the receipt is printed.
func (r *Receipt) qr() string {
	at, err := atol.ParseStamp(r.PrintedAt, time.UTC)
	if err != nil || r.FN == "" {
		return ""
	}
	sign := "1"
	if r.Kind == atol.SellRefund {
		sign = "2"
	}
	return "t=" + at.Format("20060102T1504") + "&s=" + r.Sum.String() + "&fn=" + r.FN + "&i=" + r.FD + "&fp=" + r.FP + "&n=" + sign
}

// unknownReceipt is the answer about a receipt that is not there.
func unknownReceipt(id int64) error {
	return fault.Newf(fault.NotFound, "receipt.unknown", "Чека № %d нет. Номера показывает kvit receipts list.", id)
}
