package city

import (
	"slices"
	"strconv"
	"strings"

	"kvit/internal/calendar"
)

// register is a supplier's register being filled.
type register struct {
	layout   *layout
	truth    *truth
	town     *town
	rates    []chance
	group    []chance // rates of damaged house lines
	orphans  int      // per million
	rows     []row
	seen     int
	pending  []string // kinds that have not happened yet
	houses   int
	unhoused []string // kinds of damaged house lines that have not happened yet
}

// chance is a kind of damage and its threshold per million.
type chance struct {
	kind string
	per  int
}

// forceEvery is how often a row is offered to a kind of damage that has not happened yet: every kind must occur
// even in a small town.
const forceEvery = 13

func newRegister(t *town, l *layout, tr *truth, defects float64) *register {
	g := &register{layout: l, truth: tr, town: t}
	scale := func(often int) int { return int(float64(often) * 100 * defects) }
	for _, r := range l.defects {
		g.rates = append(g.rates, chance{r.kind, scale(r.often)})
	}
	for _, r := range l.houseDefects {
		g.group = append(g.group, chance{r.kind, scale(r.often)})
	}
	g.orphans = scale(l.orphans)
	if defects > 0 {
		for _, r := range l.defects {
			g.pending = append(g.pending, r.kind)
		}
		for _, r := range l.houseDefects {
			g.unhoused = append(g.unhoused, r.kind)
		}
	}
	return g
}

// choose draws the damage of the next row: the kinds to try, none for a clean row.
func (g *register) choose(r *rng) []string {
	g.seen++
	if len(g.pending) > 0 && g.seen%forceEvery == 0 {
		return slices.Clone(g.pending)
	}
	if kind := drawn(g.rates, r); kind != "" {
		return []string{kind}
	}
	return nil
}

func drawn(list []chance, r *rng) string {
	x := r.million()
	for _, c := range list {
		if x < c.per {
			return c.kind
		}
		x -= c.per
	}
	return ""
}

func (g *register) met(kind string) {
	g.pending = slices.DeleteFunc(g.pending, func(k string) bool { return k == kind })
}

// add puts an account into the register, damaged or not. It is false when the account is left out on purpose.
func (g *register) add(a *account, r *rng) bool {
	rows, absent := g.rowsOf(a, g.choose(r), r)
	if absent {
		g.truth.absent = append(g.truth.absent, [3]string{g.layout.code, a.number, a.household.id})
		g.truth.report(missingAccount, g.layout.code, a, "absent")
		return false
	}
	if a.stale {
		g.markStale(&rows[0])
	}
	g.rows = append(g.rows, rows...)
	g.truth.count(g.layout.code, a.sums)
	if r.million() < g.orphans {
		g.addOrphan(a, r)
	}
	return true
}

// rowsOf tries the kinds in order; the first that suits the account wins.
func (g *register) rowsOf(a *account, kinds []string, r *rng) (rows []row, absent bool) {
	for _, kind := range kinds {
		if kind == missingAccount {
			g.met(kind)
			return nil, true
		}
		if a.stale && !strings.HasPrefix(kind, "addr_") {
			continue // a row of the previous owner is hard enough
		}
		if rows := g.spoil(kind, a, r); rows != nil {
			g.met(kind)
			return rows, false
		}
	}
	return []row{{account: a}}, false
}

func (g *register) markStale(rw *row) {
	d := g.truth.report("stale_owner", g.layout.code, rw.account, "link")
	d.Field, d.Was, d.Now = "fio", rw.account.household.owner.full(), rw.account.owner.full()
	if rw.damage == nil {
		rw.damage = &damage{}
	}
	rw.damage.defects = append(rw.damage.defects, d)
}

// addOrphan adds a row of premises that do not exist, under a number nobody has.
func (g *register) addOrphan(a *account, r *rng) {
	b := *a
	h := a.household.house
	b.els, b.owner, b.stale, b.room = "", newPerson(r), false, ""
	key := numberKey{base: g.town.nextBase(), shared: h.sharedBase, house: h.index, flat: h.flats + 40 + r.below(300)}
	if !h.block() {
		key.flat = 900 + r.below(90)
	}
	b.number = g.layout.number(key)
	addr := newAddress(h, strconv.Itoa(key.flat), "")
	if !h.block() {
		addr.flat, addr.number = "", strconv.Itoa(5000+r.below(900)) // no street is so long
	}
	d := g.truth.report("orphan", g.layout.code, &b, "ignore")
	d.Household, d.Field, d.Now, d.Due = "", "address", addr.short(), &b.due
	g.truth.orphans = append(g.truth.orphans, [2]string{g.layout.code, b.number})
	g.rows = append(g.rows, row{&b, &damage{addr: addr, defects: []*defect{d}}})
}

// sort puts rows into the order of the file.
func (g *register) sort() {
	if g.layout.order == byNumber {
		slices.SortStableFunc(g.rows, func(a, b row) int {
			if a.late() != b.late() {
				return boolOrder(a.late())
			}
			return strings.Compare(a.account.number, b.account.number)
		})
		return
	}
	keys := make([]uint64, len(g.town.houses)+1)
	for i := range keys {
		keys[i] = seeded(g.town.seed, "order/"+g.layout.code, i).next()
	}
	if g.layout.houseAddress {
		for i := range keys {
			keys[i] = uint64(i)
		}
	}
	slices.SortStableFunc(g.rows, func(a, b row) int {
		x, y := keys[a.account.household.house.index], keys[b.account.household.house.index]
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		case a.late() != b.late():
			return boolOrder(a.late())
		}
		return 0
	})
}

func boolOrder(after bool) int {
	if after {
		return 1
	}
	return -1
}

// total is what the file will hold.
func total(l *layout, rows []row) (t rawTotal) {
	for i := range rows {
		for _, s := range rows[i].lines(l.byService()) {
			t.add(printed(l, s))
		}
	}
	return t
}

// printed is what a layout shows of the figures: a register without columns for recalculation and penalty has
// them inside its opening balance.
func printed(l *layout, s sums) sums {
	if l.has("opening") && !l.has("recalc") {
		s.opening += s.recalc
	}
	if l.has("opening") && !l.has("penalty") {
		s.opening += s.penalty
	}
	return s
}

func periodText(l *layout, rw *row, m calendar.Month) string {
	if rw.damage != nil && rw.damage.month != 0 {
		m = rw.damage.month
	}
	return month(l.period, m)
}
