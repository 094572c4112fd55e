package app

import (
	"context"
	"io"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event/webhook"
	"kvit/internal/exchange"
	"kvit/internal/exchange/courier"
)

// balances are what is due on a supplier's accounts, as the bills of their households say now.
func (a *App) balances(ctx context.Context, supplierID int64, each func(courier.Balance) error) error {
	return a.Bills.EachDue(ctx, supplierID, func(d bill.Due) error {
		return each(courier.Balance{BuildingID: d.BuildingID, AccountID: d.AccountID, Due: d.Amount})
	})
}

// deliver hands a file that was taken from a supplier's folder to the intake, as his program would.
func (a *App) deliver(ctx context.Context, supplierID int64, name, key string, body io.Reader) error {
	actor := access.Actor{Role: access.APIToken, Name: "courier", SupplierID: supplierID, Scopes: []string{"intake:write"}}
	_, err := a.Exchange.Deliver(ctx, actor, exchange.Delivery{Name: name, Key: key}, body)
	return err
}

// carryPause is how often what is due between suppliers' folders and us is looked at; prunePause how often old messages are.
const (
	carryPause = 2 * time.Second
	prunePause = time.Hour
)

// carry makes, sends and takes files as they are due until the context ends.
func (a *App) carry(ctx context.Context) {
	a.every(ctx, carryPause, "exchange of files", func() error {
		_, err := a.Courier.Run(ctx, 0, false)
		return err
	})
}

// pruneEvents removes what was told long ago, from time to time.
func (a *App) pruneEvents(ctx context.Context) {
	if a.Settings.EventDays <= 0 {
		return
	}
	a.every(ctx, prunePause, "old events", func() error {
		_, err := a.Prune(ctx, a.Settings.EventDays)
		return err
	})
}

// Prune removes what suppliers were told more than so many days ago, but nothing that an active webhook or a file of an
// exchange has not taken yet. It tells how many messages were removed.
func (a *App) Prune(ctx context.Context, days int) (int, error) {
	before := a.now() - calendar.Micros(time.Duration(days)*24*time.Hour/time.Microsecond)
	holds, err := a.Courier.Holds(ctx, before)
	if err != nil {
		return 0, err
	}
	for _, more := range []func(context.Context) (map[int64]int64, error){a.Webhooks.Holds, a.GIS.Holds} {
		list, err := more(ctx)
		if err != nil {
			return 0, err
		}
		for id, position := range list {
			if have, ok := holds[id]; !ok || position < have {
				holds[id] = position
			}
		}
	}
	return a.Feed.Prune(ctx, before, holds, func(ctx context.Context, tx *db.Tx, supplierID, upTo int64) error {
		return webhook.Drop(ctx, tx, supplierID, upTo)
	})
}
