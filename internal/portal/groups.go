package portal

import (
	"kvit/internal/bill"
	"kvit/internal/charge/why"
	"kvit/internal/decimal"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
)

// groups are the lines of a bill by the accounts they are of; open gives the address a line opens at, online says what a
// supplier told by himself.
func groups(b *bill.Bill, byID map[int64]supplier.Supplier, open func(number int) string, online func(*bill.OnlineBalance) string) []view.BillGroup {
	var out []view.BillGroup
	for _, s := range b.Suppliers {
		g := view.BillGroup{Supplier: s.Name, Account: s.Account, Month: month(s.Month), Fresh: s.Fresh, Late: s.Month != b.Month, Due: s.Due, Kvit: true, Online: online(s.Online)}
		for i := range b.Lines {
			l := &b.Lines[i]
			if l.AccountID != s.AccountID {
				continue
			}
			g.Kvit = g.Kvit && l.Origin == why.ByKvit
			g.Lines = append(g.Lines, view.BillLine{
				Number: i + 1,
				Kvit:   l.Origin == why.ByKvit, Benefit: l.Benefit, PutOff: l.PutOff, Moved: l.Moved, Unit: l.Unit, WhyHref: open(i + 1), Service: supplier.ServiceTitle(l.Service, byID[l.SupplierID].Services), Volume: volume(l.VolumeText), Rate: decimal.Grouped(l.RateText, 2),
				Opening: l.Opening, Charge: l.Charge, Recalc: l.Recalc, Penalty: l.Penalty, Paid: l.Paid, Due: l.Due, PaidClaimed: l.Claimed, PaidHere: l.PaidSince,
				Source: view.Source{File: l.Source.File, Pos: l.Source.Pos, Unit: l.Source.Unit, At: l.Source.Recorded},
			})
		}
		out = append(out, g)
	}
	return out
}
