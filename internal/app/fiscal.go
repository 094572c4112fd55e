package app

import (
	"cmp"
	"context"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/cashdesk"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal"
	"kvit/internal/money"
)

// buildDesks builds receipts and cash desks.
func (a *App) buildDesks() {
	register := a.Settings.Register
	if register.Phone == "" {
		register.Phone = a.Settings.Centre.Phone
	}
	a.Receipts = fiscal.New(fiscal.Deps{DB: a.DB, Payments: a.Payments, Register: register, Zone: a.Zone, Now: a.now, Log: a.Log, Advance: a.advanceOf})
	a.Desks = cashdesk.New(cashdesk.Deps{DB: a.DB, Payments: a.Payments, Now: a.now})
}

// reachedAt tells what people and others call back by: the address of the pages.
func (a *App) reachedAt(base string) {
	a.Settings.BaseURL, a.Bills.BaseURL = base, base
	if register := &a.Receipts.Register; base != "" {
		register.Place = cmp.Or(register.Place, base)
		if register.URL != "" {
			register.Callback = cmp.Or(register.Callback, base+"/hooks/cashbox")
		}
	}
}

// advanceOf is what is left of the money an account paid ahead: what its bill does not take.
func (a *App) advanceOf(ctx context.Context, building, accountID int64) (left money.Amount, err error) {
	var household int64
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, `SELECT coalesce((SELECT l.household_id FROM household_link l WHERE l.building_id = a.building_id AND l.account_id = a.account_id ORDER BY l.recorded_at DESC LIMIT 1), 0)
			FROM account a WHERE a.building_id = $1 AND a.account_id = $2 AND a.closed_at = 0`, building, accountID).Scan(&household))
	})
	if err != nil {
		return 0, err
	}
	b, err := a.billOf(ctx, bill.Ref{Building: building, Household: household}, accountID)
	if err != nil {
		return 0, err
	}
	for i := range b.Suppliers {
		if b.Suppliers[i].AccountID == accountID {
			return max(0, -b.Suppliers[i].Due), nil
		}
	}
	return 0, fault.New(fault.NotFound, "account.unknown", "По этому счёту ничего не начислено.")
}

// Pauses between rounds of receipts: making and sending, and looking for advances that were used.
const (
	receiptsPause = 2 * time.Second
	offsetPause   = 10 * time.Minute
)

// printReceipts makes the receipts of what was settled and brings them to the register.
func (a *App) printReceipts(ctx context.Context) {
	if err := a.Receipts.Begin(ctx); err != nil {
		a.Log.Error("receipts policy", "error", err)
	}
	var offset time.Time
	a.every(ctx, receiptsPause, "receipts", func() error {
		a.receiptRound(ctx, &offset)
		return nil
	})
}

// receiptRound does one round; a step that fails does not hold up the others.
func (a *App) receiptRound(ctx context.Context, offset *time.Time) {
	failed := func(what string, err error) {
		if err != nil && ctx.Err() == nil {
			a.Log.Error("receipts", "step", what, "error", err)
		}
	}
	failed("cancelled cash", a.Desks.FinishCancels(ctx))
	_, err := a.Receipts.Gather(ctx)
	failed("gather", err)
	if time.Since(*offset) > offsetPause {
		_, err = a.Receipts.Offset(ctx)
		failed("advances", err)
		*offset = time.Now()
	}
	failed("send", a.Receipts.Send(ctx, &fiscal.Done{}))
}

// Stamp writes a moment in the region's zone, as JSON does.
func (a *App) Stamp(at calendar.Micros) string {
	if at == 0 {
		return ""
	}
	return at.Time().In(a.Zone).Format(time.RFC3339)
}
