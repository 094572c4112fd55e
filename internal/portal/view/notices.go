package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Notices is R14: what was said to a person.
type Notices struct {
	web.Page
	Tabs      []web.Tab
	Unreached bool // the last text did not come
	Rows      []NoticeRow
	Unread    int    // of all topics
	Topic     string // that is shown alone; '' all
	Action    string // of the marks
}

// NoticeRow is one message.
type NoticeRow struct {
	ID                   string
	Unread               bool
	Topic, Subject, Text string
	Way                  string // with the address as far as it may be shown
	At                   calendar.Micros
	State                web.State
	Advice               string // of one that failed
}

// NoticeSettings are how a person wants to be told.
type NoticeSettings struct {
	web.Page
	Action, Key   string
	Told          string
	Errors        web.Errors
	Ways          []string // by which he can be told now
	Topics        []NoticeTopic
	From, To      string // quiet hours
	OnlyImportant bool
	Voice, Calls  bool // wished, possible
	Agreed        bool
	PushKey       string // of the server, for browsers
	Browsers      int    // that take messages
}

// NoticeTopic is a topic with the ways it may come by.
type NoticeTopic struct {
	Title  string
	Always bool // cannot be switched off
	Ways   []web.Choice
}
