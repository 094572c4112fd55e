package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Appeals is the queue of what residents ask to have checked, the nearest term first.
type Appeals struct {
	web.Page
	Tabs   []web.Tab
	Rows   []AppealRow
	Centre bool // the suppliers are named
}

// AppealRow is one appeal of the queue.
type AppealRow struct {
	Number, Href, What, Account, Supplier, Reason string
	Sum                                           money.Amount
	AnswerBy                                      calendar.Date // zero: answered
	Late                                          bool
	State                                         web.State
}

// Appeal is one appeal with what is needed to answer it.
type Appeal struct {
	web.Page
	AppealRow
	Month           calendar.Month
	Words           string
	Clause          string
	Round           string
	Aside           bool
	Photos          []string
	Facts           []Fact
	Digest          string
	SubscriberHref  string // of the centre; ” for suppliers
	FactsHref       string
	Outcome, Answer string
	Change          money.Amount
	ShowsIn         calendar.Month
	Shown           money.Amount
	ShownIn         calendar.Month
	ShownSource     string
	Steps           []AppealStep
	AnswerTo, Key   string // ” nobody has to answer, or the actor may not
	MayAccept       bool
	Templates       []web.Link
	Outcomes        web.Choices
	Text            web.Field
	ChangeField     web.Field
	Months          web.Choices
	Instead         *web.Field // why the centre answers before the term has passed; nil: it need not say
	Preview         *AppealPreview
	Errors          web.Errors
}

// Fact is a named figure.
type Fact struct{ Name, Value string }

// AppealPreview is an answer as the resident will read it.
type AppealPreview struct {
	Outcome, Text string
	Change        money.Amount
	ShowsIn       calendar.Month
	Message       string
}

// AppealStep is what was done about an appeal.
type AppealStep struct {
	Title, Words, Who string
	At                calendar.Micros
}

// shownWhere is where a correction was found.
func (v *Appeal) shownWhere() string {
	if v.ShownSource == "" {
		return "за " + v.ShownIn.Title()
	}
	return "за " + v.ShownIn.Title() + ", файл " + v.ShownSource
}
