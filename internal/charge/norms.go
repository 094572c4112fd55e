package charge

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// keptNorms are who lived in the households of a building as it was known when it was charged last: a change of residents
// learnt later does not touch the social norms of months too old for it.
type keptNorms struct {
	before calendar.Month // months earlier than this one keep their norms; 0 is none
	stays  map[int64][]calc.Stay
}

// normsKept reads what the social norms of old months go by; of nothing where none of the months is old.
func (f *filler) normsKept(ctx context.Context, tx *db.Tx, from calendar.Month) (k keptNorms, err error) {
	limit := f.run.Month.Add(-calc.NormMonths)
	if from >= limit || len(f.engine.Catalog().SocialNorms) == 0 {
		return k, nil
	}
	var at calendar.Micros
	err = tx.Scan(ctx, "SELECT max(facts_at) FROM charge_building WHERE building_id = $1 AND part = 0 AND month < $2", []any{f.b.ID, int64(f.run.Month)}, func(v []int64, _ []byte) error {
		at = calendar.Micros(v[0])
		return nil
	})
	if err != nil {
		return k, fmt.Errorf("when building %d was charged last: %w", f.b.ID, err)
	}
	loader := &fact.Loader{Engine: f.engine, Suppliers: f.suppliers}
	b, err := loader.LoadAll(ctx, tx, f.b.ID, at)
	if err != nil || b == nil {
		return k, err
	}
	k = keptNorms{before: limit, stays: map[int64][]calc.Stay{}}
	for i := range b.Households {
		k.stays[b.Households[i].ID] = b.Households[i].Premises.Stays
	}
	return k, nil
}

// in makes the households of a building go by the norms kept in a month.
func (k *keptNorms) in(b *fact.Building, month calendar.Month) {
	for i := range b.Households {
		h := &b.Households[i]
		h.Premises.NormStays, h.Premises.NormKept = k.stays[h.ID], month < k.before
	}
}
