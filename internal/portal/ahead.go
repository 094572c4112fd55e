package portal

import (
	"kvit/internal/bill"
	"kvit/internal/decimal"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
)

// preliminary is the month that is not charged yet as pages show it; nil when there is none. Without suppliers only the
// sum is told.
func (m *Module) preliminary(b *bill.Bill, byID map[int64]supplier.Supplier) *view.Preliminary {
	if b.Preliminary == nil {
		return nil
	}
	p := &view.Preliminary{Month: month(b.Preliminary.Month), Sum: b.Preliminary.Sum}
	for i := range b.Preliminary.Lines {
		l := &b.Preliminary.Lines[i]
		row := view.PreliminaryRow{Supplier: l.SupplierName, BillLine: view.BillLine{
			Service: supplier.ServiceTitle(l.Service, byID[l.SupplierID].Services), Volume: decimal.Grouped(l.VolumeText, 0), Rate: decimal.Grouped(l.RateText, 2), Unit: l.Unit,
			Charge: l.Charge, Recalc: l.Recalc, Benefit: l.Benefit,
		}}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// aheadOf is what paying the bill and the month not charged yet together takes.
func aheadOf(b *bill.Bill) string {
	if b.Preliminary == nil || b.Preliminary.Sum <= 0 {
		return ""
	}
	return (b.Total + b.Preliminary.Sum).FormatBare()
}
