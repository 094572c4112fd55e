// Package billpdf draws the payment document (платёжный документ, form of Приказ Минстроя России от 26.01.2018
// № 43/пр): who and where, how much and until when, what it is made of, whom it goes to and how it was found.
//
// Owns: the look of the paper. Does not own: any figure: it draws what it is given. Invariants: the same documents
// give the same bytes; sections without data are left out, never invented; text can be selected and searched.
package billpdf

import (
	"kvit/internal/money"
)

// Document is one payment document.
type Document struct {
	Number     string // of the document, in its footer
	CheckCode  string // by which its page tells that it is genuine; '' of papers kept nowhere
	CheckHost  string // of the page that tells, as people type it
	Month      string // «октябрь 2026»
	Moment     string // «по состоянию на 24.11.2026 12:00»
	Centre     Centre
	Payer      string
	Address    string
	Area       string // «52,3 м²»
	Residents  string // «2»
	UnifiedNo  string // ЕЛС
	DueDate    string // «15 декабря»
	DueNote    string // why the day was moved
	Total      money.Amount
	Advance    money.Amount
	Opening    money.Amount
	Charge     money.Amount
	Recalc     money.Amount
	Penalty    money.Amount
	Paid       money.Amount
	PayURL     string // of the basket, for the large code
	PayHost    string // the address it leads to, in letters beside it
	WholeCode  string // text of the payment code of the whole bill; '' when the centre has no account for it
	EntryNo    string // the number a person without a camera types
	EntryCode  string // the code he types with it
	Suppliers  []Supplier
	Notes      []string
	Plans      []Plan // debts put off into parts
	LargePrint bool
	Draft      bool   // to be looked at: «ПРОЕКТ» across every page
	Duplex     bool   `json:"-"` // of a print run, on both sides: ends on the back of a leaf; codes are pictures, which only screens blur
	Void       string `json:"-"` // «ОТОЗВАН»: across every page of one that holds no more
}

// Plan is a debt put off into parts: a title, and a line a part.
type Plan struct {
	Title string
	Parts []string
}

// Centre is who made the document.
type Centre struct{ Name, Phone, Hours string }

// Supplier is one recipient with his lines.
type Supplier struct {
	Name        string
	INN, KPP    string
	Bank, BIC   string
	BankAccount string
	CorrAccount string
	Phone       string
	Account     string // лицевой счёт
	Due         money.Amount
	Fresh       string // «данные от 03.11.2026»
	QR          string // text of the payment code; '' when requisites are missing
	Lines       []Line
}

// charged is what was charged on all lines.
func (s *Supplier) charged() (sum money.Amount) {
	for i := range s.Lines {
		sum += s.Lines[i].Charge
	}
	return sum
}

// label is the name, with the overpayment where there is one.
func (s *Supplier) label() string {
	if s.Due < 0 {
		return s.Name + " – переплата " + (-s.Due).Format()
	}
	return s.Name
}

// Line is one service.
type Line struct {
	Service string
	Volume  string
	Rate    string
	Opening money.Amount
	Charge  money.Amount
	Recalc  money.Amount
	Penalty money.Amount
	Paid    money.Amount
	Due     money.Amount
}

func (l *Line) add(m *Line) {
	l.Opening, l.Charge, l.Recalc = l.Opening+m.Opening, l.Charge+m.Charge, l.Recalc+m.Recalc
	l.Penalty, l.Paid, l.Due = l.Penalty+m.Penalty, l.Paid+m.Paid, l.Due+m.Due
}

// cells are a line as the table shows it; what was paid is taken off.
func (l *Line) cells() []string {
	return []string{l.Service, l.Volume, l.Rate, l.Opening.FormatBare(), l.Charge.FormatBare(), l.Recalc.FormatBare(), l.Penalty.FormatBare(), (-l.Paid).FormatBare(), l.Due.FormatBare()}
}
