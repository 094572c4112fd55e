package bill

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/billpdf"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/money"
)

// States of a part of an instalment plan.
const (
	PartKept  = "kept"  // its month was charged, and it is paid
	PartDue   = "due"   // its month was charged, and it is not paid
	PartAhead = "ahead" // its month is to come, and money paid ahead covers it
	PartNext  = "next"  // the first of those to come that is not covered
	PartLater = "later"
)

// InstalmentPlan is a debt for a service put off into parts (ПП № 354 п. 72–75), as of the moment of the bill. Sums are kopecks.
type InstalmentPlan struct {
	Supplier     string           `json:"supplier"`
	SupplierName string           `json:"supplierName"`
	Account      string           `json:"account"`
	Service      string           `json:"service"`
	PutOff       money.Amount     `json:"putOff"` // in all, without interest
	Rest         money.Amount     `json:"rest"`   // of the parts with their interest, not paid yet
	ToCome       money.Amount     `json:"toCome"` // of Rest: not due yet, no debt, without penalty
	Parts        []InstalmentPart `json:"parts"`
	SupplierID   int64            `json:"-"`
	accountID    int64
	group        string
}

// InstalmentPart is a month of a plan.
type InstalmentPart struct {
	Month    string         `json:"month"`
	Sum      money.Amount   `json:"sum"`      // with interest
	Interest money.Amount   `json:"interest"` // of Sum
	Left     money.Amount   `json:"left"`     // of Sum, not paid
	State    string         `json:"state"`
	Of       calendar.Month `json:"-"`
}

// Next is the first part that is to be paid; nil when the plan is done.
func (p *InstalmentPlan) Next() *InstalmentPart {
	for i := range p.Parts {
		if p.Parts[i].Left > 0 {
			return &p.Parts[i]
		}
	}
	return nil
}

// hasPlan tells whether the last month brings a part of a plan, or puts a debt off: then what is issued shows the plan too.
func (b *Bill) hasPlan() bool {
	return slices.ContainsFunc(b.Lines, func(l Line) bool { return l.PutOff != 0 })
}

// partWords are the words for parts on paper.
var partWords = map[string]string{PartKept: "оплачена", PartDue: "к оплате", PartAhead: "оплачена вперёд", PartNext: "следующая", PartLater: "позже"}

// PartWord is the word for a state of a part.
func PartWord(state string) string { return partWords[state] }

// plansOnPaper are the plans of a bill as its paper tells them.
func (b *Bill) plansOnPaper() (list []billpdf.Plan) {
	for i := range b.Plans {
		p := &b.Plans[i]
		paper := billpdf.Plan{Title: fmt.Sprintf("%s, %s: отложено %s, осталось %s.", p.SupplierName, p.Service, p.PutOff.Format(), p.Rest.Format())}
		for k := range p.Parts {
			x := &p.Parts[k]
			paper.Parts = append(paper.Parts, fmt.Sprintf("%s – %s, из них проценты %s: %s", x.month(), x.Sum.Format(), x.Interest.Format(), PartWord(x.State)))
		}
		list = append(list, paper)
	}
	return list
}

// month is the month of a part in words; of a bill read from its snapshot only the text is at hand.
func (x *InstalmentPart) month() string {
	if m, err := calendar.ParseMonth(x.Month); err == nil {
		return m.Title()
	}
	return x.Month
}

// addPlans adds the plans of what Kvit charges that have a part not paid yet, or a part of the last month. Where it charges
// nothing there are none to ask for.
func (b *Bill) addPlans(ctx context.Context, tx *db.Tx) error {
	b.Plans = nil
	var ids []int64
	for i := range b.Lines {
		if l := &b.Lines[i]; l.Origin == why.ByKvit && !slices.Contains(ids, l.AccountID) {
			ids = append(ids, l.AccountID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	list, err := charge.ListPlanned(ctx, tx, b.BuildingID, ids, b.Moment)
	for len(list) > 0 && err == nil {
		n := 1
		for n < len(list) && list[n].AccountID == list[0].AccountID && list[n].Service == list[0].Service {
			n++
		}
		b.addPlan(list[:n])
		list = list[n:]
	}
	return err
}

// addPlan adds the plan of one service of one account.
func (b *Bill) addPlan(months []charge.Planned) {
	l := b.ownLineOf(months[0].AccountID, months[0].Service)
	if l == nil {
		return
	}
	p := InstalmentPlan{Supplier: l.Supplier, SupplierName: l.SupplierName, Account: l.Account, Service: l.Service, SupplierID: l.SupplierID, accountID: l.AccountID, group: l.group}
	unpaid, ahead := b.unpaidParts(l), b.aheadOf(l.AccountID)
	last := calendar.Month(0)
	for i := range months {
		x := &months[i]
		if x.Amount <= 0 {
			p.PutOff -= x.Amount
			continue
		}
		part := InstalmentPart{Month: x.Month.String(), Of: x.Month, Sum: x.Amount + x.Interest, Interest: x.Interest, State: PartKept}
		last = max(last, x.Month)
		if x.Month <= b.charged {
			if part.Left = min(part.Sum, unpaid[x.Month]); part.Left > 0 {
				part.State = PartDue
			}
		} else {
			covered := min(part.Sum, ahead)
			part.Left, ahead, part.State = part.Sum-covered, ahead-covered, PartAhead
			if p.ToCome += part.Left; part.Left > 0 {
				part.State = PartLater
				if p.ToCome == part.Left {
					part.State = PartNext
				}
			}
		}
		p.Rest += part.Left
		p.Parts = append(p.Parts, part)
	}
	if len(p.Parts) > 0 && (p.Rest > 0 || last >= b.charged) {
		b.Plans = append(b.Plans, p)
	}
}

// ownLineOf is Kvit's line of an account's service of the catalogue; nil when it is not on the bill.
func (b *Bill) ownLineOf(account int64, code string) *Line {
	for i := range b.Lines {
		if l := &b.Lines[i]; l.AccountID == account && l.code == code && l.Origin == why.ByKvit {
			return l
		}
	}
	return nil
}

// unpaidParts is what of a line's parts of plans is not paid, by the months that were charged.
func (b *Bill) unpaidParts(l *Line) map[calendar.Month]money.Amount {
	unpaid := map[calendar.Month]money.Amount{}
	for _, d := range b.Debts() {
		if d.AccountID != l.AccountID || d.ServiceID != l.ServiceID {
			continue
		}
		for _, x := range d.Buckets {
			unpaid[x.Month] += x.Plan
		}
	}
	return unpaid
}

// aheadOf is what an account has paid above all it owes.
func (b *Bill) aheadOf(account int64) (sum money.Amount) {
	for _, l := range b.linesOf(account) {
		sum -= l.Due
	}
	return max(0, sum)
}
