package record

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/supplier"
)

// nameServices finds by which of a supplier's own services each service taken is billed: by the name the record gives,
// else by the one called as in the catalogue. One that is not there yet is made, unless nothing may be written.
func (w *work) nameServices(ctx context.Context, byBuilding map[int64][]*placed) error {
	known := map[int64]map[string]int64{}
	for _, list := range byBuilding {
		for _, x := range list {
			owner := sellerOf(x)
			if x.Kind != Service || owner == 0 {
				continue
			}
			s, ok := w.engine.Service(x.service)
			if !ok {
				continue // its verdict says so
			}
			name, err := x.ownName()
			if err != nil {
				return err
			}
			of := w.engine.Of(s)
			if x.serviceID, err = w.serviceID(ctx, known, owner, name, of.Name, of.Code); err != nil {
				return err
			}
		}
	}
	return nil
}

// sellerOf is whose service a record tells of; 0 where only the household could tell.
func sellerOf(x *placed) int64 {
	if x.seller != 0 {
		return x.seller
	}
	return x.at.supplier
}

// ownName is the name of the service in the record.
func (it *Item) ownName() (string, error) {
	v, err := read(it, struct {
		Name string        `yaml:"name"`
		From calendar.Date `yaml:"from"`
	}{})
	it.name = v.Name
	return v.Name, err
}

func (w *work) serviceID(ctx context.Context, known map[int64]map[string]int64, owner int64, name string, words ...string) (int64, error) {
	names, ok := known[owner]
	if !ok {
		err := w.m.DB.Read(ctx, func(tx *db.Tx) (err error) {
			names, err = supplier.NamedServices(ctx, tx, owner)
			return err
		})
		if err != nil {
			return 0, err
		}
		known[owner] = names
	}
	if name != "" {
		words = []string{name}
	}
	for _, word := range words {
		if id, ok := names[word]; ok {
			return id, nil
		}
	}
	if w.load.DryRun {
		return 0, nil
	}
	id, err := w.m.Suppliers.ServiceID(ctx, owner, words[0])
	names[words[0]] = id
	return id, err
}
