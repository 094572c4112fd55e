package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// DisputeForm is R6: what is wrong with a line.
type DisputeForm struct {
	web.Page
	Action, Key, Back string
	Service, Supplier string
	Account           string
	Month             calendar.Month // zero: not known
	Sum               money.Amount   // charged with the month
	Facts             []Term         // how it was computed, in short
	Reasons           web.Choices
	Words             web.Field
	Photo             web.Field
	Aside             bool
	PenaltyWords      string
	Errors            web.Errors
}

// Appeal is one appeal: before it is sent what will be sent, later what became of it.
type Appeal struct {
	web.Page
	Number               string // as people read it
	Draft                bool
	DraftUntil           calendar.Micros
	State                web.State
	Service, Supplier    string
	Account              string
	Month                calendar.Month
	Reason, Words        string
	Photos               []string // addresses
	Sum                  money.Amount
	Aside                bool
	AnswerBy             calendar.Date
	Clause               string
	Late                 bool
	LateWords            string
	PenaltyWords         string // ” when nothing is left out
	PayNow               money.Amount
	PayHref              string // ” nothing to pay
	Open                 bool
	Outcome              string // corrected, explained; ” not answered
	OutcomeWords, Answer string
	Change               money.Amount
	ShowsIn              calendar.Month
	Shown                money.Amount
	ShownIn              calendar.Month // zero: not on the bill yet
	CalcHref, BillHref   string
	Digest               string
	Action, Key          string
	MaySolve, MayReopen  bool
	ReopenBy             calendar.Date
	MayWithdraw          bool
	Again                web.Field // what is not solved
	Steps                []AppealStep
	Errors               web.Errors
}

// titled puts the state into the title of the page.
func (v *Appeal) titled() *web.Page { return &v.Page }

// AppealStep is what was done.
type AppealStep struct {
	Title, Words, Who string
	At                calendar.Micros
}

// Appeals is R13: the list.
type Appeals struct {
	web.Page
	Rows     []AppealRow
	BillHref string
}

// AppealRow is one appeal of the list.
type AppealRow struct {
	Number, Href, What, Supplier string
	Sum                          money.Amount
	AnswerBy                     calendar.Date // zero: nobody has to answer
	Late                         bool
	State                        web.State
}

// charged leads to the sum of a line.
func (v *DisputeForm) charged() string {
	if v.Month.Valid() {
		return "Начислено за " + v.Month.Title() + ":"
	}
	return "Начислено:"
}
