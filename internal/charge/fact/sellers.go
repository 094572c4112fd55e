package fact

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/housing"
)

// ToSellers addresses what became of a house's own meters: each such event goes to the suppliers who sell the service in
// the house, for no account is its own. Where nobody sells it nobody is told.
func ToSellers(ctx context.Context, tx *db.Tx, building int64, list []event.Event) ([]event.Event, error) {
	var told []event.Event
	var house *ofHouse
	for i := range list {
		e := list[i]
		if e.AccountID != 0 || e.HouseholdID != 0 || e.SupplierID != 0 {
			told = append(told, e)
			continue
		}
		if house == nil {
			var err error
			if house, err = sellersOf(ctx, tx, building); err != nil {
				return nil, err
			}
		}
		e.Body = house.named(e.Body)
		for _, seller := range house.sellers[e.Service] {
			e.SupplierID = seller
			told = append(told, e)
		}
	}
	return told, nil
}

// ofHouse is a house as its events name it, with who sells which service in it.
type ofHouse struct {
	code    string
	sellers map[string][]int64
}

func sellersOf(ctx context.Context, tx *db.Tx, building int64) (*ofHouse, error) {
	b, err := housing.FindBuilding(ctx, tx, building)
	if err != nil {
		return nil, err
	}
	sold, err := ListSold(ctx, tx, building, building)
	h := &ofHouse{code: b.Code, sellers: map[string][]int64{}}
	for _, s := range sold {
		h.sellers[s.Service] = append(h.sellers[s.Service], s.Supplier)
	}
	return h, err
}

func (h *ofHouse) named(body event.Body) event.Body {
	switch b := body.(type) {
	case event.Reading:
		b.House = h.code
		return b
	case event.Meter:
		b.House = h.code
		return b
	}
	return body
}
