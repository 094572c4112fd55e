package view

import (
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Receipts is the queue of cash receipts: what is printed, what waits, what a person has to do.
type Receipts struct {
	web.Page
	Off       bool // no register is set
	Late      int  // not printed within a day
	Tabs      []web.Tab
	Rows      []ReceiptRow
	Rules     []ReceiptRule
	RetryTo   string // POST; empty: may only look
	Key       string
	Retried   string
	NoRules   bool
	RuleTaken bool // the rule for everybody was taken, nobody has told it
}

// ReceiptRow is one receipt.
type ReceiptRow struct {
	Number, Kind, Payment, Href string
	On                          calendar.Date
	Sum                         money.Amount
	State                       web.State
	Trouble, Advice, Fiscal     string
	Retry                       bool
}

// ReceiptRule says whether a supplier's money needs receipts.
type ReceiptRule struct{ Supplier, From, Says string }

// advises: some receipt waits for a person.
func (v *Receipts) advises() bool {
	return slices.ContainsFunc(v.Rows, func(r ReceiptRow) bool { return r.Advice != "" || r.Retry })
}
