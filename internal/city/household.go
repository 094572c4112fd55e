package city

import (
	"fmt"
	"strconv"
	"strings"
)

// Situations that are no errors and must not be taken for them.
const (
	communalRoom       = "communal"
	powerForAll        = "el_for_all"
	coOwners           = "co_owners"
	mergedFlats        = "merged_flats"
	movedIn            = "moved_in"
	sameOwnerElsewhere = "same_owner_elsewhere"
	meterRollover      = "meter_rollover"
	electricHeating    = "electric_heating"
)

// behaviour is how a household pays.
type behaviour int

const (
	paysInFull behaviour = iota
	paysAhead
	paysLate
	paysPart
	paysNothing
)

type household struct {
	id         string
	house      *house
	flats      []int
	room       string
	area       int64 // 1/100 m²
	residents  int64
	owner      *person
	previous   *person // who sold the flat, still known to some suppliers
	coOwners   []*person
	els        string
	base       int
	coldMeter  bool
	hotMeter   bool
	behaviour  behaviour
	situations []string
	accounts   []*account
	calc       calc
	sharedFrom *household // the room that holds the electricity of a communal flat
	charge     int64
	due        int64
}

// calc are the volumes of linked services, in litres and kWh.
type calc struct {
	hasWater                      bool
	cold, hot, irrigation, sewage int64
	power                         *power
}

var roomAreas = [4][2]int{{2900, 4300}, {4150, 6100}, {5600, 8300}, {7300, 11200}}

// moveIn makes a household of one flat or of two joined ones.
func (t *town) moveIn(h *house, r *rng, flats []int) *household {
	rooms := builds[h.kind].rooms
	area := roomAreas[r.weighted(rooms[0], rooms[1], rooms[2], rooms[3])]
	hh := t.newHousehold(h, r, flats)
	hh.area = int64(r.between(area[0], area[1]))
	if len(flats) == 1 && r.percent(5) {
		hh.coOwners = []*person{newPerson(r)}
		if r.percent(30) {
			hh.coOwners = append(hh.coOwners, newPerson(r))
		}
		hh.situations = append(hh.situations, coOwners)
	}
	return hh
}

// communal makes the households of a communal flat, a room each; one room may hold the electricity of all.
func (t *town) communal(h *house, r *rng, flat, rooms int) []*household {
	var out []*household
	for i := range rooms {
		hh := t.newHousehold(h, r, []int{flat})
		hh.room, hh.area, hh.residents = strconv.Itoa(i+1), int64(r.between(1050, 2100)), min(hh.residents, 2)
		hh.situations = append(hh.situations, communalRoom)
		out = append(out, hh)
	}
	if r.percent(45) {
		out[0].situations = append(out[0].situations, powerForAll)
		for _, hh := range out[1:] {
			hh.sharedFrom = out[0]
		}
	}
	return out
}

func (t *town) newHousehold(h *house, r *rng, flats []int) *household {
	t.hseq++
	hh := &household{id: fmt.Sprintf("H%07d", t.hseq), house: h, flats: flats, base: t.nextBase()}
	hh.residents = int64(1 + r.weighted(41, 27, 18, 10, 4))
	if r.percent(4) {
		hh.residents = 0 // nobody is registered
	}
	hh.owner = t.ownerOf(hh, r)
	if r.percent(3) {
		hh.previous = newPerson(r)
		hh.situations = append(hh.situations, movedIn)
	}
	if r.percent(84) {
		hh.els = elsOf(hh.base)
	}
	hh.coldMeter = r.percent(87)
	hh.hotMeter = hh.coldMeter && r.percent(95)
	hh.behaviour = behaviour(r.weighted(62, 12, 14, 7, 5))
	return hh
}

// ownerOf makes a person; now and then one who owns another home: the two baskets must stay two.
func (t *town) ownerOf(hh *household, r *rng) *person {
	if len(t.recent) > 20 && r.percent(2) {
		hh.situations = append(hh.situations, sameOwnerElsewhere)
		return pick(r, t.recent)
	}
	p := newPerson(r)
	if len(t.recent) < 300 {
		t.recent = append(t.recent, p)
	} else {
		t.recent[r.below(len(t.recent))] = p
	}
	return p
}

// elsOf is a unified number (ЕЛС): region 71, two letters, six digits.
func elsOf(base int) string {
	letters := []rune("АВЕКМНРСТУ")
	return fmt.Sprintf("71%c%c%06d", letters[base/1_000_000%10], letters[base/100_000%10], base%1_000_000)
}

// flatText is the flat as one writes it; empty for a cottage.
func (hh *household) flatText(joint string) string {
	if !hh.house.block() {
		return ""
	}
	list := make([]string, len(hh.flats))
	for i, f := range hh.flats {
		list[i] = strconv.Itoa(f)
	}
	return strings.Join(list, joint)
}
