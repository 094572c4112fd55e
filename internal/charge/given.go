package charge

import (
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// given gives the subscriptions whose supplier's figure is shown what the supplier charged for the month. One without
// a figure yet gets an issue in place of a line: nothing is computed for it.
func given(ctx context.Context, tx *db.Tx, b *fact.Building, month calendar.Month, at calendar.Micros) error {
	lines, err := listGiven(ctx, tx, b, month, at)
	if lines == nil || err != nil {
		return err
	}
	type key struct{ account, service int64 }
	charged := map[key]*Line{}
	for i := range lines {
		if lines[i].Given&GivenCharge != 0 {
			charged[key{lines[i].AccountID, lines[i].ServiceID}] = &lines[i]
		}
	}
	for i := range b.Households {
		h := &b.Households[i]
		for k := range h.Premises.Services {
			if h.Subs[k].Mode != fact.ModeIssued {
				continue
			}
			of := key{h.Subs[k].AccountID, b.Refs[h.Subs[k].Ref].ServiceID}
			if l := charged[of]; l != nil {
				h.Premises.Services[k].Given, h.Premises.Services[k].Withheld = &calc.Given{Volume: l.Volume, Amount: l.Charge}, ""
				delete(charged, of) // two services of the catalogue under one of the supplier's: the figure is one
				continue
			}
			h.Premises.Services[k].Given, h.Premises.Services[k].Withheld = nil, "charge.not_given"
		}
	}
	return nil
}

// askedMax is up to how many accounts are asked for one by one before the whole building is read.
const askedMax = 50

// listGiven reads what suppliers charged the accounts of the building whose figure is shown; nil when there are none.
func listGiven(ctx context.Context, tx *db.Tx, b *fact.Building, month calendar.Month, at calendar.Micros) (lines []Line, err error) {
	var accounts []int64
	for i := range b.Households {
		for _, s := range b.Households[i].Subs {
			if s.Mode == fact.ModeIssued && !slices.Contains(accounts, s.AccountID) {
				accounts = append(accounts, s.AccountID)
			}
		}
		if len(accounts) > askedMax {
			break
		}
	}
	switch {
	case len(accounts) == 0:
		return nil, nil
	case len(accounts) > askedMax:
		lines, err = ListBuilding(ctx, tx, b.ID, month, at)
	default:
		lines, err = ListMonth(ctx, tx, b.ID, accounts, month, at)
	}
	return append([]Line{}, lines...), err
}
