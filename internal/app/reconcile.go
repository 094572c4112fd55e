package app

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/reconcile"
	"kvit/internal/settlement"
)

// newReconcile connects reconciliation with the door for files: each register of payments and each statement that comes in is
// compared too; and with payouts, which a statement confirms or returns.
func (a *App) newReconcile(today func() calendar.Date) *reconcile.Module {
	m := reconcile.New(reconcile.Deps{DB: a.DB, Blobs: a.Blobs, Payments: a.Payments, Now: a.now, Today: today, Log: a.Log, Outgoing: matchPayout(a.now), GiveBack: a.giveBack,
		AssignAbove: a.Settings.AssignAbove, ReturnDays: a.Settings.ReturnDays})
	a.Exchange.OnMoney = func(ctx context.Context, f exchange.MoneyFile) error {
		_, err := m.Load(ctx, reconcile.File{Name: f.Name, Path: f.Path, Digest: f.Digest, Size: f.Size, Profile: &f.Profile, Channel: f.Channel, FileID: f.ID, Booked: f.Booked, Day: f.Day, Actor: "intake"})
		return err
	}
	return m
}

// giveBack prepares the payment order of unidentified money that goes back to its payer.
func (a *App) giveBack(ctx context.Context) (func(ctx context.Context, tx *db.Tx, g *reconcile.GiveBack) error, error) {
	id, err := a.DB.NextIDs(ctx, settlement.ReturnIDs)
	return func(ctx context.Context, tx *db.Tx, g *reconcile.GiveBack) error {
		return settlement.MakeReturn(ctx, tx, &settlement.Return{
			ID: id, OrderID: g.ID, Channel: g.Channel, Day: calendar.DayText(g.Day), Sum: g.Amount, Author: g.Author, Approver: g.Approver, SentAt: calendar.MomentText(g.At),
			Details: settlement.Details{Payee: settlement.Party{Name: g.Payee.Name, INN: g.Payee.INN, BIC: g.Payee.BIC, BankAccount: g.Payee.Account},
				Purpose: fmt.Sprintf("Возврат ошибочно перечисленного платежа от %s, № %d. Без НДС", g.PaidOn.Dotted(), g.ID)},
		})
	}, err
}

// matchPayout finds the payout a movement is of.
func matchPayout(at func() calendar.Micros) func(ctx context.Context, tx *db.Tx, o reconcile.Outgoing) (string, error) {
	return func(ctx context.Context, tx *db.Tx, o reconcile.Outgoing) (string, error) {
		p, err := settlement.MatchOutgoing(ctx, tx, settlement.BankOperation{Key: o.Key, Out: !o.Returned, Number: o.Number, Day: o.Day, Amount: o.Sum, Account: o.Account, INN: o.INN, Purpose: o.Purpose, At: at()})
		if err != nil || p == nil {
			return "", err
		}
		if p.Return != 0 {
			return "return", nil
		}
		return "payout:" + p.Supplier, nil
	}
}

// arrived tells by which movements of the bank the money of a payment came.
func arrived(ctx context.Context, tx *db.Tx, clientKey, channel string, day calendar.Date) (list []settlement.TraceArrival, err error) {
	came, err := reconcile.Arrived(ctx, tx, clientKey, channel, day)
	for _, x := range came {
		list = append(list, settlement.TraceArrival{Day: calendar.DayText(day), On: calendar.DayText(x.On), Number: x.Number, Sum: x.Sum})
	}
	return list, err
}

// reconciled tells a day's close how the money up to it agrees.
func (a *App) reconciled(ctx context.Context, tx *db.Tx, day calendar.Date) (*settlement.Reconciliation, error) {
	days, open, err := reconcile.Standing(ctx, tx, reconcile.Period{From: day.AddDays(-standingDays), To: day}, a.now())
	if err != nil {
		return nil, err
	}
	r := &settlement.Reconciliation{State: "сверка не велась"}
	for i := range days {
		d := &days[i]
		on, err := calendar.ParseDate(d.Day)
		if err != nil {
			return nil, err
		}
		line := settlement.ReconciledLine{Channel: d.Partner, Day: calendar.DayText(on), Ours: d.Ours}
		if d.HasRegister {
			line.Partner = &d.Register
		}
		if d.HasBank {
			line.Bank = &d.Bank
		}
		r.Lines, r.State = append(r.Lines, line), "сошлось"
	}
	for i := range open {
		x := &open[i]
		r.Open, r.State = append(r.Open, x.Partner+", "+x.Day+": "+x.Word+" "+x.Operation+", "+x.Difference.Format()), "есть расхождения"
	}
	return r, nil
}

// standingDays are how far back a close tells of reconciliation.
const standingDays = 7

// reconcilePause is how often the server compares by itself: what no notification told of is found within a day (W7).
const reconcilePause = time.Hour

// keepReconciled compares what came and asks about what only partners have, for as long as the server runs.
func (a *App) keepReconciled(ctx context.Context) {
	a.every(ctx, reconcilePause, "reconcile", func() error {
		for {
			if _, err := a.Reconcile.Run(ctx, access.Actor{Role: access.System, Name: "reconcile"}, reconcile.Period{}); err != nil {
				return err
			}
			if credited, err := a.Reconcile.AskOnlyTheirs(ctx); credited == 0 || err != nil {
				return err
			} // what was credited closes its cases
		}
	})
}
