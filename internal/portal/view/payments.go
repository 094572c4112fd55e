package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Payments is R10.
type Payments struct {
	web.Page
	Rows    []PaymentRow
	Paging  web.Paging
	Tabs    []web.Tab // homes; none: there is one only
	Home    string
	Autopay string // address of R11

	Accounts string // address of the homes
	Cards    string // address of kept cards
	Benefits *Benefits
	Chart    *web.PairChart // what was charged and paid month by month
}

// Benefits are what came to the account beside payments: the month's bill is lowered by them.
type Benefits struct {
	Month calendar.Month
	Rows  []BenefitRow
	Total money.Amount
}

// BenefitRow is one service.
type BenefitRow struct {
	Service string
	Sum     money.Amount
}

// PaymentRow is a payment in a list.
type PaymentRow struct {
	Number string
	At     calendar.Micros
	Sum    money.Amount
	State  PayState
	Method string
	Href   string
	ByDay  bool // only the payer's day is known: a register of a bank
	Split  []SplitRow

	Receipt string // of the cash register, in words; '' when there is none
}

// when is the time of a payment as far as it is known.
func (r PaymentRow) when(p *web.Page) string {
	if r.ByDay {
		return p.Day(calendar.DateOf(r.At.Time().In(p.Now.Location())))
	}
	return p.Moment(r.At)
}

// note is number and way of a payment in one line.
func (r PaymentRow) note() string {
	if r.Method == "" {
		return "№ " + r.Number
	}
	return "№ " + r.Number + ", " + r.Method
}
