package view

import (
	"slices"

	"github.com/a-h/templ"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// PayMode is what a person pays: the whole bill, chosen parts, a sum of their own, or ahead.
type PayMode string

// Modes of R8; each has an address of its own.
const (
	PayAll    PayMode = "all"
	PayChosen PayMode = "chosen"
	PaySum    PayMode = "sum"
	PayAhead  PayMode = "ahead"
)

// PayCheck is R8: the last look before the bank. What is chosen in a mode is sent by GET and comes back as a
// split; only the pay button of the split is a POST with the form's key.
type PayCheck struct {
	web.Page
	Mode    PayMode
	Tabs    []web.Tab
	Address string
	DueOn   calendar.Date
	Debt    money.Amount // of the whole bill, or of all homes chosen

	Homes     []PayHome // that may be chosen; none: there is one only
	HomesHref string    // of the page of homes; empty: the payer is not known

	Action  string // of the form that chooses, GET
	Sum     string // typed, in the modes sum and ahead
	Choices []PayChoice
	Errors  web.Errors

	Split     []SplitRow // empty: choose first
	Total     money.Amount
	Fee       money.Amount
	Left      money.Amount // stays due after this payment
	Above     money.Amount // of Total over the debt: becomes an advance
	AheadTo   string       // «примерно до марта»; empty when unknown
	Duplicate *Duplicate
	Waiting   *Waiting // this bill is already being paid; PayHref is the way round
	AnywayTo  string   // address of «оплатить ещё раз всё равно»
	Again     bool     // that way was taken: forms carry it on

	Recipients []Recipient
	Methods    []PayMethod
	PayAction  string // POST
	Key        string
	Hidden     []HiddenField // what the choice was, carried to the POST
	Contact    string        // where the receipt goes, as typed
	Keep       string        // what is agreed to when the card is kept; empty: it cannot be
}

// PayHome is a home that can be paid for together with others.
type PayHome struct {
	Value, Name string
	Due         money.Amount
	Chosen      bool
}

// HomesQuery carries the homes chosen in an address.
func (v *PayCheck) HomesQuery() (query string) {
	for _, h := range v.Homes {
		if h.Chosen {
			query += "&home=" + h.Value
		}
	}
	return query
}

// homeNames are the homes of a split, each once; one without a name where there is one only.
func homeNames(rows []SplitRow) (names []string) {
	for _, row := range rows {
		if !slices.Contains(names, row.Home) {
			names = append(names, row.Home)
		}
	}
	return names
}

// sharesOfHome are the shares of one home.
func (v *PayCheck) sharesOfHome(name string) []Share {
	return sharesOf(rowsOfHome(v.Split, name), v.Recipients)
}

func rowsOfHome(rows []SplitRow, name string) (own []SplitRow) {
	for _, row := range rows {
		if row.Home == name {
			own = append(own, row)
		}
	}
	return own
}

// commonReason is why every row got what it got, where that is one reason for all of several; then it is said once.
func commonReason(rows []SplitRow) string {
	const several = 3
	why, n := "", 0
	for _, row := range rows {
		if row.Reason == "" {
			continue
		}
		if n > 0 && row.Reason != why {
			return ""
		}
		why, n = row.Reason, n+1
	}
	if n < several {
		return ""
	}
	return why
}

// withoutReason leaves out a reason that was said above.
func withoutReason(rows []SplitRow, why string) []SplitRow {
	rows = slices.Clone(rows)
	for i := range rows {
		if rows[i].Reason == why {
			rows[i].Reason = ""
		}
	}
	return rows
}

// sharesTitle is the caption of the table of a home.
func sharesTitle(home string) string {
	if home == "" {
		return "Кому сколько"
	}
	return "Кому сколько: " + home
}

// HiddenField is carried from the choice to the payment.
type HiddenField struct{ Name, Value string }

// PayChoice is one part of the bill that can be chosen and given a sum.
type PayChoice struct {
	Name      string // of the box: pick, its value is Value
	Value     string
	Home      string // where there are several
	Supplier  string
	Service   string
	Due       money.Amount
	Chosen    bool
	SumName   string // of the field with the sum
	Sum       string
	SumError  string
	IsPenalty bool
}

// SplitRow says what one account gets of the payment.
type SplitRow struct {
	Home                       string // where there are several
	Supplier, Service, Account string
	Due, Pay, Left             money.Amount
	Reason                     string // why so much, in words; '' when there is nothing to say
}

// Duplicate is an equal payment of the last three days.
type Duplicate struct {
	Sum    money.Amount
	At     calendar.Micros
	ByDay  bool // only its day is known
	Number string
	Href   string
	ID     string // of the payment, in full
}

// says is the warning in words.
func (d *Duplicate) says(p *web.Page) string {
	when := PaymentRow{At: d.At, ByDay: d.ByDay}.when(p)
	return web.Capital(when) + " вы уже заплатили " + d.Sum.Format() + " по этому счёту, № " + d.Number + ". Платить ещё раз?"
}

// PayMethod is a way to pay.
type PayMethod struct {
	Value, Title string
	Fee          money.Amount
	Off          string // why it cannot be used now; empty: it can
	Kept         bool   // a card its payer let be kept
	Chosen       bool
}

// PayState is what became of a payment.
type PayState int

// States of R9.
const (
	PaySuccess PayState = iota
	PayWaiting
	PayDeclined
	PayExpired
	PayRefunded
	PayPartRefunded
	PayDisputed
	PayHeld
	PayCancelled
)

func (s PayState) mark() web.State {
	return [...]web.State{
		{Word: "оплачено", Tone: web.OK},
		{Word: "ждём банк", Tone: web.Info, Icon: "clock"},
		{Word: "отклонено", Tone: web.Bad, Icon: "cross"},
		{Word: "истекло", Tone: web.Warn},
		{Word: "возвращено", Tone: web.Info, Icon: "back"},
		{Word: "возвращена часть", Tone: web.Info, Icon: "back"},
		{Word: "списано банком по спору", Tone: web.Warn, Icon: "back"},
		{Word: "деньги отложены", Tone: web.Info, Icon: "clock"},
		{Word: "отменено", Tone: web.Warn},
	}[s]
}

// PayResult is R9: what is certain about a payment.
type PayResult struct {
	web.Page
	State     PayState
	Sum       money.Amount
	Number    string
	At        calendar.Micros
	Method    string
	ByDay     bool            // At is a day without a time
	Reason    string          // PayDeclined: in human words, «не хватает денег на карте»
	AnswerBy  calendar.Micros // PayWaiting
	SBP       *SBPLink        // PayWaiting: the payer pays by it
	Back      []BackRow       // what went back
	CreditOn  calendar.Date   // PaySuccess: suppliers get the money
	RefundOn  calendar.Date   // PayRefunded
	Advance   money.Amount
	Left      money.Amount
	DueOn     calendar.Date
	Split     []SplitRow
	Steps     []PayStep
	Receipts  []FiscalReceipt
	NoReceipt string // why there is no cash receipt
	Requests  []RefundRow
	RefundTo  string // where money is asked back
	MayAsk    bool
	RetryHref string
	BillHref  string
	HomeHref  string
}

// PayStep is a station on the way of money.
type PayStep struct {
	Title string
	At    calendar.Micros // zero: not yet
	On    calendar.Date   // planned for this day; zero: unknown
}

// Payments is R10.
type Payments struct {
	web.Page
	Rows    []PaymentRow
	Paging  web.Paging
	Tabs    []web.Tab // homes; none: there is one only
	Home    string
	Autopay string // address of R11

	Accounts string // address of the homes
	Cards    string // address of kept cards
	Benefits *Benefits
}

// Benefits are what came to the account beside payments: the month's bill is lowered by them.
type Benefits struct {
	Month calendar.Month
	Rows  []BenefitRow
	Total money.Amount
}

// BenefitRow is one service.
type BenefitRow struct {
	Service string
	Sum     money.Amount
}

// PaymentRow is a payment in a list.
type PaymentRow struct {
	Number string
	At     calendar.Micros
	Sum    money.Amount
	State  PayState
	Method string
	Href   string
	ByDay  bool // only the payer's day is known: a register of a bank
	Split  []SplitRow

	Receipt string // of the cash register, in words; '' when there is none
}

// when is the time of a payment as far as it is known.
func (r PaymentRow) when(p *web.Page) string {
	if r.ByDay {
		return p.Day(calendar.DateOf(r.At.Time().In(p.Now.Location())))
	}
	return p.Moment(r.At)
}

// note is number and way of a payment in one line.
func (r PaymentRow) note() string {
	if r.Method == "" {
		return "№ " + r.Number
	}
	return "№ " + r.Number + ", " + r.Method
}

// Share is what one supplier gets of a payment, with requisites where they are asked for.
type Share struct {
	Recipient
	Due, Pay, Left money.Amount
	Parts          []SplitRow
}

// known tells that there are requisites to show.
func (s Share) known() bool { return s.INN != "" || s.Account != "" }

// line is a service of a supplier; with its sum where there are several, with the account where it stands twice.
func (s Share) line(part SplitRow) string {
	if len(s.Parts) == 1 {
		return part.Service
	}
	name, times := part.Service, 0
	for i := range s.Parts {
		if s.Parts[i].Service == name {
			times++
		}
	}
	if times > 1 && part.Account != "" {
		name += ", счёт " + part.Account
	}
	return name + ": " + part.Pay.Format()
}

// sharesOf puts the rows of a split together by supplier and sets his requisites beside them.
func sharesOf(rows []SplitRow, recipients []Recipient) (list []Share) {
	at := map[string]int{}
	for _, row := range rows {
		i, ok := at[row.Supplier]
		if !ok {
			i = len(list)
			at[row.Supplier] = i
			s := Share{Recipient: Recipient{Name: row.Supplier}}
			for _, r := range recipients {
				if r.Name == row.Supplier {
					s.Recipient = r
				}
			}
			list = append(list, s)
		}
		s := &list[i]
		s.Due, s.Pay, s.Left, s.Parts = s.Due+row.Due, s.Pay+row.Pay, s.Left+row.Left, append(s.Parts, row)
	}
	return list
}

// partly tells that the payment is not what is due to the kopeck: then what stays is worth columns.
func partly(list []Share) bool {
	for i := range list {
		if list[i].Due != list[i].Pay {
			return true
		}
	}
	return false
}

// PayForm is the form with the button that sends money; it stands after sum, recipients and date.
type PayForm struct {
	Action, Key string
	Total       money.Amount
	Methods     []PayMethod
	Hidden      []HiddenField
	Contact     string
	Keep        string
	Errors      web.Errors
}

func (v *PayCheck) form() PayForm {
	return PayForm{v.PayAction, v.Key, v.Total, v.Methods, v.Hidden, v.Contact, v.Keep, v.Errors}
}

// locked: the bill is being paid already, and the way round was not taken.
func (v *PayCheck) locked() bool { return v.Waiting != nil && v.AnywayTo != "" }

// methodChoices are the usable ways, the free ones first as the handler ordered them.
func (v PayForm) methodChoices() web.Choices {
	c := web.Choices{Name: "method", Label: "Как заплатить", Error: v.Errors.Of("method")}
	for _, m := range v.Methods {
		if m.Off != "" {
			continue
		}
		hint := "без комиссии"
		if m.Fee > 0 {
			hint = "комиссия " + m.Fee.Format()
		}
		if m.Kept {
			hint = "запомнена, " + hint
		}
		c.Items = append(c.Items, web.Choice{Value: m.Value, Label: m.Title, Hint: hint, Chosen: m.Chosen})
	}
	return c
}

// wrong are the attributes of a field in a table that came back.
func wrong(message, name string) templ.Attributes {
	if message == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "f-" + name + "-bad"}
}

// caption is number, time and way of a payment in one line.
func (v PayResult) caption() string {
	s := "Платёж № " + v.Number
	if v.At != 0 {
		s += ", " + PaymentRow{At: v.At, ByDay: v.ByDay}.when(&v.Page)
	}
	if v.Method != "" {
		s += ", " + v.Method
	}
	return s
}
