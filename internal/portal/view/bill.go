package view

import (
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// BillState is the state of a bill.
type BillState int

// States of R3.
const (
	BillOpen BillState = iota
	BillPartPaid
	BillPaid
	BillEmpty     // accounts are known, nothing has been charged
	BillReplaced  // a newer version exists
	BillWithdrawn // taken back by the centre
	BillIssued    // as it was issued, and it still holds
)

func (s BillState) mark() web.State {
	switch s {
	case BillPartPaid:
		return web.State{Word: "оплачен частично", Tone: web.Warn}
	case BillPaid:
		return web.State{Word: "оплачен", Tone: web.OK}
	case BillReplaced:
		return web.State{Word: "заменён", Tone: web.Warn, Icon: "back"}
	case BillWithdrawn:
		return web.State{Word: "отозван", Tone: web.Bad, Icon: "cross"}
	case BillEmpty:
		return web.State{Word: "без начислений", Tone: web.Info}
	case BillIssued:
		return web.State{Word: "выставлен", Tone: web.OK}
	}
	return web.State{Word: "не оплачен", Tone: web.Info, Icon: "bill"}
}

// Bill is R3: the payment document as it is now or was known at a moment.
type Bill struct {
	web.Page
	State     BillState
	Address   string
	ELS       string
	Month     calendar.Month
	At        calendar.Micros // of the answer
	AsOf      bool            // At is in the past and was asked for
	DueOn     calendar.Date
	MovedFrom calendar.Date

	Opening, Charge, Recalc, Penalty, Paid money.Amount
	Closing                                money.Amount // opening + charge + recalc + penalty − paid
	Total                                  money.Amount // to pay: no supplier's overpayment pays another's debt
	Advance                                money.Amount // Total − Closing
	Disputed                               money.Amount // part of Total that is being checked
	Part                                   *PartSum     // the home is shared and Total is a part; nil: Total is all

	Preliminary *Preliminary
	Late        []Late
	Plans       []Plan

	Change     *Change
	Groups     []BillGroup
	Recipients []Recipient
	QR         string // address of the picture; empty leaves the slot out
	QRText     string // the printed domain beside it
	BankQR     string // address of the picture banks' programs read; empty leaves it out

	Issued     *IssuedBill // the page of a bill as it was issued
	IssuedList []IssuedRow // what was issued to the household, the newest first

	PayHref   string
	NewerHref string
	PDFHref   string
	JSONHref  string
	AtAction  string // where the form «на дату» leads; empty hides it
	AtValue   string
	AtError   string
}

// IssuedBill is what the page of an issued bill says of it.
type IssuedBill struct {
	Number                      string
	At, ReplacedAt, WithdrawnAt calendar.Micros
	Reason                      string     // of the withdrawal, or of the newer version
	LiveHref                    string     // the bill as it is now
	Steps                       []web.Link // what staff may do with it
}

// IssuedRow is an issued bill in the list.
type IssuedRow struct {
	Month  calendar.Month
	Number string
	Href   string
	At     calendar.Micros
	State  BillState
}

// BillGroup is one supplier's account on the bill.
type BillGroup struct {
	Supplier string
	Account  string // as the supplier prints it
	Month    calendar.Month
	Fresh    calendar.Micros
	Late     bool
	Kvit     bool // every line is computed here
	Due      money.Amount
	Online   string // what the supplier said by himself, and when
	Lines    []BillLine
}

// BillLine is one service. Due = Opening + Charge + Recalc + Penalty − Paid.
type BillLine struct {
	Service                                     string
	Volume, Rate, Unit                          string // «6,935», «43,12», «м³»; empty when the register has none
	Opening, Charge, Recalc, Penalty, Paid, Due money.Amount
	PaidClaimed                                 money.Amount // of Paid: what the supplier's register says
	PaidHere                                    money.Amount // of Paid: payments through us after it
	Benefit                                     money.Amount // of Recalc
	Moved                                       money.Amount // of what was paid: advances of suppliers no longer on the bill; below zero: went to others
	PutOff                                      money.Amount // of Recalc: the part of an instalment plan; below zero: put off
	Kvit                                        bool         // computed here
	Source                                      Source
	Disputed                                    bool
	AppealHref                                  string // of what is disputed; empty: not the reader's
	Number                                      int    // place on the bill, from 1
	WhyHref                                     string
}

// Source is where a figure comes from.
type Source struct {
	File string
	Pos  int64
	Unit string // line, record, row, document, element
	At   calendar.Micros
	Href string // for staff; empty for residents
}

// unitWord is the thing a place in a file is counted in.
func unitWord(unit string) string {
	switch unit {
	case "record":
		return "запись"
	case "document":
		return "документ"
	case "element":
		return "элемент"
	}
	return "строка"
}

// Preliminary is a month that is not charged yet, by what is known so far. It is not due.
type Preliminary struct {
	Month   calendar.Month
	Sum     money.Amount
	Rows    []PreliminaryRow
	PayHref string // empty: nobody pays from here
}

// PreliminaryRow is one service of it.
type PreliminaryRow struct {
	BillLine
	Supplier string
}

// whose is the supplier of a row, with a comma before volume and price.
func (r *PreliminaryRow) whose() string {
	if r.basis() == "" {
		return r.Supplier
	}
	return r.Supplier + ","
}

// Late is what is not paid of a month, and its penalty.
type Late struct {
	Title   string       // whose and of which month
	Penalty money.Amount // to this day
	Starts  calendar.Date
	Words   []string
}

// sum is what the row of a summary says of the penalty.
func (l *Late) sum(page *web.Page) string {
	if l.Penalty == 0 && l.Starts != 0 {
		return "пени с " + page.Day(l.Starts)
	}
	return "пени " + l.Penalty.Format()
}

// Plan is a debt put off into parts: what is paid, what comes next, what is left.
type Plan struct {
	Title  string // whose, of which service
	PutOff money.Amount
	Rest   money.Amount
	Parts  []PlanPart
}

// PlanPart is a month of a plan.
type PlanPart struct {
	Month    calendar.Month
	Sum      money.Amount // with interest
	Interest money.Amount
	State    web.State
}

// said tells how a plan stands.
func (p *Plan) said() string {
	if p.Rest == 0 {
		return "оплачена"
	}
	return "осталось " + p.Rest.Format()
}

// title is «Предварительно за ноябрь».
func (p *Preliminary) title() string { return "Предварительно за " + p.Month.Word() }

// bars are the largest lines of the bill, for the chart.
func (v Bill) bars() web.BarList {
	b := web.BarList{Title: "Куда ушли деньги"}
	sums := map[string]money.Amount{}
	var names []string
	for _, g := range v.Groups {
		if _, ok := sums[g.Supplier]; !ok {
			names = append(names, g.Supplier)
		}
		for _, l := range g.Lines {
			sums[g.Supplier] += l.Charge + l.Recalc
		}
	}
	for _, name := range names {
		if sums[name] > 0 {
			b.Rows = append(b.Rows, web.Bar{Label: name, Sum: sums[name]})
		}
	}
	sortBars(b.Rows)
	if len(b.Rows) > 0 {
		b.Title += ": больше всего – " + b.Rows[0].Label
	}
	return b
}

// withdrawn says when and why the bill was taken back, before what to do.
func (v *Bill) withdrawn() string {
	if v.Issued == nil {
		return ""
	}
	return "Отозван " + v.Moment(v.Issued.WithdrawnAt) + ": " + sentence(v.Issued.Reason) + " "
}

// replaced says when and why a newer bill came, before what to do.
func (v *Bill) replaced() string {
	if v.Issued == nil {
		return ""
	}
	return "Заменён " + v.Moment(v.Issued.ReplacedAt) + ": " + sentence(v.Issued.Reason) + " "
}

// sentence ends a person's text as a sentence.
func sentence(s string) string {
	if s = strings.TrimSpace(s); s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// titled names the month in the heading.
func (v *Bill) titled() *web.Page {
	if v.Month.Valid() {
		v.Heading = "Счёт за " + v.Month.Title()
	}
	return &v.Page
}

// basis is volume and price of a line: «4,627 м³ × 43,63 ₽».
func (l *BillLine) basis() string {
	if l.Volume == "" || l.Rate == "" {
		return ""
	}
	volume := l.Volume
	if l.Unit != "" {
		volume += "\u00a0" + l.Unit
	}
	return volume + " × " + l.Rate + "\u00a0₽"
}

// sameClass hides on a phone what the next cell says again.
func sameClass(charge, due money.Amount) string {
	switch {
	case charge == due:
		return "num same"
	case charge == 0:
		return "num zero"
	}
	return "num"
}

// putOffWord names what an instalment plan adds to a month, or takes off it.
func putOffWord(sum money.Amount) string {
	if sum < 0 {
		return "Из него отложено рассрочкой"
	}
	return "Из него часть рассрочки"
}

// movedWord names an advance that came from a supplier no longer on the bill, or went from one.
func movedWord(sum money.Amount) string {
	if sum < 0 {
		return "Аванс перенесён на другие счета"
	}
	return "Из них аванс поставщика, которого больше нет в счёте"
}
