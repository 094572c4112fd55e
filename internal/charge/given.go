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
// a figure yet gets an issue in place of a line: nothing is computed for it. heat gives services that are the heat of
// another by that other.
func given(ctx context.Context, tx *db.Tx, b *fact.Building, month calendar.Month, at calendar.Micros, heat map[int64]int64) error {
	lines, err := listGiven(ctx, tx, b, month, at)
	if lines == nil || err != nil {
		return err
	}
	charged := figures{}
	for i := range lines {
		if lines[i].Given&GivenCharge != 0 {
			charged[figureKey{lines[i].AccountID, lines[i].ServiceID}] = &figure{Line: &lines[i]}
		}
	}
	for i := range b.Households {
		h := &b.Households[i]
		for k := range h.Premises.Services {
			if h.Subs[k].Mode != fact.ModeIssued {
				continue
			}
			s, service := &h.Premises.Services[k], b.Refs[h.Subs[k].Ref].ServiceID
			s.Given, s.Withheld = nil, ""
			if s.Days(month.First(), month.Last()) == 0 {
				continue // a term before or after the month must not take its figure
			}
			if s.Given = charged.of(h.Subs[k].AccountID, service, heat[service]); s.Given == nil {
				s.Withheld = "charge.not_given"
			}
		}
	}
	return nil
}

type figureKey struct{ account, service int64 }

// figure is what the supplier charged for a service of his, and whether a service of the catalogue has it already.
type figure struct {
	*Line
	taken bool
}

type figures map[figureKey]*figure

// of is the supplier's figure for a service of an account, with that of its heat where he gives it apart. Of two services
// of the catalogue under one of his the first has the sum, the other its volume only.
func (f figures) of(account, service, heat int64) *calc.Given {
	whole := f[figureKey{account, service}].given()
	if heat == 0 {
		return whole
	}
	part := f[figureKey{account, heat}].given()
	if whole == nil && part != nil {
		whole = &calc.Given{}
	}
	if whole != nil {
		whole.Heat = part
	}
	return whole
}

func (f *figure) given() *calc.Given {
	switch {
	case f == nil:
		return nil
	case f.taken:
		return &calc.Given{Volume: f.Volume}
	}
	f.taken = true
	return &calc.Given{Volume: f.Volume, Amount: f.Charge}
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
