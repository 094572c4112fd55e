package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Copies is the page of copies, and of what is to be done after a return to one.
type Copies struct {
	web.Page
	On      bool            // the server makes copies
	Late    bool            // the last good one is too old
	Trouble string          // why
	Dir     string          // where they go
	WholeAt calendar.Micros // 0: none yet
	LastAt  calendar.Micros
	Return  *CopyReturn // nil: the data were never returned
	Errors  web.Errors
}

// CopyReturn is a return of the data to an earlier moment.
type CopyReturn struct {
	No              string
	DataAt, UntilAt calendar.Micros
	Steps           []CopyStep
	Finished        bool
	Step            string // to do now
	DoneTo, Key     string // POST; empty: the actor does not, or a command does
	Choices         []web.Choice
}

// CopyStep is a step after a return.
type CopyStep struct {
	Title, Hint, Command, Holds, By string
	At                              calendar.Micros
	State                           web.State
	Now                             bool
}
