package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Waiting is what waits for a supplier's answer, those whose term is over first.
type Waiting struct {
	web.Page
	Centre bool // of all suppliers
	Late   int
	Rows   []WaitingRow
}

// WaitingRow is one thing that waits.
type WaitingRow struct {
	Kind, Title, Href  string // Href '': nothing to open
	Accounts, Supplier string
	AskedAt            calendar.Micros
	AnswerBy           calendar.Date
	Late               bool
}
