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
	PayWhole  PayMode = "whole" // where PayAll is the payer's part of a home that is shared
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
	Debt    money.Amount // of the whole bill, or of all homes chosen
	Divided bool         // a home is shared: Debt is the payer's part, unless he pays the whole
	LeftOut money.Amount // of Debt: disputed, and not in «the whole bill»

	Homes     []PayHome // that may be chosen; none: there is one only
	HomesHref string    // of the page of homes; empty: the payer is not known

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
	Again     bool     // that way was taken: forms carry it on

	Recipients []Recipient
	Methods    []PayMethod
	PayAction  string // POST
	Key        string
	Hidden     []HiddenField // what the choice was, carried to the POST
	Contact    string        // where the receipt goes, as typed
	Keep       string        // what is agreed to when the card is kept; empty: it cannot be
}

// PayHome is a home that can be paid for together with others.
type PayHome struct {
	Value, Name string
	Due         money.Amount
	Chosen      bool
}

// HomesQuery carries the homes chosen in an address.
func (v *PayCheck) HomesQuery() (query string) {
	for _, h := range v.Homes {
		if h.Chosen {
			query += "&home=" + h.Value
		}
	}
	return query
}

// HiddenField is carried from the choice to the payment.
type HiddenField struct{ Name, Value string }

// PayChoice is one part of the bill that can be chosen and given a sum.
type PayChoice struct {
	Name      string // of the box: pick, its value is Value
	Value     string
	Home      string // where there are several
	Supplier  string
	Service   string
	Due       money.Amount
	Chosen    bool
	SumName   string // of the field with the sum
	Sum       string
	SumError  string
	IsPenalty bool
}

// Duplicate is an equal payment of the last three days.
type Duplicate struct {
	Sum    money.Amount
	At     calendar.Micros
	ByDay  bool // only its day is known
	Number string
	Href   string
	ID     string // of the payment, in full
}

// says is the warning in words.
func (d *Duplicate) says(p *web.Page) string {
	when := PaymentRow{At: d.At, ByDay: d.ByDay}.when(p)
	return web.Capital(when) + " вы уже заплатили " + d.Sum.Format() + " по этому счёту, № " + d.Number + ". Платить ещё раз?"
}

// PayMethod is a way to pay.
type PayMethod struct {
	Value, Title string
	Fee          money.Amount
	Off          string // why it cannot be used now; empty: it can
	Kept         bool   // a card its payer let be kept
	Chosen       bool
}

// PayForm is the form with the button that sends money; it stands after sum, recipients and date.
type PayForm struct {
	Action, Key string
	Total       money.Amount
	Methods     []PayMethod
	Hidden      []HiddenField
	Contact     string
	Keep        string
	Errors      web.Errors
}

func (v *PayCheck) form() PayForm {
	return PayForm{v.PayAction, v.Key, v.Total, v.Methods, v.Hidden, v.Contact, v.Keep, v.Errors}
}

// locked: the bill is being paid already, and the way round was not taken.
func (v *PayCheck) locked() bool { return v.Waiting != nil && v.AnywayTo != "" }

// methodChoices are the usable ways, the free ones first as the handler ordered them.
func (v PayForm) methodChoices() web.Choices {
	c := web.Choices{Name: "method", Label: "Как заплатить", Error: v.Errors.Of("method")}
	for _, m := range v.Methods {
		if m.Off != "" {
			continue
		}
		hint := "без комиссии"
		if m.Fee > 0 {
			hint = "комиссия " + m.Fee.Format()
		}
		if m.Kept {
			hint = "запомнена, " + hint
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
