package bill

import (
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// Dispute is a sum of a live bill that is being checked. It stays due; its payer may leave it out of «pay all» meanwhile.
type Dispute struct {
	Number    string        `json:"-"` // of the appeal
	AnswerBy  calendar.Date `json:"-"`
	Penalty   bool          `json:"penalty,omitempty"` // the penalty of the line, not its charge
	Sum       money.Amount  `json:"sum"`
	Out       bool          `json:"leftOut"`
	Person    int64         `json:"-"` // who disputes it: the number is his; 0: whoever lives there
	AccountID int64         `json:"-"`
	ServiceID int64         `json:"-"`
}

// tellDisputes adds what is in dispute to a live bill of a household.
func (m *Module) tellDisputes(ctx context.Context, tx *db.Tx, b *Bill) (err error) {
	if m.Disputed == nil || b.shelf != nil || b.HouseholdID == 0 || b.Status == StatusAsOf {
		return nil
	}
	b.Disputes, err = m.Disputed(ctx, tx, Ref{b.BuildingID, b.HouseholdID})
	return err
}

// LeftOut is how much of what is due the payer leaves out of «pay all». A dispute of what is paid, or corrected, already
// leaves nothing out.
func (b *Bill) LeftOut() money.Amount {
	if len(b.Disputes) == 0 {
		return 0
	}
	return owed(b.Debts()) - owed(b.undisputed())
}

// Payable is what «pay all» takes: what is due less what the payer leaves out.
func (b *Bill) Payable() money.Amount { return b.Total - b.LeftOut() }

// PayableWithout is what «pay all» would take if one more sum were left out.
func (b *Bill) PayableWithout(d Dispute) money.Amount {
	with := *b
	with.Disputes = append(slices.Clone(b.Disputes), d)
	return with.Payable()
}

// Disputed is the dispute of a line; nil when there is none.
func (b *Bill) Disputed(l *Line) *Dispute {
	for i := range b.Disputes {
		if d := &b.Disputes[i]; d.AccountID == l.AccountID && d.ServiceID == l.ServiceID {
			return d
		}
	}
	return nil
}

func owed(debts []payment.Debt) (sum money.Amount) {
	for i := range debts {
		sum += debts[i].Due()
	}
	return sum
}

// undisputed are the debts without what is left out.
func (b *Bill) undisputed() []payment.Debt {
	debts := b.wholeDebts()
	for i := range b.Disputes {
		d := &b.Disputes[i]
		for k := range debts {
			if x := &debts[k]; d.Out && x.AccountID == d.AccountID && x.ServiceID == d.ServiceID {
				d.takeFrom(x)
			}
		}
	}
	if b.Part != nil {
		cut(debts, b.Part.of(owed(debts)))
	}
	return debts
}

// takeFrom takes the disputed sum off a debt: the newest month first, for that is the one in dispute.
func (d *Dispute) takeFrom(x *payment.Debt) {
	if d.Penalty {
		x.Penalty -= min(x.Penalty, d.Sum)
		return
	}
	left := d.Sum
	for i := len(x.Buckets) - 1; i >= 0 && left > 0; i-- {
		cut := min(left, x.Buckets[i].Amount)
		x.Buckets[i].Amount, left = x.Buckets[i].Amount-cut, left-cut
		x.Buckets[i].Plan = min(x.Buckets[i].Plan, x.Buckets[i].Amount)
	}
}

// chosen are the debts a wish is split over. What is left out is for who names its line, or pays more than the rest is.
func chosen(bills []*Bill, w payment.Wish) (debts []payment.Debt, rules *payment.Rules) {
	debts, rules = Payable(bills)
	if len(w.Lines) > 0 || w.Month != 0 {
		return debts, rules
	}
	var rest []payment.Debt
	for _, b := range bills {
		rest = append(rest, b.undisputed()...)
	}
	if left := owed(rest); left > 0 && left < owed(debts) && (w.All || w.Sum <= left) {
		return rest, rules
	}
	return debts, rules
}
