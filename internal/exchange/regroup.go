package exchange

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"

	"kvit/internal/account"
	"kvit/internal/decimal"
	"kvit/internal/housing"
	"kvit/internal/match"
)

// regroup matches all accounts of a building anew, those that came and those that were there, and writes the
// links that changed. The result depends on what is known, not on the order in which it came.
func (b *batch) regroup(ctx context.Context, c *chunk, st *stored, came []*arrived) error {
	members, from, err := b.members(st, came)
	if err != nil {
		return err
	}
	decisions, err := b.decisionsOf(ctx, members)
	if err != nil {
		return err
	}
	g := match.Group(b.houses, members, decisions)
	b.noteGroup(g, from)
	if err := b.link(ctx, c, st, g); err != nil {
		return err
	}
	return b.reviews(ctx, c, st, g)
}

// members lists what the matcher judges. from tells which telling of this batch a member's findings belong to.
func (b *batch) members(st *stored, came []*arrived) (members []match.Member, from map[int64]*arrived, err error) {
	from = map[int64]*arrived{}
	for _, a := range came {
		f, j := a.latest()
		from[a.account] = a
		e := evidenceOf(b.codes[a.supplier], groupKey(f, j), &j.identity)
		e.Ref = a.account
		members = append(members, match.Member{Account: a.account, SupplierID: a.supplier, Evidence: e})
	}
	for i := range st.accounts {
		a := &st.accounts[i]
		if from[a.AccountID] != nil {
			continue
		}
		claim := st.claims[a.AccountID]
		e, err := decodeEvidence(b.code(a.SupplierID), a.Number, &claim)
		if err != nil {
			return nil, nil, err
		}
		e.Ref = a.AccountID
		members = append(members, match.Member{Account: a.AccountID, SupplierID: a.SupplierID, Evidence: e})
	}
	slices.SortFunc(members, func(x, y match.Member) int { return int(x.Account - y.Account) })
	return members, from, nil
}

// noteGroup hands the matcher's findings to the files they are about; findings about accounts that did not come
// with this batch were reported when they came.
func (b *batch) noteGroup(g *match.Grouping, from map[int64]*arrived) {
	for i := range g.Findings {
		a := from[g.Findings[i].Ref]
		if a == nil {
			continue
		}
		f, j := a.latest()
		f.note(fromMatch(f, j, &g.Findings[i]))
	}
}

// link gives each group a household, the one most of its accounts are already in, and writes changed links.
func (b *batch) link(ctx context.Context, c *chunk, st *stored, g *match.Grouping) error {
	taken := map[int64]bool{}
	var fresh []*match.Household
	ids := map[*match.Household]int64{}
	for i := range g.Households {
		h := &g.Households[i]
		if id := st.householdOf(h, taken); id != 0 {
			ids[h], taken[id] = id, true
			continue
		}
		fresh = append(fresh, h)
	}
	if len(fresh) > 0 {
		next, err := b.ids(ctx, len(fresh))
		if err != nil {
			return err
		}
		for i, h := range fresh {
			ids[h] = next + int64(i)
			c.accounts.Households = append(c.accounts.Households, account.Household{BuildingID: st.building, HouseholdID: ids[h], RecordedAt: b.recorded, Flat: h.Flat, Room: h.Room})
		}
	}
	for i := range g.Households {
		h := &g.Households[i]
		for _, l := range h.Links {
			b.addLink(c, st, account.Link{BuildingID: st.building, AccountID: l.Account, RecordedAt: b.recorded, HouseholdID: ids[h], Rule: l.Rule, Score: l.Score, Evidence: l.Evidence})
		}
	}
	return nil
}

func (b *batch) addLink(c *chunk, st *stored, l account.Link) {
	if old, ok := st.links[l.AccountID]; ok && old.HouseholdID == l.HouseholdID && old.Rule == l.Rule && old.Score == l.Score {
		return
	}
	if st.links == nil {
		st.links = map[int64]account.Link{}
	}
	st.links[l.AccountID] = l
	c.accounts.Links = append(c.accounts.Links, l)
}

// householdOf is the stored household that most accounts of the group are in and that no other group took.
func (st *stored) householdOf(h *match.Household, taken map[int64]bool) int64 {
	votes := map[int64]int{}
	for _, l := range h.Links {
		if id := st.links[l.Account].HouseholdID; id != 0 && !taken[id] {
			votes[id]++
		}
	}
	best := int64(0)
	for id, n := range votes {
		if n > votes[best] || n == votes[best] && id < best {
			best = id
		}
	}
	return best
}

func encodeEvidence(group string, id *identity) []byte {
	e := account.Evidence{Group: group, GroupAddress: id.GroupAddress, ELS: id.ELS, FIO: id.FIO, Share: id.Share, Address: id.Address, Locality: id.Locality,
		Street: id.Street, StreetType: id.StreetType, House: id.House, Korp: id.Korp, Flat: id.Flat, Room: id.Room}
	if id.HasArea {
		e.Area = int64(id.Area)
	}
	if id.HasResidents {
		e.Residents = &id.Residents
	}
	return e.Encode()
}

// decodeEvidence is what the matcher sees of a stored account.
func decodeEvidence(code, number string, c *account.Claim) (match.Evidence, error) {
	e, err := c.Decode()
	if err != nil {
		return match.Evidence{}, err
	}
	id := identity{Number: number, Printed: c.Printed, GroupAddress: e.GroupAddress, ELS: e.ELS, FIO: e.FIO, Share: e.Share, Address: e.Address, Locality: e.Locality,
		Street: e.Street, StreetType: e.StreetType, House: e.House, Korp: e.Korp, Flat: e.Flat, Room: e.Room, Area: decimal.Decimal(e.Area), HasArea: e.Area != 0}
	if e.Residents != nil {
		id.Residents, id.HasResidents = *e.Residents, true
	}
	group := e.Group
	if group != "" {
		group = fmt.Sprintf("%d:%s", c.FileID, group)
	}
	return evidenceOf(code, group, &id), nil
}

func claimDigest(c *account.Claim) int64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s|%s|%s|%s|%s", c.Printed, c.Status, c.Flat, c.Room, c.Evidence)
	return int64(h.Sum64())
}

// evidenceOf is what the matcher sees of an account.
func evidenceOf(code, group string, id *identity) match.Evidence {
	e := match.Evidence{Supplier: code, Number: id.Number, Group: group, ELS: id.ELS, FIO: id.FIO, Share: id.Share,
		Address: housing.Parts{Text: id.Address, Locality: id.Locality, Street: id.Street, StreetType: id.StreetType, House: id.House, Korp: id.Korp, Flat: id.Flat, Room: id.Room},
		AreaE2:  int64(id.Area) / 100_000, Residents: -1}
	if group != "" {
		e.Address.Text = id.GroupAddress
	}
	if id.HasResidents {
		e.Residents = id.Residents
	}
	return e
}

// code is the code of a supplier by id.
func (b *batch) code(supplierID int64) string { return b.codes[supplierID] }
