package view

import (
	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/web"
)

// Drafts lists the bills of a charged month that are not issued yet, house by house.
type Drafts struct {
	web.Page
	Month    calendar.Month
	BackHref string
	Rows     []DraftRow
	NextHref string
}

// DraftRow is a household's draft beside the month before.
type DraftRow struct {
	Address, Href          string
	Charged, Before, Total money.Amount
	HasBefore              bool
}

// Draft is one bill that is not issued yet.
type Draft struct {
	web.Page
	Address, BackHref, PDFHref, AccountHref string
	Month                                   calendar.Month
	Lines                                   []DraftLine
	Opening, Charge, Recalc, Penalty, Paid  money.Amount
	Total, Advance                          money.Amount
}

// DraftLine is a service of it.
type DraftLine struct {
	Service, Supplier, Account, Volume, Rate    string
	Opening, Charge, Recalc, Penalty, Paid, Due money.Amount
}

// Reissue is a wish to replace issued bills: what it would change, how far it is, and what may be done.
type Reissue struct {
	web.Page
	Month                                            calendar.Month
	State                                            web.State
	Scope, Reason, PreparedBy, ConfirmedBy           string
	PreparedAt                                       calendar.Micros
	Bills, Changed, Other                            int64
	Before, After, Difference                        money.Amount
	Largest                                          []ReissueRow
	Going                                            bool // it has been let run
	Buildings, BuildingsAll, Issued, Same, DoneOther int64
	Steps                                            []RunStep
	Confirm                                          *ReissueConfirm // the form of the second person
	Why                                              string
	RunHref                                          string
	Errors                                           web.Errors
}

// ReissueConfirm is the form that lets it run.
type ReissueConfirm struct{ Action, Key, Wave, Pause string }

// ReissueRow is a household whose bill changes.
type ReissueRow struct {
	Address, Href             string
	Before, After, Difference money.Amount
}

// ReissueAsk is the form of a new reissue.
type ReissueAsk struct {
	web.Page
	Action, Key, Back         string
	Houses, Suppliers, Reason web.Field
	Errors                    web.Errors
	Earlier                   []ReissueLink
}

// ReissueLink is an earlier reissue of the month.
type ReissueLink struct {
	Title, Href string
	State       web.State
}
