// Package tariff holds the catalogue of charging as dated data: services and their links, prices, normatives, raising
// factors, bands, social norms, rules of quality, penalty and of each supplier's habits.
//
// Owns: the catalogue, its files (YAML, CSV), its checks, its table in the database. Does not own: what is computed
// from it (charge/calc, penalty), whose account it is charged to.
//
// Invariants: a row holds from its first day to its last, both included; two rows of one key never hold on one day and
// leave no day out between them; every link and unit fits; links have no cycle. A row is closed, never edited.
// Law: ПП РФ № 354 and its appendices; ЖК РФ ст. 153–157. Figures marked plausible, invented or stand_in are not law.
package tariff

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// Kind is how a service's volume and charge are found. A new service of a known kind is data.
type Kind string

// Kinds of services.
const (
	Metered    Kind = "metered"     // by a meter, else average, else normative per person: water, electricity, gas
	Linked     Kind = "linked"      // volume of other services added up: sewage = cold + hot − irrigation
	Plot       Kind = "plot"        // irrigation, animals, baths: units × normative in season (п. 49)
	InBuilding Kind = "in_building" // hot water or heat made in the building (п. 54, formula 20)
	Heating    Kind = "heating"     // formulas 2, 2(1) and the whole 3 family
	Common     Kind = "common"      // a resource for common property (КР на СОИ): formulas 10–15
	PerPerson  Kind = "per_person"  // waste 9(1)
	PerArea    Kind = "per_area"    // maintenance, capital repair, social rent, waste 9(2)
	PerUnit    Kind = "per_unit"    // so much an account, a place, a point
	ByFormula  Kind = "formula"     // an operator's own formula
)

// Rules is the family of rules a metered service follows when readings are missing, and what its normative counts.
type Rules string

// Families of rules.
const (
	RulesWater       Rules = "water"
	RulesElectricity Rules = "electricity"
	RulesGas         Rules = "gas"
	RulesHeat        Rules = "heat"
)

// Service is one service of the catalogue.
type Service struct {
	Code     string          `yaml:"code"`
	Name     string          `yaml:"name"` // Russian, as a bill prints it
	Unit     Unit            `yaml:"unit"` // of its volume: m3, kWh, Gcal, m2, person, unit
	Kind     Kind            `yaml:"kind"`
	Rules    Rules           `yaml:"rules,omitempty"`    // of metered services
	Links    []Link          `yaml:"links,omitempty"`    // of linked services
	Resource string          `yaml:"resource,omitempty"` // of common: the service whose resource the common property uses
	Group    string          `yaml:"group,omitempty"`    // where penalties and balances are kept apart: utilities, housing, capital_repair
	Dial     int             `yaml:"dial,omitempty"`     // digits of a usual meter before the point
	Step     decimal.Decimal `yaml:"step,omitempty"`     // volumes of this service are whole multiples of it when rounded by policy
	Formula  string          `yaml:"formula,omitempty"`  // of formula services, where it is one for all time: see Formula
	Result   string          `yaml:"result,omitempty"`   // of that formula: volume (when not said) or amount
	Supplier string          `yaml:"supplier,omitempty"` // who sells it here, where one supplier serves everybody
	Origin   `yaml:",inline"`
}

// Link adds another service's volume, times Factor, to a linked service.
type Link struct {
	Service string          `yaml:"service"`
	Factor  decimal.Decimal `yaml:"factor"`
}

// Term is when a row holds: both days included; no Until is open.
type Term struct {
	From  calendar.Date `yaml:"from,omitempty"`
	Until calendar.Date `yaml:"until,omitempty"`
}

// Holds tells whether the row holds on a day.
func (t Term) Holds(d calendar.Date) bool { return t.From <= d && (t.Until == 0 || d <= t.Until) }

// Origin is where a figure comes from.
type Origin struct {
	Document string `yaml:"document,omitempty"` // the act, its number and date
	Status   Status `yaml:"status,omitempty"`
	Note     string `yaml:"note,omitempty"`
	Place    Place  `yaml:"-"` // where it stands in the file it was loaded from
}

// Status says how far a figure can be trusted. Anything but verified and derived must be shown with its mark.
type Status string

// Statuses of figures.
const (
	Verified    Status = "verified"
	Derived     Status = "derived"     // arithmetic on a verified figure
	Unconfirmed Status = "unconfirmed" // as the law's text is remembered, not compared with it
	StandIn     Status = "stand_in"    // a real figure of another region
	Plausible   Status = "plausible"   // invented to complete a series
	Invented    Status = "invented"
)

