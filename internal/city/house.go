package city

import (
	"crypto/sha256"
	"fmt"
	"strconv"
)

// kindOfHouse is a way houses were built in the town.
type kindOfHouse int

const (
	oldBrick   kindOfHouse = iota // up to 1960, communal flats among them
	fiveStorey                    // 1958–1981
	panel                         // 1972–1999
	tower                         // since 2003
	cottage                       // a family each
)

// build is what houses of a kind have in common. Shares are of houses, percents of houses of the kind; plausible.
type build struct {
	share           int
	flats, floors   []int
	rooms           [4]int // weights of flats of one to four rooms
	year, years     int
	gas, heat, warm int // percent with gas, central heating, central hot water
	upkeep          int64
	heatNorm        int64 // 10⁻⁴ Gcal per m² in an average month of heating
}

var builds = [...]build{
	oldBrick:   {34, []int{8, 12, 16, 18, 24}, []int{2, 3}, [4]int{34, 45, 18, 3}, 1931, 29, 100, 82, 30, 205000, 305},
	fiveStorey: {50, []int{40, 56, 60, 70, 80, 100}, []int{5}, [4]int{24, 48, 26, 2}, 1958, 24, 93, 100, 62, 251000, 246},
	panel:      {33, []int{36, 72, 108, 126, 144, 216}, []int{9, 10}, [4]int{23, 40, 31, 6}, 1972, 28, 62, 100, 94, 322000, 219},
	tower:      {14, []int{80, 119, 136, 180, 240}, []int{14, 16, 17, 22}, [4]int{43, 36, 18, 3}, 2003, 22, 26, 76, 90, 374000, 172},
	cottage:    {1150, []int{1}, []int{1, 2}, [4]int{1, 14, 45, 40}, 1949, 74, 100, 0, 0, 0, 0},
}

// managers of blocks of flats.
const (
	unmanaged = iota
	managedA
	managedB
	association
)

type house struct {
	index               int
	id                  string
	street              int
	number, letter      string
	building            string // корпус
	kind                kindOfHouse
	flats, floors, year int
	gas, heat, warm     bool // gas, central heating, central hot water
	manager, assocNo    int
	sharedBase          bool // water, heat and management company bill by the numbers of one former centre
	repair, doorphone   bool
	parking             bool
	plot                int64 // m²
	heatFactor          int64 // percent
	guid, cadaster      string
	postcode            string
	households          int
	charge, due         int64
}

func (h *house) block() bool       { return h.kind != cottage }
func (h *house) address() *address { return newAddress(h, "", "") }

// newHouse builds one more house at an address of its own.
func (t *town) newHouse() *house {
	r := t.rng
	h := &house{index: len(t.houses) + 1}
	h.kind = kindOfHouse(r.weighted(builds[0].share, builds[1].share, builds[2].share, builds[3].share, builds[4].share))
	b := &builds[h.kind]
	h.flats, h.floors, h.year = pick(r, b.flats), pick(r, b.floors), b.year+r.below(b.years)
	for t.address(h); t.used[h.key()]; t.address(h) {
	}
	t.used[h.key()] = true
	h.id = fmt.Sprintf("B%05d", h.index)
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d/%s", t.seed, h.id)))
	h.guid = fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	h.cadaster = fmt.Sprintf("99:15:%07d:%d", 20000+h.street*11, 100+h.index)
	h.postcode = fmt.Sprintf("3019%02d", h.street%37)
	h.gas, h.heat = r.percent(b.gas), r.percent(b.heat)
	h.warm = h.heat && r.percent(b.warm)
	h.heatFactor = int64(r.between(82, 124))
	t.manage(h)
	t.houses = append(t.houses, h)
	t.onStreet[h.street] = append(t.onStreet[h.street], h)
	if h.block() {
		t.lastBlock = h
	}
	return h
}

func (t *town) manage(h *house) {
	r := t.rng
	if !h.block() {
		h.plot = int64(r.between(4, 12)) * 100
		return
	}
	h.manager = managedA + r.weighted(54, 46)
	if (h.kind == panel || h.kind == tower) && t.associations < 18 && r.percent(14) {
		t.associations++
		h.manager, h.assocNo = association, t.associations
	}
	h.sharedBase, h.repair = r.percent(72), r.percent(86)
	h.doorphone = h.kind != oldBrick && r.percent(82)
	h.parking = h.kind == tower && r.percent(45)
}

// key makes an address unique; building 1 of house 40 and house 40/1 would be one to most readers, so only one
// of them is built.
func (h *house) key() string {
	k := strconv.Itoa(h.street) + "|" + h.number + h.letter
	if h.building != "" {
		k += "/" + h.building
	}
	return k
}

// address draws an address: near a block built before as another building of it, on a street of a village, or
// with the number of a house on a namesake street.
func (t *town) address(h *house) {
	r := t.rng
	h.letter, h.building = "", ""
	switch {
	case h.block() && t.lastBlock != nil && r.percent(30):
		s := t.lastBlock
		h.street, h.number, h.letter, h.building = s.street, s.number, s.letter, strconv.Itoa(r.between(1, 6))
	case h.block():
		h.street, h.number = pick(r, t.mainStreets), strconv.Itoa(r.between(1, 95))
		switch x := r.below(100); {
		case x < 7:
			h.letter = pick(r, []string{"а", "б", "в", "г"})
		case x < 25:
			h.building = strconv.Itoa(r.between(1, 4))
		case x < 31:
			h.number += "/" + strconv.Itoa(r.between(7, 62))
		}
	default:
		t.cottageAddress(h)
	}
}

func (t *town) cottageAddress(h *house) {
	r := t.rng
	h.street = pick(r, t.mainStreets)
	if r.percent(46) {
		h.street = pick(r, t.villageStreets)
	}
	h.number = strconv.Itoa(r.between(1, t.longest))
	if same := t.namesakes[h.street]; len(same) > 1 && r.percent(42) {
		if other := pick(r, same); other != h.street && len(t.onStreet[other]) > 0 {
			h.number = pick(r, t.onStreet[other]).number
		}
	}
	if r.percent(8) {
		h.letter = pick(r, []string{"а", "б", "в"})
	}
}
