package app

import (
	"context"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// issueDemo charges the demo's month, lets its second person approve it, and issues the bills: that of the demo's resident
// has been replaced, one of another household withdrawn.
func (a *App) issueDemo(ctx context.Context) error {
	building, household, err := a.demoFamily(ctx)
	if err != nil {
		return err
	}
	own := bill.Ref{Building: building, Household: household}
	b, err := a.Bills.At(ctx, own, 0)
	if err != nil {
		return err
	}
	month, err := calendar.ParseMonth(b.Month)
	if err != nil {
		return err
	}
	if err := a.computeDemo(ctx, building, household, month); err != nil {
		return err
	}
	run, err := a.ChargeMonth(ctx, demoOperator.String(), month, nil, nil)
	if err != nil {
		return err
	}
	if err := a.Charges.Approve(ctx, run.Run, demoAccountant.String()); err != nil {
		return err
	}
	if _, err := a.Bills.Publish(ctx, bill.PublishRequest{Run: run.Run, Actor: demoAccountant.String()}); err != nil {
		return err
	}
	act := bill.Decision{Ref: own, Month: month, Reason: "поставщик прислал исправление", Actor: demoAccountant.String()}
	if _, err := a.Bills.Issue(ctx, act); err != nil {
		return err
	}
	var other bill.Ref
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT building_id, household_id FROM bill_snapshot WHERE month = $1 AND household_id <> $2 ORDER BY building_id, household_id LIMIT 1", int64(month), household).
			Scan(&other.Building, &other.Household)
	})
	if err = db.Fold(err); fault.Is(err, fault.NotFound) { // a town of one family
		return nil
	}
	if err != nil {
		return err
	}
	act.Ref, act.Reason = other, "показания занесли в чужой счёт, пришлём новый"
	return a.Bills.Withdraw(ctx, act)
}
