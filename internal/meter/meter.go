// Package meter is meters as devices: what became of each from its installation to its removal, which meters of several
// accounts are one device, how its registers are called.
//
// Owns: tables meter_step, meter_link; the rules of steps, and those of what houses' own meters measure. Does not own: what charging knows of a meter (charge/fact), its
// readings and who may doubt them (reading), what it costs (charge).
//
// Invariants: a step is a dated fact with its reason and source, told again it changes nothing; a step of a device is one of
// all its meters, whosever accounts they are; a replacement has the last figures of the old meter and the first of the new
// one, on one day; what a house's own meters measured in a month follows from their readings alone; the step, what it makes of charging's facts and its events are committed together.
// Law: ПП РФ № 354, п. 80–81(13); ПП РФ № 491.
package meter

import (
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// Kind is what became of a meter.
type Kind string

// Kinds of steps.
const (
	Described    Kind = "described"    // what the device is: its registers, whom and where it serves
	Installed    Kind = "installed"    // put in its place
	Commissioned Kind = "commissioned" // counts from this day
	Sealed       Kind = "sealed"
	SealBroken   Kind = "seal_broken"
	Verified     Kind = "verified" // until a day, or found unfit
	Failed       Kind = "failed"
	Replaced     Kind = "replaced" // by another meter
	Removed      Kind = "removed"
)

// Kinds lists the steps in the order of a life.
var Kinds = []Kind{Installed, Commissioned, Sealed, SealBroken, Verified, Failed, Replaced, Removed, Described}

// kindWords name steps to people.
var kindWords = map[Kind]string{
	Described: "Описан", Installed: "Установлен", Commissioned: "Введён в эксплуатацию", Sealed: "Опломбирован", SealBroken: "Пломба нарушена", Verified: "Поверен", Failed: "Неисправен",
	Replaced: "Заменён", Removed: "Снят",
}

// Words name a step to people.
func (k Kind) Words() string { return kindWords[k] }

// Whom a meter serves.
const (
	Individual = "individual"
	OfRoom     = "room"
	OfFlat     = "flat"  // the whole communal flat
	OfHouse    = "house" // the whole house: its own meter
)

// scopeWords name them to people.
var scopeWords = map[string]string{Individual: "индивидуальный", OfRoom: "комнатный", OfFlat: "общий на квартиру", OfHouse: "общедомовой"}

// ScopeWords names whom a meter serves to people; a meter of which nobody said it is individual.
func ScopeWords(scope string) string {
	if w, ok := scopeWords[scope]; ok {
		return w
	}
	return scopeWords[Individual]
}

// Register is a register of a device by the name printed on it.
type Register struct {
	Name string `json:"name" doc:"As printed on the device" example:"Т1"`
	Zone string `json:"zone" enum:"all,day,night,peak,half_peak" doc:"Zone of the day it counts"`
}

// Of is the zone a register counts.
func (r *Register) Of() calc.Zone { return calc.ZoneOf(r.Zone) }

// Figure is what a register showed.
type Figure struct {
	Register string `json:"register,omitempty" doc:"Name on the device or zone; may be left out where there is one" example:"Т1"`
	Value    string `json:"value" doc:"Figure on the dial" example:"251.904"`
}

// Target names a meter by the account it is of, or the house whose own it is, and the number on it.
type Target struct {
	Supplier string `json:"supplier,omitempty" doc:"Code of the supplier; without it the token's own"`
	Account  string `json:"account,omitempty" doc:"The supplier's account number, as he prints it"`
	House    string `json:"house,omitempty" doc:"In place of the account: code of the house whose own meter it is" example:"H0012"`
	Service  string `json:"service,omitempty" doc:"Code of the catalogue; may be left out where the number tells" example:"cold_water"`
	Meter    string `json:"meter,omitempty" doc:"Number on the meter; may be left out where the service has one"`
}

// Device is a meter as it is put in its place.
type Device struct {
	Serial        string     `json:"serial" doc:"Number on it"`
	Digits        int        `json:"digits,omitempty" minimum:"0" maximum:"9" doc:"Of the dial before the point; without it the service's usual"`
	Registers     []Register `json:"registers,omitempty" doc:"By the names printed on it; none is one register for all day"`
	VerifiedUntil string     `json:"verifiedUntil,omitempty"`
	Commissioned  string     `json:"commissioned,omitempty" doc:"First day it counts; without it the day of installation"`
	Scope         string     `json:"scope,omitempty" enum:"individual,room,flat"`
	Factor        string     `json:"factor,omitempty" doc:"Of a house's own meter: units of the service in one of the dial (transformers, joules)" example:"40"`
	Returns       bool       `json:"returns,omitempty" doc:"Of a house's own meter: it stands on the return pipe, what it counts is taken away"`
	Place         string     `json:"place,omitempty" maxLength:"60" doc:"Where it stands" example:"кухня"`
	Figures       []Figure   `json:"figures,omitempty" doc:"What it showed that day"`
}

// Step is something that became of a meter, as people and programs tell it.
type Step struct {
	Target
	Do      Kind     `json:"do" enum:"described,installed,commissioned,sealed,seal_broken,verified,failed,replaced,removed"`
	On      string   `json:"on,omitempty" doc:"The day; today without it" example:"2026-11-10"`
	Reason  string   `json:"reason" minLength:"3" maxLength:"200" doc:"The act or paper it goes by"`
	Device  *Device  `json:"device,omitempty" doc:"The new one, of installed and replaced; of described what there is to say"`
	Serves  []Target `json:"serves,omitempty" doc:"Other accounts and services the new device is the meter of"`
	Closing []Figure `json:"closing,omitempty" doc:"Last figures of the old one, of replaced and removed"`
	Seal    string   `json:"seal,omitempty" maxLength:"40" doc:"Number of the seal"`
	Until   string   `json:"until,omitempty" doc:"Of verified: verified until this day"`
	Unfit   bool     `json:"unfit,omitempty" doc:"Of verified: it did not pass"`
	Turned  bool     `json:"turned,omitempty" doc:"A closing figure below the last reading is right"`
	DryRun  bool     `json:"dryRun,omitempty" doc:"Say what it would do, write nothing"`
}

// body is what a stored step says.
type body struct {
	Serial    string     `json:"serial,omitempty"`  // of the device in its place, or of the one before
	Figures   []Figure   `json:"figures,omitempty"` // by zone
	Registers []Register `json:"registers,omitempty"`
	Scope     string     `json:"scope,omitempty"`
	Place     string     `json:"place,omitempty"`
	Digits    int        `json:"digits,omitempty"`
	Factor    string     `json:"factor,omitempty"`
	Seal      string     `json:"seal,omitempty"`
	Until     string     `json:"until,omitempty"`
	Unfit     bool       `json:"unfit,omitempty"`
}

// Told is what became of a step.
type Told struct {
	State  string          `json:"state" enum:"new,changed,same"`
	Says   string          `json:"says"`
	Meters []Ref           `json:"meters"`         // those the step is of, the new ones included
	Late   string          `json:"late,omitempty"` // the first month charged already that it changes
	At     calendar.Micros `json:"-"`
}

// Ref is a meter of an account.
type Ref struct {
	ID       int64  `json:"id"`
	Supplier string `json:"supplier"`
	Account  string `json:"account"`
	House    string `json:"house,omitempty"` // in place of the account
	Service  string `json:"service"`
	Serial   string `json:"serial"`
}

// States of a step told.
const (
	stateNew     = "new"
	stateChanged = "changed"
	stateSame    = "same"
)

// FoldSerial writes a number as everybody's: case, spaces, hyphens, look-alike letters and leading zeros do not matter.
func FoldSerial(s string) string {
	return strings.TrimLeft(lookAlike.Replace(strings.ToUpper(s)), "0")
}

var lookAlike = strings.NewReplacer("А", "A", "В", "B", "Е", "E", "К", "K", "М", "M", "Н", "H", "О", "0", "O", "0", "Р", "P", "С", "C", "Т", "T", "У", "Y", "Х", "X", " ", "", "-", "", "№", "", ".", "", "/", "")

// DigitsOf are the digits of a number without leading zeros: many write a number without the letters before it.
func DigitsOf(s string) string {
	digits := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
	return strings.TrimLeft(digits, "0")
}

// FoldName writes the name of a register as everybody's.
func FoldName(s string) string {
	return strings.NewReplacer("Т", "T", "Ё", "Е", " ", "", "-", "", "_", "").Replace(strings.ToUpper(strings.TrimSpace(s)))
}

// zoneNames are zones as people say them.
var zoneNames = map[string]calc.Zone{
	"": calc.AllDay, "ALL": calc.AllDay, "СУТКИ": calc.AllDay, "DAY": calc.Day, "ДЕНЬ": calc.Day, "NIGHT": calc.Night, "НОЧЬ": calc.Night, "PEAK": calc.Peak, "ПИК": calc.Peak,
	"HALFPEAK": calc.HalfPeak, "ПОЛУПИК": calc.HalfPeak,
}

// ParseZone reads the word of a zone of the day.
func ParseZone(s string) (calc.Zone, bool) {
	z, ok := zoneNames[FoldName(s)]
	return z, ok
}

// usualZones are the registers of a meter of so many where nobody named them.
func usualZones(registers uint8) []calc.Zone {
	switch registers {
	case 2:
		return []calc.Zone{calc.Day, calc.Night}
	case 3:
		return []calc.Zone{calc.Peak, calc.HalfPeak, calc.Night}
	}
	return []calc.Zone{calc.AllDay}
}

// ZonesOf are the zones a meter counts: those of its named registers, else the usual ones of so many.
func ZonesOf(named []Register, registers uint8) []calc.Zone {
	if len(named) == 0 {
		return usualZones(registers)
	}
	zones := make([]calc.Zone, 0, len(named))
	for i := range named {
		zones = append(zones, named[i].Of())
	}
	return zones
}

// parsed is a figure of a zone.
type parsed struct {
	zone  calc.Zone
	value decimal.Decimal
}

// Called is how people call a meter: by its number, where one is known.
func Called(serial string) string {
	if serial == "" {
		return "Счётчик без номера"
	}
	return "Счётчик № " + serial
}