// Place is a line of a file of the catalogue.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Rate is a price of one unit of a service.
type Rate struct {
	Service   string          `yaml:"service"`
	Supplier  string          `yaml:"supplier,omitempty"`
	Component string          `yaml:"component,omitempty"` // water, heat: of two-component hot water
	Category  string          `yaml:"category,omitempty"`  // of the account or house: gas_stove, electric_stove, rural …
	Plan      string          `yaml:"plan,omitempty"`      // single, two_zone, three_zone: where one zone's price depends on it
	Zone      string          `yaml:"zone,omitempty"`      // day, night, peak, half_peak
	Band      int             `yaml:"band,omitempty"`      // 1, 2, 3; with a social norm 1 is within it, 2 above
	Value     decimal.Decimal `yaml:"value"`               // roubles per unit
	Unit      string          `yaml:"unit,omitempty"`      // RUB/m3; checked against the service
	Period    string          `yaml:"period,omitempty"`    // month (default) or year: of prices per m2, person, unit
	Term      `yaml:",inline"`
	Origin    `yaml:",inline"`
}

// Purposes of normatives besides a person's own consumption, which needs no word.
const (
	ForHeatOfWater = "heat_of_water" // Gcal to heat one m3
	ForCommon      = "common"        // of common property, per m2 of it
	ForCooking     = "cooking"       // gas
	ForHotWater    = "hot_water"     // gas for a water heater
	ForHeating     = "heating"       // gas per m2 heated
)

// Normative is an approved consumption.
type Normative struct {
	Service  string          `yaml:"service"`
	Supplier string          `yaml:"supplier,omitempty"`
	Purpose  string          `yaml:"purpose,omitempty"`
	Category string          `yaml:"category,omitempty"`
	Rooms    int             `yaml:"rooms,omitempty"`   // of a table by rooms; the largest row not above the flat's rooms holds
	Persons  int             `yaml:"persons,omitempty"` // of a table by persons; the same
	Object   string          `yaml:"object,omitempty"`  // of plots: garden, cow, bath …
	Value    decimal.Decimal `yaml:"value"`
	Unit     string          `yaml:"unit"`             // m3/person/month, Gcal/m2/month, m3/m2/year, m3/head/day …
	Months   []int           `yaml:"months,omitempty"` // the season, numbers of months; none is the whole year
	Term     `yaml:",inline"`
	Origin   `yaml:",inline"`
}

// Factor is a raising coefficient (повышающий коэффициент) of a normative without a meter that could be there.
type Factor struct {
	Service  string          `yaml:"service"`
	Supplier string          `yaml:"supplier,omitempty"`
	Value    decimal.Decimal `yaml:"value"`
	Term     `yaml:",inline"`
	Origin   `yaml:",inline"`
}

// Bands are limits of consumption a month: up to Limits[0] the price of band 1, up to Limits[1] of band 2 …
type Bands struct {
	Service      string            `yaml:"service"`
	Category     string            `yaml:"category,omitempty"`
	Limits       []decimal.Decimal `yaml:"limits"`
	SeasonFactor decimal.Decimal   `yaml:"season_factor,omitempty"` // multiplies the limits in SeasonMonths
	SeasonMonths []int             `yaml:"season_months,omitempty"`
	Term         `yaml:",inline"`
	Origin       `yaml:",inline"`
}

// SocialNorm is a volume within which the lower price holds (ПП № 614).
type SocialNorm struct {
	Service    string          `yaml:"service"`
	Category   string          `yaml:"category,omitempty"`
	PerPerson  decimal.Decimal `yaml:"per_person,omitempty"`
	PerAccount decimal.Decimal `yaml:"per_account,omitempty"` // added once
	Minimum    decimal.Decimal `yaml:"minimum,omitempty"`     // not less than this while anybody is registered
	Months     []int           `yaml:"months,omitempty"`      // of a seasonal norm
	Term       `yaml:",inline"`
	Origin     `yaml:",inline"`
}

// Policy is a choice the law leaves open, of a supplier, a service or everybody; the narrowest that holds wins.
type Policy struct {
	Name     string `yaml:"policy"`
	Supplier string `yaml:"supplier,omitempty"`
	Service  string `yaml:"service,omitempty"`
	Rules    Rules  `yaml:"rules,omitempty"`
	Value    string `yaml:"value"`
	Term     `yaml:",inline"`
	Origin   `yaml:",inline"`
}

