package portal

import (
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/penalty"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
)

// volumeDigits are shown of a volume: of heat the fourth is worth kopecks. Exact it stands in the explanation.
const volumeDigits = 4

// volume writes an exact volume as people read it.
func volume(text string) string {
	v, err := decimal.Parse(text)
	if err != nil {
		return text
	}
	return decimal.Shown(v, volumeDigits)
}

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
			Service: supplier.ServiceTitle(l.Service, byID[l.SupplierID].Services), Volume: volume(l.VolumeText), Rate: decimal.Grouped(l.RateText, 2), Unit: l.Unit,
			Charge: l.Charge, Recalc: l.Recalc, Benefit: l.Benefit, Penalty: l.Penalty,
		}}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// late are the months that are not paid, with their penalties, as pages show them.
func late(b *bill.Bill) (list []view.Late) {
	for i := range b.Late {
		l := &b.Late[i]
		list = append(list, view.Late{Title: l.SupplierName + ", " + l.Debt.Month.Title(), Penalty: l.Penalty, Starts: starts(l), Words: l.Words})
	}
	return list
}

// starts is when the penalty of a debt begins; 0 when it has begun.
func starts(l *bill.LateDebt) calendar.Date {
	if l.Starts == "" {
		return 0
	}
	return l.Debt.Starts
}

// penalties adds to the first page what penalties of months that Kvit charges come to: those not on the bill yet, what a
// day adds, and when the first of them begins.
func penalties(v *view.Home, b *bill.Bill) {
	known := false
	for i := range b.Late {
		l := &b.Late[i]
		if l.Policy != penalty.ChargeThem {
			continue
		}
		v.PerDay += l.NextDay
		v.Penalty += l.Penalty - l.Charged
		if first := starts(l); first != 0 && (!known || first < v.PenaltyFrom) {
			v.PenaltyFrom, known = first, true
		}
	}
}

// aheadOf is what paying the bill and the month not charged yet together takes.
func aheadOf(b *bill.Bill) string {
	if b.Preliminary == nil || b.Preliminary.Sum <= 0 {
		return ""
	}
	return (b.Total + b.Preliminary.Sum).FormatBare()
}
