package portal

import (
	"context"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
)

// recipients are who gets the money of a bill, with requisites, each once; those whose requisites changed lately are marked.
func (m *Module) recipients(ctx context.Context, b *bill.Bill, byID map[int64]supplier.Supplier) (list []view.Recipient, err error) {
	recent, err := m.recentChanges(ctx)
	if err != nil {
		return nil, err
	}
	at := map[int64]int{}
	for _, t := range b.Suppliers {
		i, ok := at[t.SupplierID]
		if !ok {
			i = len(list)
			at[t.SupplierID] = i
			s := byID[t.SupplierID]
			list = append(list, view.Recipient{Name: s.Name, INN: s.INN, Bank: s.Bank, BIC: s.BIC, Account: s.BankAccount, Changed: m.changedOn(recent, &s)})
		}
		list[i].Sum += max(0, t.Due)
	}
	return list, nil
}

func (m *Module) recentChanges(ctx context.Context) (recent map[int64]supplier.Change, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		recent, err = supplier.ListRecent(ctx, tx, m.Now())
		return err
	})
	return recent, err
}

// changedOn is the day a supplier's requisites changed; zero when they are as last month, or as an issued bill names them.
func (m *Module) changedOn(recent map[int64]supplier.Change, s *supplier.Supplier) calendar.Date {
	c, ok := recent[s.ID]
	if !ok || c.Wanted.BankAccount != s.BankAccount {
		return 0
	}
	return calendar.DateOf(c.EffectiveAt.Micros().Time().In(m.Zone))
}
