package bill

import (
	"slices"
	"strings"

	"kvit/internal/charge"
)

// CapitalRepair tells whether a line is the contribution to capital repair: by the group the catalogue puts it in, or by how its
// supplier calls it.
func (l *Line) CapitalRepair() bool {
	if l.group == "capital_repair" {
		return true
	}
	name := strings.ToLower(l.Service)
	if name == "" {
		name = strings.ToLower(l.SupplierName) // he names no services
	}
	return strings.Contains(name, "капит") || strings.Contains(name, "капремонт") || slices.Contains(strings.Fields(name), "кр")
}

// Narrow leaves on a bill only what one of those who share the home pays: totals are of that, the month ahead and what is late
// too. It comes before Ahead.
func (b *Bill) Narrow(keep func(*Line) bool) {
	b.keep, b.elsewhere = keep, map[serviceOf]bool{}
	b.Lines = slices.DeleteFunc(b.Lines, func(l Line) bool {
		goes := !keep(&l)
		b.elsewhere[serviceOf{l.AccountID, l.ServiceID}] = goes
		return goes
	})
	b.Opening, b.Charge, b.Recalc, b.Penalty, b.Paid, b.Total, b.Advance = 0, 0, 0, 0, 0, 0, 0
	told := b.Suppliers
	b.Suppliers = nil
	b.Plans = slices.DeleteFunc(b.Plans, func(p InstalmentPlan) bool {
		return !slices.ContainsFunc(b.Lines, func(l Line) bool { return l.Account == p.Account && l.Service == p.Service })
	})
	b.settle()
	for i := range b.Suppliers {
		if at := slices.IndexFunc(told, func(s SupplierTotal) bool { return s.AccountID == b.Suppliers[i].AccountID }); at >= 0 {
			b.Suppliers[i].Online = told[at].Online
		}
	}
}

// narrowLate takes what somebody else pays off the debts of the month ahead.
func (b *Bill) narrowLate(c *charge.Coming) {
	if b.keep == nil {
		return
	}
	c.Late = slices.DeleteFunc(c.Late, func(d charge.Late) bool { return b.elsewhere[serviceOf{d.AccountID, d.ServiceID}] })
}
