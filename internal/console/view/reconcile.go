package view

import (
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Reconcile is the page of the matrix: partners by days.
type Reconcile struct {
	Page     web.Page
	From, To string
	Errors   web.Errors
	Done     *web.Notice
	Days     []ReconcileDay
	Cases    []ReconcileCase
	RunTo    string // where the form of a run goes; '': may not
	Key      string
	Bank     BankBook
}

// BankBook is the centre's book beside the statements of its accounts.
type BankBook struct {
	Accounts                   []BankAccount
	Unknown, PartnerFee, Other money.Amount
}

// BankAccount is an account in a bank. Closing and Difference are nil where statements tell no balance.
type BankAccount struct {
	Account             string
	Period              string
	Opening, In, Out    money.Amount
	Book                money.Amount
	Closing, Difference *money.Amount
	State               web.State
}

// ReconcileDay is a partner's day.
type ReconcileDay struct {
	Partner    string
	Day        string
	Ours       money.Amount
	Register   *money.Amount // nil: none came
	Bank       *money.Amount
	Fee        money.Amount
	Difference money.Amount
	State      web.State
	Cases      int
}

// ReconcileCase is a difference.
type ReconcileCase struct {
	Title      string
	Href       string
	Partner    string
	Day        string
	Operation  string
	Ours       money.Amount
	Theirs     money.Amount
	Difference money.Amount
	State      web.State
	Owner      string
	Age        int
	Hint       string
	Note       string
	By         string
}

// place is where and when the difference is: «по СБП, 9 октября, операция B030061264».
func (c *ReconcileCase) place() string {
	s := c.Partner + ", " + c.Day
	if c.Operation != "" {
		s += ", операция " + c.Operation
	}
	return s
}

// waited is how long something waits for a person, in days.
func waited(days int) string {
	if days == 0 {
		return "ждёт с сегодняшнего дня"
	}
	return "ждёт " + strconv.Itoa(days) + "\u00a0" + money.Plural(int64(days), "день", "дня", "дней")
}

// ReconcileOne is the page of one difference.
type ReconcileOne struct {
	Page      web.Page
	Case      ReconcileCase
	Errors    web.Errors
	ExplainTo string
	AcceptTo  string
	Undo      bool // our payment may be taken back
	Undoing   bool // and that is what was asked
	Note      string
	Key       string
}

// Money is the page of money that came: files, unidentified payments.
type Money struct {
	Page     web.Page
	Done     *web.Notice
	Errors   web.Errors
	UploadTo string
	Files    []MoneyFile
	Unknown  []UnknownMoney
	Total    money.Amount
	Returns  []ReturnedMoney
	OrdersTo string // where the file of payment orders for the bank is; '': there are none, or they are not for this person
}

// ReturnedMoney is unidentified money that goes back by a payment order.
type ReturnedMoney struct {
	Payee  string
	Order  string // number and day of the payment order
	By     string // who proposed and who confirmed
	Amount money.Amount
	State  web.State
}

// MoneyFile is a register or a statement.
type MoneyFile struct {
	Name    string
	Kind    string
	Partner string
	Period  string
	Lines   int
	State   web.State
	At      calendar.Micros
}

// UnknownMoney is an unidentified payment.
type UnknownMoney struct {
	Title   string
	Href    string
	Day     string
	Channel string
	Payer   string
	Amount  money.Amount
	Age     int
	State   web.State
}

// UnknownOne is the page of one unidentified payment.
type UnknownOne struct {
	Page      web.Page
	Errors    web.Errors
	Money     UnknownMoney
	Number    string
	Supplier  string   // whose account was named, by name; '': none of ours
	Codes     []string // suppliers and the codes to type for them
	Address   string
	Purpose   string
	Straight  bool // it came straight to our bank account: whoever sent it is known
	Hints     []web.Choice
	Proposed  []string
	Reason    string
	By        string
	ProposeTo string
	ConfirmTo string
	Key       string
	Shares    string
	Why       string
	Payee     Payee
}

// Payee is the form of whom money goes back to.
type Payee struct{ Name, Account, BIC, INN string }
