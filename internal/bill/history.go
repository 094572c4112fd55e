package bill

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// HistoryMost is how many months a history holds (story 17).
const HistoryMost = 36

// Past is one month of a household's history.
type Past struct {
	Month    calendar.Month
	Sum      money.Amount // what the month cost: charges, recalculations, penalties; no debts, no payments
	Paid     money.Amount // in that month: by its registers, and where they do not say by the payments Kvit holds
	Owed     money.Amount // of it, not paid at the bill's moment; payments pay the oldest month first
	DueOnly  bool         // some supplier said only what was to pay: what he charged is not known and not in Sum
	Services []PastService
	Change   *Change // with the month before of the history; nil of the oldest one
}

// PastService is what a service cost in a month.
type PastService struct {
	Title  string
	Unit   string        // of the volume; '' when it is not known
	Volume decimal.Ratio // zero when it is not known
	Sum    money.Amount
}

// History tells the months the accounts of a bill were charged for, the latest first: what each cost by service, why it
// cost another sum than the one before, and what of it is not paid.
func (m *Module) History(ctx context.Context, b *Bill) (list []Past, err error) {
	var months []calendar.Month
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		months, err = m.listMonths(ctx, tx, b)
		return err
	})
	known := make([]monthOf, min(len(months), HistoryMost+1)) // one more: the oldest shown changed from it
	for i := 0; i < len(known) && err == nil; i++ {
		known[i], err = m.monthOf(ctx, b, months[i])
	}
	if err == nil {
		err = m.db.Read(ctx, func(tx *db.Tx) error {
			list = nil
			held, err := parts(ctx, tx, nil, b.members, b.formers, b.Moment)
			if err != nil {
				return err
			}
			for i := range known[:min(len(known), HistoryMost)] {
				p, err := m.past(ctx, tx, b, months, known, i)
				if err != nil {
					return err
				}
				p.Paid = known[i].paid(b, held, months[i])
				list = append(list, p)
			}
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("history of a bill: %w", err)
	}
	b.owe(list, known)
	return list, nil
}

// past is month i of those known, the latest first.
func (m *Module) past(ctx context.Context, tx *db.Tx, b *Bill, months []calendar.Month, known []monthOf, i int) (Past, error) {
	p := Past{Month: months[i]}
	before := &monthOf{}
	if i+1 < len(known) {
		before = &known[i+1]
		p.Change = &Change{Month: months[i], Against: months[i+1]}
		if err := m.compareAccounts(ctx, tx, b, p.Change, before, &known[i]); err != nil {
			return p, err
		}
	}
	var lines []why.Line
	for _, s := range b.Suppliers {
		if !costKnown(known[i].lines[s.AccountID]) {
			p.DueOnly = true
			continue
		}
		of, err := m.whyLines(ctx, tx, b, s, &known[i], before)
		if err != nil {
			return p, err
		}
		lines = append(lines, of...)
	}
	tellApart(lines)
	p.addServices(lines)
	return p, nil
}

// addServices puts lines of one service together, the dearest service first.
func (p *Past) addServices(lines []why.Line) {
	for i := range lines {
		l := &lines[i]
		at := slices.IndexFunc(p.Services, func(s PastService) bool { return s.Title == l.Title })
		if at < 0 {
			at = len(p.Services)
			p.Services = append(p.Services, PastService{Title: l.Title, Unit: l.Unit})
		}
		s := &p.Services[at]
		s.Sum += l.Sum()
		s.Volume = s.Volume.Plus(l.Volume)
		p.Sum += l.Sum()
	}
	slices.SortStableFunc(p.Services, func(x, y PastService) int { return cmp.Compare(y.Sum, x.Sum) })
}

// paid is what came in for the bill's accounts in a month.
func (o *monthOf) paid(b *Bill, held []payment.Part, month calendar.Month) (sum money.Amount) {
	for _, s := range b.Suppliers {
		told := false
		for i := range o.lines[s.AccountID] {
			l := &o.lines[s.AccountID][i]
			sum += l.Paid
			told = told || l.Given&charge.GivenPaid != 0
		}
		for i := range held {
			if p := &held[i]; !told && p.AccountID == s.AccountID && p.PaidOn.Month() == month {
				sum += p.Amount
			}
		}
	}
	return sum
}

// owe shares what is due among the months, account by account: the latest month first holds as much of it as it cost.
func (b *Bill) owe(list []Past, known []monthOf) {
	for _, s := range b.Suppliers {
		rest := s.Due
		for i := range list {
			if rest <= 0 {
				break
			}
			part := min(rest, max(0, known[i].cost(s.AccountID)))
			list[i].Owed += part
			rest -= part
		}
	}
}

// cost is what a month cost an account.
func (o *monthOf) cost(account int64) (sum money.Amount) {
	for i := range o.lines[account] {
		l := &o.lines[account][i]
		sum += l.Charge + l.Recalc + l.Penalty
	}
	for i := range o.own[account] {
		sum += o.own[account][i].Sum()
	}
	return sum
}
