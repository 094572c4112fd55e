package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Notices is the log of messages to people.
type Notices struct {
	web.Page
	Tabs           []web.Tab
	Contact        string
	States, Topics []web.Choice
	Errors         web.Errors
	Figures        []NoticeFigure // of the last day
	Rows           []NoticeRow
	Older          string // the next page; '' there is none
}

// NoticeFigure is how many messages of a way came to a state.
type NoticeFigure struct {
	Way   string
	State web.State
	Count int
}

// NoticeRow is one message.
type NoticeRow struct {
	At, SentAt, NextAt calendar.Micros
	Topic, Way, Text   string
	State              web.State
	Why                string // it was not sent, or did not come
	Outside            string // the other side's id
	Tries              int
}

// Waves are messages sent at a measured pace.
type Waves struct {
	web.Page
	Tabs   []web.Tab
	May    bool // change them
	Errors web.Errors
	Rows   []WaveRow
}

// WaveRow is one wave.
type WaveRow struct {
	ID, Title, Pace, By string
	At                  calendar.Micros
	Waiting, Done       int
	Paused              bool
	State               web.State
}

// Wordings are the texts of messages.
type Wordings struct {
	web.Page
	Tabs          []web.Tab
	Rows, Waiting []WordingRow
}

// WordingRow is a text in force, proposed or refused.
type WordingRow struct {
	Name, Href, Subject, Text, By, Version string
	From                                   calendar.Date
	State                                  web.State
}

// Wording is one text with its versions, tried on homes.
type Wording struct {
	web.Page
	Tabs                []web.Tab
	Action, Key         string // Key '': may not change it
	Subject, Text, From string
	Words               []string
	Errors              web.Errors
	Versions            []WordingRow
	Tried               []Tried
}

// Tried is a text as one home would get it now.
type Tried struct{ Home, Subject, Text, Says string }

// proposed tells whether a version waits for another person.
func (r WordingRow) proposed() bool { return r.State.Tone == web.Warn }
