package casefile

import (
	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// Debt is what was charged for a month and fell due.
type Debt struct {
	Service  string         `yaml:"service"`
	Supplier string         `yaml:"supplier"`
	Group    string         `yaml:"group"` // of penalties; the service's by default
	Month    calendar.Month `yaml:"month"`
	Amount   Roubles        `yaml:"amount" need:"yes"`
	Due      calendar.Date  `yaml:"due"`
	Penalty  bool           `yaml:"penalty"` // the sum is a penalty, not principal

	line int
}

// UnmarshalYAML remembers the line.
func (d *Debt) UnmarshalYAML(n *yaml.Node) error {
	type plain Debt
	d.line = n.Line
	return n.Decode((*plain)(d))
}

// Payment is money paid before; Month names the month it closes, else the oldest.
type Payment struct {
	Date     calendar.Date  `yaml:"date" need:"yes"`
	Amount   Roubles        `yaml:"amount" need:"yes" least:"0"`
	Month    calendar.Month `yaml:"month"`
	Supplier string         `yaml:"supplier"`
	Service  string         `yaml:"service"`  // named by the payer
	Penalty  bool           `yaml:"penalty"`  // marked by the payer as penalty
	Reversed bool           `yaml:"reversed"` // taken back
}

// Pay is a payment to be split over the debts.
type Pay struct {
	Amount Roubles        `yaml:"amount"`
	All    bool           `yaml:"all"`
	Ahead  bool           `yaml:"ahead"`
	Lines  []PayLine      `yaml:"lines"`
	Month  calendar.Month `yaml:"month"` // named by the payer
	Date   calendar.Date  `yaml:"date"`  // a debt past limitation on this day is closed only by name

	Supplier string `yaml:"supplier"` // named by the payer, as is Service
	Service  string `yaml:"service"`
	Penalty  bool   `yaml:"penalty"` // marked by the payer as penalty
}

// PayLine is a sum for one service or supplier.
type PayLine struct {
	Supplier string  `yaml:"supplier"`
	Service  string  `yaml:"service"`
	Amount   Roubles `yaml:"amount" need:"yes"`
}

// PenaltyLine is one expected interval.
type PenaltyLine struct {
	Month    calendar.Month   `yaml:"month"`
	Supplier string           `yaml:"supplier"`
	Service  string           `yaml:"service"`
	From     calendar.Date    `yaml:"from"`
	To       calendar.Date    `yaml:"to"`
	Days     *int             `yaml:"days"`
	Balance  *Roubles         `yaml:"balance"`
	Rate     *decimal.Decimal `yaml:"rate"`
	Over     *int             `yaml:"over"`
	Amount   *Roubles         `yaml:"amount"`
}

// PenaltyTotal is the penalty expected of all debts, or of those named.
type PenaltyTotal struct {
	Month    calendar.Month `yaml:"month"`
	Supplier string         `yaml:"supplier"`
	Service  string         `yaml:"service"`
	Amount   Roubles        `yaml:"amount" need:"yes"`
}

// UnmarshalYAML reads a sum alone, or a sum and whose it is.
func (p *PenaltyTotal) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return p.Amount.UnmarshalYAML(n)
	}
	type plain PenaltyTotal
	return n.Decode((*plain)(p))
}

// PaidPart is an expected part of the payment.
type PaidPart struct {
	Service  string         `yaml:"service"`
	Supplier string         `yaml:"supplier"`
	Month    calendar.Month `yaml:"month"`
	Kind     string         `yaml:"kind" words:"debt penalty advance"` // all together by default
	Amount   Roubles        `yaml:"amount"`
}

// BalanceOf is what stays owed after the payment.
type BalanceOf struct {
	Supplier string         `yaml:"supplier"`
	Service  string         `yaml:"service"`
	Month    calendar.Month `yaml:"month"`
	Kind     string         `yaml:"kind" words:"debt penalty advance"`
	Amount   Roubles        `yaml:"amount"`
}

// Subsidy is a family asking for a subsidy (ЖК РФ ст. 159).
type Subsidy struct {
	Persons  int             `yaml:"persons"`
	Standard Roubles         `yaml:"standard"`    // of a member a month; of the household when Whole
	Income   Roubles         `yaml:"income"`      // of the family a month
	Minimum  Roubles         `yaml:"subsistence"` // of a person
	Share    decimal.Decimal `yaml:"share"`       // percent
	Expenses Roubles         `yaml:"expenses"`    // actual; none is no cap
}

// Meeting is a general meeting of owners.
type Meeting struct {
	Area         decimal.Decimal `yaml:"area"`
	Participants decimal.Decimal `yaml:"participants"`
	Questions    []Question      `yaml:"questions"`
}

// Question is one question and the votes for it.
type Question struct {
	Name string          `yaml:"name"`
	Rule string          `yaml:"rule"` // majority, half_of_all, two_thirds, unanimous
	For  decimal.Decimal `yaml:"for"`
}

// Resolution is an expected outcome.
type Resolution struct {
	Quorum   *bool  `yaml:"quorum"`
	Question string `yaml:"question"`
	Carried  *bool  `yaml:"carried"`
}

// Collection is the money of a month.
type Collection struct {
	Charged  Roubles `yaml:"charged"`
	Received Roubles `yaml:"received"`
	Old      Roubles `yaml:"old_debt"`
	Advance  Roubles `yaml:"advance"`
}

// Rates are expected collection rates, percent.
type Rates struct {
	Gross   *Figure `yaml:"gross"`
	Current *Figure `yaml:"current"`
}

// Plan is an instalment plan.
type Plan struct {
	Amount  Roubles         `yaml:"amount"`
	Months  int             `yaml:"months"`
	From    calendar.Month  `yaml:"from"`
	Rate    decimal.Decimal `yaml:"rate"`               // percent a year
	YearAgo Roubles         `yaml:"year_ago" least:"0"` // charged for the same month of last year
}

// PlanMonth is what is expected of a plan: the part and the interest of a month, or whether it must be offered (п. 72).
type PlanMonth struct {
	Month    calendar.Month `yaml:"month"`
	Amount   *Roubles       `yaml:"amount"`
	Interest *Roubles       `yaml:"interest"`
	Offered  *bool          `yaml:"offered"`
}
