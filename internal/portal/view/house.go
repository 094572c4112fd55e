package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// House is R18: what the whole house used, without anybody's own figures.
type House struct {
	web.Page
	Address        string
	Month          calendar.Month
	Months         []web.Tab
	Services       []HouseService
	Totals         *HouseTotals // nil: too few flats to tell
	Compares       bool         // the resident asked to see his flat among the others
	CompareStopped bool         // he took his consent to that back
	Own            []web.QuartileChart
	Contacts       []HouseContact
}

// HouseTotals are the bills of a house together.
type HouseTotals struct {
	Month         calendar.Month
	Flats, Paid   int // Paid owe nothing
	Charged, Each money.Amount
}

// HouseContact is whom to ask.
type HouseContact struct{ Name, Phone, Note string }

// HouseService is one resource of the house.
type HouseService struct {
	Name, Says  string
	Preliminary bool
	Parts       []HousePart
	Chart       web.TrendChart
}

// HousePart is where a resource went.
type HousePart struct{ Title, Volume string }
