package app

import (
	"context"

	"kvit/internal/money"
	"kvit/internal/refund"
)

// refundAlone is the most one person of the centre gives back alone, unless the settings say otherwise.
const refundAlone = money.Amount(500_000)

// buildRefunds builds what payers ask back, and the payment code of whole bills.
func (a *App) buildRefunds() {
	alone := refundAlone
	if a.Settings.RefundAlone != nil {
		alone = *a.Settings.RefundAlone
	}
	a.Refunds = refund.New(refund.Deps{DB: a.DB, Payments: a.Payments, Zone: a.Zone, Now: a.now, Alone: alone})
	a.Bills.Payee = a.payee
}

// finishRefunds brings on what was decided about money that goes back and is not done.
func (a *App) finishRefunds(ctx context.Context) {
	for _, step := range []func(context.Context) error{a.Refunds.Finish, a.Refunds.BookDisputes} {
		if err := step(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("refunds", "error", err)
		}
	}
}
