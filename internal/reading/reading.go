// Package reading is the door of readings: figures of meters given any day by a resident's page, the centre, programs,
// files and telephone robots. It judges them against the meter's history, asks where one looks odd, and says at once
// in which bill they count and what they make.
//
// Owns: tables reading_receipt, reading_request, reading_answer, reading_photo and the folder of photos, the rules of doubt, layouts of files of readings. Does not own: the
// readings (charge/fact), what they come to (charge), who is told (event/feed).
//
// Invariants: a figure is asked about, never turned away for being odd; the same figure of one day is one reading; a
// correction supersedes and both stay; a reading, its receipt and its event are committed together; of one building
// readings are judged and written one after another, so two doors at once agree on what was before; a photo never changes
// a figure, nothing of it but the picture is kept, and it goes after twelve months.
// Law: ПП РФ № 354, п. 31, 33, 59, 81.
package reading

import (
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// Channel is the door a reading came by.
type Channel string

// Channels.
const (
	Page   Channel = "page"   // the resident himself
	Centre Channel = "centre" // an operator on his behalf
	API    Channel = "api"
	File   Channel = "file"
	Robot  Channel = "ivr" // a telephone: keys were pressed in a call
	SMS    Channel = "sms"
	Device Channel = "device"
	// A resident in a messenger.
	Telegram Channel = "telegram"
	Max      Channel = "max"
	Control  Channel = "control" // the supplier's inspector, whoever sends what he read
)

// channelWords tell people how a reading came.
var channelWords = map[Channel]string{
	Page: "на сайте", Centre: "через расчётный центр", API: "от программы поставщика", File: "файлом", Robot: "по телефону", SMS: "по SMS", Device: "от прибора", Control: "снял инспектор поставщика",
	Telegram: "в Telegram", Max: "в MAX",
}

// Words say the channel to people.
func (c Channel) Words() string { return channelWords[c] }

// Confirm is a person's answer to a doubt.
type Confirm string

// Answers. Nothing is not asked yet.
const (
	Unasked  Confirm = ""
	Right    Confirm = "right"    // the figure is right
	Rolled   Confirm = "rolled"   // the dial went over its end
	Replaced Confirm = "replaced" // another meter stands there now
)

// Value is the figure of one register.
type Value struct {
	Zone  calc.Zone
	Value decimal.Decimal
}

// Given is what one meter showed on a day.
type Given struct {
	Meter   int64
	On      calendar.Date
	Values  []Value
	Confirm Confirm
	Control bool // read by the supplier's inspector: it may be lower than what was told before (п. 61)
}

// State is what became of a figure.
type State string

// States.
const (
	Taken     State = "taken"
	Corrected State = "corrected" // superseded a figure of the same author or day
	Same      State = "same"      // known already
	Asked     State = "asked"     // waits for an answer
	Noted     State = "noted"     // a replacement is told to the supplier; the figure counts once he confirms it
	Refused   State = "refused"   // cannot be a reading of this meter
)

// DoubtKind is why a figure is asked about.
type DoubtKind string

// Kinds of doubts.
const (
	Lower   DoubtKind = "lower"   // than the figure before
	Over    DoubtKind = "over"    // lower, but a turn of the dial explains it
	High    DoubtKind = "high"    // over three times the average
	Pipe    DoubtKind = "pipe"    // more than can pass
	Digit   DoubtKind = "digit"   // without one of its digits it would be usual
	Swapped DoubtKind = "swapped" // day and night stand in each other's place
	Later   DoubtKind = "later"   // higher than a figure of a later day
	Other   DoubtKind = "other"   // somebody else told another figure of this day
)

// Doubt is one question about a figure.
type Doubt struct {
	Kind DoubtKind `json:"kind"`
	Zone string    `json:"zone,omitempty"`
	Says string    `json:"says"`
}

// Line is what became of the figure of one register.
type Line struct {
	Meter    int64     `json:"meter"`
	Serial   string    `json:"serial,omitempty"`
	Service  string    `json:"service"`
	Name     string    `json:"name"`
	Unit     string    `json:"unit"`
	Zone     string    `json:"zone,omitempty"`
	ZoneName string    `json:"zoneName,omitempty"`
	Day      string    `json:"day"`
	Value    string    `json:"value"`
	Before   string    `json:"before,omitempty"` // the figure before, and its day
	Since    string    `json:"since,omitempty"`
	Volume   string    `json:"volume,omitempty"`
	State    State     `json:"state"`
	Month    string    `json:"month,omitempty"` // the bill it counts in
	Late     bool      `json:"late,omitempty"`  // not the bill of the month of its day
	Until    string    `json:"until,omitempty"` // may be corrected by its author
	Doubts   []Doubt   `json:"doubts,omitempty"`
	Notes    []string  `json:"notes,omitempty"`
	Kind     calc.Zone `json:"-"`
}
