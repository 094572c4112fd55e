package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Today is C1: the working day in figures, each opens to its list.
type Today struct {
	web.Page
	Stopped    string // why nothing moves; empty: it does
	Counts     []Wait
	Files      []IntakeRow
	Missing    []web.Link // suppliers whose file has not come
	Invariants []Invariant
	CheckedAt  calendar.Micros
	CheckTo    string // POST: check now
}

// Invariant is a rule over all rows and how many break it.
type Invariant struct {
	ID, Title, Href string
	Findings        int
}

// Find is C2: one field for everything.
type Find struct {
	web.Page
	Query    string
	Action   string
	Searched []string // where it was looked for
	Groups   []FindGroup
	Error    string // «Нужно хотя бы 3 знака»
	Denied   string
}

// FindGroup is what was found of one kind.
type FindGroup struct {
	Title string
	Items []FindItem
	Total int
	More  string // all of them; empty when all are shown
}

// FindItem is one thing found.
type FindItem struct {
	Title, Text, Href string
	State             web.State
}

// Subscriber is C3: everything about a household in one timeline.
type Subscriber struct {
	web.Page
	Address      string
	Household    string
	State        web.State
	Due          money.Amount // what the resident is asked for
	Advance      money.Amount // lies with suppliers, pays nobody else
	DueOn        calendar.Date
	Accounts     []SubscriberAccount
	BillHref     string // as the resident sees it, read-only
	FactsHref    string // what is known for charging
	MetersHref   string // to the meters and their lives
	ActHref      string // to act for the resident
	ReadingsHref string // to give readings on the resident's behalf
	Tabs         []web.Tab
	Entries      []Entry
	Paging       web.Paging
	Basket       BasketForm
	People       People
	RenewTo      string // where the wish for another code of the paper is sent; empty hides it
	RenewKey     string
}

// BasketForm is what a person may change about the accounts of a basket; without Action nothing.
type BasketForm struct {
	Action, Key string // POST
	Accounts    []web.Choice
	With        string
	Errors      web.Errors
}

// SubscriberAccount is one account in the basket and why it is there.
type SubscriberAccount struct {
	Supplier, Number, Href string
	Due                    money.Amount
	Reason                 string // «адрес и площадь совпали»
	State                  web.State
}

// Entry is one event of the timeline.
type Entry struct {
	At     calendar.Micros
	Kind   string // charge, payment, reading, bill, match, message, note: the sign beside it
	Title  string
	Text   string
	Who    string // a person, a supplier, the system
	From   string // «файл vodokanal_1126.dbf, запись 1 204», «касса 3»
	Href   string
	Sum    money.Amount
	HasSum bool
}

func (e Entry) icon() string {
	switch e.Kind {
	case "charge", "bill":
		return "bill"
	case "payment":
		return "wallet"
	case "reading":
		return "meter"
	case "match":
		return "link"
	case "message", "appeal":
		return "talk"
	case "note":
		return "pen"
	}
	return "info"
}

// Review is the queue of doubtful joins.
type Review struct {
	web.Page
	Tabs   []web.Tab
	Rows   []ReviewRow
	Paging web.Paging
	Done   []Decision // the latest, each can be undone
}

// ReviewRow is one doubt in the queue.
type ReviewRow struct {
	Title, Text, Href string
	Supplier          string
	Since             calendar.Micros
	Accounts          int
	Sum               money.Amount
}

// Decision is what somebody decided about a doubt.
type Decision struct {
	Title, Who string
	At         calendar.Micros
	UndoTo     string // POST; empty: cannot be undone any more
	Undone     bool
	Key        string
}

// Case is one doubt: two sides beside each other, the reasons, four answers.
type Case struct {
	web.Page
	Left, Right Side
	Facts       []SideFact
	Reasons     []Reason
	Action      string // POST
	Key         string
	Targets     []web.Choice // where the account could be moved; empty hides «Перенести»
	CanSplit    bool         // the account has mates in its basket
	CanMerge    bool         // either side has
	Errors      web.Errors
	Decided     *Decision // somebody has answered meanwhile
	NextHref    string
}

// Side is one account or household of a doubt.
type Side struct{ Title, Text, Href string }

// SideFact is one fact about both sides.
type SideFact struct {
	Name, Left, Right string
	Differs           bool
	Spelled           bool // Differs in letters only: both lead to one place
}

// Reason speaks for or against joining.
type Reason struct {
	Text string
	For  bool
}

// quiet tells that nothing waits and every rule holds.
func (v Today) quiet() bool {
	for _, c := range v.Counts {
		if c.Count > 0 && c.Tone != web.Quiet {
			return false
		}
	}
	for _, i := range v.Invariants {
		if i.Findings > 0 {
			return false
		}
	}
	return len(v.Missing) == 0
}

// titled puts the day into the heading.
func (v *Today) titled() *web.Page {
	if !v.Now.IsZero() {
		v.Heading = v.Title + ", " + v.Day(calendar.DateOf(v.Now))
	}
	return &v.Page
}

// alone leaves one search field on the page of the search.
func (v *Find) alone() *web.Page {
	v.Search = nil
	return &v.Page
}

// titled makes the address the heading: the operator sees whom the call is about.
func (v *Subscriber) titled() *web.Page {
	if v.Address != "" {
		v.Heading = v.Address
	}
	return &v.Page
}

// sumsKnown tells that the queue has sums to show.
func (v Review) sumsKnown() bool {
	for i := range v.Rows {
		if v.Rows[i].Sum != 0 {
			return true
		}
	}
	return false
}

// mark says how the two sides of a fact stand to each other; empty when they agree.
func (f SideFact) mark() web.State {
	switch {
	case !f.Differs:
		return web.State{}
	case f.Left == "" || f.Right == "":
		return web.State{Word: "у одного", Tone: web.Info}
	case f.Spelled:
		return web.State{Word: "записано иначе", Tone: web.Info}
	}
	return web.State{Word: "расходится", Tone: web.Warn, Icon: "alert"}
}

// source is who did it and where it comes from.
func (e Entry) source() string {
	switch {
	case e.Who == "":
		return e.From
	case e.From == "":
		return e.Who
	}
	return e.Who + ", " + e.From
}

// decidedBy is who decided and when, where it is known.
func (v Case) decidedBy() string {
	if v.Decided.Who == "" || v.Decided.At == 0 {
		return ""
	}
	return v.Decided.Who + ", " + v.Moment(v.Decided.At) + "."
}

func (v Case) reasons(speaksFor bool) (list []Reason) {
	for _, f := range v.Facts {
		if speaksFor && v.Right.Title != "" && !f.Differs && f.Left != "" {
			list = append(list, Reason{Text: f.Name + ": у обоих " + f.Left, For: true})
		}
	}
	for _, r := range v.Reasons {
		if r.For == speaksFor {
			list = append(list, r)
		}
	}
	return list
}
