package app

import (
	"context"
	"errors"
	"time"

	"kvit/internal/autopay"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/job"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// autopayJob brings autopay on. Asked tells two wishes apart: a job done once is not done again.
type autopayJob struct {
	Asked int64 `json:"asked"`
}

// Kind names the job.
func (autopayJob) Kind() string { return "autopay" }

// InsertOpts gives it the queue of those who wait for others.
func (autopayJob) InsertOpts() job.Options { return job.Calling() }

// autopayPause is how often autopay and advances are looked at.
const autopayPause = time.Minute

// newAutopay connects autopay with the ways of paying that are kept.
func (a *App) newAutopay() *autopay.Module {
	return autopay.New(autopay.Deps{DB: a.DB, Bills: a.Bills, Payments: a.Payments, People: a.People, Till: a.till(), Zone: a.Zone, Now: a.now, Log: a.Log})
}

func (a *App) till() autopay.Till {
	return autopay.Till{
		Charge: func(ctx context.Context, r payment.StartRequest, saved string) (payment.Order, error) {
			r.SavedID = saved
			return a.Payments.Start(ctx, r)
		},
		Bind: func(ctx context.Context, r payment.StartRequest, of *autopay.Rule) (payment.Order, error) {
			r.Save = &payment.Consent{BuildingID: of.BuildingID, HouseholdID: of.HouseholdID, PersonID: of.PersonID, Text: autopay.ConsentText, Version: autopay.ConsentVersion}
			return a.Payments.Start(ctx, r)
		},
		Methods: a.autopayMethods,
		Forget: func(ctx context.Context, actor string, of *autopay.Rule) error {
			if of.PersonID != 0 {
				return a.Payments.ForgetPersons(ctx, actor, of.SavedID, of.PersonID)
			}
			return a.Payments.ForgetSaved(ctx, actor, of.SavedID, of.BuildingID, of.HouseholdID)
		},
	}
}

// autopayMethods are the ways kept for autopay: of a person those alone he kept for it, not those he presses «pay» for.
func (a *App) autopayMethods(ctx context.Context, of *autopay.Rule) (list []autopay.Method, err error) {
	saved, err := a.Payments.ListSaved(ctx, of.BuildingID, of.HouseholdID)
	if of.PersonID != 0 {
		saved, err = a.Payments.ListPersons(ctx, of.PersonID)
	}
	for i := range saved {
		if of.PersonID == 0 || saved[i].ConsentVersion == autopay.ConsentVersion {
			list = append(list, autopay.Method{ID: saved[i].ID, Title: saved[i].Title, Expires: saved[i].Expires})
		}
	}
	return list, err
}

// runAutopay hands autopay to jobs, one at a time in this process.
func (a *App) runAutopay(ctx context.Context, q *job.Queue) {
	a.every(ctx, autopayPause, "autopay", func() error {
		return a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
			return q.Enqueue(ctx, tx, autopayJob{int64(a.now()) / int64(autopayPause/time.Microsecond)})
		})
	})
}

// handleAutopay gives the queue the work on autopay and advances.
func (a *App) handleAutopay(q *job.Queue) {
	job.Handle(q, func(ctx context.Context, _ autopayJob) error {
		return a.background.alone("autopay", func() error { return errors.Join(a.Autopay.Round(ctx), a.UseAdvances(ctx)) })
	})
}

// UseAdvances lets what was paid ahead pay what has been charged since: of an account's advances as much stays as its bill
// shows above what is due.
func (a *App) UseAdvances(ctx context.Context) error {
	list, err := a.Payments.ListPrepaid(ctx)
	for i := range list {
		p := &list[i]
		keep, e := a.overpaid(ctx, p.BuildingID, p.AccountID)
		if e == nil {
			e = a.Payments.UsePrepaid(ctx, p.BuildingID, p.AccountID, keep)
		}
		err = errors.Join(err, e)
	}
	return err
}

// overpaid is what an account's bill shows above what is due.
func (a *App) overpaid(ctx context.Context, building, account int64) (money.Amount, error) {
	b, err := a.Bills.AtAccount(ctx, building, account, 0)
	if fault.Is(err, fault.NotFound) {
		return money.Max, nil // an account that left keeps its advance until a person decides
	}
	if err != nil {
		return 0, err
	}
	return overpaidOn(b, account), nil
}

func overpaidOn(b *bill.Bill, account int64) (sum money.Amount) {
	for _, s := range b.Suppliers {
		if s.AccountID == account {
			sum += max(0, -s.Due)
		}
	}
	return sum
}
