package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Documents are the documents made for households: those made last, or the one of a number.
type Documents struct {
	web.Page
	Query   string
	Errors  web.Errors
	Rows    []DocumentRow
	Waiting []DocumentWait
	Reports int // of papers thought forged, not judged yet
}

// DocumentRow is a document in the list.
type DocumentRow struct {
	Number, Href, Title, Period, Subscriber, SubscriberHref, By string
	At                                                          calendar.Micros
	State                                                       web.State
}

// DocumentWait is a document that waits for a supplier.
type DocumentWait struct {
	Title, SubscriberHref, Supplier, Phone string
	At                                     calendar.Micros
	AnswerBy                               calendar.Date
	Late                                   bool
}

// Document is one document as the centre sees it.
type Document struct {
	web.Page
	DocumentRow
	Lead, Digest, PDFHref, CheckHref string
	Reason, EndedBy                  string
	EndedAt                          calendar.Micros
	Newer, NewerHref                 string
	WithdrawTo, Key, Typed           string
	Errors                           web.Errors
}

// Forgeries are reports of papers thought forged.
type Forgeries struct {
	web.Page
	Tabs    []web.Tab
	Rows    []ForgeryRow
	JudgeTo string
	Errors  web.Errors
}

// ForgeryRow is one report.
type ForgeryRow struct {
	ID, Number, INN, Account, Comment, Contact, PhotoHref string
	At                                                    calendar.Micros
	State                                                 web.State
	Answer, DecidedBy                                     string
	Open                                                  bool
}