// Quality is a rule of Приложение 1: what part of a month's charge goes for a breach of quality.
type Quality struct {
	Service   string          `yaml:"service"`
	Event     string          `yaml:"event"`                // outage, pressure, temperature, voltage, composition, delay
	Allowed   decimal.Decimal `yaml:"allowed,omitempty"`    // hours a month without reduction
	AtOnce    []AtOnce        `yaml:"at_once,omitempty"`    // hours allowed in one go, by circumstance
	Percent   decimal.Decimal `yaml:"percent"`              // of the month's charge for each …
	Per       decimal.Decimal `yaml:"per,omitempty"`        // … so many hours; 1 by default, only full ones when Whole
	Whole     bool            `yaml:"whole,omitempty"`      // only whole steps of Per count
	Step      decimal.Decimal `yaml:"step,omitempty"`       // of the measured value: percent for each full step beyond the tolerance
	Norm      decimal.Decimal `yaml:"norm,omitempty"`       // the value due: 18 °C, 60 °C
	NormMax   decimal.Decimal `yaml:"norm_max,omitempty"`   // the highest value due
	Tolerance decimal.Decimal `yaml:"tolerance,omitempty"`  // below the norm by day
	Night     decimal.Decimal `yaml:"night,omitempty"`      // tolerance from 00:00 to 05:00
	Above     decimal.Decimal `yaml:"above,omitempty"`      // tolerance above NormMax
	ColdBelow decimal.Decimal `yaml:"cold_below,omitempty"` // hours below this value are priced as cold water
	Term      `yaml:",inline"`
	Origin    `yaml:",inline"`
}

// AtOnce is how long one interruption may last under a circumstance: room temperature between Low and High, a
// dead-end main, one feed.
type AtOnce struct {
	Case  string          `yaml:"case,omitempty"`
	Low   decimal.Decimal `yaml:"low,omitempty"`
	High  decimal.Decimal `yaml:"high,omitempty"`
	Hours decimal.Decimal `yaml:"hours"`
}

// Regime says which rate penalties take in a time of payment (ЖК ст. 155; ПП № 329, № 474).
type Regime struct {
	Rule   string          `yaml:"rule"`           // key, min (of the key rate and Rate), fixed
	Rate   decimal.Decimal `yaml:"rate,omitempty"` // percent a year
	Term   `yaml:",inline"`
	Origin `yaml:",inline"`
}

// Stage is a part of a delay: from its first day of delay the fraction of the rate a day. 0/1 is no penalty.
type Stage struct {
	Group  string           `yaml:"group,omitempty"` // of services; the empty group is every other
	Day    int              `yaml:"day"`             // of delay, the first day after the due date is 1
	Over   int              `yaml:"over"`            // 300 is 1/300 of the rate a day; 0 is no penalty
	Term   `yaml:",inline"` // of the due date
	Origin `yaml:",inline"`
}

// Moratorium is a time whose days carry no penalty.
type Moratorium struct {
	Group       string        `yaml:"group,omitempty"`
	Supplier    string        `yaml:"supplier,omitempty"`
	DebtsBefore calendar.Date `yaml:"debts_before,omitempty"` // only debts due before this day
	Term        `yaml:",inline"`
	Origin      `yaml:",inline"`
}

// DueDay is the day of the next month by which a month is paid.
type DueDay struct {
	Day        int            `yaml:"day"`
	Supplier   string         `yaml:"supplier,omitempty"`
	FromMonth  calendar.Month `yaml:"from_month,omitempty"` // of charges
	UntilMonth calendar.Month `yaml:"until_month,omitempty"`
	Binding    bool           `yaml:"binding,omitempty"` // no contract or meeting may set another (ФЗ № 177-ФЗ of 24.06.2025)
	Origin     `yaml:",inline"`
}

// KeyRate is the Bank of Russia's key rate from a day on, percent a year.
type KeyRate struct {
	From   calendar.Date   `yaml:"from"`
	Rate   decimal.Decimal `yaml:"rate"`
	Origin `yaml:",inline"`
}

// Catalog is everything charging is computed by. It is read-only once checked.
type Catalog struct {
	Services    []Service    `yaml:"services,omitempty"`
	Rates       []Rate       `yaml:"tariffs,omitempty"`
	Normatives  []Normative  `yaml:"normatives,omitempty"`
	Formulas    []Formula    `yaml:"formulas,omitempty"`
	Factors     []Factor     `yaml:"factors,omitempty"`
	Bands       []Bands      `yaml:"bands,omitempty"`
	SocialNorms []SocialNorm `yaml:"social_norms,omitempty"`
	Policies    []Policy     `yaml:"policies,omitempty"`
	Quality     []Quality    `yaml:"quality,omitempty"`
	Regimes     []Regime     `yaml:"penalty_rates,omitempty"`
	Stages      []Stage      `yaml:"penalty_stages,omitempty"`
	Moratoria   []Moratorium `yaml:"moratoria,omitempty"`
	DueDays     []DueDay     `yaml:"due_days,omitempty"`
	KeyRates    []KeyRate    `yaml:"key_rates,omitempty"`
	Allocations []Allocation `yaml:"allocation,omitempty"`
}

// Unit is what a volume is counted in.
type Unit string

// Units of volumes.
const (
	CubicMetre  Unit = "m3"
	KWh         Unit = "kWh"
	Gcal        Unit = "Gcal"
	SquareMetre Unit = "m2"
	Person      Unit = "person"
	Piece       Unit = "unit"
)
