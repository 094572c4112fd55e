// Package losses sets what a house used by its own meter beside what its flats were charged for: the difference by house,
// service and month, what is odd about it, and the flats that stand out.
//
// Owns: nothing stored; every figure is counted when it is asked for. Does not own: what a house used and what flats
// have (charge/fact), what was charged (charge).
//
// Invariants: house = flats + other premises + own use + common property + loss; a month that was charged goes by its
// lines, one that was not by the facts so far and is marked preliminary; a resident and open data get totals of the house
// only; a supplier gets the services it sells in the house and flats of its own accounts.
package losses

import (
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Quantity is a volume in texts for programs: "1240.5".
type Quantity decimal.Decimal

// MarshalText writes the number.
func (q Quantity) MarshalText() ([]byte, error) { return []byte(decimal.Decimal(q).String()), nil }

// Dec is the quantity as an exact decimal.
func (q Quantity) Dec() decimal.Decimal { return decimal.Decimal(q) }

// Month is what became of a service's resource in a house in a month. Loss and its parts are there when the house has a
// figure of its own.
type Month struct {
	Month          string        `json:"month"`
	Preliminary    bool          `json:"preliminary"` // not charged yet: counted from what is known so far
	House          *Quantity     `json:"house"`       // by the house meter; null: no figure
	Metered        Quantity      `json:"metered"`     // flats by their meters and by volumes suppliers report
	Averaged       Quantity      `json:"averaged"`    // flats by average
	Normative      Quantity      `json:"normative"`   // flats by normative
	Other          Quantity      `json:"other"`       // flats as their supplier charged them, or in another way
	Common         Quantity      `json:"common"`      // charged to flats for common property
	NonResidential Quantity      `json:"nonResidential"`
	OwnUse         Quantity      `json:"ownUse"` // to make heat or hot water
	Loss           *Quantity     `json:"loss"`   // what nobody was charged for; below zero: charged more than the house used
	LossPercent    string        `json:"lossPercent,omitempty"`
	LossSum        *money.Amount `json:"lossSum"`            // at what the flats paid on average; null: the price is not known
	Gap            string        `json:"gap,omitempty"`      // why the house's own meters did not measure it: unread, failed, unverified
	Told           *Quantity     `json:"told,omitempty"`     // the volume a supplier told, where the house's own meters measured it too
	Reported       bool          `json:"reported,omitempty"` // flats as the house's own register sums them up: Kvit has none

	paid   money.Amount // for the volume of flats
	broken bool         // the house meter is out of order
	told   bool         // flats have figures of their own
}

// Flats is what all flats used together.
func (m *Month) Flats() Quantity { return m.Metered + m.Averaged + m.Normative + m.Other }

// Anomaly is something odd about a service of a house.
type Anomaly struct {
	Code string `json:"code"` // negative, jump, no_reading, meter_broken, meter_unverified, high, above_normative, told_differs, night_flow
	Says string `json:"says"`
	Why  string `json:"why,omitempty"` // the flats that may be why
}

// Service is one resource of a house: the month asked for and the thirteen that end with it.
type Service struct {
	Service    string    `json:"service"`
	Name       string    `json:"name"`
	Unit       string    `json:"unit"` // m3, kWh, Gcal
	Now        Month     `json:"now"`
	CommonNorm *Quantity `json:"commonNorm,omitempty"` // what the normative gives the house for its common property
	Night      []Night   `json:"night,omitempty"`      // what ran at night, where devices tell it by the hour
	Trend      []Month   `json:"trend"`
	Says       string    `json:"says"`
	Anomalies  []Anomaly `json:"anomalies"`
}

// Flat is a flat that stands out, and why.
type Flat struct {
	Flat     string   `json:"flat"`
	Supplier string   `json:"supplier"`
	Account  string   `json:"account"`
	Service  string   `json:"service"`
	Code     string   `json:"code"` // above_own, below_own, above_others, no_readings, verification, zero
	Volume   Quantity `json:"volume"`
	Says     string   `json:"says"`
	Apart    Quantity `json:"apart"` // how far from what is usual: above zero more

	Household int64 `json:"-"`
	account   int64
}

// Balance is a house in a month.
type Balance struct {
	Code     string    `json:"code"`
	Address  string    `json:"address"`
	Month    string    `json:"month"`
	Services []Service `json:"services"`
	Flats    []Flat    `json:"flats,omitempty"`
}

// Loss is one service of one house in a list of houses.
type Loss struct {
	Code    string `json:"code"`
	Address string `json:"address"`
	Service string `json:"service"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Month

	building int64
}
