package city

import (
	"kvit/internal/calendar"
)

// town is everything that exists before any file is written.
type town struct {
	seed   int64
	month  calendar.Month
	back   int  // of a month before the town's: how many more months before
	dirty  bool // some suppliers lag behind: only in a town with defects
	prices prices
	set    *layoutSet
	rng    *rng

	houses         []*house
	households     []*household
	used           map[string]bool
	onStreet       [][]*house
	namesakes      [][]int
	mainStreets    []int
	villageStreets []int
	lastBlock      *house
	associations   int
	longest        int // highest number of a cottage: streets of a big town are longer
	recent         []*person
	bases          int // numbers given so far
	hseq           int // households so far
}

func newTown(o Options) *town {
	t := &town{seed: o.Seed, month: o.Month, dirty: o.Defects > 0, prices: pricesOf(o.Month), set: setFor(o.Seed), rng: seeded(o.Seed, "town", 0),
		used: map[string]bool{}, onStreet: make([][]*house, len(streets)), namesakes: namesakes(), longest: 140 + o.Households/300}
	for i, s := range streets {
		if s.locality == "" {
			t.mainStreets = append(t.mainStreets, i)
		} else {
			t.villageStreets = append(t.villageStreets, i)
		}
	}
	return t
}

// nextBase gives a number of the former calculation centre: seven digits, each given once, in no order.
func (t *town) nextBase() int {
	t.bases++
	return (t.bases*3_010_349 + 4_718_253) % 10_000_000
}

// settle builds one house and moves households in, at most left of them.
func (t *town) settle(left int) []*household {
	h := t.newHouse()
	r := seeded(t.seed, "house", h.index)
	var all []*household
	for flat := 1; flat <= h.flats && len(all) < left; {
		switch {
		case h.kind == oldBrick && r.percent(9) && left-len(all) >= 2:
			all = append(all, t.communal(h, r, flat, min(r.between(2, 4), left-len(all)))...)
			flat++
		case h.kind != oldBrick && flat < h.flats && r.below(1000) < 5:
			hh := t.moveIn(h, r, []int{flat, flat + 1})
			hh.area *= 2
			hh.situations = append(hh.situations, mergedFlats)
			all = append(all, hh)
			flat += 2
		default:
			all = append(all, t.moveIn(h, r, []int{flat}))
			flat++
		}
	}
	for _, hh := range all {
		t.openAccounts(hh, r)
	}
	h.households = len(all)
	t.households = append(t.households, all...)
	return all
}
