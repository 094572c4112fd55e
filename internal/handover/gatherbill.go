package handover

import (
	"cmp"
	"context"
	"slices"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/money"
)

// readBills reads what each household owes, line by line.
func (g *gathering) readBills(ctx context.Context) error {
	for _, h := range g.p.Households {
		b, err := g.m.Bills.At(ctx, bill.Ref{Building: g.building, Household: h.ID}, g.at)
		if err == nil {
			err = g.addBill(ctx, b)
		}
		if err != nil {
			return err
		}
	}
	for i := range g.p.Accounts {
		if a := &g.p.Accounts[i]; a.Household == 0 {
			b, err := g.m.Bills.AtAccount(ctx, g.building, a.ID, g.at)
			if err == nil {
				err = g.addBill(ctx, b)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *gathering) addBill(ctx context.Context, b *bill.Bill) error {
	if err := g.m.Bills.Ahead(ctx, b); err != nil {
		return err
	}
	for i := range b.Lines {
		g.addLine(&b.Lines[i])
	}
	today := calendar.DateOf(g.at.Time().In(g.m.Zone))
	for _, d := range b.Debts() {
		a := g.members[d.AccountID]
		for _, k := range d.Buckets {
			due := cmp.Or(k.Due, k.Month.Add(1).First())
			a.Debts = appendDebt(a.Debts, Debt{Service: d.ServiceID, Month: k.Month, Due: due, Amount: k.Amount, Days: max(0, today.Days(due))})
		}
		a.Debts = appendDebt(a.Debts, Debt{Service: d.ServiceID, Amount: d.Penalty})
	}
	return nil
}

func appendDebt(list []Debt, d Debt) []Debt {
	if d.Amount == 0 {
		return list
	}
	return append(list, d)
}

// addLine takes a line of a bill; its row of the same month among the earlier ones is the line itself.
func (g *gathering) addLine(l *bill.Line) {
	a := g.members[l.AccountID]
	line := Line{Service: l.ServiceID, Month: l.BillMonth, Origin: l.Origin, Opening: l.Opening, Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty, Claimed: l.Claimed, PaidSince: l.PaidSince,
		Due: l.Due, Volume: l.Volume, Rate: l.Rate}
	at := slices.IndexFunc(a.Earlier, func(r Row) bool { return r.Service == l.ServiceID && r.Month == l.BillMonth })
	if at >= 0 && l.Origin == why.BySupplier {
		line.Source = a.Earlier[at].Source
	} else {
		line.Source = g.source(Source{Supplier: a.Supplier, Name: "начислено прежним центром", Months: neverCounts})
	}
	if at >= 0 {
		a.Earlier = slices.Delete(a.Earlier, at, at+1)
	}
	a.Lines = append(a.Lines, line)
	a.LastMonth = max(a.LastMonth, l.BillMonth)
	for _, p := range l.PaymentsSince() {
		a.Paid = append(a.Paid, Paid{Service: p.ServiceID, On: p.PaidOn, Kind: p.Kind, Amount: p.Amount})
	}
	g.addOwnMonths(a, l)
}

// addOwnMonths adds what the giver charged for a line's service in months before, as its book has it.
func (g *gathering) addOwnMonths(a *Account, l *bill.Line) {
	if l.Origin != why.ByKvit {
		return
	}
	sums := map[calendar.Month]money.Amount{}
	for _, v := range a.Movements {
		if v.Kind == "charge" && v.Service == l.ServiceID && v.Month < l.BillMonth {
			sums[v.Month] += v.Amount
		}
	}
	source := g.source(Source{Supplier: a.Supplier, Name: "начислено прежним центром", Months: neverCounts})
	for month, sum := range sums {
		if !slices.ContainsFunc(a.Earlier, func(r Row) bool { return r.Service == l.ServiceID && r.Month == month }) {
			a.Earlier = append(a.Earlier, Row{Service: l.ServiceID, Month: month, Source: source, Charge: sum, Due: sum, Given: charge.GivenCharge})
		}
	}
	slices.SortFunc(a.Earlier, func(x, y Row) int { return cmp.Or(cmp.Compare(x.Month, y.Month), cmp.Compare(x.Service, y.Service)) })
}
