package casefile

import (
	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// Account is one flat, room or house and what it takes.
type Account struct {
	Area        Areas           `yaml:"area" least:"0"`
	HeatedArea  decimal.Decimal `yaml:"heated_area" least:"0"`
	Rooms       int             `yaml:"rooms" least:"0"`
	Residents   Stays           `yaml:"residents" least:"0"`
	Owners      Stays           `yaml:"owners" least:"0"`
	OwnHeat     bool            `yaml:"own_heat"`
	Communal    *Communal       `yaml:"communal"`
	OwnerChange calendar.Date   `yaml:"owner_change"`
	Parties     []Party         `yaml:"parties"`
	Absences    []Absence       `yaml:"absences"`
	Benefits    []Benefit       `yaml:"benefits"`
	Services    []Taken         `yaml:"services"`
}

// Areas are areas by time; a number is one all the time.
type Areas []AreaFrom

// AreaFrom is an area from a day on.
type AreaFrom struct {
	Area     decimal.Decimal `yaml:"area" need:"yes" least:"0"`
	Heated   decimal.Decimal `yaml:"heated_area"`
	From     calendar.Date   `yaml:"from"`
	Recorded calendar.Date   `yaml:"recorded"`
}

// UnmarshalYAML reads a number or a list.
func (a *Areas) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return n.Decode((*[]AreaFrom)(a))
	}
	var area decimal.Decimal
	if err := n.Decode(&area); err != nil {
		return at(n, "площадь %q: ожидается число м² или список [{area: 54.3}, {area: 56.1, from: 2026-06-11}]", n.Value)
	}
	*a = Areas{{Area: area}}
	return nil
}

// Stays are persons by time; a number is so many all the time.
type Stays []Stay

// Stay is persons for a time.
type Stay struct {
	From      calendar.Date `yaml:"from"`
	Until     calendar.Date `yaml:"until"`
	Persons   int32         `yaml:"persons" need:"yes" least:"0"`
	Temporary bool          `yaml:"temporary"`
	Recorded  calendar.Date `yaml:"recorded"`
	Ended     calendar.Date `yaml:"until_recorded"` // when the end became known
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
	FlatResidents int32           `yaml:"flat_residents" least:"0"`
	LivingArea    decimal.Decimal `yaml:"living_area" least:"0"`
	FlatLiving    decimal.Decimal `yaml:"flat_living_area" least:"0"`
}

// Party is who is charged from a day.
type Party struct {
	Name     string        `yaml:"name"`
	From     calendar.Date `yaml:"from"`
	Recorded calendar.Date `yaml:"recorded"`
}

// Absence is persons away.
type Absence struct {
	Left      calendar.Date `yaml:"left" need:"yes"`
	Returned  calendar.Date `yaml:"returned"`
	Persons   int32         `yaml:"persons" least:"0"`
	Recorded  calendar.Date `yaml:"recorded"`
	Withdrawn calendar.Date `yaml:"withdrawn"` // the papers did not come: no absence any more
}

// applicationDays is how long after the return a recalculation may be asked for (п. 91).
const applicationDays = 30

// tooLate tells whether the application came too late to count.
func (a *Absence) tooLate() bool {
	return a.Recorded != 0 && a.Returned != 0 && a.Recorded.Days(a.Returned) > applicationDays
}

// Benefit is a relief.
type Benefit struct {
	Name     string          `yaml:"name"`
	From     calendar.Date   `yaml:"from"`
	Until    calendar.Date   `yaml:"until"`
	Services []string        `yaml:"services"`
	Percent  decimal.Decimal `yaml:"percent" need:"yes" least:"0"`
	Area     decimal.Decimal `yaml:"area" least:"0"`
	Persons  int32           `yaml:"persons" least:"0"`
	Within   bool            `yaml:"within_normative"`
	Netted   bool            `yaml:"netted"`
	Fund     string          `yaml:"fund"`
	Recorded calendar.Date   `yaml:"recorded"`

	line int
}

// UnmarshalYAML remembers the line.
func (b *Benefit) UnmarshalYAML(n *yaml.Node) error {
	type plain Benefit
	b.line = n.Line
	return n.Decode((*plain)(b))
}

// Taken is a service the account takes; a word is a service without anything special.
type Taken struct {
	Service  string          `yaml:"service" need:"yes"`
	Supplier string          `yaml:"supplier"`
	Category string          `yaml:"category"`
	From     calendar.Date   `yaml:"from"`
	Until    calendar.Date   `yaml:"until"`
	Possible bool            `yaml:"meter_possible"`
	Included bool            `yaml:"included"`
	Quantity decimal.Decimal `yaml:"quantity" least:"0"`
	FlatRest decimal.Decimal `yaml:"flat_rest" least:"0"`
	Share    decimal.Decimal `yaml:"share" least:"0"`
	Part     string          `yaml:"part"`
	Given    *Given          `yaml:"given"`
	Volume   MonthVolumes    `yaml:"volume" least:"0"` // by meter, where readings do not matter
	Volumes  []ZoneVolume    `yaml:"volumes"`
	Meters   []Meter         `yaml:"meters"`
	Past     Pasts           `yaml:"past"`
	Acts     []Act           `yaml:"acts"`
	Events   []Event         `yaml:"events"`
	Objects  []Object        `yaml:"objects"`
	Put      []Instalment    `yaml:"instalments"`
	Fines    []Fine          `yaml:"fines"`
	Recorded calendar.Date   `yaml:"recorded"`

	line int
}

// UnmarshalYAML reads a word or a mapping.
func (t *Taken) UnmarshalYAML(n *yaml.Node) error {
	t.line = n.Line
	if n.Kind == yaml.ScalarNode {
		t.Service = n.Value
		return nil
	}
	type plain Taken
	return n.Decode((*plain)(t))
}
