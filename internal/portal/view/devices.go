package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Devices is R16: the meters that send their figures by themselves.
type Devices struct {
	web.Page
	Action, Key string
	Rows        []DeviceRow
	Meters      []web.Choice // a new device may be put on
	Told        string
	Errors      web.Errors
	Code        string // as it was typed
}

// DeviceRow is one device.
type DeviceRow struct {
	ID      string // outside
	Title   string
	Place   string
	State   web.State
	Battery string
	LastAt  calendar.Micros // 0: never heard of
	Figures []DeviceFigure
	Odd     []OddFigure
}

// DeviceFigure is the latest figure of a channel.
type DeviceFigure struct {
	Meter, Value string
	At           calendar.Micros
	Says         string // why it did not become a reading
}

// OddFigure is a figure that is asked about: one press takes it.
type OddFigure struct {
	Meter, Value, Says string
	At                 calendar.Micros
	Channel, Measured  string // as the form names it
}
