package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Documents is R12: what can be made, what was made, and whether bills come on paper.
type Documents struct {
	web.Page
	Action, Key string
	Kinds       web.Choices
	From, To    web.Choices
	Suppliers   web.Choices // without items when there is one supplier only
	Errors      web.Errors
	Refused     *DocumentRefused
	Waiting     []DocumentWaiting
	Rows        []DocumentRow
	Bills       []BillFiles
	Paperless   bool
	PaperHref   string
}

// DocumentRefused is why a document is not made, and what to do.
type DocumentRefused struct {
	Why      string
	Debts    []DocumentDebt
	AnswerBy calendar.Date // of the supplier who is waited for; 0 is none
	PayHref  string
}

// DocumentDebt is what stands in the way of a certificate.
type DocumentDebt struct {
	Supplier, Account string
	Since             calendar.Month
	Sum, Penalty      money.Amount
}

// DocumentWaiting is a document that waits for a supplier.
type DocumentWaiting struct {
	Title, Supplier string
	AnswerBy        calendar.Date
}

// DocumentRow is a document made before.
type DocumentRow struct {
	Title, Period, Number, Href, PDFHref string
	At                                   calendar.Micros
	State                                web.State
}

// BillFiles are the files of an issued bill.
type BillFiles struct {
	Month                 calendar.Month
	Number                string
	Href, PDF, Large, XML string
	State                 web.State
}

// DocumentTable is a table of a document; the last Numbers columns are figures, the last row of a Total one sums up.
type DocumentTable struct {
	Title, Empty string
	Columns      []string
	Numbers      int
	Rows         [][]string
	Total        bool
}

// figure tells whether a column is one of figures.
func (t *DocumentTable) figure(i int) bool { return i >= len(t.Columns)-t.Numbers }

// body are the rows without the total.
func (t *DocumentTable) body() [][]string {
	if t.Total && len(t.Rows) > 0 {
		return t.Rows[:len(t.Rows)-1]
	}
	return t.Rows
}

// total is the row that sums up; nil when there is none.
func (t *DocumentTable) total() []string {
	if !t.Total || len(t.Rows) == 0 {
		return nil
	}
	return t.Rows[len(t.Rows)-1]
}

// Document is one document: its file, its code, and what it says.
type Document struct {
	web.Page
	Number, Digest       string
	At                   calendar.Micros
	State                web.State
	Reason               string // why it was withdrawn
	Newer, NewerHref     string
	Address, Payer, Lead string
	Facts                [][2]string
	Tables               []DocumentTable
	Notes                []string
	PDFHref, LargeHref   string
	CheckHref            string
	MailTo, Key          string // without MailTo nobody sends mail
	Mailed, Fresh        bool
	Back                 string
}

// PaperChoice is the page of bills without paper.
type PaperChoice struct {
	web.Page
	Action, Key string
	Text        string
	Version     string
	Given       bool
	Since       calendar.Micros
	Errors      web.Errors
	Told        string
	Back        string
}
