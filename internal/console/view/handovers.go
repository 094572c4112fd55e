package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Handovers are houses that go to other centres and come from them.
type Handovers struct {
	web.Page
	Rows                []HandoverRow
	Centres             []HandoverCentre
	Peers               []web.Choice
	House, Month        string
	OwnKey, Fingerprint string
	Key                 string // empty: the actor only looks on
	MayPin              bool
	Errors              web.Errors
}

// HandoverRow is a house on its way.
type HandoverRow struct {
	Href, Address, House, Centre, Next string
	Out                                bool
	Month                              calendar.Month
	Accounts                           int
	Due, Book                          money.Amount
	State                              web.State
}

// HandoverCentre is a centre whose key is pinned.
type HandoverCentre struct{ Code, Name, Fingerprint, URL string }

// Handover is one house on its way: what is agreed, what differs, what to do.
type Handover struct {
	web.Page
	Centre, Next, Reason, Act                  string
	Out                                        bool
	Month                                      calendar.Month
	Cut                                        calendar.Micros
	Accounts                                   int
	Due, Book                                  money.Amount
	State                                      web.State
	Steps                                      []HandoverStep
	Differences                                []HandoverDifference
	Balances                                   []HandoverBalance
	More                                       int // accounts that are not listed
	Letters                                    []HandoverLetter
	Late                                       HandoverLate
	Action, Key                                string // POST; empty: the actor only looks on
	Accept, Decline, Confirm, Cancel, Complete bool
	Errors                                     web.Errors
}

// HandoverStep is what was done, by whom, or is to be done.
type HandoverStep struct {
	What, Who string
	At        calendar.Micros
	Done      bool
}

// HandoverDifference is where the two centres do not say the same.
type HandoverDifference struct {
	Blocking         bool
	About, Cause, Do string
	Theirs, Ours     money.Amount
}

// HandoverBalance is an account in the act.
type HandoverBalance struct {
	Supplier string
	Account  string
	Flat     string
	Month    string // in words
	Due      money.Amount
	Penalty  money.Amount
	Book     money.Amount
	Oldest   string // month of the oldest debt, in words
}

// HandoverLate are payments that came to the former centre after the cut.
type HandoverLate struct {
	Count  int
	Sum    money.Amount
	Booked money.Amount
}

// HandoverLetter is a message between the centres.
type HandoverLetter struct {
	What, Trouble, Href string
	Sent                bool
	Made, Taken         calendar.Micros
}
