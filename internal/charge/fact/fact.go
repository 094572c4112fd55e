// Package fact keeps what charging knows: facts of houses, premises, people, services, meters and readings, as rows
// that are appended and superseded, and a sheet of each building made of them for the batch.
//
// Owns: tables charge_house, charge_resource, charge_premises, charge_stay, charge_subscription, charge_meter,
// charge_reading, charge_volume, charge_measured, charge_fact, charge_touch, charge_sheet. Does not own: what is charged (package charge), the
// catalogue (tariff), who says a reading is right (its source).
//
// Invariants: a fact is never changed, of one key the row recorded last holds; a sheet holds exactly what the rows say
// (kvit check builds each again); every write of facts makes the building's sheet stale in the same transaction.
package fact

import (
	"encoding/json"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
)

// Head is what every fact has.
type Head struct {
	RecordedAt calendar.Micros
	Source     string // file and row, call, person, device
}

// SetHead replaces who says a fact and when.
func (h *Head) SetHead(x Head) { *h = x }

// House is a house from a day on. An area below zero withdraws it.
type House struct {
	Head
	From calendar.Date
	calc.House
}

// Resource is what the house used of a service of the catalogue in a month.
type Resource struct {
	Head
	Service string
	calc.Resource
	Gone bool // withdrawn

	// What the house's own meters make of it (Set.Uses).
	Gap  Gap             // why they did not measure the month
	Told decimal.Decimal // the volume somebody told, where the meters measured the month too
}

// Premises is a flat, room or private house. An area below zero withdraws it.
type Premises struct {
	Head
	Household int64
	Area      decimal.Decimal
	Heated    decimal.Decimal
	Rooms     int
	OwnHeat   bool
	Communal  calc.Communal
}

// Kinds of stays.
const (
	Resident  = "resident"
	Temporary = "temporary"
	Owner     = "owner"
	Absent    = "absent" // left and returned: neither day counts
	Party     = "party"  // who is charged from a day on
)

// Stay is persons in a household for a time. Persons below zero withdraw it.
type Stay struct {
	Head
	calc.Term
	Household int64
	ID        int64
	Kind      string
	Persons   int32
}

// Modes of a subscription: whose figure is charged.
const (
	Issued    = "issued"   // the supplier's
	Computed  = "computed" // Kvit's
	Compared  = "compared" // the supplier's, with Kvit's beside it
	Withdrawn = ""
)

// Subscription is a service that an account takes.
type Subscription struct {
	Head
	calc.Term
	Household  int64
	AccountID  int64
	Service    string // code of the catalogue
	SupplierID int64
	ServiceID  int64 // as the supplier names it: what bills and the book go by
	Category   string
	Mode       string
	MeterOK    bool
	Included   bool
	Quantity   decimal.Decimal
	Share      decimal.Decimal
	Part       calc.Fraction
	FlatRest   decimal.Decimal
}

// Meter is a meter of an account's service, or, of account 0, of a whole house; of no service it is withdrawn.
type Meter struct {
	Head
	calc.Term
	ID         int64
	AccountID  int64
	Service    string
	Serial     string // the number on it
	Digits     uint8
	Registers  uint8
	VerifiedBy calendar.Date
	FailedOn   calendar.Date
	GasFactor  decimal.Decimal
	Factor     decimal.Decimal // of a house: units of the service in one of the dial; below zero it is taken away; 0 is one
}

// OfHouse tells whether it is a house's own meter.
func (m *Meter) OfHouse() bool { return m.AccountID == 0 }

// Reading is a figure of a register of a meter.
type Reading struct {
	Head
	MeterID  int64
	ID       int64
	On       calendar.Date
	Zone     calc.Zone
	Value    decimal.Decimal
	Initial  bool
	Accepted bool
	Control  bool // read by the supplier's inspector
}

// Volume is what the supplier says an account used of a service in a month.
type Volume struct {
	Head
	AccountID int64
	Service   string
	Month     calendar.Month
	Zone      calc.Zone
	Value     decimal.Decimal
	Accepted  bool
}

// Kinds of rarer facts, and what their bodies are.
const (
	KindAct        = "act"        // calc.Act
	KindEvent      = "event"      // calc.Event
	KindBenefit    = "benefit"    // Benefit
	KindObject     = "object"     // calc.Object
	KindInstalment = "instalment" // calc.Instalment
	KindFine       = "fine"       // calc.Fine

	KindArea         = "area"         // Area: from a day on
	KindVerification = "verification" // Verification: of a meter, from a day on
	KindGasFactor    = "gas_factor"   // GasFactor: of a meter in a month
)

// Rare is a rarer fact: its body is JSON of the kind; an empty body withdraws it. AccountID 0 is the household's,
// Household 0 the whole house's.
type Rare struct {
	Head
	ID        int64
	Household int64
	AccountID int64
	Service   string
	Kind      string
	From      calendar.Date
	Body      string
}

// Benefit is the body of a benefit.
type Benefit struct {
	Name       string          `json:"name"`
	From       calendar.Date   `json:"from,omitempty"`
	Until      calendar.Date   `json:"until,omitempty"`
	Services   []string        `json:"services,omitempty"` // none is all
	Percent    decimal.Decimal `json:"percent"`
	Area       decimal.Decimal `json:"area,omitempty"`
	Persons    int32           `json:"persons,omitempty"`
	WithinNorm bool            `json:"withinNorm,omitempty"`
	Netted     bool            `json:"netted,omitempty"`
	Fund       string          `json:"fund,omitempty"`
}

// Area is the body of an area that holds from a day on.
type Area struct {
	Area   decimal.Decimal `json:"area"`
	Heated decimal.Decimal `json:"heated,omitempty"`
}

// Verification is the body of a time for which a meter is verified.
type Verification struct {
	Meter int64         `json:"meter"`
	Until calendar.Date `json:"until,omitempty"`
}

// GasFactor is the body of a coefficient of a meter in a month.
type GasFactor struct {
	Meter int64           `json:"meter"`
	Month calendar.Month  `json:"month"`
	Value decimal.Decimal `json:"value"`
}

// Set is facts of one building.
type Set struct {
	Building      int64
	Houses        []House
	Resources     []Resource
	Premises      []Premises
	Stays         []Stay
	Subscriptions []Subscription
	Meters        []Meter
	Readings      []Reading
	Volumes       []Volume
	Measured      []Measured
	Rare          []Rare
	Since         calendar.Date // with no fact of its own: what is charged from this day on goes by other figures of a supplier

	only *Scope // the households it is of
}

// Empty tells whether there is nothing in the set to record.
func (s *Set) Empty() bool {
	return s.Since == 0 && len(s.Houses)+len(s.Resources)+len(s.Premises)+len(s.Stays)+len(s.Subscriptions)+len(s.Meters)+len(s.Readings)+len(s.Volumes)+len(s.Measured)+len(s.Rare) == 0
}

// VerificationOf gives the verification of a meter that a rarer fact tells of; false when it tells of something else.
func (r *Rare) VerificationOf(meter int64) (v Verification, ok bool) {
	if r.Kind != KindVerification || json.Unmarshal([]byte(r.Body), &v) != nil {
		return v, false
	}
	return v, v.Meter == meter
}

// AreaOf gives the area that a rarer fact tells of; false when it tells of something else.
func (r *Rare) AreaOf() (a Area, ok bool) {
	return a, r.Kind == KindArea && json.Unmarshal([]byte(r.Body), &a) == nil
}
