package casefile

import (
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// Expect is one expectation: keys that choose, and figures that must come out.
type Expect struct {
	In        calendar.Month   `yaml:"in"` // the month charged; the case's by default
	Service   string           `yaml:"service"`
	Supplier  string           `yaml:"supplier"`
	Component string           `yaml:"component" words:"water heat"`
	Kind      string           `yaml:"kind" words:"charge surcharge true_up absence quality undelivered repriced correction relief relief_apart instalment act fine"`
	Method    string           `yaml:"method" words:"meter average normative links house area persons units act given"`
	Zone      string           `yaml:"zone" words:"all day night peak half_peak"`
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
	Per     string           `yaml:"per" words:"unit person m2"` // of price
	Clause  string           `yaml:"clause"`
	Reason  string           `yaml:"reason"`
	Lines   *int             `yaml:"lines"` // how many
	Issue   string           `yaml:"issue"`
	Refused string           `yaml:"refused"` // words or the code of the error the case must end with; true is any

	Penalty    *PenaltyLine  `yaml:"penalty"`
	PenaltySum *PenaltyTotal `yaml:"penalty_sum"`
	Due        calendar.Date `yaml:"due"`
	Paid       *PaidPart     `yaml:"paid"`
	Balance    *BalanceOf    `yaml:"balance"`
	Subsidy    *Roubles      `yaml:"subsidy"`
	Meeting    *Resolution   `yaml:"meeting"`
	Collection *Rates        `yaml:"collection"`
	Instalment *PlanMonth    `yaml:"instalment"`

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
