package reading

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/meter"
)

// Located is a meter found by the names that files use.
type Located struct {
	*Meter
	Measure    string // its unit, as the catalogue writes it
	SupplierID int64
	Number     string // of the account
	House      string // code of the house whose own it is, in place of an account
	Zone       string // of the register, as ParseZone reads it; empty when the meter has one
}

// Locate finds the meter that an entry names, on the day it names.
func (m *Module) Locate(ctx context.Context, actor access.Actor, e Entry) (*Located, error) {
	scope, err := actor.Scope("reading", "write")
	if err != nil {
		return nil, err
	}
	_, on, err := (&Entry{Value: "0", Date: e.Date}).figure(m.Today())
	if err != nil {
		return nil, err
	}
	w, err := m.look(ctx)
	if err != nil {
		return nil, err
	}
	var found *Located
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := (&batch{work: w, scope: scope}).newPlaces(ctx, tx)
		if err != nil {
			return err
		}
		route, err := p.of(ctx, &e, "")
		if err != nil {
			return err
		}
		found, err = w.locate(ctx, tx, route, wanted{route.AccountID, scope.All, e.Meter, e.Service, on}, e.Zone)
		if err != nil || !found.ofHouse() {
			return err
		}
		sells, err := meter.MayHouse(ctx, tx, scope, route.BuildingID)
		if err == nil && !sells(found.Service) {
			err = unknownHouse(e.House)
		}
		return err
	})
	return found, err
}

func (w *work) locate(ctx context.Context, tx *db.Tx, route account.Route, want wanted, zone string) (*Located, error) {
	stock, err := w.loadStock(ctx, tx, route.BuildingID, &fact.Scope{Accounts: []int64{route.AccountID}, House: route.AccountID == 0}, w.m.Now())
	if err != nil {
		return nil, err
	}
	x, err := stock.find(want)
	if err != nil {
		return nil, err
	}
	z, err := ParseZone(zone, x.Zones)
	if err != nil {
		return nil, err
	}
	return w.located(ctx, tx, route.BuildingID, x, zoneCode(z))
}

// located names the account a meter stands at.
func (w *work) located(ctx context.Context, tx *db.Tx, building int64, meter *Meter, zone string) (*Located, error) {
	if meter.ofHouse() {
		house, err := housing.FindBuilding(ctx, tx, building)
		return &Located{Meter: meter, Measure: meter.measure, House: house.Code, Zone: zone}, err
	}
	key := account.Key{BuildingID: building, ID: meter.AccountID}
	known, err := account.ListByKeys(ctx, tx, []account.Key{key})
	if err != nil {
		return nil, err
	}
	a := known[key]
	return &Located{Meter: meter, Measure: meter.measure, SupplierID: a.SupplierID, Number: a.Number, Zone: zone}, nil
}

// stockOf is the meters of a household.
func (w *work) stockOf(ctx context.Context, tx *db.Tx, h Home, at calendar.Micros) (*stock, error) {
	s, err := w.loadStock(ctx, tx, h.Building, &fact.Scope{Households: []int64{h.Household}}, at)
	if err == nil {
		s.keep(h.Household)
	}
	return s, err
}

// LocateOwn finds a meter of a household by its id.
func (m *Module) LocateOwn(ctx context.Context, actor access.Actor, h Home, meter int64, zone string) (*Located, error) {
	if err := may(actor, "write", h); err != nil {
		return nil, err
	}
	w, err := m.look(ctx)
	if err != nil {
		return nil, err
	}
	var found *Located
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		stock, err := w.stockOf(ctx, tx, h, w.m.Now())
		if err != nil {
			return err
		}
		x := stock.byID[meter]
		if x == nil {
			return fault.New(fault.NotFound, "reading.meter_unknown", "Такого счётчика на счёте нет.")
		}
		z, err := ParseZone(zone, x.Zones)
		if err == nil {
			found, err = w.located(ctx, tx, h.Building, x, zoneCode(z))
		}
		return err
	})
	return found, err
}
