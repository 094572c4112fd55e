package reading

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/meter"
)

// HistoryOf gives a meter with every row of its readings and the supplier's answers; a supplier sees his own.
func (m *Module) HistoryOf(ctx context.Context, actor access.Actor, building, id int64) (found *Meter, err error) {
	scope, err := actor.Scope("meter", "read")
	if err != nil {
		return nil, err
	}
	w, err := m.look(ctx)
	if err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		account, err := fact.AccountOfMeter(ctx, tx, building, id)
		if err != nil {
			return err
		}
		stock, err := w.loadStock(ctx, tx, building, &fact.Scope{Accounts: []int64{account}, House: account == 0}, m.Now())
		if err != nil {
			return err
		}
		sells, err := meter.MayHouse(ctx, tx, scope, building)
		if err != nil {
			return err
		}
		found = stock.byID[id]
		own := scope.All || found != nil && (found.ofHouse() && sells(found.Service) || w.suppliers[scope.SupplierID].Code == found.Supplier)
		if found == nil || !own {
			return fault.New(fault.NotFound, "meter.unknown", "Такого счётчика нет.")
		}
		if found.answers, err = listAnswers(ctx, tx, building, []int64{id}, m.Now()); err == nil {
			found.photos, err = listPhotos(ctx, tx, building, []int64{id})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of meter %d: %w", id, err)
	}
	return found, nil
}

// Control takes what an inspector read, as a person writes it on a page.
func (m *Module) Control(ctx context.Context, actor access.Actor, author string, entries []Entry) (*Outcome, error) {
	scope, err := actor.Scope("reading", "control")
	if err != nil {
		return nil, err
	}
	for i := range entries {
		entries[i].Control = true
	}
	return m.load(ctx, actor, scope, Load{Origin: Origin{Channel: Control, Author: author}, Every: true, Entries: oneByOne(entries)})
}

// GiveHouse takes figures of a house's own meter, as a person writes them on a page: the centre, or who may write meters of
// the services he sells.
func (m *Module) GiveHouse(ctx context.Context, actor access.Actor, author string, entries []Entry) (*Outcome, error) {
	scope, err := actor.Scope("meter", "write")
	if err != nil {
		return nil, err
	}
	return m.load(ctx, actor, scope, Load{Origin: Origin{Channel: Centre, Author: author}, Every: true, Entries: oneByOne(entries)})
}

// oneByOne gives entries.
func oneByOne(entries []Entry) func(emit func(Entry) error) error {
	return func(emit func(Entry) error) error {
		for _, e := range entries {
			if err := emit(e); err != nil {
				return err
			}
		}
		return nil
	}
}
