package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// HomeState is what a resident must do today.
type HomeState int

// States of R1.
const (
	HomeDue     HomeState = iota
	HomeClear             // nothing due
	HomeOverdue           // the day has passed, no penalty yet
	HomePenalty           // a penalty grows
	HomeWaiting           // a payment is at the bank
	HomeNoBill            // this month's bill has not come yet
	HomeNew               // the account is linked, data have not come
)

// Home is R1: the sum and the day.
type Home struct {
	web.Page
	State        HomeState
	Address      string
	Month        calendar.Month
	Due          money.Amount
	DueOn        calendar.Date
	MovedFrom    calendar.Date // the printed day fell on a day off; zero: it did not
	PaidUntil    calendar.Date // HomeClear: the next bill comes by this day; HomeNoBill, HomeNew: data come by it
	PenaltyFrom  calendar.Date // HomeOverdue
	Penalty      money.Amount  // HomePenalty, to this day
	PerDay       money.Amount  // HomePenalty
	Part         *PartSum      // the home is shared and Due is a part; nil: Due is all
	Advance      money.Amount  // lies with suppliers
	Disputed     money.Amount  // of Due: left out of the payment while it is checked
	Change       *Change
	Preliminary  *Preliminary
	BillLate     bool // HomeNoBill: the bill should have come by now
	Readings     *ReadingsDue
	ReadingsDone string // that every meter has its figure; '' when one has not
	Calendar     web.Agenda
	Waiting      *Waiting
	LastPayment  *PaymentRow
	Suppliers    []Freshness
	BillHref     string
	PayHref      string
	Homes        []HomeRow // every home of a person with several
	HomesDue     money.Amount
	HomesHref    string // where all are paid together
}

// Change is the difference of what was charged from an earlier month.
type Change struct {
	Delta    money.Amount
	Than     calendar.Month
	WithYear bool // Than is of another year
	Partial  bool // some supplier has not sent one of the months: he is left out
	WhyHref  string
}

// Waiting is a payment the bank has not answered about.
type Waiting struct {
	Sum      money.Amount
	AnswerBy calendar.Micros
	Href     string
}

// Freshness says how new a supplier's figures are.
type Freshness struct {
	Name    string
	Account string // where a supplier stands more than once
	Month   calendar.Month
	At      calendar.Micros
	Due     money.Amount
	Online  string // what the supplier said by himself, and when
	Late    bool   // this month's register has not come; the figures are of Month
}

// HomeRow is one home of several.
type HomeRow struct {
	Address, Href string
	Due           money.Amount
}

// titled makes the address the heading: a person with several homes sees at once which one this is.
func (v *Home) titled() *web.Page {
	if v.Address != "" {
		v.Heading = v.Address
	}
	return &v.Page
}
