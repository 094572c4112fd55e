package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// DeskFind is K1: one field for a number, an address, or what a scanner reads.
type DeskFind struct {
	web.Page
	Query, Error string
	Groups       []FindGroup
	Searched     bool
	NoShift      bool
}

// DeskAccount is K2: what is due and what the clerk should know.
type DeskAccount struct {
	web.Page
	Address, Household string
	Total, Advance     money.Amount
	DueOn              calendar.Date
	Lines              []DeskLine
	Meters             []DeskMeter // whose figures of the month have not come
	Key                string
	Taken              *web.Link // the receipt of figures taken just now
	Notes              []string
	Checks             []string // what to compare with the person before telling him anything
	PayHref, SumHref   string   // empty: no shift is open
	ReadingsHref       string
	PrintHref          string
	ShiftHref          string
}

// DeskMeter is a meter with the fields of its figures.
type DeskMeter struct {
	Title, Serial string
	Fields        []web.Field
}

// DeskLine is what one account owes.
type DeskLine struct {
	Supplier, Account string
	Due               money.Amount
}

// DeskPay is K3: the sum, who gets how much, what was given and what goes back.
type DeskPay struct {
	web.Page
	Address, Back    string
	Debt             money.Amount
	Action           string // GET chooses, POST takes
	Mode, Sum, Given string
	Contact          string
	Errors           web.Errors
	Split            []SplitRow
	Total, Left      money.Amount
	Advance          money.Amount
	GivenSum, Change money.Amount
	Identify         bool // the sum asks for a document
	Duplicate        string
	Key              string
	Ready            bool // the split is shown, cash may be taken
}

// SplitRow is what one account gets.
type SplitRow struct {
	Supplier, Service, Account string
	Pay                        money.Amount
}

// DeskReceipt is K4: the slip, and giving back.
type DeskReceipt struct {
	web.Page
	Centre, Phone string
	Number, Clerk string
	At            calendar.Micros
	Address       string
	Split         []SplitRow
	Sum           money.Amount
	Given, Change money.Amount
	Kind          string // what the movement is, when it is no payment
	Undone        string // number of the movement that gave it back
	UndoTo, Key   string // POST; empty: may not
	Reason        string
	Errors        web.Errors
	Fiscal        []DeskFiscal
	NoFiscal      string
	NextHref      string
}

// DeskFiscal is a cash receipt on the slip.
type DeskFiscal struct {
	Title, FN, FD, FP, At, QR string
	State                     web.State
}

// DeskShift is K5, and the report of a shift that is closed.
type DeskShift struct {
	web.Page
	None                    bool // no shift is open: the form opens one
	Name, Clerk, Desk       string
	OpenedAt, ClosedAt      calendar.Micros
	Rows                    []DeskSum
	Movements               []DeskMovement
	Expected                money.Amount
	Mine                    bool // forms are shown
	Key                     string
	Errors                  web.Errors
	Cash, Note              string // typed when opening
	Counted, Handed, Reason string // typed when closing
	MoveSum, MoveNote       string
	Asked                   bool // the close was asked and has a difference
	ReportHref              string
	Rests                   string // what the shift before left
}

// DeskSum is a row of the count.
type DeskSum struct {
	Title string
	Sum   money.Amount
	Total bool
}

// DeskMovement is a movement of cash.
type DeskMovement struct {
	Number, Kind, Href, Note string
	At                       calendar.Micros
	Sum                      money.Amount
}

// DeskShifts is the list of shifts.
type DeskShifts struct {
	web.Page
	Rows []DeskShiftRow
}

// DeskShiftRow is one shift.
type DeskShiftRow struct {
	Name, Href, Clerk           string
	OpenedAt                    calendar.Micros
	State                       web.State
	Taken, Returned, Difference money.Amount
	Reason                      string
}

func (m *DeskMeter) caption() string {
	if m.Serial == "" {
		return m.Title
	}
	return m.Title + ", № " + m.Serial
}
