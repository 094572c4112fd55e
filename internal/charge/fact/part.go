package fact

import (
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// LoadHousehold reads a building with one household of it, as Load does: it steps over the rest of the sheet, and reads
// the readings of the household's meters only. Nil is a building or a household without facts.
func (l *Loader) LoadHousehold(ctx context.Context, tx *db.Tx, building, household int64, month calendar.Month, at calendar.Micros) (*Building, error) {
	b, err := l.loadPart(ctx, tx, building, &Scope{Households: []int64{household}}, month, at)
	if b != nil && len(b.Households) == 0 {
		return nil, err
	}
	return b, err
}

// LoadOf is LoadHousehold of the households that accounts are charged with; nil when the building has no facts.
func (l *Loader) LoadOf(ctx context.Context, tx *db.Tx, building int64, accounts []int64, month calendar.Month, at calendar.Micros) (*Building, error) {
	return l.loadPart(ctx, tx, building, &Scope{Accounts: accounts}, month, at)
}

func (l *Loader) loadPart(ctx context.Context, tx *db.Tx, building int64, of *Scope, month calendar.Month, at calendar.Micros) (*Building, error) {
	if err := l.loadSheets(ctx, tx, building, building, of, at); err != nil || len(l.buildings) == 0 {
		return nil, err
	}
	b := &l.buildings[0]
	b.In(l.Engine, month)
	if err := l.readingsOf(ctx, tx, building, l.meters, "AND on_day BETWEEN $2 AND $3 AND recorded_at <= $4", int64(month.Add(-1).First()), int64(month.Last()), int64(at)); err != nil {
		return nil, err
	}
	args := []any{building, int64(month), int64(at)}
	if err := l.loadVolumes(ctx, tx, `WHERE building_id = $1 AND month = $2 AND recorded_at <= $3 AND `+db.In("account_id", b.accounts(), &args), args...); err != nil {
		return nil, err
	}
	return b, l.loadHistories(ctx, tx, l.Engine.Month(month), at)
}

// accounts are those charged in the building's households.
func (b *Building) accounts() (list []int64) {
	for i := range b.Households {
		for k := range b.Households[i].Subs {
			list = append(list, b.Households[i].Subs[k].AccountID)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// gatherInto makes a building of the rows of some households.
func (l *Loader) gatherInto(ctx context.Context, tx *db.Tx, b *Building, of *Scope, at calendar.Micros) error {
	named := len(of.Households) > 0
	if err := of.complete(ctx, tx, b.ID); err != nil {
		return err
	}
	set := &Set{Building: b.ID, only: of}
	if named || of.served { // accounts that never had a service of Kvit's need no other fact: most are charged by their suppliers
		var err error
		if set, err = gather(ctx, tx, set, at); err != nil {
			return err
		}
	}
	made, err := set.compose()
	if err == nil {
		*b = *made
	}
	return err
}
