// Package casefile reads worked cases of charging written by people in YAML, computes them by the engine, and puts what
// was expected beside what came out. docs/domain/cases.md describes the language.
//
// Owns: the language of cases and its errors. Does not own: any formula: a case is computed by the same engine, rules
// of penalty and split of payments as a real month.
//
// Invariants: a key the language does not know is an error with its line; an expectation that meets nothing fails,
// unless it expects nothing.
package casefile

import (
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Case is one worked case.
type Case struct {
	Name     string         `yaml:"case"`
	Title    string         `yaml:"title"`
	Source   string         `yaml:"source"`
	Month    calendar.Month `yaml:"month"`
	Catalog  yaml.Node      `yaml:"catalog"`
	Standard *bool          `yaml:"standard"` // false leaves out the standard catalogue
	House    *House         `yaml:"house"`
	Account  *Account       `yaml:"account"`
	Closed   []Closing      `yaml:"closed"`

	Debts      []Debt        `yaml:"debts"`
	Payments   []Payment     `yaml:"payments"`
	PenaltyOn  calendar.Date `yaml:"penalty_on"`
	Pay        *Pay          `yaml:"pay"`
	Subsidy    *Subsidy      `yaml:"subsidy"`
	Meeting    *Meeting      `yaml:"meeting"`
	Collection *Collection   `yaml:"collection"`
	Instalment *Plan         `yaml:"instalment"`

	Expect []Expect `yaml:"expect"`

	file string
	line int
}

// Closing says when a month was closed: facts recorded later are corrections in the month charged.
type Closing struct {
	Month calendar.Month `yaml:"month"`
	On    calendar.Date  `yaml:"on"`
}

// House is what is known of the building.
type House struct {
	Area       decimal.Decimal `yaml:"area"`
	CommonArea decimal.Decimal `yaml:"common_area"`
	OwnHeat    decimal.Decimal `yaml:"own_heat_area"`
	Residents  int32           `yaml:"residents"`
	Heating    Heating         `yaml:"heating"`
	Resources  []Resource      `yaml:"resources"`
}

// Heating is how the house pays for heat.
type Heating struct {
	Mode   string `yaml:"mode"`   // season or even
	Months Season `yaml:"months"` // heated, incomplete ones included: [10, 11, …] or 10-05..05-10
}

// Season is a list of months, or a time of the year written 10-05..05-10.
type Season []int

// UnmarshalYAML reads a list of months or a time of the year.
func (s *Season) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return n.Decode((*[]int)(s))
	}
	from, to, ok := strings.Cut(n.Value, "..")
	a, errA := strconv.Atoi(strings.SplitN(from, "-", 2)[0])
	z, errZ := strconv.Atoi(strings.SplitN(to, "-", 2)[0])
	if !ok || errA != nil || errZ != nil || a < 1 || a > 12 || z < 1 || z > 12 {
		return at(n, "сезон %q: ожидается список месяцев [10, 11, 12, 1] или 10-05..05-10 (месяц-день)", n.Value)
	}
	for m := a; ; m = m%12 + 1 {
		if *s = append(*s, m); m == z {
			return nil
		}
	}
}

// Resource is what the house used of a service.
type Resource struct {
	Service        string           `yaml:"service"`
	Month          calendar.Month   `yaml:"month"`
	Volume         *decimal.Decimal `yaml:"volume"` // by the house meter; absent: there is none
	NonResidential decimal.Decimal  `yaml:"nonresidential"`
	Unmetered      decimal.Decimal  `yaml:"unmetered"`
	Metered        decimal.Decimal  `yaml:"metered"`
	OwnUse         decimal.Decimal  `yaml:"own_use"`
	MeteredArea    decimal.Decimal  `yaml:"metered_area"`
	AllMetered     bool             `yaml:"all_metered"`
	LastYear       decimal.Decimal  `yaml:"last_year"`
	CommonArea     decimal.Decimal  `yaml:"common_area"`
	Method         string           `yaml:"method"` // normative, average, actual
	Decided        bool             `yaml:"actual_decided"`
	AverageCommon  decimal.Decimal  `yaml:"average_common"`
	Fuel           []Fuel           `yaml:"fuel"`
	HotVolume      decimal.Decimal  `yaml:"hot_volume"`
	OutOfOrder     int              `yaml:"months_out_of_order"`
	Correction     bool             `yaml:"correction"`
}

// Fuel is a resource used to make hot water in the building.
type Fuel struct {
	Name   string          `yaml:"name"`
	Volume decimal.Decimal `yaml:"volume"`
	Price  decimal.Decimal `yaml:"price"`
}

// Account is one flat, room or house and what it takes.
type Account struct {
	Area        decimal.Decimal `yaml:"area"`
	HeatedArea  decimal.Decimal `yaml:"heated_area"`
	Rooms       int             `yaml:"rooms"`
	Residents   Stays           `yaml:"residents"`
	Owners      Stays           `yaml:"owners"`
	OwnHeat     bool            `yaml:"own_heat"`
	Communal    *Communal       `yaml:"communal"`
	OwnerChange calendar.Date   `yaml:"owner_change"`
	Parties     []Party         `yaml:"parties"`
	Absences    []Absence       `yaml:"absences"`
	Benefits    []Benefit       `yaml:"benefits"`
	Services    []Taken         `yaml:"services"`
}

