package settlement

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// SupplierDay is what a close came to for a supplier, and the payout that pays it; nil: none yet.
type SupplierDay struct {
	CloseNo   int64            `json:"closeNo"`
	Day       calendar.DayText `json:"day"`
	Payments  int64            `json:"payments"`
	Collected money.Amount     `json:"collected"`
	Refunded  money.Amount     `json:"refunded"`
	Fee       money.Amount     `json:"fee"`
	Payout    *Payout          `json:"payout,omitempty"`
}

// SupplierDays gives the closed days of a supplier between two days, latest first.
func (m *Module) SupplierDays(ctx context.Context, supplierID int64, from, to calendar.Date) (list []SupplierDay, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []SupplierDay{}
		dues, err := listDues(ctx, tx, "WHERE supplier_id = $1 AND day BETWEEN $2 AND $3 ORDER BY close_no DESC", supplierID, int64(from), int64(to))
		if err != nil || len(dues) == 0 {
			return err
		}
		payouts, err := listPayouts(ctx, tx, "WHERE p.supplier_id = $1", supplierID)
		byID := map[int64]*Payout{}
		for i := range payouts {
			byID[payouts[i].ID] = &payouts[i]
		}
		for _, d := range dues {
			list = append(list, SupplierDay{d.closeNo, calendar.DayText(d.day), d.payments, d.collected, d.refunded, d.fee, byID[d.payout]})
		}
		return err
	})
	return list, err
}
