package view

import (
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/web"
)

// MyData is the part of R20 about a person's data: consents, who looked, his data, erasure.
type MyData struct {
	web.Page
	Action, Key string
	Consents    []ConsentRow
	Looks       []LookRow
	Export      *ExportState // nil: never asked for
	Errors      web.Errors
	Erased      bool // all is gone: the page says goodbye
}

// ConsentRow is one consent.
type ConsentRow struct {
	Code, Title, Words, After string
	Held                      bool
	Usual                     bool            // held without a word of his: he may say no
	At                        calendar.Micros // of the last word; 0: never asked
	Newer                     bool            // the wording has changed since
}

// LookRow is a staff view of the home.
type LookRow struct {
	Who, What, Why string
	At             calendar.Micros
	Times          int
}

// ExportState is how far an export has come.
type ExportState struct {
	Ready bool
	Href  string
	Until calendar.Micros
	Size  string
	Asked calendar.Micros
}

// whatTimes is what was looked at, and how often when more than once.
func (l *LookRow) whatTimes() string {
	if l.Times > 1 {
		return l.What + ", " + strconv.Itoa(l.Times) + " раз"
	}
	return l.What
}
