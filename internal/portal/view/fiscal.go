package view

import (
	"kvit/internal/money"
	"kvit/internal/web"
)

// FiscalReceipt is a cash receipt of a payment: what it says of itself, and its code for the tax service's programs.
type FiscalReceipt struct {
	Title      string
	Sum        money.Amount
	State      web.State
	FN, FD, FP string
	At         string // as the till wrote it; empty until it is printed
	URL        string // at the operator of fiscal data
	QR         string // address of its picture
}
