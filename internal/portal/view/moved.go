package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Moved tells a resident that another settlement centre serves the house.
type Moved struct {
	web.Page
	Centre string
	From   calendar.Date
	Link   string // of the live bill there; '' while the house is on its way
}
