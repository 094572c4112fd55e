package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Payouts is C7: money out.
type Payouts struct {
	web.Page
	PrepareTo string // POST; empty: the actor does not prepare
	Key       string
	Tabs      []web.Tab
	Rows      []PayoutRow
	Skipped   []string // who is not paid now, and why
	Changes   []RequisitesRow
	Claims    []ClaimRow
	Errors    web.Errors
}

// emptyText says why there are no payouts: none at all, or none in this state.
func (v *Payouts) emptyText() string {
	if len(v.Tabs) > 0 && !v.Tabs[0].Current {
		return "В этом состоянии сейчас ни одного. Посмотрите на вкладке «Все»."
	}
	return "Здесь появятся перечисления поставщикам. Сначала закройте день."
}

// PayoutRow is a payout in a list: Collected − Refunded − Fee − Held + Carried = Paid, and Left goes on to the next.
type PayoutRow struct {
	No, Href                                            string
	Supplier                                            string
	Cutoff                                              calendar.Date
	Payments                                            int64
	Collected, Refunded, Fee, Held, Carried, Paid, Left money.Amount
	State                                               web.State
	Order                                               string // «№ 12 от 24.11.2026»
	Red                                                 bool   // bank details changed lately
}

// RequisitesRow is a change of bank details.
type RequisitesRow struct {
	Supplier, From, To, Author, Decider, Contact string
	State                                        web.State
	Effective                                    calendar.Micros
	Action, Key                                  string // POST; empty: nothing to decide, or not by this actor
	MayApprove                                   bool   // not by the one who proposed it
}

// ClaimRow is what a supplier says is wrong.
type ClaimRow struct {
	Supplier, About, Text, Answer string
	At                            calendar.Micros
	Action, Key                   string // POST; empty: answered, or not by this actor
}

// PayoutView is one payout: its formula, whom it goes to, who did what, its payments.
type PayoutView struct {
	web.Page
	PayoutRow
	Payee, Requisites, Purpose string
	Change                     *RequisitesRow
	Steps                      []PayoutStep
	Lines                      []PayoutLine
	More                       int    // payments that are not listed
	Register, Orders           string // downloads
	Action, Key                string // POST; empty: nothing to do, or not by this actor
	Approve, Send, Cancel      bool
	Other                      bool   // this one prepared it: another person approves
	Settle                     bool   // the bank's word may be noted
	ClaimTo                    string // POST of a supplier
	Errors                     web.Errors
}

// paidWord is what the sum is called before the bank is told to pay it, and after.
func (v *PayoutView) paidWord() string {
	if v.Order == "" {
		return "К перечислению"
	}
	return "Перечислено"
}

// PayoutStep is who did what with a payout, and when.
type PayoutStep struct {
	What, Who string
	At        calendar.Micros
}

// PayoutLine is a payment of a payout.
type PayoutLine struct {
	Number, Href string // as its payer knows it
	Channel      string
	On           calendar.Date
	Amount       money.Amount
}

// SupplierPayouts is S5: where my money is.
type SupplierPayouts struct {
	web.Page
	Range  web.DayRange
	Action string
	Errors web.Errors
	Days   []PayoutDay
	Rows   []PayoutRow
	Claims []ClaimRow
	Done   bool // a claim was sent
}

// PayoutDay is a closed day of a supplier.
type PayoutDay struct {
	On                       calendar.Date
	Payments                 int64
	Collected, Refunded, Fee money.Amount
	Payout                   *PayoutRow
}

// ClosedDays lists closes of days.
type ClosedDays struct {
	web.Page
	CloseTo, Key string // POST; empty: the actor does not close
	Rows         []ClosedDay
	Errors       web.Errors
}

// ClosedDay is a close.
type ClosedDay struct {
	No           string
	On           calendar.Date
	At           calendar.Micros
	By, Digest   string
	Transactions int64
	PDF          string
}

// TraceView follows a payment.
type TraceView struct {
	web.Page
	Action, Asked string
	Found         bool
	Payment       string
	Facts         [][2]string
	Sum           money.Amount
	Steps         []TraceRow
	Errors        web.Errors
}

// TraceRow is a share of a payment on its way to the supplier.
type TraceRow struct {
	Supplier, Account, What string
	Amount                  money.Amount
	Posted                  string
	Closed, Payout, Bank    string
	PayoutHref              string
	State                   web.State
}
