package view

import (
	"github.com/a-h/templ"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// PayMode is what a person pays: the whole bill, chosen parts, a sum of their own, or ahead.
type PayMode string

// Modes of R8; each has an address of its own.
const (
	PayAll    PayMode = "all"
	PayChosen PayMode = "chosen"
	PaySum    PayMode = "sum"
	PayAhead  PayMode = "ahead"
)

// PayCheck is R8: the last look before the bank. What is chosen in a mode is sent by GET and comes back as a
// split; only the pay button of the split is a POST with the form's key.
type PayCheck struct {
	web.Page
	Mode    PayMode
	Tabs    []web.Tab
	Address string
	DueOn   calendar.Date
	Debt    money.Amount // of the whole bill

	Action  string // of the form that chooses, GET
	Sum     string // typed, in the modes sum and ahead
	Choices []PayChoice
	Errors  web.Errors

	Split     []SplitRow // empty: choose first
	Total     money.Amount
	Fee       money.Amount
	Left      money.Amount // stays due after this payment
	Above     money.Amount // of Total over the debt: becomes an advance
	AheadTo   string       // «примерно до марта»; empty when unknown
	Duplicate *Duplicate
	Waiting   *Waiting // this bill is already being paid; PayHref is the way round
	AnywayTo  string   // address of «оплатить ещё раз всё равно»

	Recipients []Recipient
	Methods    []PayMethod
	PayAction  string // POST
	Key        string
	Hidden     []HiddenField // what the choice was, carried to the POST
}

// HiddenField is carried from the choice to the payment.
type HiddenField struct{ Name, Value string }

// PayChoice is one part of the bill that can be chosen and given a sum.
type PayChoice struct {
	Name      string // of the box: pick, its value is Value
	Value     string
	Supplier  string
	Service   string
	Due       money.Amount
	Chosen    bool
	SumName   string // of the field with the sum
	Sum       string
	SumError  string
	IsPenalty bool
}

// SplitRow says what one account gets of the payment.
type SplitRow struct {
	Supplier, Service, Account string
	Due, Pay, Left             money.Amount
}

// Duplicate is an equal payment of the last three days.
type Duplicate struct {
	Sum    money.Amount
	At     calendar.Micros
	Number string
	Href   string
}

// PayMethod is a way to pay.
type PayMethod struct {
	Value, Title string
	Fee          money.Amount
	Off          string // why it cannot be used now; empty: it can
	Chosen       bool
}

// PayState is what became of a payment.
type PayState int

// States of R9.
const (
	PaySuccess PayState = iota
	PayWaiting
	PayDeclined
	PayExpired
	PayRefunded
)

func (s PayState) mark() web.State {
	return [...]web.State{
		{Word: "оплачено", Tone: web.OK},
		{Word: "ждём банк", Tone: web.Info, Icon: "clock"},
		{Word: "отклонено", Tone: web.Bad, Icon: "cross"},
		{Word: "истекло", Tone: web.Warn},
		{Word: "возвращено", Tone: web.Info, Icon: "back"},
	}[s]
}

// PayResult is R9: what is certain about a payment.
type PayResult struct {
	web.Page
	State      PayState
	Sum        money.Amount
	Number     string
	At         calendar.Micros
	Method     string
	Reason     string          // PayDeclined: in human words, «не хватает денег на карте»
	AnswerBy   calendar.Micros // PayWaiting
	CreditOn   calendar.Date   // PaySuccess: suppliers get the money
	RefundOn   calendar.Date   // PayRefunded
	Advance    money.Amount
	Left       money.Amount
	DueOn      calendar.Date
	Split      []SplitRow
	Steps      []PayStep
	ReceiptURL string
	RetryHref  string
	BillHref   string
	HomeHref   string
}

// PayStep is a station on the way of money.
type PayStep struct {
	Title string
	At    calendar.Micros // zero: not yet
}

// Payments is R10.
type Payments struct {
	web.Page
	Rows   []PaymentRow
	Paging web.Paging
	Home   string
}

// PaymentRow is a payment in a list.
type PaymentRow struct {
	Number string
	At     calendar.Micros
	Sum    money.Amount
	State  PayState
	Method string
	Href   string
}

// methodChoices are the usable ways, the free ones first as the handler ordered them.
func (v PayCheck) methodChoices() web.Choices {
	c := web.Choices{Name: "method", Label: "Как заплатить"}
	for _, m := range v.Methods {
		if m.Off != "" {
			continue
		}
		hint := "без комиссии"
		if m.Fee > 0 {
			hint = "комиссия " + m.Fee.Format()
		}
		c.Items = append(c.Items, web.Choice{Value: m.Value, Label: m.Title, Hint: hint, Chosen: m.Chosen})
	}
	return c
}

// wrong are the attributes of a field in a table that came back.
func wrong(message, name string) templ.Attributes {
	if message == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "f-" + name + "-bad"}
}

// caption is number, time and way of a payment in one line.
func (v PayResult) caption() string {
	s := "Платёж № " + v.Number
	if v.At != 0 {
		s += ", " + v.Moment(v.At)
	}
	if v.Method != "" {
		s += ", " + v.Method
	}
	return s
}
