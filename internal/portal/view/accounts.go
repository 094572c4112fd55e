package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Accounts are the homes a resident pays for: his own and those he added by their paper.
type Accounts struct {
	web.Page
	Homes              []AccountHome
	Total              money.Amount
	PayHref            string // all of them at once; empty: nothing to pay together
	Number, Code, Name string // typed
	Told               string
	Errors             web.Errors
}

// AccountHome is one home. Of somebody else's only the address, masked, and the sum are known.
type AccountHome struct {
	ID, Name string
	Due      money.Amount
	Mine     bool
	Gone     bool // its accounts are closed
}

// Cards are the ways of paying that a resident let be kept.
type Cards struct {
	web.Page
	Cards     []Card
	Forgotten bool
}

// Card is one of them, with what was agreed to.
type Card struct {
	ID, Title, Consent string
	Expires            calendar.Month // 0: never
	Since              calendar.Micros
}
