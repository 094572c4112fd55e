package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Status is what the centre tells of the service: incidents, and messages on the first page.
type Status struct {
	web.Page
	Components []StatusComponent
	Incidents  []StatusIncident
	Messages   []StatusMessage
	TellTo     string // where the forms are sent; empty hides them
	Key        string
	Failed     string // the form that came back: begin, say, or the id of an incident; ids of its fields begin with it
	Errors     web.Errors

	Title, Text, State string // as they were typed
	Next, From, Until  string
}

// StatusComponent is a part of the service as it was found.
type StatusComponent struct {
	Title, Note string
	State       web.State
	Since       calendar.Micros
}

// StatusIncident is one that goes on.
type StatusIncident struct {
	ID, Title   string
	State       web.State
	Began, Next calendar.Micros
	News        []StatusNews
}

// StatusNews is one thing told of it.
type StatusNews struct {
	Text string
	At   calendar.Micros
}

// StatusMessage stands on the first page, or will.
type StatusMessage struct {
	ID, Title, Text string
	From, Until     calendar.Micros
}

// typed is a value of the form that came back; the other forms stay as they are.
func (v *Status) typed(form, value string) string {
	if v.Failed != form {
		return ""
	}
	return value
}

// promise is when the next news were promised.
func (v *Status) promise(at calendar.Micros) string {
	if at == 0 {
		return ""
	}
	return ", новости обещали " + v.Moment(at)
}
