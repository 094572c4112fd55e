package bill

import (
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// fill carries the balances of every account forward and takes the months asked for.
func (t *turning) fill(out *Turnover) {
	for account := range t.flows {
		if first := t.first(account); out.First == 0 || first < out.First {
			out.First = first
		}
	}
	out.From = max(out.From, out.First)
	if out.First == 0 || out.From > out.To {
		return
	}
	for m := out.From; m <= out.To; m = m.Add(1) {
		out.Months = append(out.Months, MonthFlow{Month: m})
	}
	for i := range t.b.Suppliers {
		s := &t.b.Suppliers[i]
		a := AccountFlow{AccountID: s.AccountID, SupplierID: s.SupplierID, Supplier: s.Name, Account: s.Account}
		for _, f := range t.roll(s.AccountID, s.Due, out.First) {
			if f.Month >= out.From && f.Month <= out.To {
				a.Months = append(a.Months, f)
				out.Months[len(a.Months)-1].addMonth(&f.Flow)
			}
		}
		a.Flow = over(a.Months)
		out.Accounts = append(out.Accounts, a)
	}
	out.Total = over(out.Months)
	t.fillServices(out)
	for i := range t.parts {
		if month := t.parts[i].PaidOn.Month(); month >= out.From && month <= out.To {
			out.Parts = append(out.Parts, t.parts[i])
		}
	}
}

// addMonth adds a month of one account to the month of the household.
func (m *MonthFlow) addMonth(f *Flow) {
	m.add(f)
	m.Opening, m.Closing = m.Opening+f.Opening, m.Closing+f.Closing
}

// over is a stretch of months as one flow.
func over(months []MonthFlow) (f Flow) {
	for i := range months {
		f.add(&months[i].Flow)
	}
	if len(months) > 0 {
		f.Opening, f.Closing = months[0].Opening, months[len(months)-1].Closing
	}
	return f
}

// first is the first month anything is known of an account; the last one when nothing is.
func (t *turning) first(account int64) calendar.Month {
	first := t.last
	for m := range t.flows[account] {
		first = min(first, m)
	}
	return first
}

// roll gives the months of an account from the first one of its household, up to what its bill says is due.
func (t *turning) roll(account int64, due money.Amount, from calendar.Month) (list []MonthFlow) {
	months := t.flows[account]
	first, balance := t.first(account), money.Amount(0)
	var before *monthFlow // the last register
	var beforeMonth calendar.Month
	for m := from; m <= t.last; m = m.Add(1) {
		f := months[m]
		if f == nil {
			f = &monthFlow{}
		}
		switch {
		case before == nil: // what stood at first, and what services that came to Kvit later stood at
			balance += f.Opening
		case f.registered:
			held := t.held(account, before, beforeMonth, f, m)
			f.Paid += held
			f.Other += f.Opening - (balance - held)
		}
		f.Opening = balance
		if m < first {
			f.Opening = 0
		}
		balance += f.charged() - f.Paid + f.Other
		f.Closing = balance
		if f.registered {
			before, beforeMonth = f, m
		}
		list = append(list, MonthFlow{m, f.Flow})
	}
	settleLast(list, due)
	return list
}

// held are the payments Kvit holds that a register counts in its opening and the one before did not know: those of months
// without a register, and of registers that do not tell what was paid.
func (t *turning) held(account int64, before *monthFlow, beforeMonth calendar.Month, f *monthFlow, month calendar.Month) (sum money.Amount) {
	until := f.file.Last(month.Add(-1))
	if !f.paidGiven {
		until = f.file.Last(month)
	}
	since := before.file.Last(beforeMonth)
	for i := range t.parts {
		p := &t.parts[i]
		if p.AccountID == account && p.PaidOn > since && p.PaidOn <= until {
			sum += p.Amount
		}
	}
	return sum
}

// settleLast makes the last closing what the bill says is due: what facts of months do not explain is said, never hidden.
func settleLast(list []MonthFlow, due money.Amount) {
	if n := len(list); n > 0 {
		l := &list[n-1]
		l.Other += due - l.Closing
		l.Closing = due
	}
}

func (t *turning) fillServices(out *Turnover) {
	for i := range out.Accounts {
		a := &out.Accounts[i]
		var ids []int64
		for of := range t.services {
			if of.account == a.AccountID {
				ids = append(ids, of.service)
			}
		}
		slices.Sort(ids)
		for _, id := range ids {
			s := ServiceFlow{AccountID: a.AccountID, ServiceID: id, SupplierID: a.SupplierID, Supplier: a.Supplier, Account: a.Account, Name: supplier.ServiceTitle(t.names[id], t.suppliers[a.SupplierID].Services)}
			for m := out.From; m <= out.To; m = m.Add(1) {
				if f := t.services[serviceOf{a.AccountID, id}][m]; f != nil {
					s.Months = append(s.Months, MonthFlow{m, *f})
					s.add(f)
				}
			}
			if len(s.Months) > 0 {
				out.Services = append(out.Services, s)
			}
		}
	}
}

// Of is the turnover of one supplier's accounts; 0 is all.
func (t *Turnover) Of(supplierID int64) *Turnover {
	if supplierID == 0 {
		return t
	}
	own := &Turnover{From: t.From, To: t.To, First: t.First}
	for _, m := range t.Months {
		own.Months = append(own.Months, MonthFlow{Month: m.Month})
	}
	mine := map[int64]bool{}
	for _, a := range t.Accounts {
		if a.SupplierID != supplierID {
			continue
		}
		mine[a.AccountID] = true
		own.Accounts = append(own.Accounts, a)
		for i := range a.Months {
			own.Months[i].addMonth(&a.Months[i].Flow)
		}
	}
	own.Total = over(own.Months)
	own.Services = slices.DeleteFunc(slices.Clone(t.Services), func(s ServiceFlow) bool { return !mine[s.AccountID] })
	own.Parts = slices.DeleteFunc(slices.Clone(t.Parts), func(p payment.Part) bool { return !mine[p.AccountID] })
	return own
}
