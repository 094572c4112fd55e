package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Conflicts is the list of what suppliers say differently.
type Conflicts struct {
	web.Page
	Action     string // of the form that chooses
	Attributes []web.Choice
	States     []web.Choice
	Suppliers  []web.Choice
	House      string
	Older      string
	EffectMin  string
	Rows       []ConflictRow
	Total      int
	Own        bool        // a supplier looks at his own
	Rules      []ByRule    // by which many can be decided at once
	Done       *web.Notice // what was just decided
	Errors     web.Errors
}

// ConflictRow is one case in the list.
type ConflictRow struct {
	Title, Address, Href, Values string
	Mine, Decided                string // of the supplier who looks
	Age                          int
	Effect                       money.Amount
	State                        web.State
}

// ByRule leads to what a rule would decide.
type ByRule struct{ Title, Order, Href string }

// Conflict is one case: who says what, and what is to be decided.
type Conflict struct {
	web.Page
	Title, Address, Object string
	SubscriberHref         string
	State                  web.State
	Claims                 []ConflictClaim
	Effect                 string // what the choice changes, in words
	Action, Key            string // POST; empty: may only look
	Choices                []web.Choice
	Value, Reason, From    string
	History                []ConflictPast
	Errors                 web.Errors
}

// ConflictClaim is what somebody says.
type ConflictClaim struct {
	Name, Account, Value, Source string
	At                           calendar.Micros
	Month                        *money.Amount // what the household's month comes to by it
	Suggested                    bool
}

// ConflictPast is what became of the case before.
type ConflictPast struct {
	At    calendar.Micros
	Title string
	Text  string
}

// ConflictRule is what a rule would decide, before it does.
type ConflictRule struct {
	web.Page
	Title, Order string
	Rows         []ConflictRow
	Undecided    int
	Change       money.Amount
	Moves        bool   // sums change by it …
	Effect       string // … else what it does
	Action, Key  string
	BackHref     string
}
