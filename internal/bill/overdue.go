package bill

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// Overdue is what an account of a bill owes past its time: of months whose last day to pay has gone by (ЖК РФ ст. 155 ч. 1),
// and of penalties. What the current month's bill asks for and is not late is no debt.
type Overdue struct {
	AccountID, SupplierID int64
	Supplier              string // its name
	Account               string
	Principal, Penalty    money.Amount
	Since                 calendar.Month // the oldest month owed; 0 when nothing is
	Month                 calendar.Month // the last one its supplier, or Kvit, charged; 0 when nothing is known
}

// Sum is the debt of the account in kopecks.
func (o *Overdue) Sum() money.Amount { return o.Principal + o.Penalty }

// DueDay is the last day to pay for a month in time (ЖК РФ ст. 155 ч. 1; ГК РФ ст. 193).
func DueDay(month calendar.Month) calendar.Date {
	return calendar.NextWorkday(month.Add(1).First().AddDays(14))
}

// Overdue tells what is owed past its time on the day of a bill's moment, account by account.
func (m *Module) Overdue(ctx context.Context, b *Bill) ([]Overdue, error) {
	if err := m.Ahead(ctx, b); err != nil {
		return nil, err
	}
	today := m.today(b)
	list, at := make([]Overdue, len(b.Suppliers)), map[int64]*Overdue{}
	for i := range b.Suppliers {
		s := &b.Suppliers[i]
		list[i] = Overdue{AccountID: s.AccountID, SupplierID: s.SupplierID, Supplier: s.Name, Account: s.Account}
		if month, err := calendar.ParseMonth(s.Month); err == nil {
			list[i].Month = month
		}
		at[s.AccountID] = &list[i]
	}
	for _, d := range b.Debts() {
		o := at[d.AccountID]
		if o == nil {
			continue // not charged yet
		}
		for _, k := range d.Buckets {
			if DueDay(k.Month) >= today || k.Amount <= 0 {
				continue
			}
			o.Principal += k.Amount
			if o.Since == 0 || k.Month < o.Since {
				o.Since = k.Month
			}
		}
		o.Penalty += max(0, d.Penalty-b.notDue(d.AccountID, d.ServiceID, today))
	}
	return list, nil
}

// notDue is the penalty of a line whose own bill may still be paid in time.
func (b *Bill) notDue(account, service int64, today calendar.Date) (sum money.Amount) {
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.AccountID == account && l.ServiceID == service && l.BillMonth.Valid() && DueDay(l.BillMonth) >= today {
			sum += max(0, l.Penalty)
		}
	}
	return sum
}
