package charge

import (
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// sumFlats fills in what all flats of a building used of a resource whose rest the house shares (formulas 11–14), where
// nobody told the sums: they are what Kvit computes or suppliers charged. Of a building that is not whole the others are
// read too.
func sumFlats(ctx context.Context, tx *db.Tx, engine *calc.Engine, b *fact.Building, month calendar.Month, at calendar.Micros, heat map[int64]int64, whole bool) error {
	wanted := unsummed(engine, b, month)
	if len(wanted) == 0 {
		return nil
	}
	all, err := b, error(nil)
	if !whole {
		if all, err = wholeBuilding(ctx, tx, engine, b.ID, month, at, heat); err != nil || all == nil {
			return err
		}
	}
	sums := flatsOf(engine, all, month, wanted)
	for i := range b.House.Resources {
		if s := sums[b.House.Resources[i].Service]; s != nil && b.House.Resources[i].Month == month {
			b.House.Resources[i].Metered, b.House.Resources[i].Unmetered = s.metered, s.unmetered
		}
	}
	return nil
}

// unsummed are the resources of a month that need the sums of flats.
func unsummed(engine *calc.Engine, b *fact.Building, month calendar.Month) (list []calc.Service) {
	for i := range b.House.Resources {
		r := &b.House.Resources[i]
		shared := r.Method == calc.CommonActual && r.HasMeter || r.MetersMissing != 0
		if r.Month != month || !shared || r.Metered != 0 || r.Unmetered != 0 {
			continue
		}
		if k := engine.Of(r.Service).Kind; k != tariff.Heating && k != tariff.Common {
			list = append(list, r.Service)
		}
	}
	return list
}

func wholeBuilding(ctx context.Context, tx *db.Tx, engine *calc.Engine, building int64, month calendar.Month, at calendar.Micros, heat map[int64]int64) (*fact.Building, error) {
	codes, err := supplier.ListCodes(ctx, tx)
	if err != nil {
		return nil, err
	}
	loader := &fact.Loader{Engine: engine, Suppliers: codes}
	list, err := loader.Load(ctx, tx, building, building, month, at)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], given(ctx, tx, &list[0], month, at, heat)
}

// flatsSum is what all flats used of a resource: by their meters, and by averages, normatives and suppliers' figures.
type flatsSum struct{ metered, unmetered decimal.Decimal }

// flatsOf computes all flats of a building as if the house had no meter of the resources: what they used themselves does
// not depend on what is left to share.
func flatsOf(engine *calc.Engine, b *fact.Building, month calendar.Month, of []calc.Service) map[calc.Service]*flatsSum {
	known := b.House.Resources
	defer func() { b.House.Resources = known }()
	b.House.Resources = slices.DeleteFunc(slices.Clone(known), func(r calc.Resource) bool { return slices.Contains(of, r.Service) })
	sums := map[calc.Service]*flatsSum{}
	for _, s := range of {
		sums[s] = &flatsSum{}
	}
	bill, book := &calc.Bill{}, engine.Month(month)
	for k := range b.Households {
		h := &b.Households[k]
		book.Charge(&h.Premises, bill)
		for _, u := range appendUsed(nil, engine, b.ID, h, bill) {
			s, _ := engine.Service(u.Service)
			sum := sums[s]
			switch {
			case sum == nil || u.Month != month:
			case u.Method == calc.ByMeter || u.Method == calc.ByReported:
				sum.metered += u.Volume
			default:
				sum.unmetered += u.Volume
			}
		}
	}
	return sums
}
