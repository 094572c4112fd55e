package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Check is P3: is this paper real?
type Check struct {
	web.Page
	Number, Code string
	INN, Account string
	AskCode      bool // the number is of a bill: its code is asked for too
	Errors       web.Errors
	Found        *CheckedDocument
	Unknown      bool
	Payee        *CheckedPayee
	ReportHref   string
}

// CheckedDocument is what may be told of a document to anybody who holds it.
type CheckedDocument struct {
	State                  web.State // genuine, replaced, withdrawn
	Title, Number, Address string
	Period, SumName        string
	Sum                    money.Amount
	HasSum                 bool
	At, EndedAt            calendar.Micros
	Newer, Reason, Digest  string
}

// CheckedPayee is what may be told of bank details.
type CheckedPayee struct {
	Name  string
	Ours  bool
	Known bool
	Until calendar.Micros
}

// ForgeryReport is the form of a paper thought forged.
type ForgeryReport struct {
	web.Page
	Key                                    string
	Number, INN, Account, Comment, Contact string
	Errors                                 web.Errors
	Done                                   bool
	Report                                 string // its number
}
