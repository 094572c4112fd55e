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
	"regexp"
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

// seasonYear is the year of a whole date: a season is of every year.
var seasonYear = regexp.MustCompile(`\b\d{4}-`)

// Season is a list of months, months written 10-4 as in the catalogue, or a time of the year written 10-05..05-10.
type Season []int

// UnmarshalYAML reads a list of months or a time of the year.
func (s *Season) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		var months []int
		if err := n.Decode(&months); err != nil || slices.ContainsFunc(months, func(m int) bool { return m < 1 || m > 12 }) {
			return at(n, "сезон: месяцы в списке – числа от 1 до 12")
		}
		*s = months
		return nil
	}
	from, to, days := strings.Cut(seasonYear.ReplaceAllString(n.Value, ""), "..")
	if !days {
		from, to, _ = strings.Cut(n.Value, "-")
	}
	a, z := monthOf(from, days), monthOf(to, days)
	if a == 0 || z == 0 {
		return at(n, "сезон %q: ожидается список месяцев [10, 11, 12, 1], месяцы 10-4 или 10-05..05-10 (месяц-день)", n.Value)
	}
	for m := a; ; m = m%12 + 1 {
		if *s = append(*s, m); m == z {
			return nil
		}
	}
}

// monthOf is a month's number, with its day after it or not; 0 is none.
func monthOf(s string, withDay bool) int {
	if withDay {
		s, _, _ = strings.Cut(s, "-")
	}
	m, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || m < 1 || m > 12 {
		return 0
	}
	return m
}

// Resource is what the house used of a service.
type Resource struct {
	Service        string           `yaml:"service" need:"yes"`
	Month          calendar.Month   `yaml:"month"`
	Volume         *decimal.Decimal `yaml:"volume" least:"0"` // by the house meter; absent: there is none
	NonResidential decimal.Decimal  `yaml:"nonresidential" least:"0"`
	Unmetered      decimal.Decimal  `yaml:"unmetered" least:"0"`
	Metered        decimal.Decimal  `yaml:"metered" least:"0"`
	OwnUse         decimal.Decimal  `yaml:"own_use" least:"0"`
	MeteredArea    decimal.Decimal  `yaml:"metered_area" least:"0"`
	AllMetered     bool             `yaml:"all_metered"`
	LastYear       decimal.Decimal  `yaml:"last_year" least:"0"`
	CommonArea     decimal.Decimal  `yaml:"common_area" least:"0"`
	Method         string           `yaml:"method" words:"normative average actual"`
	Decided        bool             `yaml:"actual_decided"`
	AverageCommon  decimal.Decimal  `yaml:"average_common" least:"0"`
	Fuel           []Fuel           `yaml:"fuel"`
	HotVolume      decimal.Decimal  `yaml:"hot_volume" least:"0"`
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
	Volume decimal.Decimal `yaml:"volume" need:"yes" least:"0"`
	Price  decimal.Decimal `yaml:"price" need:"yes" least:"0"`
}

// at makes an error with its line.
func at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("строка %d: "+format, append([]any{n.Line}, args...)...)
}
