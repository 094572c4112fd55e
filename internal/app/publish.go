package app

import (
	"context"
	"strings"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// PublishOptions say how the bills of a month are issued.
type PublishOptions struct {
	Month    calendar.Month
	Wave     int // households; 0: as before
	Pause    time.Duration
	Actor    string
	Progress func(PublishedWave)
}

// PublishedWave is a wave of bills that went out; docs/schema/charge-publish.schema.json describes its JSON.
type PublishedWave struct {
	Run  int64 `json:"run"`
	Wave int   `json:"wave"`
	bill.Published
}

// PublishReport is what the publication of a month came to.
type PublishReport struct {
	Month string  `json:"month"`
	Runs  []int64 `json:"runs"`
	State string  `json:"state"`
	bill.Published
}

// Publish issues the bills of the approved runs of a month.
func (a *App) Publish(ctx context.Context, o PublishOptions) (*PublishReport, error) {
	runs, err := a.approvedRuns(ctx, o.Month)
	if err != nil {
		return nil, err
	}
	r := &PublishReport{Month: o.Month.String(), State: bill.PublicationDone}
	for _, id := range runs {
		done, err := a.Bills.Publish(ctx, bill.PublishRequest{Run: id, Wave: o.Wave, Pause: o.Pause, Actor: o.Actor, Progress: func(wave int, p bill.Published) {
			if o.Progress != nil {
				o.Progress(PublishedWave{Run: id, Wave: wave, Published: p})
			}
		}})
		if err != nil {
			return nil, err
		}
		r.Runs = append(r.Runs, id)
		r.Add(done)
	}
	return r, nil
}

// approvedRuns are the runs of a month whose bills may be issued.
func (a *App) approvedRuns(ctx context.Context, month calendar.Month) (ids []int64, err error) {
	waits := int64(0)
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		list, err := charge.ListRuns(ctx, tx, month)
		for i := range list {
			switch r := &list[i]; {
			case r.Kind != charge.KindMonth:
			case r.ApprovedBy != "":
				ids = append(ids, r.ID)
			default:
				waits = r.ID
			}
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case len(ids) == 0 && waits != 0:
		return nil, fault.Newf(fault.Conflict, "publish.not_approved", "Расчёт № %d не утверждён. Сначала его утверждает второй человек: kvit charge approve %d --by ИМЯ.", waits, waits)
	case len(ids) == 0:
		return nil, fault.Newf(fault.Conflict, "charge.not_charged", "Месяц %s ещё не рассчитан. Сначала: kvit charge run --month %s.", month, month)
	}
	return ids, nil
}

// PauseRun stops a run, or the publication of one that is charged.
func (a *App) PauseRun(ctx context.Context, id int64, actor string) error {
	var p *bill.Publication
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = bill.FindPublication(ctx, tx, id)
		return err
	})
	switch {
	case err != nil:
		return err
	case p != nil && p.State == bill.PublicationRunning:
		return a.Bills.PausePublication(ctx, id, actor)
	}
	return a.Charges.Pause(ctx, id, actor)
}

// IssuedDecision is a person's act on the issued bill of the household an account is in.
type IssuedDecision struct {
	Supplier, Account string
	Month             calendar.Month
	Reason, Actor     string
}

// WithdrawBill takes an issued bill back.
func (a *App) WithdrawBill(ctx context.Context, d IssuedDecision) error {
	ref, err := a.householdOf(ctx, d.Supplier, d.Account)
	if err != nil {
		return err
	}
	return a.Bills.Withdraw(ctx, bill.Decision{Ref: ref, Month: d.Month, Reason: d.Reason, Actor: d.Actor})
}

// IssueBill issues the bill of a household as it is now: the month's first, or a newer one.
func (a *App) IssueBill(ctx context.Context, d IssuedDecision) (*bill.Issued, error) {
	ref, err := a.householdOf(ctx, d.Supplier, d.Account)
	if err != nil {
		return nil, err
	}
	return a.Bills.Issue(ctx, bill.Decision{Ref: ref, Month: d.Month, Reason: d.Reason, Actor: d.Actor})
}

// IssuedBill gives the bill issued for a month to the household an account is in.
func (a *App) IssuedBill(ctx context.Context, supplier, account string, month calendar.Month) (*bill.Bill, error) {
	ref, err := a.householdOf(ctx, supplier, account)
	if err != nil {
		return nil, err
	}
	return a.Bills.IssuedFor(ctx, ref, month, 0)
}

// DraftBill gives the bill of the household an account is in that is charged and not issued yet.
func (a *App) DraftBill(ctx context.Context, supplier, account string) (*bill.Bill, error) {
	ref, err := a.householdOf(ctx, supplier, account)
	if err != nil {
		return nil, err
	}
	return a.Bills.Draft(ctx, ref, 0)
}

// householdOf finds the household of an account; one in nobody's basket gets no bills.
func (a *App) householdOf(ctx context.Context, supplier, account string) (bill.Ref, error) {
	ref, _, err := a.Bills.FindByAccount(ctx, supplier, strings.TrimSpace(account), 0)
	if err == nil && ref.Household == 0 {
		err = fault.New(fault.Conflict, "bill.no_household", "Этот лицевой счёт пока не в счёте ни одной семьи, поэтому документ по нему не выставляют.")
	}
	return ref, err
}
