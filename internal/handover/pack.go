package handover

import (
	"encoding/json"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// packageFormat names the form of packages; another form is refused.
const packageFormat = "kvit-house/1"

// Package is everything of a house that its next centre needs, as of the cut. Ids are the giver's: the taker gives his own.
// Sums are kopecks.
type Package struct {
	Format     string          `json:"format"`
	Giver      Party           `json:"giver"`
	House      House           `json:"house"`
	Month      calendar.Month  `json:"month"` // the last one the giver bills
	CutAt      calendar.Micros `json:"cutAt"`
	Suppliers  []Supplier      `json:"suppliers"`
	Services   []Service       `json:"services"`
	Sources    []Source        `json:"sources"`
	Households []Household     `json:"households"`
	Accounts   []Account       `json:"accounts"`
	Facts      fact.Set        `json:"facts"`
}

// Party is a centre as the other knows it.
type Party struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Pages string `json:"pages"` // address of its pages for residents
}

// House is the house as the register has it.
type House struct {
	Code       string `json:"code"`
	GUID       string `json:"guid"`
	Postcode   string `json:"postcode"`
	Locality   string `json:"locality"`
	StreetType string `json:"streetType"`
	Street     string `json:"street"`
	Alias      string `json:"alias"`
	House      string `json:"house"`
	Letter     string `json:"letter"`
	Korp       string `json:"korp"`
	Year       int    `json:"year"`
	Floors     int    `json:"floors"`
	Flats      int    `json:"flats"`
	Cadastral  string `json:"cadastral"`
	Kind       string `json:"kind"`
}

// Supplier is known to both centres by its ИНН, or by its code where there is none.
type Supplier struct {
	ID   int64  `json:"id"`
	Code string `json:"code"`
	Name string `json:"name"`
	INN  string `json:"inn"`
	Mode string `json:"mode"` // whose figure is charged
}

// key is what both centres call the supplier in the act.
func (s *Supplier) key() string {
	if s.INN != "" {
		return s.INN
	}
	return "code:" + s.Code
}

// Service is a service as its supplier names it.
type Service struct {
	ID       int64  `json:"id"`
	Supplier int64  `json:"supplier"`
	Name     string `json:"name"`
}

// Source is what lines stand on: a supplier's register with the payments its «paid» counts, or the giver's own charges.
type Source struct {
	ID       int64           `json:"id"`
	Supplier int64           `json:"supplier"`
	Name     string          `json:"name"`
	Day      int             `json:"day"`
	Months   int             `json:"months"`
	Received calendar.Micros `json:"received"`
}

// Household is a basket's premises. Code is what its old bills carry.
type Household struct {
	ID   int64  `json:"id"`
	Code string `json:"code"`
	Flat string `json:"flat"`
	Room string `json:"room"`
}

// Account is a personal account with what it owes and why. Evidence is what the supplier says of the premises and the payer.
type Account struct {
	ID        int64           `json:"id"`
	Supplier  int64           `json:"supplier"`
	Number    string          `json:"number"`
	Printed   string          `json:"printed"`
	Household int64           `json:"household"` // 0: in nobody's basket
	Flat      string          `json:"flat"`
	Room      string          `json:"room"`
	Evidence  json.RawMessage `json:"evidence"`
	Rule      string          `json:"rule"`
	Score     int             `json:"score"`
	LastMonth calendar.Month  `json:"lastMonth"`
	Lines     []Line          `json:"lines"`   // of the bill at the cut
	Earlier   []Row           `json:"earlier"` // of months before
	Paid      []Paid          `json:"paid"`    // since the registers
	Debts     []Debt          `json:"debts"`
	Book      []Book          `json:"book"`
	Movements []Movement      `json:"movements"`
}

// Line is a service of the bill at the cut: due = opening + charge + recalc + penalty − claimed − paidSince.
type Line struct {
	Service   int64           `json:"service"` // 0 is the whole account
	Month     calendar.Month  `json:"month"`
	Source    int64           `json:"source"`
	Origin    string          `json:"origin"` // who found the figures
	Opening   money.Amount    `json:"opening"`
	Charge    money.Amount    `json:"charge"`
	Recalc    money.Amount    `json:"recalc"`
	Penalty   money.Amount    `json:"penalty"`
	Claimed   money.Amount    `json:"claimed"`   // paid, the register says
	PaidSince money.Amount    `json:"paidSince"` // paid, the giver holds
	Due       money.Amount    `json:"due"`
	Volume    decimal.Decimal `json:"volume"`
	Rate      decimal.Decimal `json:"rate"`
}

// Row is what was charged for a service in an earlier month.
type Row struct {
	Service int64           `json:"service"`
	Month   calendar.Month  `json:"month"`
	Source  int64           `json:"source"`
	Opening money.Amount    `json:"opening"`
	Charge  money.Amount    `json:"charge"`
	Recalc  money.Amount    `json:"recalc"`
	Penalty money.Amount    `json:"penalty"`
	Paid    money.Amount    `json:"paid"`
	Due     money.Amount    `json:"due"`
	Volume  decimal.Decimal `json:"volume"`
	Rate    decimal.Decimal `json:"rate"`
	Given   charge.Given    `json:"given"`
}

// Paid is a payment the giver holds that no register has counted.
type Paid struct {
	Service int64         `json:"service"`
	On      calendar.Date `json:"on"`
	Kind    string        `json:"kind"` // debt, penalty, advance
	Amount  money.Amount  `json:"amount"`
}

// Debt is what is owed for a month, with the last day to pay it in time; penalty is what was accrued and not paid.
type Debt struct {
	Service int64          `json:"service"`
	Month   calendar.Month `json:"month"` // 0: penalty
	Due     calendar.Date  `json:"due"`
	Amount  money.Amount   `json:"amount"`
	Days    int            `json:"days"` // late at the cut
}

// Book is a balance of the giver's ledger.
type Book struct {
	Name    string       `json:"name"`
	Service int64        `json:"service"`
	Amount  money.Amount `json:"amount"`
}

// Movement is how a balance of the book came about: postings of a kind in a month.
type Movement struct {
	Name    string         `json:"name"`
	Service int64          `json:"service"`
	Kind    string         `json:"kind"`
	Month   calendar.Month `json:"month"`
	Amount  money.Amount   `json:"amount"`
}

// due is what the account owes by the bill.
func (a *Account) due() (sum money.Amount) {
	for i := range a.Lines {
		sum += a.Lines[i].Due
	}
	return sum
}

// book is what the account's balances of the ledger come to.
func (a *Account) book() (sum money.Amount) {
	for i := range a.Book {
		sum += a.Book[i].Amount
	}
	return sum
}

func (p *Package) supplier(id int64) *Supplier {
	for i := range p.Suppliers {
		if p.Suppliers[i].ID == id {
			return &p.Suppliers[i]
		}
	}
	return nil
}

func (p *Package) serviceName(id int64) string {
	for i := range p.Services {
		if p.Services[i].ID == id {
			return p.Services[i].Name
		}
	}
	return ""
}

// totals are what the house owes by the bills and by the book.
func (p *Package) totals() (due, book money.Amount) {
	for i := range p.Accounts {
		due += p.Accounts[i].due()
		book += p.Accounts[i].book()
	}
	return due, book
}
