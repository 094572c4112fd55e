package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// House is R18: what the whole house used, without anybody's own figures.
type House struct {
	web.Page
	Address  string
	Month    calendar.Month
	Months   []web.Tab
	Services []HouseService
}

// HouseService is one resource of the house.
type HouseService struct {
	Name, Says  string
	Preliminary bool
	Parts       []HousePart
	Chart       web.TrendChart
}

// HousePart is where a resource went.
type HousePart struct{ Title, Volume string }
