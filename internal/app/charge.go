package app

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/housing"
)

// ChargeMonth charges a month in houses by their codes; none is all.
func (a *App) ChargeMonth(ctx context.Context, actor string, month calendar.Month, houses []string, progress func(stage string, done, total int64)) (*charge.Report, error) {
	buildings, err := a.buildingsOf(ctx, houses)
	if err != nil {
		return nil, err
	}
	return a.Charges.Charge(ctx, charge.Request{Month: month, Buildings: buildings, Actor: actor, Progress: func(done, total int64) {
		if progress != nil {
			progress("Начисление", done, total)
		}
	}})
}

func (a *App) buildingsOf(ctx context.Context, houses []string) (ids []int64, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		for _, code := range houses {
			b, err := housing.FindByCode(ctx, tx, code)
			if err != nil {
				return err
			}
			ids = append(ids, b.ID)
		}
		return nil
	})
	return ids, err
}
