package conflict

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
	"kvit/internal/housing"
	"kvit/internal/match"
	"kvit/internal/supplier"
)

// town is what the search goes by besides a building: suppliers and the day.
type town struct {
	suppliers map[int64]supplier.Supplier
	houses    *housing.Register
	ids       map[string]int64 // of suppliers by code
	today     calendar.Date
}

// building is what is known of one building.
type building struct {
	id      int64
	members []account.Member // by household
	set     *fact.Set
	meters  []fact.Meter // every row
}

// find gives the contradictions of a building, each as a case that is not stored yet.
func (t *town) find(b *building) (list []Case, err error) {
	f := &finder{town: t, b: b, facts: t.factsOf(b)}
	if f.named, err = t.named(b.members); err != nil {
		return nil, err
	}
	for from := 0; from < len(b.members); {
		to := from + 1
		for to < len(b.members) && b.members[to].Link.HouseholdID == b.members[from].Link.HouseholdID {
			to++
		}
		if err := f.household(b.members[from:to]); err != nil {
			return nil, err
		}
		from = to
	}
	return f.found, nil
}

type finder struct {
	*town
	b     *building
	facts *facts
	named map[int64]match.Named // by account
	found []Case
}

// named reads the addresses of accounts.
func (t *town) named(members []account.Member) (map[int64]match.Named, error) {
	list := make([]match.Member, 0, len(members))
	for i := range members {
		e, err := members[i].Claim.Decode()
		if err != nil {
			return nil, err
		}
		address := housing.Parts{Text: e.Address, Locality: e.Locality, Street: e.Street, StreetType: e.StreetType, House: e.House, Korp: e.Korp, Flat: e.Flat, Room: e.Room}
		if e.Group != "" {
			address.Text = e.GroupAddress
		}
		list = append(list, match.Member{Account: members[i].AccountID, SupplierID: members[i].SupplierID, Evidence: match.Evidence{Address: address}})
	}
	return match.Read(t.houses, list), nil
}

// said is an account with what its supplier says of it.
type said struct {
	*account.Member
	account.Evidence
}

func (f *finder) household(members []account.Member) error {
	list := make([]said, 0, len(members))
	for i := range members {
		e, err := members[i].Claim.Decode()
		if err != nil {
			return err
		}
		list = append(list, said{&members[i], e})
	}
	household := members[0].Link.HouseholdID
	f.add(household, Area, "", append(f.areas(list), f.facts.areas[household]...))
	f.add(household, Residents, "", append(f.residents(list), f.facts.residents[household]...))
	f.add(household, Owner, "", f.owners(list))
	f.add(household, Flat, "", f.flats(list))
	f.meters(household, members)
	return nil
}

// add keeps claims that contradict each other as a case.
func (f *finder) add(household int64, a Attribute, object string, claims []Claim) {
	if len(claims) < 2 || !disagree(a, claims) {
		return
	}
	slices.SortStableFunc(claims, func(x, y Claim) int { return cmp.Or(cmp.Compare(x.Who, y.Who), cmp.Compare(x.Account, y.Account)) })
	f.found = append(f.found, Case{ID: caseID(f.b.id, household, a, object), Building: f.b.id, Household: household, Attribute: a, Object: object, State: Open, Claims: claims})
}

// claim is what the supplier of an account says in its row.
func (f *finder) claim(s *said, value, written string) Claim {
	c := &s.Member.Claim
	return Claim{Who: f.suppliers[s.SupplierID].Code, Supplier: s.SupplierID, AccountID: s.AccountID, Account: s.Number, Value: value, Said: written,
		Source: fact.FileSource(c.FileID, c.RowNo), At: c.RecordedAt}
}

// areas gives one area of each supplier: of the same flats the largest that its accounts name, of several accounts for
// flats of their own the sum. One who serves some of the flats that another serves whole is not compared.
func (f *finder) areas(list []said) (claims []Claim) {
	var flats []string
	for _, supplierID := range suppliersOf(list) {
		areas, first, all := map[string]decimal.Decimal{}, -1, map[string]bool{}
		for i := range list {
			if s := &list[i]; s.SupplierID == supplierID && s.Evidence.Area > 0 {
				k := strings.Join(f.named[s.AccountID].Flats, ", ")
				if areas[k] = max(areas[k], decimal.Decimal(s.Evidence.Area)); first < 0 {
					first = i
				}
				for _, flat := range f.named[s.AccountID].Flats {
					all[flat] = true
				}
			}
		}
		if first < 0 {
			continue
		}
		if len(areas) > 1 {
			delete(areas, "") // an account whose flat is not named is of one of them
		}
		var sum decimal.Decimal
		for _, area := range areas {
			sum += area
		}
		text := sum.String()
		if tenths, err := sum.Exact().Round(1); err == nil && len(areas) > 1 { // parts are rounded to a hundredth each
			text = (decimal.FromInt(tenths) / 10).String()
		}
		claims, flats = append(claims, f.claim(&list[first], text, sum.String())), append(flats, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
	}
	return wholeOnly(claims, flats)
}

// wholeOnly leaves out claims about some of the flats that another claim is about.
func wholeOnly(claims []Claim, flats []string) (kept []Claim) {
	for i := range claims {
		part := slices.ContainsFunc(flats, func(other string) bool { return other != flats[i] && flats[i] != "" && within(flats[i], other) })
		if !part {
			kept = append(kept, claims[i])
		}
	}
	return kept
}

func suppliersOf(list []said) (ids []int64) {
	for i := range list {
		if !slices.Contains(ids, list[i].SupplierID) {
			ids = append(ids, list[i].SupplierID)
		}
	}
	return ids
}

// residents gives how many live there by each supplier: of several accounts the most.
func (f *finder) residents(list []said) (claims []Claim) {
	for _, supplierID := range suppliersOf(list) {
		best := -1
		for i := range list {
			if s := &list[i]; s.SupplierID == supplierID && s.Evidence.Residents != nil && (best < 0 || *s.Evidence.Residents > *list[best].Evidence.Residents) {
				best = i
			}
		}
		if best >= 0 {
			text := countText(int64(*list[best].Evidence.Residents))
			claims = append(claims, f.claim(&list[best], text, text))
		}
	}
	return claims
}

// partOf tells whether an account is for a part of the ownership: its payer is one of several, and contradicts nobody.
func partOf(share string) bool {
	num, den, ok := strings.Cut(strings.TrimSpace(share), "/")
	return ok && strings.TrimSpace(num) != strings.TrimSpace(den)
}

func (f *finder) owners(list []said) (claims []Claim) {
	for i := range list {
		if s := &list[i]; s.FIO != "" && !partOf(s.Share) {
			claims = append(claims, f.claim(s, strings.Join(strings.Fields(s.FIO), " "), s.FIO))
		}
	}
	return claims
}

// flats gives the flats that each supplier's accounts name.
func (f *finder) flats(list []said) (claims []Claim) {
	for _, supplierID := range suppliersOf(list) {
		names, first := map[string]bool{}, -1
		for i := range list {
			s := &list[i]
			flats := f.named[s.AccountID].Flats
			if s.SupplierID != supplierID || len(flats) == 0 || s.Link.Rule == "merged_flats" {
				continue
			}
			if first < 0 {
				first = i
			}
			for _, flat := range flats {
				names[flatText(flat)] = true
			}
		}
		if first >= 0 {
			text := strings.Join(slices.Sorted(maps.Keys(names)), ", ")
			claims = append(claims, f.claim(&list[first], text, text))
		}
	}
	return claims
}
