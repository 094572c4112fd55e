package view

import (
	"github.com/a-h/templ"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Readings is R7: all meters on one page, one button; the same page asks about odd figures.
type Readings struct {
	web.Page
	Action, Key string
	Window      string         // in which bill figures given now count
	Late        bool           // not the bill of this month any more
	Month       calendar.Month // of that bill
	Cards       []ReadingCard
	Asked       int // figures that are asked about
	Errors      web.Errors
	Told        string // what became of figures that were known already
	Receipts    []ReadingRow
	DevicesHref string // of a resident: to his devices
	BackHref    string // of an operator: to the subscriber; of somebody with the paper: to its bill
	BackTitle   string
}

// ReadingCard is one meter.
type ReadingCard struct {
	ID      string // unique on the page
	Title   string // what it measures
	Serial  string
	Href    string // of its own page
	Unit    string
	Auto    string   // when its device told it last
	Sent    string   // what was given for this bill already
	Missing string   // what no reading costs
	Notes   []string // of verification and failure
	Fields  []web.Field
	Photo   web.Field
	Doubts  []string
	Makes   string // volume and sum the figures would make
	Answer  web.Choices
	History []ReadingPast
}

// ReadingPast is a figure of before.
type ReadingPast struct {
	On     calendar.Date
	Zone   string
	Value  string
	Source string
	Answer string   // of the supplier
	Gone   bool     // corrected, or not accepted
	Photos []string // addresses
}

// MeterCard is a meter as its resident sees it: what it is and what became of it.
type MeterCard struct {
	web.Page
	Title  string
	Place  string // where it stands, as the supplier writes
	Facts  []MeterFact
	Charts []web.PairChart // what it counted, a register each
	Life   []MeterEvent
}

// MeterFact is a name and a value.
type MeterFact struct{ Name, Value string }

// MeterEvent is a step of its life.
type MeterEvent struct{ On, Words, Reason string }

// ReadingRow is a receipt in a list.
type ReadingRow struct {
	Number, Href, Channel string
	At                    calendar.Micros
	Figures               int
}

// ReadingReceipt is what was told of figures that were taken.
type ReadingReceipt struct {
	web.Page
	Number, Channel, Author string
	At                      calendar.Micros
	Lines                   []ReadingLine
	Bill                    string // in which bill they count
	Until                   calendar.Date
	Skipped                 []string // meters without a figure
	Made                    []ReadingMade
	Before, After           money.Amount
	HasEffect               bool
	AgainHref               string
	HomeHref, HomeTitle     string
}

// ReadingLine is one figure of a receipt.
type ReadingLine struct {
	Title, Serial, Zone, Value, Volume string
	State                              web.State
	Notes                              []string
}

// ReadingMade is a service whose sum the figures changed.
type ReadingMade struct {
	Service, Volume string
	Before, After   money.Amount
}

// ReadingsDue reminds on the first page of figures that have not come.
type ReadingsDue struct {
	Text  string
	Costs []string
	Href  string
}

func (h ReadingPast) when() string {
	if h.Zone == "" {
		return h.On.Words()
	}
	return h.On.Words() + ", " + h.Zone
}

func (h ReadingPast) from() string {
	switch {
	case h.Answer != "":
		return h.Source + ", " + h.Answer
	case h.Gone:
		return h.Source + ", исправлено"
	}
	return h.Source
}

func (l ReadingLine) title() string {
	if l.Zone == "" {
		return l.Title
	}
	return l.Title + ", " + l.Zone
}

// caption says when, how and by whom.
func (v *ReadingReceipt) caption() string {
	s := v.Moment(v.At) + ", " + v.Channel
	if v.Author != "" {
		s += ", " + v.Author
	}
	return s
}

// keptAttrs mark the form of a resident: without a connection his browser keeps what he typed, for the bill of this month.
func (v *Readings) keptAttrs() templ.Attributes {
	if v.BackHref != "" || v.Home == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"data-month": v.Month.String(), "data-word": v.Month.Word()}
}
