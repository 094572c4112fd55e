package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Line is R5: one line of a bill to the bottom, whoever found its sum. A supplier's figures fill one step, lines Kvit
// computes one each.
type Line struct {
	web.Page
	Service  string
	Supplier string
	Account  string
	Month    calendar.Month // zero: a line of payments alone
	Origin   string         // who found the sum, in words
	Charge   money.Amount
	Verdict  *web.Notice // of the supplier's sum beside ours
	Steps    []LineStep
	Beside   []LineStep // Kvit's own, of a service that is compared
	Facts    []LineFact // that Kvit's figures went by
	Kvit     bool       // computed here

	Opening, Recalc, Penalty, Paid, Due money.Amount
	Benefit                             money.Amount // of Recalc
	PutOff                              money.Amount // of Recalc: the part of an instalment plan; below zero: put off
	Source                              Source
	BillHref                            string
	WhyHref                             string
	JSONHref                            string
	DisputeHref                         string // ” it cannot be disputed from here
}

// LineStep is one product of a line.
type LineStep struct {
	Title   string
	Sum     money.Amount
	Terms   []Term // volume, price, persons, days, readings … in the order they enter
	Product string // «4,627 м³ × 43,63 ₽»
	Exact   string // before rounding
	Formula string // in words
	Clause  string // of the law
	About   string // of a correction: the month it is about
	Cause   string
}

// LineFact is something that was known, and from where.
type LineFact struct {
	Name, Value, Source string
	At                  calendar.Micros
}

// Term is one figure with its name, and where it comes from.
type Term struct {
	Name, Text, Note string
	Document         string // of law, by its own name
	Mark             string // what is doubtful about it
}

// titled names the service in the heading.
func (v *Line) titled() *web.Page {
	v.Heading = v.Service
	if v.Month.Valid() {
		v.Heading += ": " + v.Month.Title()
	}
	return &v.Page
}

// exactly is the step's product and what rounding made of it.
func (s *LineStep) exactly() string {
	if s.Exact == "" {
		return ""
	}
	return s.Exact + "\u00a0₽"
}
