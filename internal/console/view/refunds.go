package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Refunds are the requests of payers to have money back, and equal payments nobody has looked at.
type Refunds struct {
	web.Page
	Tabs       []web.Tab
	Rows       []RefundRow
	Alike      []AlikeRow
	AlikeShown bool
	JudgeTo    string // empty: the actor may not
}

// RefundRow is a request in a list.
type RefundRow struct {
	Number, Href, Why string
	Sum               money.Amount
	Asked             calendar.Micros
	AnswerBy          calendar.Date // zero: decided
	Late              bool
	State             web.State
}

// AlikeRow are two equal payments of one home.
type AlikeRow struct {
	First, Second     string // public ids
	FirstOn, SecondOn calendar.Date
	FirstBy, SecondBy string
	Sum               money.Amount
}

// Refund is one request with what is needed to decide.
type Refund struct {
	web.Page
	RefundRow
	Asker, Comment, Answer string
	Payment                PaymentFacts
	Room, Advance          money.Amount
	Agreed, Decided        string
	AgreedAt, DecidedAt    calendar.Micros
	DecideTo               string // empty: it is decided, or the actor may not
	Two                    bool   // the sum wants two persons
	Mine                   bool   // the first of them is who looks
	Alone                  money.Amount
	Typed, Key             string
	Errors                 web.Errors
}

// PaymentFacts are a payment as those see it who decide about it.
type PaymentFacts struct {
	Href, TraceHref, Number, Method, State string
	On                                     calendar.Date
	Sum, Refunded                          money.Amount
	Parts                                  []PaymentPart
}

// PaymentPart is what a supplier got of it, and what went back.
type PaymentPart struct {
	Supplier   string
	Paid, Back money.Amount
}

// Disputes are payments that banks dispute.
type Disputes struct {
	web.Page
	Tabs   []web.Tab
	Rows   []DisputeRow
	OpenTo string // empty: the actor may not
	Form   DisputeForm
	Key    string
	Errors web.Errors
}

// DisputeForm is what is typed of a new dispute.
type DisputeForm struct {
	Payment, Number, Sum, Told, By string
	Taken                          bool
	Reasons                        web.Choices
}

// DisputeRow is a dispute in a list.
type DisputeRow struct {
	Title, Number, Href, Why string
	Sum                      money.Amount
	ToldOn, AnswerBy         calendar.Date // AnswerBy zero: it is over
	Late                     bool
	State                    web.State
}

// Dispute is one dispute: the payment, what was done, what to do.
type Dispute struct {
	web.Page
	DisputeRow
	Money      string // where the money is, and what was booked
	Payment    PaymentFacts
	Steps      []DisputeStep
	StepTo     string // empty: it is over, or the actor may not
	Typed, Key string
	Errors     web.Errors
}

// DisputeStep is what was done.
type DisputeStep struct {
	Title, Text, Who string
	At               calendar.Micros
}
