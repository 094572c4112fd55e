package city

import (
	"slices"
	"strconv"
)

// trade is what a supplier does in the town; every set of layouts has one supplier of each.
type trade int

const (
	waterTrade trade = iota
	heatTrade
	powerTrade
	gasTrade
	wasteTrade
	repairTrade
	managerATrade
	managerBTrade
	associationTrade
	intercomTrade
	internetTrade
	parkingTrade
	gasCareTrade
	trades
)

// account is a personal account of a household with one supplier.
type account struct {
	trade     trade
	household *household
	number    string
	els       string // identifier of the housing service (ЖКУ), empty when not printed
	flat      string
	room      string
	owner     *person
	stale     bool // billed to the previous owner
	services  []service
	sums
	share int   // 1/share of the premises
	area  int64 // 1/100 m²
	place int   // parking place
	meter reading
	power *power
}

// reading is a water meter in litres.
type reading struct {
	has       bool
	prev, cur int64
}

// waterModulus is where a five-digit water meter starts anew, in litres.
const waterModulus = 100_000_000

// opener collects the accounts of a household.
type opener struct {
	t    *town
	hh   *household
	r    *rng
	flat string
}

func (o *opener) open(k trade, list []service, opts ...func(*account)) {
	a := &account{trade: k, household: o.hh, services: list, flat: o.flat, room: o.hh.room, owner: o.hh.owner, share: 1, area: o.hh.area}
	key := o.hh.key()
	for _, opt := range opts {
		opt(a)
	}
	key.flat, key.part, key.room = firstFlat(a, key.flat), 0, a.room
	o.number(a, key)
	charge := int64(0)
	for _, s := range list {
		charge += s.charge
	}
	a.sums = balance(charge, o.hh.behaviour, o.r)
	o.hh.accounts = append(o.hh.accounts, a)
}

// number gives the account a number that no other account of the supplier has: accounts of one household with
// one supplier differ by their part.
func (o *opener) number(a *account, key numberKey) {
	for _, other := range o.hh.accounts {
		if other.trade == a.trade {
			key.part++
		}
	}
	a.number = o.t.set.layouts[a.trade].number(key)
}

func firstFlat(a *account, flat int) int {
	if n, err := strconv.Atoi(a.flat); err == nil {
		return n
	}
	return flat
}

// openAccounts opens everything a household pays for, and settles who prints which identifier and whose name.
func (t *town) openAccounts(hh *household, r *rng) {
	o := &opener{t: t, hh: hh, r: r, flat: hh.flatText("-")}
	o.resources()
	o.housing()
	o.extras()
	for i, a := range hh.accounts {
		l := t.set.layouts[a.trade]
		if hh.els != "" && r.percent(l.elsPercent) {
			a.els = hh.els + "-0" + strconv.Itoa(i+1)
			if i >= 9 {
				a.els = hh.els + "-" + strconv.Itoa(i+1)
			}
		}
		if t.dirty && hh.previous != nil && l.lagsBehind && a.owner == hh.owner && r.percent(60) {
			a.owner, a.stale = hh.previous, true
		}
	}
}

func (o *opener) resources() {
	t, hh, h, r := o.t, o.hh, o.hh.house, o.r
	if h.block() || r.percent(95) {
		t.water(hh, r)
		o.open(waterTrade, t.waterServices(hh), func(a *account) { a.meter = o.waterMeter() })
	}
	if list := t.heatServices(hh); list != nil {
		o.open(heatTrade, list)
	}
	o.openPower()
	if h.gas {
		o.open(gasTrade, t.gasServices(hh, r))
		if r.percent(70) {
			o.open(gasCareTrade, flatFee("ТО ВДГО", pick(r, []int64{4150, 6890, 11230})))
		}
	}
	o.open(wasteTrade, t.wasteServices(hh))
}

// waterMeter draws the reading before; one in 250 meters passes its highest figure this month.
func (o *opener) waterMeter() reading {
	c := &o.hh.calc
	used := c.cold + c.irrigation
	m := reading{has: o.hh.coldMeter, prev: int64(o.r.below(60_000_000))}
	if m.has && used > 0 && o.r.below(250) == 0 {
		m.prev = waterModulus - 1 - int64(o.r.below(int(used)))
		o.hh.situations = append(o.hh.situations, meterRollover)
	}
	m.cur = (m.prev + used) % waterModulus
	return m
}

// openPower opens an account for each flat; the second of two joined flats has an old single-rate meter.
func (o *opener) openPower() {
	t, hh := o.t, o.hh
	if hh.sharedFrom != nil {
		return
	}
	first := t.electricity(hh, o.r)
	hh.calc.power = first
	forAll := slices.Contains(hh.situations, powerForAll)
	for i, flat := range hh.flatList() {
		p := first
		if i > 0 {
			p = &power{plan: "1", stove: first.stove, zones: []zone{{"T", 20}}, prev: []int64{int64(o.r.between(100, 9000))}}
			p.charge = t.powerCharge(p)
		}
		o.open(powerTrade, []service{{"Электроэнергия", p.total(), 1, 0, p.charge}}, func(a *account) {
			a.power, a.flat = p, flat
			if forAll {
				a.room = ""
			}
		})
	}
}

func (o *opener) housing() {
	t, hh, h := o.t, o.hh, o.hh.house
	if h.repair {
		o.openRepair()
	}
	switch h.manager {
	case managedA:
		o.open(managerATrade, t.upkeepServices(hh))
	case managedB:
		o.open(managerBTrade, t.upkeepServices(hh))
	case association:
		o.open(associationTrade, t.upkeepServices(hh), o.oneFlat)
	}
}

// openRepair opens an account for each owner of each flat.
func (o *opener) openRepair() {
	hh := o.hh
	owners := append([]*person{hh.owner}, hh.coOwners...)
	flats := hh.flatList()
	area := hh.area / int64(len(flats))
	for _, flat := range flats {
		for _, owner := range owners {
			o.open(repairTrade, []service{o.t.repairShare(area, len(owners))}, func(a *account) {
				a.flat, a.owner, a.share, a.area = flat, owner, len(owners), area
			})
		}
	}
}

func (o *opener) extras() {
	h, r := o.hh.house, o.r
	if h.doorphone && r.percent(90) {
		o.open(intercomTrade, flatFee("Домофон", 6500), o.oneFlat)
	}
	wants := 46
	if !h.block() {
		wants = 31
	}
	if r.percent(wants) {
		o.open(internetTrade, flatFee("Интернет", pick(r, []int64{39000, 55000, 69000, 85000})), o.oneFlat)
	}
	if h.parking && r.percent(22) {
		o.open(parkingTrade, flatFee("Машино-место", 175000), o.oneFlat, func(a *account) { a.place = r.between(1, 380) })
	}
}

// oneFlat writes only the first of joined flats.
func (o *opener) oneFlat(a *account) { a.flat = o.hh.flatList()[0] }

// flatList are the flats one by one; a cottage has one without a number.
func (hh *household) flatList() []string {
	if !hh.house.block() {
		return []string{""}
	}
	out := make([]string, len(hh.flats))
	for i, f := range hh.flats {
		out[i] = strconv.Itoa(f)
	}
	return out
}
