package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Autopay is R11: the rule in one sentence, the next payment, what was.
type Autopay struct {
	web.Page
	Action, Key   string
	Unavailable   bool // ways of paying cannot be kept here
	State         web.State
	Sentence      string // '' is no rule
	Method        string // «Карта ····4477»; '' is none kept yet
	Paused        bool
	Next          calendar.Date
	NextSum       money.Amount
	Above, Expiry bool
	Asks          *AutopayTurn // waits for the payer's word
	Coming        *AutopayTurn // told of: may be called off
	History       []AutopayTurn
	Told          string
	Errors        web.Errors
	Day, Sum, Cap string // of the form
	Consent       string
	Confirm       bool // the form was filled: the sentence and the consent are to be agreed to
	Bind          money.Amount
	OfPart        bool // a part of a bill that is shared is paid
}

// sumHint says what an empty sum means.
func (v *Autopay) sumHint() string {
	if v.OfPart {
		return "Оставьте пустым, чтобы платить всю вашу часть"
	}
	return "Оставьте пустым, чтобы платить весь счёт"
}

// AutopayTurn is one month.
type AutopayTurn struct {
	Month calendar.Month
	Sum   money.Amount
	State web.State
	On    calendar.Date // of the payment or the next try; 0 is none
	Says  string
	Href  string // of the payment
}
