package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Start is P1: begin in one field. With AskCode the number is known and the code of the bill is asked for.
type Start struct {
	web.Page
	Number  string
	Code    string
	For     string // what the person came for: «readings»; empty is to pay
	AskCode bool
	Errors  web.Errors
	Known   *Known // a device that was here before
	Tiles   []Tile
}

// Known is the home this device opened last; the address is masked unless the person is signed in.
type Known struct {
	Address, Href string
	ForgetTo      string // where the wish to forget it is sent; empty hides it
}

// ForReadings is what a person came for when it is not to pay.
const ForReadings = "readings"

// Tile is a large link with a sign.
type Tile struct{ Title, Text, Href, Icon string }

// QuickState is the state of a bill opened by its code.
type QuickState int

// States of P2.
const (
	QuickOpen QuickState = iota
	QuickPaid
	QuickReplaced // the paper is of an earlier bill
	QuickExpired  // the code was renewed since the paper was printed
	QuickWrong    // no such code; whether there ever was one is not told
)

// QuickBill is P2: a bill by its code, without names of people.
type QuickBill struct {
	web.Page
	State      QuickState
	Address    string // masked: «ул. Л***, 12, кв. *5»
	Month      calendar.Month
	Due        money.Amount
	Disputed   money.Amount // of Due: left out of the payment while it is checked
	DueOn      calendar.Date
	Recipients []Recipient
	Lines      []QuickLine
	Pay        *PayForm // the whole bill at once; nil: nothing to pay, or locked
	PayHref    string   // the page of other ways: a part, a sum, ahead
	Waiting    *Waiting
	Duplicate  *Duplicate
	NewerHref  string
	ReadHref   string // to give readings; empty: there are no meters
	SaveHref   string // to sign in and keep the account
}

// QuickLine is a service and its sum.
type QuickLine struct {
	Service, Supplier string
	Due               money.Amount
}

// Recipient is who gets money and how much of it. Bank details are empty when the supplier has not given them.
type Recipient struct {
	Name, INN, Bank, BIC, Account string
	Sum                           money.Amount
	Changed                       calendar.Date // bank details changed on this day; zero: as last month
}

// tail is the end of a bank account, enough to compare with paper.
func (r Recipient) tail() string {
	if len(r.Account) < 4 {
		return ""
	}
	return "…" + r.Account[len(r.Account)-4:]
}

// details are what a person compares with paper.
func (r Recipient) details() string {
	if r.Account == "" {
		return "Реквизиты поставщик ещё не передал, QR-кода для него нет"
	}
	s := "ИНН " + r.INN + ", счёт " + r.tail()
	if r.Bank != "" {
		s += ", " + r.Bank
	}
	return s
}
