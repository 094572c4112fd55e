package view

import (
	"kvit/internal/money"
	"kvit/internal/web"
)

// Houses is the list of houses by what is lost in them.
type Houses struct {
	web.Page
	Action      string // of the form that chooses
	Month       string // as typed
	MonthWords  string
	Services    []web.Choice
	Rows        []HouseRow
	Total       int // of rows, those not shown included
	Preliminary bool
	Errors      web.Errors
}

// HouseRow is a service of a house.
type HouseRow struct {
	Address, Href, Service  string
	House, Flats, Loss, Per string // with units
	Sum                     *money.Amount
	State                   web.State
}

// House is the balance of one house.
type House struct {
	web.Page
	Address, Month, Action string
	Services               []HouseService
	Meters                 []MeterRow // the house's own
	NewMeter               string     // where one is put in its place; empty where whoever looks may not
	Flats                  []FlatRow
	BackHref               string
	Errors                 web.Errors
}

// HouseService is one resource of a house.
type HouseService struct {
	Name, Unit, Says string
	Preliminary      bool
	Parts            []HousePart
	Sum              *money.Amount // of the loss
	Anomalies        []string
	Nights           []string // what ran at night
	Chart            web.TrendChart
}

// HousePart is where a resource went.
type HousePart struct {
	Title, Volume string
}

// FlatRow is a flat that stands out.
type FlatRow struct {
	Flat, Href, Service, Supplier, Account, Volume, Says string
}

// HouseMeter is the form of a house's new meter.
type HouseMeter struct {
	web.Page
	Address, Action, BackHref, Key string
	Choices                        []web.Choices
	Fields                         []web.Field
	Errors                         web.Errors
}
