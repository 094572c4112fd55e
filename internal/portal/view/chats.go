package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Chats are the messengers in which a resident talks to us.
type Chats struct {
	web.Page
	Bots    []ChatBot // empty: there are none here
	Linked  []Chat
	Code    string // made just now
	Minutes int    // the code lives
	Told    string
}

// ChatBot is our bot in a messenger.
type ChatBot struct {
	Messenger string
	Name      string // «@name»; empty: the messenger does not answer
}

// Chat is one that is linked.
type Chat struct {
	ID, Messenger string
	Since         calendar.Micros
}
