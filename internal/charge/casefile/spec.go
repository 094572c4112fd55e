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
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
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
	Late     []LateCatalog  `yaml:"late_catalog"`

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

// suppliers are the suppliers the case names outside its catalogue.
func (c *Case) suppliers() (codes []string) {
	if c.Account != nil {
		for i := range c.Account.Services {
			codes = append(codes, c.Account.Services[i].Supplier)
		}
	}
	for i := range c.Debts {
		codes = append(codes, c.Debts[i].Supplier)
	}
	return slices.DeleteFunc(codes, func(s string) bool { return s == "" })
}

// Closing says when a month was closed: facts recorded later are corrections in the month charged.
type Closing struct {
	Month calendar.Month `yaml:"month" need:"yes"`
	On    calendar.Date  `yaml:"on" need:"yes"`
}

// LateCatalog are tables of the catalogue known from a day on: a tariff changed with effect on closed months.
type LateCatalog struct {
	Recorded calendar.Date
	Tables   yaml.Node
}

// UnmarshalYAML parts the day from the tables.
func (l *LateCatalog) UnmarshalYAML(n *yaml.Node) error {
	l.Tables = *n
	l.Tables.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "recorded" {
			if err := n.Content[i+1].Decode(&l.Recorded); err != nil {
				return at(n.Content[i+1], "%v", err)
			}
			continue
		}
		l.Tables.Content = append(l.Tables.Content, n.Content[i], n.Content[i+1])
	}
	if l.Recorded == 0 {
		return at(n, "late_catalog: добавьте recorded – день, когда об этих строках каталога узнали")
	}
	return nil
}

// House is what is known of the building.
type House struct {
	Area       decimal.Decimal `yaml:"area" least:"0"`
	CommonArea decimal.Decimal `yaml:"common_area" least:"0"`
	OwnHeat    decimal.Decimal `yaml:"own_heat_area" least:"0"`
	Residents  int32           `yaml:"residents" least:"0"`
	Heating    Heatings        `yaml:"heating"`
	Resources  []Resource      `yaml:"resources"`
	Private    bool            `yaml:"private"` // a private house: its meter is the account's
	Direct     bool            `yaml:"direct"`  // managed by the owners themselves
}

// Heatings are modes by time; a table is one all the time.
type Heatings []Heating

// UnmarshalYAML reads a table or a list.
func (h *Heatings) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return n.Decode((*[]Heating)(h))
	}
	*h = Heatings{{}}
	return n.Decode(&(*h)[0])
}

// Heating is how the house pays for heat.
type Heating struct {
	From   calendar.Date `yaml:"from"`
	Mode   string        `yaml:"mode" words:"season even"`
	Months Season        `yaml:"months"` // heated, incomplete ones included: [10, 11, …] or 10-05..05-10
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
	Service        string           `yaml:"service" need:"yes"`
	Month          calendar.Month   `yaml:"month"`
	Volume         *decimal.Decimal `yaml:"volume"` // by the house meter; absent: there is none
	NonResidential decimal.Decimal  `yaml:"nonresidential"`
	Unmetered      decimal.Decimal  `yaml:"unmetered"`
	Metered        decimal.Decimal  `yaml:"metered"`
	OwnUse         decimal.Decimal  `yaml:"own_use"`
	MeteredArea    decimal.Decimal  `yaml:"metered_area" least:"0"`
	AllMetered     bool             `yaml:"all_metered"`
	LastYear       decimal.Decimal  `yaml:"last_year"`
	CommonArea     decimal.Decimal  `yaml:"common_area" least:"0"`
	Method         string           `yaml:"method" words:"normative average actual"`
	Decided        bool             `yaml:"actual_decided"`
	AverageCommon  decimal.Decimal  `yaml:"average_common"`
	Fuel           []Fuel           `yaml:"fuel"`
	HotVolume      decimal.Decimal  `yaml:"hot_volume"`
	OutOfOrder     int              `yaml:"months_out_of_order" least:"0"`
	Correction     bool             `yaml:"correction"`
	Recorded       calendar.Date    `yaml:"recorded"`

	line int
}

// UnmarshalYAML remembers the line.
func (r *Resource) UnmarshalYAML(n *yaml.Node) error {
	type plain Resource
	r.line = n.Line
	return n.Decode((*plain)(r))
}

// Fuel is a resource used to make hot water in the building.
type Fuel struct {
	Name   string          `yaml:"name"`
	Volume decimal.Decimal `yaml:"volume" need:"yes"`
	Price  decimal.Decimal `yaml:"price" need:"yes"`
}

// at makes an error with its line.
func at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("строка %d: "+format, append([]any{n.Line}, args...)...)
}
