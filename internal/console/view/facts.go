package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Facts is what is known of a household for charging, with a form to tell more.
type Facts struct {
	web.Page
	Household string
	BackHref  string
	Here      string // address of the page itself
	Groups    []FactGroup
	Kinds     *web.Choices // that can be told; nil: the actor only looks
	Form      *FactForm    // of the kind chosen
	Told      string       // what has just been written
}

// FactGroup is facts of one kind.
type FactGroup struct {
	Title string
	Rows  []FactRow
}

// FactRow is one fact with who says it.
type FactRow struct {
	About, Term, Text, Source string
	At                        calendar.Micros
	Withdraw                  string // where it is taken back; empty: not by the actor
}

// FactForm tells one fact: first what it would change is shown, then it is written.
type FactForm struct {
	Action, Kind, Title string
	About               string // what the fact is for
	Choices             []web.Choices
	Fields              []web.Field
	Errors              web.Errors
	Supposed            *FactSupposed
}

// FactSupposed is what the month would cost with the fact.
type FactSupposed struct {
	Month         calendar.Month
	Before, After money.Amount
	Nothing       bool   // it is known already
	Late          string // the first month charged already that changes: «октября 2026»
}

// titled makes the subject the heading.
func (v *Facts) titled() *web.Page {
	if v.Form != nil {
		v.Page.WithErrors(v.Form.Errors)
	}
	return &v.Page
}

// FactWithdrawal takes one fact back: first what it would change is shown.
type FactWithdrawal struct {
	web.Page
	Title            string // kind of the fact
	Row              FactRow
	Action, BackHref string
	Reason           web.Field
	Errors           web.Errors
	Supposed         *FactSupposed
}
