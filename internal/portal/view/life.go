package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
)

// SBPLink is what a payment by СБП is paid by: a link for the phone, a code for another screen.
type SBPLink struct{ Href, Picture string }

// BackRow is a sum that went back of a payment, or came back after a dispute.
type BackRow struct {
	Title string
	Sum   money.Amount
	At    calendar.Micros
	Done  bool // the bank has confirmed it
}
