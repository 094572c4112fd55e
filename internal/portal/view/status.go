package view

import (
	"fmt"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/web"
)

// ServiceStatus is P8: is the service all right.
type ServiceStatus struct {
	web.Page
	State      web.State
	Says       string // the whole in one sentence
	Incidents  []StatusIncident
	Past       []StatusIncident
	Components []StatusComponent
	SeenAt     calendar.Micros // when the parts were last looked at; 0: never
	Subscribe  *StatusSubscribe
}

// StatusSubscribe is the form that asks for news by mail; nil: there is no mail.
type StatusSubscribe struct {
	Action, Address string
	Sent            bool // a letter went, or would have gone to who is new
	Errors          web.Errors
}

// StatusStep is a page of one button: news are wanted, or not any more.
type StatusStep struct {
	web.Page
	Action, Text, Button string
	Done                 string // what was done; '' not yet
}

// StatusIncident is something wrong, in the centre's words.
type StatusIncident struct {
	Title              string
	State              web.State
	Began, Ended, Next calendar.Micros // Ended 0: it goes on; Next 0: nothing is promised
	News               []StatusNews
}

// StatusNews is one thing told of it.
type StatusNews struct {
	Text string
	At   calendar.Micros
}

// StatusComponent is a part of the service and its last days, the oldest first.
type StatusComponent struct {
	Title, Note string
	State       web.State
	Share       string // «99,95 %» of the time it worked; empty: not watched yet
	Days        []StatusDay
}

// StatusDay is how a day went: the tone of its worst time, Quiet when nobody watched.
type StatusDay struct {
	Day  calendar.Date
	Tone web.Tone
}

// Geometry of the picture of days, in units of its box: a bar is higher the worse the day was.
const (
	statusStep = 6
	statusBar  = 4
	statusHigh = 24
)

// width is the box's.
func (c *StatusComponent) width() string {
	return fmt.Sprintf("0 0 %d %d", len(c.Days)*statusStep, statusHigh)
}

// bars are the days of one tone as a path.
func (c *StatusComponent) bars(tone web.Tone, height int) string {
	var b strings.Builder
	for i := range c.Days {
		if c.Days[i].Tone == tone {
			fmt.Fprintf(&b, "M%d %dh%dv%dh-%dz", i*statusStep, statusHigh-height, statusBar, height, statusBar)
		}
	}
	return b.String()
}

// bad are the days that were not all right, the newest first.
func (c *StatusComponent) bad() (list []StatusDay) {
	for i := len(c.Days) - 1; i >= 0; i-- {
		if t := c.Days[i].Tone; t == web.Warn || t == web.Bad {
			list = append(list, c.Days[i])
		}
	}
	return list
}

// watched is on how many days somebody looked.
func (c *StatusComponent) watched() (n int) {
	for i := range c.Days {
		if c.Days[i].Tone != web.Quiet {
			n++
		}
	}
	return n
}

// words are what a tone says of a day.
func (d *StatusDay) words() string {
	if d.Tone == web.Bad {
		return "не работало"
	}
	return "с перебоями"
}
