package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Home is S1: what waits for the supplier's operator.
type Home struct {
	web.Page
	Supplier  string
	Blocked   string // why nothing can be loaded; empty: all is well
	Waits     []Wait // empty: all done
	CloseOn   calendar.Date
	DaysLeft  int
	Month     calendar.Month
	PaidToday money.Amount
	PaidCount int
	Intakes   []IntakeRow // the latest
	UploadTo  string
}

// Wait is work that waits for a person: a figure, what it is, where to do it.
type Wait struct {
	Title, Text, Href string
	Count             int
	Tone              web.Tone
}

// mark says in a word how urgent a wait is.
func (w Wait) mark() web.State {
	switch {
	case w.Count == 0:
		return web.State{Word: "чисто", Tone: web.OK}
	case w.Tone == web.Bad:
		return web.State{Word: "стоит", Tone: web.Bad}
	case w.Tone == web.Warn:
		return web.State{Word: "ждёт решения", Tone: web.Warn}
	}
	return web.State{Word: "к сведению", Tone: web.Info}
}

// IntakeState is how far a file has come.
type IntakeState int

// States of S2 and S3.
const (
	IntakeReceived  IntakeState = iota
	IntakeReading               // rows are being judged
	IntakeUnknown               // no profile fits: columns must be named
	IntakeJudged                // tried without applying; waits for a decision
	IntakeApplied               // figures are on bills
	IntakeRefused               // nothing changed
	IntakeDuplicate             // the same bytes came before
	IntakeWithdrawn             // taken back by the supplier
)

// Mark is the state in a word, the same everywhere.
func (s IntakeState) Mark() web.State {
	return [...]web.State{
		{Word: "получен", Tone: web.Info},
		{Word: "читаем", Tone: web.Info, Icon: "clock"},
		{Word: "нужны столбцы", Tone: web.Warn},
		{Word: "ждёт решения", Tone: web.Warn},
		{Word: "загружен", Tone: web.OK},
		{Word: "не принят", Tone: web.Bad, Icon: "cross"},
		{Word: "повтор", Tone: web.Quiet, Icon: "back"},
		{Word: "отозван", Tone: web.Quiet, Icon: "back"},
	}[s]
}

// IntakeRow is a file in a list.
type IntakeRow struct {
	File, Href, Supplier string
	Month                calendar.Month
	At                   calendar.Micros
	State                IntakeState
	Rows, Issues         int
	Sum                  money.Amount
}

// sumsKnown tells that a list of files has sums to show.
func sumsKnown(rows []IntakeRow) bool {
	for i := range rows {
		if rows[i].Sum != 0 {
			return true
		}
	}
	return false
}

// Intakes is S2: files of the supplier and the place to drop a new one.
type Intakes struct {
	web.Page
	Rows       []IntakeRow
	Paging     web.Paging
	Tabs       []web.Tab
	UploadTo   string // POST; empty: may only look
	Key        string
	Errors     web.Errors
	WithOwners bool // the centre sees whose file it is
}

// Guess is the step between a file nobody has seen the like of and its dry run: every column gets a role.
type Guess struct {
	web.Page
	File      string
	Container string // «DBF, кодировка cp866, 14 402 записи»
	Known     bool   // the columns are those of the supplier's earlier file
	Columns   []GuessColumn
	Months    []web.Choice // asked for when the file does not say its month
	Rows      int
	Sum       money.Amount // of the column taken for the sum due
	SumKnown  bool
	Errors    web.Errors
	Action    string // POST
	Key       string
}

// GuessColumn is a column of the file with the role it was taken for.
type GuessColumn struct {
	Name    string // of the select
	Title   string // as the file names it
	Samples []string
	Roles   []web.Choice
	Error   string
}

// Day is a day of S5: what was collected for the supplier.
type Day struct {
	On                   calendar.Date
	Count                int
	Collected, Refunded  money.Amount
	State                web.State
	Register, PaymentsTo string // download; list behind the sum
}

// Days is S5 in this release: payments by day with the register of each.
type Days struct {
	web.Page
	Range  web.DayRange
	Action string
	Errors web.Errors
	Days   []Day
	Export string
}

func (d Days) total() (t Day) {
	for _, one := range d.Days {
		t.Count += one.Count
		t.Collected += one.Collected
		t.Refunded += one.Refunded
	}
	return t
}
