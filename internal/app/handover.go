package app

import (
	"context"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange"
	"kvit/internal/handover"
	"kvit/internal/handover/seal"
	"kvit/internal/portal"
	"kvit/internal/tariff"
)

// newHandover connects the hand-over of houses with what it asks of the rest. keys is the folder of keys.
func (a *App) newHandover(keys string) (*handover.Module, error) {
	own, err := seal.OpenKeys(keys)
	if err != nil {
		return nil, err
	}
	return handover.New(handover.Deps{
		DB: a.DB, Keys: own, Bills: a.Bills, Payments: a.Payments, Suppliers: a.Suppliers, Zone: a.Zone, Now: a.now, Log: a.Log,
		Centre:  handover.Party{Name: a.Settings.Centre.Name, Phone: a.Settings.Centre.Phone},
		Catalog: func(ctx context.Context) (*tariff.Catalog, error) { return a.Tariffs.Current(ctx, a.now()) },
		Doors:   handover.Doors{Alone: a.Exchange.Alone, KeepHanded: keepHanded, StopAutopay: a.stopAutopay, Measuring: a.Meters.Measuring, Contracts: a.contracts},
	}), nil
}

// keepHanded keeps what another centre handed over as files of the exchange.
func keepHanded(ctx context.Context, tx *db.Tx, batch int64, actor string, list []handover.Handed, now calendar.Micros) error {
	files := make([]exchange.Handed, len(list))
	for i := range list {
		files[i] = exchange.Handed(list[i])
	}
	return exchange.KeepHanded(ctx, tx, batch, actor, files, now)
}

// stopAutopay ends the autopay of a household whose house left: its consent was to us.
func (a *App) stopAutopay(ctx context.Context, building, household int64) error {
	return a.Autopay.TurnOffAll(ctx, access.Actor{Role: access.System, Name: "handover"}, bill.Ref{Building: building, Household: household})
}

// contracts are the codes of the suppliers we have a contract with today.
func (a *App) contracts(ctx context.Context) (map[string]bool, error) {
	list, err := a.Settlement.ListContracts(ctx, a.Settlement.Today())
	codes := map[string]bool{}
	for i := range list {
		codes[list[i].Supplier] = true
	}
	return codes, err
}

// handoverPause is how often other centres are spoken with.
const handoverPause = 30 * time.Second

// runHandovers sends what waits for other centres, asks for their answers, and sends late payments on.
func (a *App) runHandovers(ctx context.Context) {
	a.every(ctx, handoverPause, "hand-overs", func() error {
		_, err := a.Handovers.Round(ctx)
		return err
	})
}

// movedTo tells the pages of residents where the bill of a household is that left with its house; nil when it is here.
func (a *App) movedTo(ctx context.Context, ref bill.Ref) (*portal.Moved, error) {
	m, err := a.Handovers.MovedTo(ctx, ref.Building, ref.Household)
	if err != nil || m == nil {
		return nil, err
	}
	return &portal.Moved{Centre: m.Centre, From: m.From, Link: m.Link}, nil
}
