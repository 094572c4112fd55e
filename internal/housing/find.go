package housing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Found are the houses an address that a person typed may mean, the likeliest first. Sure: the first one is meant.
type Found struct {
	Houses []Building
	Sure   bool
}

// sureCost is the most an address may differ from the register and still be taken for its house: a corpus left out.
const sureCost = 20

// Find reads an address as people type it, with mistakes, shortenings, a flat or without a house, and gives at most limit
// houses. Without a house number it gives the houses of the street.
func (m *Module) Find(ctx context.Context, text string, limit int) (f Found, err error) {
	if SearchKey(text) == "" {
		return f, nil
	}
	r, err := m.kept(ctx)
	if err != nil {
		return f, err
	}
	p := r.Read(&Parts{Text: text})
	if p.Num != "" {
		f.take(r, r.Candidates(&p), limit)
	} else {
		f.street(r, &p, limit)
	}
	if len(f.Houses) > 0 {
		return f, nil
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		f.Houses, err = SearchBuildings(ctx, tx, text, limit)
		return err
	})
	return f, err
}

// take keeps the best candidates; one alone, or clearly better than the next, is sure.
func (f *Found) take(r *Register, list []Candidate, limit int) {
	for i := range list {
		if len(f.Houses) < limit && !slices.ContainsFunc(f.Houses, func(b Building) bool { return b.ID == r.At(list[i].House).ID }) {
			f.Houses = append(f.Houses, *r.At(list[i].House).Building)
		}
	}
	f.Sure = len(list) > 0 && list[0].Cost <= sureCost && (len(list) == 1 || list[1].Cost > list[0].Cost)
}

// street lists the houses of the streets that are named, in the order of their numbers.
func (f *Found) street(r *Register, p *Parsed, limit int) {
	typ, name, _ := r.understand(p)
	streets, _ := r.findStreets(typ, name)
	for _, s := range streets {
		houses := slices.Clone(r.streets[s].houses)
		slices.SortFunc(houses, func(a, b int) int { return byNumber(r.At(a), r.At(b)) })
		for _, h := range houses {
			if len(f.Houses) < limit {
				f.Houses = append(f.Houses, *r.At(h).Building)
			}
		}
	}
}

// byNumber orders houses as they stand along a street: 2 before 10, 10 before 10а.
func byNumber(a, b *House) int {
	if n := len(digits(a.num)) - len(digits(b.num)); n != 0 {
		return n
	}
	return strings.Compare(a.num+" "+a.letter+" "+a.korp, b.num+" "+b.letter+" "+b.korp)
}

// shelf is the register as it was read last, with what tells whether it has changed.
type shelf struct {
	register *Register
	count    int64
	latest   calendar.Micros
}

// kept is the index of all houses; it is read anew only after the register has changed.
func (m *Module) kept(ctx context.Context) (*Register, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var now shelf
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*), coalesce(max(recorded_at), 0) FROM building").Scan(&now.count, &now.latest)
	})
	if err != nil {
		return nil, fmt.Errorf("register of houses: %w", err)
	}
	if m.last.register != nil && m.last.count == now.count && m.last.latest == now.latest {
		return m.last.register, nil
	}
	if now.register, err = m.Register(ctx); err != nil {
		return nil, err
	}
	m.last = now
	return now.register, nil
}

// listStreet gives the houses on the street of a house, itself among them.
func listStreet(ctx context.Context, tx *db.Tx, b *Building) ([]Building, error) {
	return listBuildings(ctx, tx, " WHERE locality = $1 AND street_type = $2 AND street = $3 ORDER BY building_id", b.Locality, b.StreetType, b.Street)
}

// privateLeast is how many houses are asked together, so that none of them tells what one family has.
const privateLeast = 5

// Around gives the houses whose suppliers may be told of a house: itself, or its street when one family lives there, so
// that nothing is told of that family. None when the street is too short.
func Around(ctx context.Context, tx *db.Tx, b *Building) (ids []int64, street bool, err error) {
	if !b.Private() {
		return []int64{b.ID}, false, nil
	}
	list, err := listStreet(ctx, tx, b)
	if err != nil || len(list) < privateLeast {
		return nil, true, err
	}
	for i := range list {
		ids = append(ids, list[i].ID)
	}
	return ids, true, nil
}
