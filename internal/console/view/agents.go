package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Agents are the banks and networks that pay to us, with how their day goes.
type Agents struct {
	web.Page
	Rows []AgentRow
}

// AgentRow is one of them.
type AgentRow struct {
	Name, Href, Dialect   string
	State                 web.State
	Count                 int // payments dated today
	Sum                   money.Amount
	Asked, Failed, Alarms int // requests since midnight
	LastAt                calendar.Micros
}

// Agent is what one of them asked and was answered, latest first.
type Agent struct {
	web.Page
	Action, Txn string // the search for one operation
	Rows        []AgentRequest
}

// AgentRequest is a request with its answer.
type AgentRequest struct {
	At                                  calendar.Micros
	Command, Txn, Request, Answer, Code string
	State                               web.State
}
