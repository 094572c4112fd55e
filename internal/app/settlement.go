package app

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/payment"
	"kvit/internal/settlement"
)

// newSettlement connects the settlement of money with what it asks of the rest.
func (a *App) newSettlement() *settlement.Module {
	return settlement.New(settlement.Deps{DB: a.DB, Suppliers: a.Suppliers, Zone: a.Zone, Now: a.now, Check: a.checkMoney, Reconciled: a.reconciled, Arrived: arrived, CheckAll: func(ctx context.Context) ([]ledger.Breach, error) {
		r, err := a.Check(ctx)
		if err != nil {
			return nil, err
		}
		return r.Invariants, nil
	}})
}

// checkMoney runs the invariants of the book, of payments and of settlement: what closing a day rests on.
func (a *App) checkMoney(ctx context.Context) (list []ledger.Breach, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		if list, err = payment.Invariants(ctx, tx); err != nil {
			return err
		}
		own, err := settlement.Invariants(ctx, tx)
		list = append(list, own...)
		return err
	})
	return list, err
}
