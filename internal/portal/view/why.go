package view

import (
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// WhyState is what can be said about a change.
type WhyState int

// States of R4.
const (
	WhyChanged WhyState = iota // it grew, fell or stayed
	WhyFirst                   // nothing to compare with
	WhyApart                   // two months are there, but no supplier has both
)

// Why is R4: why the month costs another sum than an earlier one.
type Why struct {
	web.Page
	State      WhyState
	Address    string
	Month      calendar.Month
	Against    calendar.Month
	Was, Is    money.Amount
	Causes     []WhyCause // the largest
	Fall       web.Fall
	Rows       []WhyRow
	Gaps       []WhyGap
	Suppliers  int          // how many accounts were compared
	Total      money.Amount // to pay now
	Tabs       []web.Tab
	Months     []web.Choice // any other month to compare with
	Action     string
	MonthError string
	BillHref   string
}

// WhyCause is one cause in words.
type WhyCause struct {
	Title, Text, Remedy, Href string
	Sum                       money.Amount
}

// WhyRow is one line of the bill in both months.
type WhyRow struct {
	Title, Supplier, Href string
	Was, Is               money.Amount
	Parts                 []WhyPart
}

// WhyPart is a cause of a line's change.
type WhyPart struct {
	Word string
	Sum  money.Amount
}

// WhyGap is a supplier left out, and why.
type WhyGap struct{ Supplier, Account, Text string }

// delta is by how much the month changed.
func (v *Why) delta() money.Amount { return v.Is - v.Was }

// verdict is the finding in two words.
func (v *Why) verdict() string {
	switch {
	case v.delta() > 0:
		return "больше"
	case v.delta() < 0:
		return "меньше"
	}
	return "столько же"
}

// than is «чем в октябре», with the year when it is another one.
func (v *Why) than() string { return thanWords(v.Against, v.Against.Year() != v.Month.Year()) }

func thanWords(m calendar.Month, withYear bool) string {
	if withYear {
		return fmt.Sprintf("%s %d\u00a0года", prepositional(m), m.Year())
	}
	return prepositional(m)
}
