package bill

import (
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Due is what is due on an account of a supplier.
type Due struct {
	BuildingID, AccountID int64
	Amount                money.Amount
}

// EachDue gives what is due on every account of a supplier that is in a basket, building after building, as the live bills
// say now.
func (m *Module) EachDue(ctx context.Context, supplierID int64, each func(Due) error) error {
	at := m.now()
	reader, err := m.charges.Reader(ctx, at)
	if err != nil {
		return err
	}
	var buildings []int64
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		buildings, err = account.ListBuildingsOf(ctx, tx, supplierID)
		return err
	})
	for i := 0; i < len(buildings) && err == nil; i++ {
		var list []Due
		err = m.db.Read(ctx, func(tx *db.Tx) error {
			list = list[:0]
			return m.each(ctx, tx, reader, buildings[i], buildings[i], at, func(b *Bill) error {
				for k := range b.Suppliers {
					if t := &b.Suppliers[k]; t.SupplierID == supplierID {
						list = append(list, Due{b.BuildingID, t.AccountID, t.Due})
					}
				}
				return nil
			})
		})
		for k := 0; k < len(list) && err == nil; k++ {
			err = each(list[k])
		}
	}
	if err != nil {
		return fmt.Errorf("balances of supplier %d: %w", supplierID, err)
	}
	return nil
}
