package casefile

import (
	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Given is the supplier's own charge.
type Given struct {
	Volume decimal.Decimal `yaml:"volume"`
	Amount Roubles         `yaml:"amount"`
}

// MonthVolumes are volumes by month; a number is that of the case's month.
type MonthVolumes []ZoneVolume

// UnmarshalYAML reads a number or a mapping of months.
func (v *MonthVolumes) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		*v = MonthVolumes{{}}
		return n.Decode(&(*v)[0].Volume)
	}
	return byMonth(n, func(m calendar.Month, d decimal.Decimal) { *v = append(*v, ZoneVolume{Month: m, Volume: d}) })
}

// byMonth reads a mapping of months to numbers.
func byMonth(n *yaml.Node, add func(calendar.Month, decimal.Decimal)) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		var month calendar.Month
		var value decimal.Decimal
		if err := n.Content[i].Decode(&month); err != nil {
			return at(n.Content[i], "%v", err)
		}
		if err := n.Content[i+1].Decode(&value); err != nil {
			return at(n.Content[i+1], "%v", err)
		}
		add(month, value)
	}
	return nil
}

// ZoneVolume is a zone's volume of a month, the case's by default.
type ZoneVolume struct {
	Month  calendar.Month  `yaml:"month"`
	Zone   string          `yaml:"zone" words:"all day night peak half_peak"`
	Volume decimal.Decimal `yaml:"volume" least:"0"`
}

// Meter is an individual meter.
type Meter struct {
	ID        string         `yaml:"id"`
	Installed calendar.Date  `yaml:"installed"`
	Removed   calendar.Date  `yaml:"removed"`
	Digits    uint8          `yaml:"digits"`
	Until     calendar.Date  `yaml:"verified_until"`
	Verified  []Verification `yaml:"verified"`
	Failed    calendar.Date  `yaml:"failed"`
	GasFactor GasFactors     `yaml:"gas_factor"`
	Readings  []Reading      `yaml:"readings"`
	Recorded  calendar.Date  `yaml:"recorded"`
}

// Verification is a time for which a meter is verified.
type Verification struct {
	From     calendar.Date `yaml:"from"`
	Until    calendar.Date `yaml:"until"`
	Recorded calendar.Date `yaml:"recorded"`
}

// GasFactors are coefficients by month; a number is one of all months.
type GasFactors []GasFactor

// GasFactor is the coefficient of a month; 0 is any.
type GasFactor struct {
	Month calendar.Month
	Value decimal.Decimal
}

// UnmarshalYAML reads a number or a mapping of months.
func (g *GasFactors) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*g = GasFactors{{}}
		return n.Decode(&(*g)[0].Value)
	}
	return byMonth(n, func(m calendar.Month, d decimal.Decimal) { *g = append(*g, GasFactor{Month: m, Value: d}) })
}

// Reading is an accepted figure.
type Reading struct {
	Date     calendar.Date   `yaml:"date" need:"yes"`
	Zone     string          `yaml:"zone" words:"all day night peak half_peak"`
	Value    decimal.Decimal `yaml:"value" need:"yes" least:"0"`
	Initial  bool            `yaml:"initial"`
	Control  bool            `yaml:"control"` // read by the supplier's inspector
	Recorded calendar.Date   `yaml:"recorded"`
}

// Pasts are months charged before; a mapping of months to volumes is volumes by meter.
type Pasts []Past

// Past is one month charged before.
type Past struct {
	Month  calendar.Month  `yaml:"month" need:"yes"`
	Zone   string          `yaml:"zone" words:"all day night peak half_peak"`
	Method string          `yaml:"method" words:"meter average normative"` // meter by default
	Volume decimal.Decimal `yaml:"volume"`
	Amount Roubles         `yaml:"amount"`
}

// UnmarshalYAML reads a mapping or a list.
func (p *Pasts) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return n.Decode((*[]Past)(p))
	}
	return byMonth(n, func(m calendar.Month, d decimal.Decimal) { *p = append(*p, Past{Month: m, Volume: d}) })
}

// Act is an act about a meter.
type Act struct {
	Date     calendar.Date   `yaml:"date" need:"yes"`
	Act      string          `yaml:"act" need:"yes" words:"refusal repeat_refusal check unauthorised tampering impossible"`
	Volume   decimal.Decimal `yaml:"volume" least:"0"`
	Power    decimal.Decimal `yaml:"power" least:"0"`
	Days     int32           `yaml:"days" least:"0"`
	Since    calendar.Date   `yaml:"since"`
	Factor   decimal.Decimal `yaml:"factor"`
	Recorded calendar.Date   `yaml:"recorded"`
}

// Event is a breach of quality.
type Event struct {
	Event    string           `yaml:"event" need:"yes" words:"outage temperature pressure pressure_far composition voltage delay"`
	Date     calendar.Date    `yaml:"date"`
	Hours    decimal.Decimal  `yaml:"hours" least:"0"`
	Longest  decimal.Decimal  `yaml:"longest" least:"0"`
	Value    *decimal.Decimal `yaml:"value"`
	Norm     decimal.Decimal  `yaml:"norm"`
	Night    bool             `yaml:"night"`
	Corner   bool             `yaml:"corner"`
	Case     string           `yaml:"circumstance"`
	Days     int32            `yaml:"days" least:"0"`
	Recorded calendar.Date    `yaml:"recorded"`
}

// Object is something on a plot.
type Object struct {
	Object   string          `yaml:"object"`
	Count    decimal.Decimal `yaml:"count" need:"yes" least:"0"`
	Recorded calendar.Date   `yaml:"recorded"`
}

// Instalment is a sum put off to a month.
type Instalment struct {
	Month    calendar.Month `yaml:"month" need:"yes"`
	Amount   Roubles        `yaml:"amount"`
	Interest Roubles        `yaml:"interest"`
}

// Fine is a charge found too high, for which the supplier pays half of the excess.
type Fine struct {
	Month     calendar.Month `yaml:"month"` // whose bill it is taken off; the case's when not said
	Excess    Roubles        `yaml:"overcharged" need:"yes" least:"0"`
	Applied   calendar.Date  `yaml:"applied"`
	Corrected calendar.Date  `yaml:"corrected"`
	Recorded  calendar.Date  `yaml:"recorded"`
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
