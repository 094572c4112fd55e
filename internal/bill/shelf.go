package bill

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/payment"
)

// shelf is what the bills of neighbouring buildings are made of, read in a few queries: a batch of bills costs the
// database as much as one.
type shelf struct {
	members    map[Ref][]account.Member
	refs       []Ref // in order of building and household
	households map[int64]account.Household
	lines      map[Ref][]charge.Line // by building and account
	parts      map[Ref][]payment.Part
}

// fill reads the shelf of a stretch of buildings as known at a moment.
func (m *Module) fill(ctx context.Context, tx *db.Tx, first, last int64, at calendar.Micros) (*shelf, error) {
	s := &shelf{members: map[Ref][]account.Member{}, lines: map[Ref][]charge.Line{}, parts: map[Ref][]payment.Part{}}
	members, err := account.ListBuildingMembers(ctx, tx, first, last, at)
	if err != nil {
		return nil, err
	}
	for i := range members {
		ref := Ref{members[i].BuildingID, members[i].Link.HouseholdID}
		if s.members[ref] == nil {
			s.refs = append(s.refs, ref)
		}
		s.members[ref] = append(s.members[ref], members[i])
	}
	if s.households, err = account.ListHouseholds(ctx, tx, first, last, at); err != nil {
		return nil, err
	}
	lines, err := charge.ListBuildingLatest(ctx, tx, first, last, at)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		key := Ref{lines[i].BuildingID, lines[i].AccountID}
		s.lines[key] = append(s.lines[key], lines[i])
	}
	parts, err := payment.ListBuildingParts(ctx, tx, first, last, at)
	for i := range parts {
		key := Ref{parts[i].BuildingID, parts[i].AccountID}
		s.parts[key] = append(s.parts[key], parts[i])
	}
	return s, err
}

// partsOf are the payments of accounts that have lived in one building only.
func (s *shelf) partsOf(members []account.Member) (list []payment.Part) {
	for i := range members {
		list = append(list, s.parts[Ref{members[i].BuildingID, members[i].AccountID}]...)
	}
	return list
}

// moved tells whether an account has come from another building, where its earlier payments are.
func moved(members []account.Member) bool {
	for i := range members {
		if members[i].MovedFrom != 0 {
			return true
		}
	}
	return false
}

// latest are the lines of the latest month of the bill's accounts.
func (b *Bill) latest(ctx context.Context, tx *db.Tx, accounts []int64) (list []charge.Line, err error) {
	if b.shelf == nil {
		return charge.ListLatest(ctx, tx, b.BuildingID, accounts, b.Moment)
	}
	for _, id := range slices.Sorted(slices.Values(accounts)) {
		list = append(list, b.shelf.lines[Ref{b.BuildingID, id}]...)
	}
	return list, nil
}

// premises are where the bill's household lives.
func (b *Bill) premises(ctx context.Context, tx *db.Tx) (account.Household, error) {
	if b.shelf != nil {
		if h, ok := b.shelf.households[b.HouseholdID]; ok {
			return h, nil
		}
	}
	return account.FindHousehold(ctx, tx, b.BuildingID, b.HouseholdID, b.Moment)
}

// each computes the bills of all households of a stretch of buildings as they were true and known at a moment, in order
// of building and household: the same bills as At gives one by one.
func (m *Module) each(ctx context.Context, tx *db.Tx, reader *charge.Reader, first, last int64, at calendar.Micros, take func(*Bill) error) error {
	s, err := m.fill(ctx, tx, first, last, at)
	if err != nil {
		return fmt.Errorf("bills of buildings %d to %d: %w", first, last, err)
	}
	for _, ref := range s.refs {
		b := &Bill{Status: StatusAsOf, BuildingID: ref.Building, HouseholdID: ref.Household, Moment: at, At: m.stamp(at), shelf: s}
		if err := m.read(ctx, tx, b, reader, 0); err != nil {
			return fmt.Errorf("bill of household %d: %w", ref.Household, err)
		}
		b.shelf = nil
		if err := take(b); err != nil {
			return err
		}
	}
	return nil
}
