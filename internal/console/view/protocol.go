package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Protocol is S3: what was read, what is wrong in which row, and what to do next.
type Protocol struct {
	web.Page
	File, Supplier string
	State          IntakeState
	Month          calendar.Month
	At             calendar.Micros
	By             string // who sent it
	Encoding       string
	Done, Rows     int // rows judged so far, of all

	Totals      Totals
	Compare     *Compare // with last month; nil: nothing to compare with
	Refusal     string   // IntakeRefused: why and what to do
	DuplicateOf *web.Link

	Groups []IssueGroup
	Tabs   []web.Tab // filters
	Issues []Issue
	Paging web.Paging

	ApplyTo    string // POST; empty: not now
	WithdrawTo string // POST
	ReplayTo   string // POST: judge anew after fixes
	Only       string // the one kind whose rows are shown; empty: all
	AllHref    string // back to all of them
	ExportHref string // every question as a table
	BrokenHref string // rows that were not taken, in the layout of the file
	MapHref    string // columns and roles
	Key        string
	Errors     web.Errors
}

// Totals are the three sums that must agree.
type Totals struct {
	FileSum                                      money.Amount
	HasFile                                      bool // the file prints a total
	ReadSum                                      money.Amount
	AppliedSum                                   money.Amount
	Rows, Applied, Repaired, Ignored, Quarantine int
}

// agree tells whether the file's own total is what was read.
func (t Totals) agree() bool { return !t.HasFile || t.FileSum == t.ReadSum }

// summed tells that some sum is known: a column without one says nothing.
func (t Totals) summed() bool { return t.HasFile || t.ReadSum != 0 || t.AppliedSum != 0 }

// Compare sets this file beside last month's.
type Compare struct {
	Month               calendar.Month
	RowsNow, RowsThen   int
	SumNow, SumThen     money.Amount
	NewAccounts, Absent int
	AbsentHref          string
}

// Severity is how much an issue hinders.
type Severity int

// Severities.
const (
	Note    Severity = iota // mended or taken as it is
	Warning                 // taken, worth a look
	Blocker                 // the row was not taken
)

func (s Severity) mark() web.State {
	return [...]web.State{
		{Word: "исправлено", Tone: web.OK},
		{Word: "пропущено", Tone: web.Warn},
		{Word: "не загружено", Tone: web.Bad},
	}[s]
}

// IssueGroup is one kind of issue in a file.
type IssueGroup struct {
	Code, Title, Advice string
	Count               int
	Severity            Severity
	Href                string // the list filtered by this kind
}

// Issue is one thing about one row.
type Issue struct {
	Place    string // «запись 1 204»
	Account  string
	Title    string
	Field    string
	Value    string // as it stands in the file
	Now      string // as it was taken; empty: not taken
	Hint     string
	Severity Severity
	Solved   string // «исправила Ольга К., сегодня в 10:12»
	FixTo    string // POST; empty: cannot be fixed here
	FixName  string // id of the issue
	FixValue string
	FixError string
}

// caption is where the file comes from, in one line.
func (v Protocol) caption() string {
	s := monthTitle(v.Month)
	if v.Supplier != "" {
		s = v.Supplier + ", " + s
	}
	if v.At != 0 {
		s += ", получен " + v.Moment(v.At)
	}
	if v.By != "" {
		s += ", " + v.By
	}
	if v.Encoding != "" {
		s += ", кодировка " + v.Encoding
	}
	return s
}

func orDash(s string) string {
	if s == "" {
		return "не приняли"
	}
	return s
}
