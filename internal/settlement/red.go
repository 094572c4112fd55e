package settlement

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/supplier"
)

// RedChanges gives, by supplier, the change of bank details a payout to him has to show in red (reliability.md S13).
func (m *Module) RedChanges(ctx context.Context) (map[int64]supplier.Change, error) {
	red := map[int64]supplier.Change{}
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		clear(red)
		list, err := supplier.ListChanges(ctx, tx, 0, false)
		for i := range list {
			_, later := red[list[i].SupplierID]
			if list[i].Former.BankAccount != "" && list[i].Red(m.Now()) && !later {
				red[list[i].SupplierID] = list[i]
			}
		}
		return err
	})
	return red, err
}