// Stays are persons by time; a number is so many all the time.
type Stays []Stay

// Stay is persons for a time.
type Stay struct {
	From      calendar.Date `yaml:"from"`
	Until     calendar.Date `yaml:"until"`
	Persons   int32         `yaml:"persons"`
	Temporary bool          `yaml:"temporary"`
	Recorded  calendar.Date `yaml:"recorded"`
}

// UnmarshalYAML reads a number or a list.
func (s *Stays) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		var persons int32
		if err := n.Decode(&persons); err != nil {
			return at(n, "число человек %q: ожидается целое число или список {from, until, persons}", n.Value)
		}
		*s = Stays{{Persons: persons}}
		return nil
	}
	return n.Decode((*[]Stay)(s))
}

// Communal is a room in a communal flat.
type Communal struct {
	FlatResidents int32           `yaml:"flat_residents"`
	LivingArea    decimal.Decimal `yaml:"living_area"`
	FlatLiving    decimal.Decimal `yaml:"flat_living_area"`
}

// Party is who is charged from a day.
type Party struct {
	Name string        `yaml:"name"`
	From calendar.Date `yaml:"from"`
}

// Absence is persons away.
type Absence struct {
	Left     calendar.Date `yaml:"left"`
	Returned calendar.Date `yaml:"returned"`
	Persons  int32         `yaml:"persons"`
	Recorded calendar.Date `yaml:"recorded"`
}

// Benefit is a relief.
type Benefit struct {
	Name     string          `yaml:"name"`
	From     calendar.Date   `yaml:"from"`
	Until    calendar.Date   `yaml:"until"`
	Services []string        `yaml:"services"`
	Percent  decimal.Decimal `yaml:"percent"`
	Area     decimal.Decimal `yaml:"area"`
	Persons  int32           `yaml:"persons"`
	Within   bool            `yaml:"within_normative"`
	Netted   bool            `yaml:"netted"`
	Fund     string          `yaml:"fund"`
	Recorded calendar.Date   `yaml:"recorded"`
}

// Taken is a service the account takes; a word is a service without anything special.
type Taken struct {
	Service  string           `yaml:"service"`
	Supplier string           `yaml:"supplier"`
	Category string           `yaml:"category"`
	From     calendar.Date    `yaml:"from"`
	Until    calendar.Date    `yaml:"until"`
	Possible bool             `yaml:"meter_possible"`
	Included bool             `yaml:"included"`
	Quantity decimal.Decimal  `yaml:"quantity"`
	FlatRest decimal.Decimal  `yaml:"flat_rest"`
	Share    decimal.Decimal  `yaml:"share"`
	Part     string           `yaml:"part"`
	Given    *Given           `yaml:"given"`
	Volume   *decimal.Decimal `yaml:"volume"` // by meter in the month, where readings do not matter
	Volumes  []ZoneVolume     `yaml:"volumes"`
	Meters   []Meter          `yaml:"meters"`
	Past     Pasts            `yaml:"past"`
	Acts     []Act            `yaml:"acts"`
	Events   []Event          `yaml:"events"`
	Objects  []Object         `yaml:"objects"`
	Put      []Instalment     `yaml:"instalments"`
}

// UnmarshalYAML reads a word or a mapping.
func (t *Taken) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		t.Service = n.Value
		return nil
	}
	type plain Taken
	return n.Decode((*plain)(t))
}

// Given is the supplier's own charge.
type Given struct {
	Volume decimal.Decimal `yaml:"volume"`
	Amount Roubles         `yaml:"amount"`
}

// ZoneVolume is a zone's volume of the month.
type ZoneVolume struct {
	Zone   string          `yaml:"zone"`
	Volume decimal.Decimal `yaml:"volume"`
}

// Meter is an individual meter.
type Meter struct {
	ID        string          `yaml:"id"`
	Installed calendar.Date   `yaml:"installed"`
	Removed   calendar.Date   `yaml:"removed"`
	Digits    uint8           `yaml:"digits"`
	Verified  calendar.Date   `yaml:"verified_until"`
	Failed    calendar.Date   `yaml:"failed"`
	GasFactor decimal.Decimal `yaml:"gas_factor"`
	Readings  []Reading       `yaml:"readings"`
	Recorded  calendar.Date   `yaml:"recorded"`
}

// Reading is an accepted figure.
type Reading struct {
	Date     calendar.Date   `yaml:"date"`
	Zone     string          `yaml:"zone"`
	Value    decimal.Decimal `yaml:"value"`
	Initial  bool            `yaml:"initial"`
	Recorded calendar.Date   `yaml:"recorded"`
}

// Pasts are months charged before; a mapping of months to volumes is volumes by meter.
type Pasts []Past

// Past is one month charged before.
type Past struct {
	Month  calendar.Month  `yaml:"month"`
	Zone   string          `yaml:"zone"`
	Method string          `yaml:"method"` // meter (default), average, normative
	Volume decimal.Decimal `yaml:"volume"`
	Amount Roubles         `yaml:"amount"`
}

