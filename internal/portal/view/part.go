package view

import (
	"kvit/internal/money"
	"kvit/internal/web"
)

// PartSum is what a bill says of a home that is shared, beside the part of who looks at it.
type PartSum struct {
	Whole money.Amount // due of all together
	Lines bool         // he pays lines of his own and sees no others
}

// more tells whether others have something to pay still.
func (p *PartSum) more() bool { return p != nil && p.Whole > 0 }

// ofEveryLine tells whether the lines shown are of all together.
func (p *PartSum) ofEveryLine() bool { return p != nil && !p.Lines }

// BillPart is how the people of a home share its bill.
type BillPart struct {
	web.Page
	Address    string
	Due        money.Amount // of the part of who looks
	Whole      money.Amount
	Agreed     *Agreement // nil: nothing is agreed
	Offered    *Agreement // waits for answers
	Ways       []web.Tab  // of sharing, each with the address of its form; none: there is nobody to share with
	GiveHref   string     // to let somebody in; empty: he may not
	SharesHref string     // an owner and a tenant share here: who pays for what
	Autopay    bool       // his part may be paid by itself
	Told       string
	Errors     web.Errors
}

// Agreement is who pays which part.
type Agreement struct {
	ID    string
	Rows  []AgreementRow
	Since string // «с 12 ноября 2026»
	From  string // who offers it; empty: he who looks
	Mine  bool   // waits for the answer of who looks
}

// AgreementRow is one's part.
type AgreementRow struct {
	Who     string // «вы», or the end of a telephone
	Part    string // «50 %»
	Due     money.Amount
	Paid    money.Amount // since they agreed
	State   web.State    // of his answer
	Counted bool         // Due and Paid are known: it stands
}

// PartForm asks who pays which part.
type PartForm struct {
	web.Page
	Action, Way, Key string
	Lead             string
	Fields           []web.Field   // one a person
	Services         []web.Choices // one a service: who pays it
	Rest             web.Choices   // who pays what nobody took
	Errors           web.Errors
}
