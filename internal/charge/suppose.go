package charge

import (
	"context"
	"fmt"
	"math"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// MonthIn is what a household's month comes to by the facts as a transaction sees them, its own included: facts can be
// written, the month computed, and all taken back.
func MonthIn(ctx context.Context, tx *db.Tx, engine *calc.Engine, building, household int64, month calendar.Month) (total money.Amount, err error) {
	loader := fact.Loader{Engine: engine}
	if loader.Suppliers, err = supplier.ListCodes(ctx, tx); err != nil {
		return 0, err
	}
	list, err := loader.Load(ctx, tx, building, building, month, math.MaxInt64)
	if err != nil {
		return 0, fmt.Errorf("month of household %d: %w", household, err)
	}
	bill := &calc.Bill{}
	for i := range list {
		if err := given(ctx, tx, &list[i], month, math.MaxInt64); err != nil {
			return 0, err
		}
		for k := range list[i].Households {
			if h := &list[i].Households[k]; h.ID == household {
				engine.Month(month).Charge(&h.Premises, bill)
				_, total = shown(engine, h, bill)
			}
		}
	}
	return total, nil
}
