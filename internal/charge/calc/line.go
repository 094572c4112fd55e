package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Service, Supplier and Category are dense numbers of a catalogue's words (Engine gives the words). Zero of Supplier
// and Category is any.
type (
	Service  int16
	Supplier int16
	Category int16
)

// Zone is a zone of the day. Registers are mapped to zones by name, never by position.
type Zone uint8

// Zones.
const (
	AllDay Zone = iota
	Day
	Night
	Peak
	HalfPeak
)

// Component is a part of a service with a price of its own.
type Component uint8

// Components.
const (
	Whole Component = iota
	Water           // of two-component hot water
	Heat
)

// Kind is what a line is for.
type Kind uint8

// Kinds of lines.
const (
	Charged     Kind = iota // for the month
	Surcharge               // what a raising factor adds
	TrueUp                  // a reading came: difference to what was charged without it
	AbsenceCut              // temporary absence
	QualityCut              // a breach of quality
	Repriced                // hours of hot water too cold, priced as cold
	Correction              // a year or an earlier month counted again
	Relief                  // a benefit netted in the bill
	ReliefShown             // a benefit paid apart: not part of what is to pay
	PutOff                  // an instalment and its interest
	ByAct                   // unauthorised use
	Undelivered             // what was not delivered to who pays by normative
	Fined                   // the supplier's fine for a charge found too high
	Penalty                 // for late payment of an earlier month, less what was charged of it before
)

// Method is how the volume was found.
type Method uint8

// Methods. ГИС ЖКХ knows N (normative), M (meter) and O (other).
const (
	ByMeter Method = iota + 1
	ByAverage
	ByNormative
	ByLinks // of other services
	ByHouse // of the house meter
	ByArea
	ByPersons
	ByUnits
	ByActs
	ByGiven    // the supplier's figure
	ByReported // the supplier's volume
)

// Formula is the rule a line was computed by; Formulas tells its number, clause and words.
type Formula uint8

// Line is one line of a charge. It stores codes and inputs; words are made when it is shown.
type Line struct {
	Service   Service
	Component Component
	Kind      Kind
	Method    Method
	Zone      Zone
	Band      uint8
	Party     uint8 // index of Premises.Parties
	Formula   Formula
	Sub       uint16 // index of Premises.Services

	Month      calendar.Month // the line is about; the billed one unless it corrects an earlier one
	From, To   uint8          // days of the month, when not all of it
	Days       int32          // of a share by days …
	DaysOf     int32          // … of so many
	PersonDays int32          // persons × days counted
	Missed     uint8          // which month in a row without a reading

	Volume decimal.Decimal // rounded to 7 digits; exact in Exact
	Rate   decimal.Decimal
	Factor decimal.Decimal    // raising or other factor; zero is none
	Share  decimal.Decimal    // part of the price that a regulator lets be charged; zero is the whole
	Norm   decimal.Decimal    // the normative as in the catalogue
	Base   decimal.Decimal    // area, units, heads: what the normative or price multiplies
	Inputs [4]decimal.Decimal // of house formulas, in the order Formulas names them

	RateRow   int32 // of the catalogue, or -1
	NormRow   int32
	FactorRow int32 // of a line by an operator's formula, the formula's: Engine.FormulaOf
	Before    int64 // ids of the readings
	After     int64

	Exact  decimal.Ratio // the product before rounding, roubles
	Amount money.Amount
}

// Bill is the lines of one household, and what could not be charged and why. Reuse one Bill: nothing is allocated.
type Bill struct {
	Lines  []Line
	Issues []Issue
	volume []volumeOf
	scratch
}

// Issue is something the engine could not or would not do.
type Issue struct {
	Service Service
	Sub     uint16 // index of Premises.Services
	Code    string // stable: charge.no_rate, charge.no_normative, charge.reading_below …
	On      calendar.Date
}

// volumeOf is what a service's volume came to, for the services linked to it.
type volumeOf struct {
	service  Service
	kind     Kind
	zone     Zone
	party    uint8
	method   Method
	month    calendar.Month // whose price holds; earlier months are corrected by a reading
	included bool           // counted by the main meter: taken off what is linked, charged nowhere else
	factor   factor         // the raising factor taken for money, never in the volume
	volume   decimal.Ratio
	from, to uint8         // days of the month it is of; zero is all
	since    calendar.Date // the readings it is between, where there are any …
	till     calendar.Date
}

// Total is the sum of a service's lines that are to pay.
func (b *Bill) Total(s Service) (sum money.Amount) {
	for i := range b.Lines {
		if b.Lines[i].Service == s && b.Lines[i].Kind != ReliefShown {
			sum += b.Lines[i].Amount
		}
	}
	return sum
}

// reset empties the bill and keeps its memory.
func (b *Bill) reset() {
	b.Lines, b.Issues, b.volume = b.Lines[:0], b.Issues[:0], b.volume[:0]
}
