package payment

import (
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Kinds of parts of a payment.
const (
	PartDebt    = "debt"    // principal, of whatever age
	PartPenalty = "penalty" // пени
	PartAdvance = "advance" // above what is due
)

// SumMax is the most one payment may be.
const SumMax = money.Amount(100_000_000)

// Bucket is principal that fell due in a month.
type Bucket struct {
	Month  calendar.Month
	Amount money.Amount
	Plan   money.Amount  // of Amount: the month's part of an instalment plan
	Due    calendar.Date // the last day to pay in time; 0 is the first day of the next month
}

func (b *Bucket) due() calendar.Date {
	if b.Due != 0 {
		return b.Due
	}
	return b.Month.Add(1).First()
}

// Debt is what one account owes for one service: principal by age, oldest first, and penalty apart.
type Debt struct {
	BuildingID int64
	AccountID  int64
	SupplierID int64
	ServiceID  int64
	Supplier   string // code
	Service    string // as the supplier names it
	Account    string // number as printed
	Locality   string // of the house: rules may be a town's own
	Buckets    []Bucket
	Penalty    money.Amount
	LastCharge money.Amount // of a month; a surplus is shared in proportion to it
}

// Due is everything the debt holds.
func (d *Debt) Due() money.Amount { return d.Principal() + d.Penalty }

// Principal is the debt without its penalty.
func (d *Debt) Principal() (sum money.Amount) {
	for _, b := range d.Buckets {
		sum += b.Amount
	}
	return sum
}

// Wish is what the payer asks for. Exactly one of All, Sum and Lines is given.
type Wish struct {
	All   bool
	Sum   money.Amount
	Lines []WishLine
	Month calendar.Month // named by the payer: its debts first; 0 is none
	Ahead bool           // paying above what is due is meant
}

// WishLine is a sum for a supplier, or for one of its services, or for a month or the penalty of them.
type WishLine struct {
	Supplier string
	Account  string // '' is any account of the supplier
	Service  string // '' is any service of the supplier, unless Exact
	Exact    bool
	Month    calendar.Month // its debts first; 0 is none
	Only     string         // PartDebt or PartPenalty: the rest of what is chosen gets nothing; '' is both
	Sum      money.Amount
}

// chooses tells whether the line means a debt.
func (l *WishLine) chooses(d *Debt) bool {
	return d.Supplier == l.Supplier && (l.Account == "" || d.Account == l.Account) && (d.Service == l.Service || l.Service == "" && !l.Exact)
}

// Reasons why a part went where it went. They are stored with the part.
const (
	ReasonNamed   = "named"   // the payer said so
	ReasonCosts   = "costs"   // court costs go first
	ReasonWhole   = "whole"   // the debt is closed whole
	ReasonOldest  = "oldest"  // older debts first, and there was no more
	ReasonShared  = "shared"  // not enough for a month: in proportion
	ReasonFirst   = "first"   // a service that is paid before others
	ReasonPenalty = "penalty" // after principal
	ReasonAhead   = "ahead"   // above what was due
	ReasonMoved   = "moved"   // an advance of a supplier that left the bill
)

// ReasonWords say a reason to the payer.
var ReasonWords = map[string]string{
	ReasonNamed: "так вы указали", ReasonCosts: "судебные расходы платят первыми (ГК РФ ст. 319)", ReasonWhole: "закрыто полностью",
	ReasonOldest: "сначала долг, срок которого наступил раньше (ГК РФ ст. 319.1)", ReasonShared: "на весь месяц не хватило: поделено по суммам (Правила № 354, п. 118)",
	ReasonFirst: "эту услугу платят раньше других", ReasonPenalty: "пени – после долга (ГК РФ ст. 319)", ReasonAhead: "вперёд: уйдёт в следующие счета",
	ReasonMoved: "аванс поставщика, которого больше нет в счёте",
}

// PlanPart is one recipient of a payment. Month is named where it is not simply the oldest one that is paid.
type PlanPart struct {
	BuildingID int64          `json:"-"`
	AccountID  int64          `json:"-"`
	SupplierID int64          `json:"-"`
	ServiceID  int64          `json:"-"`
	Supplier   string         `json:"supplier"`
	Account    string         `json:"account"`
	Service    string         `json:"service"`
	Kind       string         `json:"kind"`
	Month      calendar.Month `json:"-"`
	Reason     string         `json:"reason"`
	Amount     money.Amount   `json:"amount"`
}

// Plan is how a payment is split; its parts add up to Sum. What is shown is what is posted.
type Plan struct {
	Sum     money.Amount
	Advance money.Amount
	Parts   []PlanPart
}

// errNothing refuses to split over no debts at all.
var errNothing = fault.New(fault.Invalid, "payment.nothing", "По этому счёту ещё ничего не начислено, платить нечего.")
