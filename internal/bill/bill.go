// Package bill computes the live bill: a household's basket at a moment, as a pure query over facts.
//
// Owns: tables bill_code, bill_snapshot, bill_withdrawal, bill_published, bill_publication, bill_reissue, bill_reissued; the arithmetic of a basket;
// the payment document's content. Does not own: charges, payments, links (their packages do), the look of the document
// (billpdf).
//
// A line is a supplier's, of the latest month he sent, or Kvit's, of the last month it charged: what he sent before
// that, with the months Kvit charged since, is its opening. A service is charged by one of the two in a month.
//
// Invariants (reliability.md I2): a line's due = opening + charge + recalc + penalty − paid, where paid is the
// supplier's claim up to his cutoff plus the payments Kvit holds dated after it (of Kvit's own line, those dated in its
// month and later: earlier ones are in the opening); to pay = Σ over accounts of
// max(0, due), advance = Σ of max(0, −due): one supplier's advance never pays another's debt. Nothing on a bill
// is stored to be shown; what was issued officially is kept as it was, with its digest.
package bill

import (
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// Statuses of a bill.
const (
	StatusLive  = "live"  // as of now, from the registers received so far
	StatusAsOf  = "as_of" // as it was known at an earlier moment
	StatusEmpty = "empty" // accounts are known, nothing has been charged yet
)

// Bill is a household's basket at a moment. Sums are kopecks.
type Bill struct {
	Issued        *Issued            `json:"issued,omitempty"` // of a bill read from its snapshot
	Household     string             `json:"household"`
	House         string             `json:"house"`
	Address       string             `json:"address"`
	At            string             `json:"at"`
	Status        string             `json:"status"`
	Month         string             `json:"month"`
	DueOn         calendar.Date      `json:"-"`
	DueOnText     string             `json:"dueOn,omitempty"`
	Lines         []Line             `json:"lines"`
	Suppliers     []SupplierTotal    `json:"suppliers"`
	Opening       money.Amount       `json:"opening"`
	Charge        money.Amount       `json:"charge"`
	Recalc        money.Amount       `json:"recalc"`
	Penalty       money.Amount       `json:"penalty"`
	Paid          money.Amount       `json:"paid"`
	Total         money.Amount       `json:"total"`
	Advance       money.Amount       `json:"advance"`
	Preliminary   *Preliminary       `json:"preliminary,omitempty"` // a month that is not charged yet; filled by Ahead
	Late          []LateDebt         `json:"late,omitempty"`        // debts and penalties of what Kvit computes; filled by Ahead
	Plans         []InstalmentPlan   `json:"plans,omitempty"`       // debts put off into parts; filled by Ahead
	BuildingID    int64              `json:"-"`
	HouseholdID   int64              `json:"-"`
	Moment        calendar.Micros    `json:"-"`
	Flat          string             `json:"-"`
	Room          string             `json:"-"`
	Area          string             `json:"-"`
	Residents     int                `json:"-"`
	ELS           string             `json:"-"`
	Payer         string             `json:"-"`
	Since         calendar.Month     `json:"-"` // months before it are not compared with: they are not of who looks at it; 0: no bound
	Whole         money.Amount       `json:"-"` // what is due of the whole home, whatever part Total is; filled by Divide
	Divided       bool               `json:"-"` // Total is somebody's part
	Part          *Part              `json:"-"` // of who pays a part of every line; the lines are whole then
	Former        bool               `json:"-"` // of somebody who lives there no longer: its paper carries no code that opens the bill as it is now
	keep          func(*Line) bool   // of a bill narrowed: what is on it
	elsewhere     map[serviceOf]bool // of a bill narrowed: what was taken off
	Disputes      []Dispute          `json:"disputes,omitempty"` // of a live bill: what is being checked
	members       []account.Member
	reader        *charge.Reader              // of the moment; nil: of a bill made in another way
	charged       calendar.Month              // the last month Kvit charged here
	recipients    map[int64]supplier.Supplier // of an issued bill: requisites as it named them
	unpaidPenalty map[int64]money.Amount      // of what Kvit charged, by account; filled by Ahead
	penalized     map[serviceOf]money.Amount  // what Kvit charged as penalty; filled by Ahead
	shelf         *shelf                      // what was read for its whole building at once; nil: each bill asks for itself
	formers       []charge.Lived              // where accounts lived before
	locality      string                      // of the house
	rules         *payment.Rules              // of the day, for payments; filled by Ahead
	earlier       map[serviceOf]months        // what was charged before, of lines with a debt; filled by Ahead
}

// Line is one service of one account.
type Line struct {
	Origin       string          `json:"origin"` // who found the figures: why.BySupplier, ByKvit, ByPayer
	Supplier     string          `json:"supplier"`
	SupplierName string          `json:"supplierName"`
	Account      string          `json:"account"`
	Service      string          `json:"service"`
	Month        string          `json:"month"`
	Volume       decimal.Decimal `json:"-"`
	Rate         decimal.Decimal `json:"-"`
	VolumeText   string          `json:"volume,omitempty"`
	RateText     string          `json:"rate,omitempty"`
	Unit         string          `json:"unit,omitempty"` // of the volume, when it is known
	Opening      money.Amount    `json:"opening"`
	Charge       money.Amount    `json:"charge"`
	Recalc       money.Amount    `json:"recalc"`
	Benefit      money.Amount    `json:"benefit,omitempty"`    // of Recalc
	PutOff       money.Amount    `json:"instalment,omitempty"` // of Recalc: the part of an instalment plan due with the month and its interest; below zero: put off
	Penalty      money.Amount    `json:"penalty"`
	Claimed      money.Amount    `json:"paidClaimed"`            // what the supplier's register says was paid
	PaidSince    money.Amount    `json:"paidSince"`              // payments Kvit holds, dated after the register's cutoff
	Moved        money.Amount    `json:"advanceMoved,omitempty"` // of what was paid: advances that came from suppliers no longer on the bill; below zero: went
	Paid         money.Amount    `json:"paid"`
	Due          money.Amount    `json:"due"`
	Source       Source          `json:"source"`
	AccountID    int64           `json:"-"`
	SupplierID   int64           `json:"-"`
	ServiceID    int64           `json:"-"`
	BillMonth    calendar.Month  `json:"-"`
	base         charge.Register // what the figures stand on: payments it has counted are not subtracted again
	group        string          // of services, of what Kvit charges
	code         string          // of the service in the catalogue, of what Kvit charges
	ended        bool            // Kvit charged it before, and not in the last month
	since        []payment.Part  // what PaidSince is made of
}

// PaymentsSince are the payments that PaidSince is made of.
func (l *Line) PaymentsSince() []payment.Part { return l.since }

// tell writes volume and rate, where they are known.
func (l *Line) tell() {
	if l.Volume != 0 {
		l.VolumeText = l.Volume.String()
	}
	if l.Rate != 0 {
		l.RateText = l.Rate.String()
	}
}

// Source says where a line's figures come from and when they were recorded.
type Source struct {
	File       string          `json:"file"`
	Pos        int64           `json:"pos"`
	Unit       string          `json:"unit"`
	RecordedAt string          `json:"recordedAt"`
	Recorded   calendar.Micros `json:"-"`
	fileID     int64
}

// SupplierTotal is one account's share of the bill.
type SupplierTotal struct {
	Supplier   string          `json:"supplier"`
	Name       string          `json:"name"`
	Account    string          `json:"account"`
	Due        money.Amount    `json:"due"`
	Month      string          `json:"month"`
	Fresh      calendar.Micros `json:"-"`
	RecordedAt string          `json:"recordedAt,omitempty"`
	Online     *OnlineBalance  `json:"online,omitempty"` // what he last said by himself; changes no sum
	AccountID  int64           `json:"-"`
	SupplierID int64           `json:"-"`
}

// settle adds the lines up.
func (b *Bill) settle() {
	at := map[int64]int{}
	for i := range b.Lines {
		l := &b.Lines[i]
		l.Paid = l.Claimed + l.PaidSince
		b.Opening += l.Opening
		b.Charge += l.Charge
		b.Recalc += l.Recalc
		b.Penalty += l.Penalty
		b.Paid += l.Paid
		k, ok := at[l.AccountID]
		if !ok {
			k = len(b.Suppliers)
			at[l.AccountID] = k
			b.Suppliers = append(b.Suppliers, SupplierTotal{Supplier: l.Supplier, Name: l.SupplierName, Account: l.Account, Month: l.Month, AccountID: l.AccountID, SupplierID: l.SupplierID})
		}
		b.Suppliers[k].Due += l.Due
		if l.Source.Recorded > b.Suppliers[k].Fresh {
			b.Suppliers[k].Fresh, b.Suppliers[k].RecordedAt = l.Source.Recorded, l.Source.RecordedAt
		}
	}
	for _, s := range b.Suppliers {
		b.Total += max(0, s.Due)
		b.Advance += max(0, -s.Due)
	}
}
