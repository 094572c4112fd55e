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
	if !issuesAny(b) {
		return nil
	}
	lines, err := listGiven(ctx, tx, b, month, at)
	if err != nil {
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

// listGiven gives what suppliers charged in a building; where one household of it is loaded, that household.
func listGiven(ctx context.Context, tx *db.Tx, b *fact.Building, month calendar.Month, at calendar.Micros) ([]Line, error) {
	if len(b.Households) != 1 {
		return ListBuilding(ctx, tx, b.ID, month, at)
	}
	var accounts []int64
	for i := range b.Households[0].Subs {
		if id := b.Households[0].Subs[i].AccountID; !slices.Contains(accounts, id) {
			accounts = append(accounts, id)
		}
	}
	return ListMonth(ctx, tx, b.ID, accounts, month, at)
}

func issuesAny(b *fact.Building) bool {
	for i := range b.Households {
		for k := range b.Households[i].Subs {
			if b.Households[i].Subs[k].Mode == fact.ModeIssued {
				return true
			}
		}
	}
	return false
}
