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
	decided    map[int64]decided
	lines      map[Ref][]charge.Line // by building and account
	parts      map[Ref][]payment.Part
	own        map[int64]*charge.Own // what Kvit charged, by building
	sent       map[Ref][]charge.Line // by suppliers in all months, of accounts Kvit charges too
}

// fill reads the shelf of a stretch of buildings as known at a moment.
func (m *Module) fill(ctx context.Context, tx *db.Tx, reader *charge.Reader, first, last int64, at calendar.Micros) (*shelf, error) {
	s := &shelf{members: map[Ref][]account.Member{}, parts: map[Ref][]payment.Part{}}
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
	if s.decided, err = listDecided(ctx, tx, first, last, at); err != nil {
		return nil, err
	}
	lines, err := charge.ListBuildingLatest(ctx, tx, first, last, at)
	if err != nil {
		return nil, err
	}
	s.lines = byAccount(lines)
	if err := s.fillOwn(ctx, tx, reader, first, last, at); err != nil {
		return nil, err
	}
	parts, err := payment.ListBuildingParts(ctx, tx, first, last, at)
	for i := range parts {
		key := Ref{parts[i].BuildingID, parts[i].AccountID}
		s.parts[key] = append(s.parts[key], parts[i])
	}
	return s, err
}

// fillOwn reads what Kvit charged, and, where it did, what suppliers charged the same accounts before.
func (s *shelf) fillOwn(ctx context.Context, tx *db.Tx, reader *charge.Reader, first, last int64, at calendar.Micros) (err error) {
	if s.own, err = reader.OwnBetween(ctx, tx, first, last, at); err != nil || len(s.own) == 0 {
		return err
	}
	sent, err := charge.ListBetween(ctx, tx, first, last, at)
	s.sent = byAccount(sent)
	return err
}

func byAccount(lines []charge.Line) map[Ref][]charge.Line {
	of := map[Ref][]charge.Line{}
	for i := range lines {
		key := Ref{lines[i].BuildingID, lines[i].AccountID}
		of[key] = append(of[key], lines[i])
	}
	return of
}

// partsOf are the payments of accounts that have lived in one building only.
func (s *shelf) partsOf(members []account.Member) (list []payment.Part) {
	for i := range members {
		list = append(list, s.parts[Ref{members[i].BuildingID, members[i].AccountID}]...)
	}
	return list
}

// latest are the lines of the latest month of the bill's accounts.
func (b *Bill) latest(ctx context.Context, tx *db.Tx, accounts []int64) (list []charge.Line, err error) {
	if b.shelf == nil {
		return charge.ListLatest(ctx, tx, b.BuildingID, accounts, b.Moment)
	}
	return b.shelved(b.shelf.lines, accounts), nil
}

// shelved takes the lines of accounts off the shelf, in order of account.
func (b *Bill) shelved(lines map[Ref][]charge.Line, accounts []int64) (list []charge.Line) {
	for _, id := range slices.Sorted(slices.Values(accounts)) {
		list = append(list, lines[Ref{b.BuildingID, id}]...)
	}
	return list
}

// own is what Kvit charged the bill's accounts, here and where they lived before.
func (b *Bill) own(ctx context.Context, tx *db.Tx, reader *charge.Reader, accounts []int64) (own *charge.Own, err error) {
	switch {
	case b.shelf == nil:
		own, err = reader.Own(ctx, tx, b.BuildingID, accounts, b.Moment)
	case b.shelf.own[b.BuildingID] != nil:
		own = b.shelf.own[b.BuildingID].Of(accounts)
	default:
		own = &charge.Own{}
	}
	if err != nil {
		return nil, err
	}
	return own, reader.Follow(ctx, tx, own, b.formers, b.Moment)
}

// sent are the lines of suppliers in all months of accounts that Kvit charges too.
func (b *Bill) sent(ctx context.Context, tx *db.Tx, accounts []int64) ([]charge.Line, error) {
	if b.shelf == nil || slices.ContainsFunc(accounts, b.hasMoved) { // the shelf has those charged in this very building
		return charge.ListAll(ctx, tx, b.BuildingID, accounts, b.Moment)
	}
	return b.shelved(b.shelf.sent, accounts), nil
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
	s, err := m.fill(ctx, tx, reader, first, last, at)
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
