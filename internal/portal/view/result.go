package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// PayState is what became of a payment.
type PayState int

// States of R9.
const (
	PaySuccess PayState = iota
	PayWaiting
	PayDeclined
	PayExpired
	PayRefunded
	PayPartRefunded
	PayDisputed
	PayHeld
	PayCancelled
)

func (s PayState) mark() web.State {
	return [...]web.State{
		{Word: "оплачено", Tone: web.OK},
		{Word: "ждём банк", Tone: web.Info, Icon: "clock"},
		{Word: "отклонено", Tone: web.Bad, Icon: "cross"},
		{Word: "истекло", Tone: web.Warn},
		{Word: "возвращено", Tone: web.Info, Icon: "back"},
		{Word: "возвращена часть", Tone: web.Info, Icon: "back"},
		{Word: "списано банком по спору", Tone: web.Warn, Icon: "back"},
		{Word: "деньги отложены", Tone: web.Info, Icon: "clock"},
		{Word: "отменено", Tone: web.Warn},
	}[s]
}

// moves tells that money is on its way or has come: then its way and its shares are worth showing.
func (s PayState) moves() bool { return s != PayDeclined && s != PayExpired && s != PayCancelled }

// PayResult is R9: what is certain about a payment.
type PayResult struct {
	web.Page
	State     PayState
	Sum       money.Amount
	Number    string
	At        calendar.Micros
	Method    string
	ByDay     bool            // At is a day without a time
	Reason    string          // PayDeclined: in human words, «не хватает денег на карте»
	AnswerBy  calendar.Micros // PayWaiting
	SBP       *SBPLink        // PayWaiting: the payer pays by it
	Back      []BackRow       // what went back
	CreditOn  calendar.Date   // PaySuccess: suppliers get the money
	RefundOn  calendar.Date   // PayRefunded
	Advance   money.Amount
	Left      money.Amount
	DueOn     calendar.Date
	Split     []SplitRow
	Steps     []PayStep
	Receipts  []FiscalReceipt
	NoReceipt string // why there is no cash receipt
	Requests  []RefundRow
	RefundTo  string // where money is asked back
	MayAsk    bool
	RetryHref string
	BillHref  string
	HomeHref  string
}

// PayStep is a station on the way of money.
type PayStep struct {
	Title string
	At    calendar.Micros // zero: not yet
	On    calendar.Date   // planned for this day; zero: unknown
}

// caption is number, time and way of a payment in one line.
func (v PayResult) caption() string {
	s := "Платёж № " + v.Number
	if v.At != 0 {
		s += ", " + PaymentRow{At: v.At, ByDay: v.ByDay}.when(&v.Page)
	}
	if v.Method != "" {
		s += ", " + v.Method
	}
	return s
}
