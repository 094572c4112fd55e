package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Accounts are R19: the homes of a person, who sees the one he looks at, and what waits for his word.
type Accounts struct {
	web.Page
	Homes   []AccountHome
	Total   money.Amount
	PayHref string // all of them at once; empty: nothing to pay together
	Invites []AccountInvite
	People  *AccountPeople // of the home he looks at; nil: he does not manage it
	Told    string
	Errors  web.Errors
}

// AccountHome is one home. Of one that was opened by a paper only the address, masked, and the sum are known.
type AccountHome struct {
	ID, Name  string
	Role      string // «собственник»
	Says      string // what may be done there, since and until when
	State     web.State
	Due       money.Amount
	HasDue    bool
	Current   bool
	Open      bool // may be looked at
	LeaveHref string
	FinalHref string // the bill of his last day there
}

// AccountInvite is a home that somebody opens to the person.
type AccountInvite struct{ ID, Says string }

// AccountPeople are the others who see the home.
type AccountPeople struct {
	Address    string
	People     []AccountPerson
	SharesHref string // who pays for what; empty: nothing is shared
	Flats      int    // other accounts of the flat that are proposed
}

// AccountPerson is somebody who sees the home, or is asked to.
type AccountPerson struct {
	Do, ID     string // what taking back is called and of which: empty where it may not be
	Name       string // the end of his telephone
	Role, Says string
	State      web.State
	Pending    bool // says he lives there; may be confirmed
}

// AccountAdd is T1: number and code, then what was found.
type AccountAdd struct {
	web.Page
	Action       string
	Number, Code string
	Phone        string // typed, of who is not signed in
	Found        *AccountFound
	Errors       web.Errors
}

// phoneField is where who is not signed in says how to reach him: the code comes next, without a page between.
func phoneField(value string) web.Field {
	return web.Field{ID: "phone", Name: "contact", Label: "Ваш телефон", Hint: "Пришлём код. Пароль не нужен", Value: value, InputMode: "tel", Autocomplete: "tel", Width: "m", MaxLength: 254}
}

// AccountFound is what a paper opened: enough to see that it is the right home, not more.
type AccountFound struct {
	Address   string // masked
	Suppliers []string
	Roles     web.Choices
	Title     string
	Signed    bool // else signing in comes next
}

// AccountAdded is the end of T1: the sum, readings that wait and three next steps.
type AccountAdded struct {
	web.Page
	Address string
	Due     money.Amount
	DueOn   calendar.Date
	HasDue  bool
	Pending bool // others have to say so too
	Payer   bool
	Meters  int // that wait for readings
	Flats   int // other accounts of the flat that are proposed
	NoData  bool
}

// AccountGive asks whom the home is opened to and what he may.
type AccountGive struct {
	web.Page
	Address string
	Key     string
	Phone   string
	Scopes  web.Choices
	Terms   web.Choices
	Given   string // what was given, when it is done
	Errors  web.Errors
}

// AccountLeave asks for the last day, or says what was done.
type AccountLeave struct {
	web.Page
	Action, Address string
	Lives           bool
	Last            string
	Done            string
	FinalHref       string
	Errors          web.Errors
}

// AccountFlats are other accounts that may be of the home.
type AccountFlats struct {
	web.Page
	Address string
	Rows    []AccountFlat
	Told    string
	Errors  web.Errors
}

// AccountFlat is one of them, and why it is proposed.
type AccountFlat struct {
	ID, Supplier, Tail string
	Reasons            []string
	Sure               bool
	Number, Error      string // typed
}

// field is where the whole number of an account that is not certain is typed.
func (x AccountFlat) field() web.Field {
	return web.Field{Name: "number-" + x.ID, Label: "Номер счёта целиком, конец " + x.Tail, Hint: "Он на квитанции этого поставщика", Value: x.Number, Error: x.Error, Autocomplete: "off", Width: "m", MaxLength: 40}
}

// AccountShares ask who pays for which service.
type AccountShares struct {
	web.Page
	Address       string
	Mine          bool // the owner decides, a tenant only reads
	Owner, Tenant money.Amount
	Services      []AccountShare
	Told          string
}

// AccountShare is a service and who pays for it.
type AccountShare struct {
	Value, Service string
	Owner          bool
	Due            money.Amount
}

// Cards are the ways of paying that a resident let be kept.
type Cards struct {
	web.Page
	Cards     []Card
	Forgotten bool
}

// Card is one of them, with what was agreed to.
type Card struct {
	ID, Title, Consent string
	Expires            calendar.Month // 0: never
	Since              calendar.Micros
}
