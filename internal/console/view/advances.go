package view

import (
	"kvit/internal/money"
	"kvit/internal/web"
)

// Advances lists money paid ahead to suppliers that are no longer on the bills.
type Advances struct {
	web.Page
	Tabs     []web.Tab
	Rows     []AdvanceRow
	SettleTo string // empty: may look only
	Settled  bool
}

// AdvanceRow is the advance of one account.
type AdvanceRow struct {
	Supplier, Account string // code and number
	Why               string // «поставщик ушёл», «услуги закончились»
	Sum, Asked        money.Amount
	Way               string // what the catalogue says
	Parts             []AdvancePart
	Key               string // of the form
}

// AdvancePart is what goes to another account.
type AdvancePart struct {
	To, Service string
	Sum         money.Amount
}
