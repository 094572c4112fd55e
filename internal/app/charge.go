package app

import (
	"context"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/housing"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// ChargeMonth charges a month in houses by their codes; none is all.
func (a *App) ChargeMonth(ctx context.Context, actor string, month calendar.Month, houses []string, progress func(stage string, done, total int64)) (*charge.Report, error) {
	buildings, err := a.buildingsOf(ctx, houses)
	if err == nil {
		_, err = a.Meters.CatchUp(ctx)
	}
	if err != nil {
		return nil, err
	}
	return a.Charges.Charge(ctx, charge.Request{Month: month, Buildings: buildings, Actor: actor, Progress: func(done, total int64) {
		if progress != nil {
			progress("Начисление", done, total)
		}
	}})
}

func (a *App) buildingsOf(ctx context.Context, houses []string) (ids []int64, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		for _, code := range houses {
			b, err := housing.FindByCode(ctx, tx, code)
			if err != nil {
				return err
			}
			ids = append(ids, b.ID)
		}
		return nil
	})
	return ids, err
}

// ChargeRun is a run as it is listed.
type ChargeRun struct {
	ID         int64  `json:"run"`
	Kind       string `json:"kind"`
	Month      string `json:"month"`
	From       string `json:"from,omitempty"`
	State      string `json:"state"`
	By         string `json:"by"`
	ApprovedBy string `json:"approvedBy,omitempty"`
	Cause      string `json:"cause,omitempty"`
	Undoes     int64  `json:"undoes,omitempty"`
}

// ListChargeRuns gives the runs of a month, or all.
func (a *App) ListChargeRuns(ctx context.Context, month calendar.Month) (list []ChargeRun, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		runs, err := charge.ListRuns(ctx, tx, month)
		list = []ChargeRun{}
		for i := range runs {
			r := &runs[i]
			x := ChargeRun{ID: r.ID, Kind: r.Kind, Month: r.Month.String(), State: r.State, By: r.CreatedBy, ApprovedBy: r.ApprovedBy, Cause: r.Cause, Undoes: r.Undoes}
			if r.FromMonth != 0 {
				x.From = r.FromMonth.String()
			}
			list = append(list, x)
		}
		return err
	})
	return list, err
}

// PreviewCharge computes a household's month by one of its accounts, with what is supposed. Files of the catalogue are
// judged over the one in force and not kept.
func (a *App) PreviewCharge(ctx context.Context, supplierCode, number string, month calendar.Month, w charge.Wish, catalog []string) (*charge.Preview, error) {
	building, household, err := a.householdPlace(ctx, supplierCode, number)
	if err != nil {
		return nil, err
	}
	if len(catalog) > 0 {
		if w.Catalog, err = a.supposedCatalog(ctx, catalog); err != nil {
			return nil, err
		}
	}
	return a.Charges.Preview(ctx, building, household, month, w)
}

// ExplainCharge tells what an account was charged in a month, line by line, wherever it lived then.
func (a *App) ExplainCharge(ctx context.Context, supplierCode, number string, month calendar.Month) ([]charge.Shown, error) {
	building, id, err := a.accountPlace(ctx, supplierCode, number)
	if err != nil {
		return nil, err
	}
	buildings := []int64{building}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		key := account.Key{BuildingID: building, ID: id}
		known, err := account.ListByKeys(ctx, tx, []account.Key{key})
		if err != nil {
			return err
		}
		of := known[key]
		former, err := account.ListBuildings(ctx, tx, &of)
		buildings = append([]int64{building}, former...)
		return err
	})
	list := []charge.Shown{}
	for i := 0; i < len(buildings) && err == nil; i++ {
		var lines []charge.Shown
		lines, err = a.Charges.Explain(ctx, buildings[i], id, month)
		list = append(list, lines...)
	}
	return list, err
}

// householdPlace finds the household that an account is charged in.
func (a *App) householdPlace(ctx context.Context, supplierCode, number string) (building, household int64, err error) {
	building, id, err := a.accountPlace(ctx, supplierCode, number)
	if err != nil {
		return 0, 0, err
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		household, err = fact.HouseholdOf(ctx, tx, building, id)
		return err
	})
	return building, household, err
}

// accountPlace finds an account by its supplier's code and its number as it is printed.
func (a *App) accountPlace(ctx context.Context, supplierCode, number string) (building, id int64, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := supplier.Find(ctx, tx, supplierCode)
		if err != nil {
			return err
		}
		route, err := account.FindPrinted(ctx, tx, s.ID, number)
		building, id = route.BuildingID, route.AccountID
		return err
	})
	return building, id, err
}

// supposedCatalog is the catalogue in force with files over it.
func (a *App) supposedCatalog(ctx context.Context, paths []string) (*tariff.Catalog, error) {
	files, err := catalogFiles(paths)
	if err != nil {
		return nil, err
	}
	parts := make([]*tariff.Catalog, 1, len(files)+1)
	if parts[0], err = a.Tariffs.Current(ctx, a.now()); err != nil {
		return nil, err
	}
	for _, f := range files {
		d, faults := tariff.Read(f.Name, f.Body)
		if len(faults) > 0 {
			return nil, faults[0]
		}
		parts = append(parts, &d.Catalog)
	}
	all := tariff.Merge(parts...)
	if faults, _ := all.Check(); len(faults) > 0 {
		return nil, faults[0]
	}
	return all, nil
}

// Recalculate shows what months charged before come to now, or posts it.
func (a *App) Recalculate(ctx context.Context, r charge.Recalculation, houses []string, post bool, progress func(stage string, done, total int64)) (res *charge.Recalculated, err error) {
	if r.Buildings, err = a.buildingsOf(ctx, houses); err != nil {
		return nil, err
	}
	r.Progress = func(done, total int64) {
		if progress != nil {
			progress("Перерасчёт", done, total)
		}
	}
	if post {
		return a.Charges.Recalculate(ctx, r)
	}
	return a.Charges.PreviewRecalculation(ctx, r)
}
