package bill

import (
	"context"

	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Explain opens the n-th line of a bill, from 1, to the bottom.
func (m *Module) Explain(ctx context.Context, b *Bill, n int) (*why.Explanation, error) {
	if n < 1 || n > len(b.Lines) {
		return nil, fault.New(fault.NotFound, "line.unknown", "Такой строки в счёте нет. Откройте счёт и выберите строку.")
	}
	l := &b.Lines[n-1]
	x := &why.Explanation{
		Line: n, Supplier: l.Supplier, SupplierName: l.SupplierName, Account: l.Account, Service: l.Service, Month: l.Month, BillMonth: l.BillMonth, Origin: l.Origin,
		Opening: l.Opening, Charge: l.Charge, Recalc: l.Recalc, Benefit: l.Benefit, PutOff: l.PutOff, Penalty: l.Penalty, Paid: l.Paid, Due: l.Due, Steps: []why.Calculation{},
		Source: why.Source{File: l.Source.File, Pos: l.Source.Pos, Unit: l.Source.Unit, RecordedAt: l.Source.RecordedAt, Recorded: l.Source.Recorded, FileID: l.Source.fileID},
	}
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		s, err := m.supplierOf(ctx, tx, l.SupplierID)
		x.Title = supplier.ServiceTitle(l.Service, s.Services)
		return err
	})
	switch {
	case err != nil || l.Origin == why.ByPayer:
		return x, err
	case l.Origin == why.ByKvit:
		return x, m.explainOwn(ctx, b, l, x)
	}
	step, check := why.Supplied(l.Volume, l.Rate, l.Charge)
	step.Title = x.Title
	x.Steps, x.Check = append(x.Steps, step), check
	return x, m.setBeside(ctx, b, l, x)
}
