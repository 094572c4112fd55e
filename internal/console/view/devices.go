package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Devices is the centre's page of devices: those in trouble first, and messages nobody could read.
type Devices struct {
	web.Page
	ReplayTo, Key string // '' may not
	Told          string
	Total, Silent int
	Low           int
	Rows          []DeviceRow
	Unread        []UnreadRow
}

// DeviceRow is one device.
type DeviceRow struct {
	ID, Name, Profile, Meter, Figure, Battery string
	State                                     web.State
	LastAt                                    calendar.Micros
	Odd                                       []OddFigure
}

// OddFigure is a figure that is asked about: one press takes it.
type OddFigure struct {
	Value, Says       string
	Channel, Measured string // as the form names it
}

// UnreadRow is a message that could not be read.
type UnreadRow struct {
	At                   calendar.Micros
	Reason, Topic, Lines string
}