// UnmarshalYAML reads a mapping or a list.
func (p *Pasts) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return n.Decode((*[]Past)(p))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		var x Past
		if err := n.Content[i].Decode(&x.Month); err != nil {
			return at(n.Content[i], "%v", err)
		}
		if err := n.Content[i+1].Decode(&x.Volume); err != nil {
			return at(n.Content[i+1], "%v", err)
		}
		*p = append(*p, x)
	}
	return nil
}

// Act is an act about a meter.
type Act struct {
	Date     calendar.Date   `yaml:"date"`
	Act      string          `yaml:"act"` // refusal, repeat_refusal, check, unauthorised, impossible
	Volume   decimal.Decimal `yaml:"volume"`
	Power    decimal.Decimal `yaml:"power"`
	Days     int32           `yaml:"days"`
	Factor   decimal.Decimal `yaml:"factor"`
	Recorded calendar.Date   `yaml:"recorded"`
}

// Event is a breach of quality.
type Event struct {
	Event    string           `yaml:"event"`
	Date     calendar.Date    `yaml:"date"`
	Hours    decimal.Decimal  `yaml:"hours"`
	Longest  decimal.Decimal  `yaml:"longest"`
	Value    *decimal.Decimal `yaml:"value"`
	Night    bool             `yaml:"night"`
	Corner   bool             `yaml:"corner"`
	Case     string           `yaml:"circumstance"`
	Days     int32            `yaml:"days"`
	Recorded calendar.Date    `yaml:"recorded"`
}

// Object is something on a plot.
type Object struct {
	Object string          `yaml:"object"`
	Count  decimal.Decimal `yaml:"count"`
}

// Instalment is a sum put off to a month.
type Instalment struct {
	Month    calendar.Month `yaml:"month"`
	Amount   Roubles        `yaml:"amount"`
	Interest Roubles        `yaml:"interest"`
}

// Roubles is a sum written in roubles.
type Roubles money.Amount

// UnmarshalYAML reads roubles and kopecks.
func (r *Roubles) UnmarshalYAML(n *yaml.Node) error {
	a, err := money.Parse(n.Value)
	if err != nil {
		return at(n, "%v", err)
	}
	*r = Roubles(a)
	return nil
}

// Expect is one expectation: keys that choose, and figures that must come out.
type Expect struct {
	In        calendar.Month   `yaml:"in"` // the month charged; the case's by default
	Service   string           `yaml:"service"`
	Component string           `yaml:"component"`
	Kind      string           `yaml:"kind"`
	Method    string           `yaml:"method"`
	Zone      string           `yaml:"zone"`
	Band      int              `yaml:"band"`
	Party     string           `yaml:"party"`
	Month     calendar.Month   `yaml:"month"` // the line is about
	Formula   string           `yaml:"formula"`
	Share     *decimal.Decimal `yaml:"share"` // of the price: the lines of a service taken with this share; 1 is without one

	Amount  *Roubles         `yaml:"amount"`
	Volume  *Figure          `yaml:"volume"`
	Step    decimal.Decimal  `yaml:"step"`
	Rate    *decimal.Decimal `yaml:"rate"`
	Factor  *Figure          `yaml:"factor"`
	Persons *Figure          `yaml:"persons"`
	Days    *int32           `yaml:"days"`
	Price   *Figure          `yaml:"price"`
	Per     string           `yaml:"per"` // of price: unit (default), person, m2
	Clause  string           `yaml:"clause"`
	Reason  string           `yaml:"reason"`
	Lines   *int             `yaml:"lines"` // how many
	Issue   string           `yaml:"issue"`

	Penalty    *PenaltyLine  `yaml:"penalty"`
	PenaltySum *Roubles      `yaml:"penalty_sum"`
	Due        calendar.Date `yaml:"due"`
	Paid       *PaidPart     `yaml:"paid"`
	Balance    *BalanceOf    `yaml:"balance"`
	Subsidy    *Roubles      `yaml:"subsidy"`
	Meeting    *Resolution   `yaml:"meeting"`
	Collection *Rates        `yaml:"collection"`
	Instalment *Instalment   `yaml:"instalment"`

	line int
}

// UnmarshalYAML remembers the line.
func (e *Expect) UnmarshalYAML(n *yaml.Node) error {
	type plain Expect
	e.line = n.Line
	return n.Decode((*plain)(e))
}

// Figure is an expected number: it is compared with as many digits as it is written with.
type Figure struct {
	Value  decimal.Decimal
	Digits uint8
}

// UnmarshalYAML keeps how many digits were written.
func (f *Figure) UnmarshalYAML(n *yaml.Node) error {
	d, err := decimal.Parse(n.Value)
	if err != nil {
		return at(n, "%v", err)
	}
	f.Value = d
	if i := strings.LastIndexAny(n.Value, ".,"); i >= 0 {
		f.Digits = uint8(min(len(n.Value)-i-1, decimal.Digits))
	}
	return nil
}

// at makes an error with its line.
func at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("строка %d: "+format, append([]any{n.Line}, args...)...)
}
