// Package task is what waits for a supplier's answer, whoever asks: one list with terms, those that are over first.
//
// Owns this shape and its order. Does not own: appeals (appeal), documents (statement); app puts them together for the console and
// the API.
package task

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
)

// Kinds of tasks.
const (
	Appeal   = "appeal"   // a resident's dispute, to be answered in words or by a correction
	Document = "document" // a certificate or a statement that needs his charges of a month
)

// Task is one thing that waits.
type Task struct {
	Kind     string
	Number   string // of an appeal
	Title    string
	Accounts []string // of the supplier
	Supplier int64
	AskedAt  calendar.Micros
	AnswerBy calendar.Date
	Late     bool // the term is over
}

// Sort puts tasks in the order of their terms, the nearest first, then the one asked for earlier.
func Sort(list []Task) {
	slices.SortStableFunc(list, func(a, b Task) int {
		return cmp.Or(cmp.Compare(a.AnswerBy, b.AnswerBy), cmp.Compare(a.AskedAt, b.AskedAt))
	})
}
