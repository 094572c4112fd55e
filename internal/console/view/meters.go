package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Meters is the meters of an account or a household, found by the number of the account.
type Meters struct {
	web.Page
	Action    string
	Suppliers *web.Choices // of the centre: whose account it is
	Account   web.Field
	Searched  bool
	Rows      []MeterRow
	BackHref  string
	Errors    web.Errors
}

// MeterRow is a meter in a list.
type MeterRow struct {
	Title, Serial, Href, Account, Figures, Verified string
	State                                           web.State
}

// MeterCard is one meter: what it is, what became of it, its readings, and what may be told of it.
type MeterCard struct {
	web.Page
	Title    string
	Facts    []MeterFact
	Device   []string // other accounts it is the meter of
	Life     []MeterEvent
	Readings []MeterReading
	Adds     []web.Tab // what may be told
	Form     *MeterForm
	Told     string
	BackHref string
	BackText string
}

// MeterFact is a name and a value.
type MeterFact struct{ Name, Value string }

// MeterEvent is a step of its life.
type MeterEvent struct {
	On, Words, Reason, Source string
	At                        calendar.Micros
}

// MeterReading is a figure with how it came and what the supplier answered.
type MeterReading struct {
	On, Zone, Value, Source string
	Answer                  web.State
	Photos                  []string // addresses
	Gone                    bool
}

// when is the day of a figure and its zone.
func (r MeterReading) when() string {
	if r.Zone == "" {
		return r.On
	}
	return r.On + ", " + r.Zone
}

// MeterForm tells of the meter.
type MeterForm struct {
	Action, Key, Do, Title, Button string
	Choices                        []web.Choices
	Fields                         []web.Field
	Errors                         web.Errors
}

func (v *Meters) titled() *web.Page {
	v.Page.WithErrors(v.Errors)
	return &v.Page
}

func (v *MeterCard) titled() *web.Page {
	if v.Form != nil {
		v.Page.WithErrors(v.Form.Errors)
	}
	return &v.Page
}

// Missing is who has not given a reading for a month, and what that costs.
type Missing struct {
	web.Page
	Month      calendar.Month
	Tabs       []web.Tab
	Total      int
	More       money.Amount // than the own averages, in all
	Rows       []MissingRow
	ExportHref string
}

// MissingRow is one account's service.
type MissingRow struct {
	Supplier, Account, Service, How, Volume, Then string
	Sum, More                                     money.Amount
}

// name is what the meter measures and its number, where one is known.
func (r *MeterRow) name() string {
	if r.Serial == "" {
		return r.Title + ", без номера"
	}
	return r.Title + ", № " + r.Serial
}
