package app

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/exchange"
	"kvit/internal/reconcile"
)

// newReconcile connects reconciliation with the door for files: each register of payments and each statement that comes in is
// compared too.
func (a *App) newReconcile(today func() calendar.Date) *reconcile.Module {
	m := reconcile.New(reconcile.Deps{DB: a.DB, Blobs: a.Blobs, Payments: a.Payments, Now: now, Today: today, Log: a.Log})
	a.Exchange.OnMoney = func(ctx context.Context, f exchange.MoneyFile) error {
		_, err := m.Load(ctx, reconcile.File{Name: f.Name, Path: f.Path, Digest: f.Digest, Size: f.Size, Profile: &f.Profile, Channel: f.Channel, FileID: f.ID, Booked: f.Booked, Day: f.Day, Actor: "intake"})
		return err
	}
	return m
}
