package match

import (
	"cmp"
	"fmt"
	"kvit/internal/housing"
	"slices"
	"strconv"
	"strings"
)

// Member is an account of a building.
type Member struct {
	Account, SupplierID int64
	Evidence            Evidence
}

// Decision is what a person decided about two accounts.
type Decision struct {
	Join bool // false: keep apart
	A, B int64
}

// Link puts an account into a household.
type Link struct {
	Account  int64
	Rule     string
	Score    int
	Evidence string
}

// Household is a basket found.
type Household struct {
	Flat, Room string
	Links      []Link
}

// Review asks a person about an account nobody could place for sure.
type Review struct {
	Account int64
	Kind    string
	Score   int
	Reasons []string
	Near    []int64
}

// Grouping is what became of a building's accounts.
type Grouping struct {
	Households []Household
	Findings   []Finding
	Reviews    []Review
}

// member is a Member with its address and name understood.
type member struct {
	*Member
	flats []string
	list  bool // the flats are listed: none of them is a room
	room  string
	name  Name
	els   string
	tail  string
	at    *premises
	rule  string
	score int
}

// premises is a flat, a room, or a house for one family.
type premises struct {
	flat, room string
	members    []*member
	merged     *premises // joined flats point to the first
}

// grouper works on one building.
type grouper struct {
	members  []*member
	premises map[string]*premises
	order    []*premises
	rooms    map[string]map[string]bool
	out      Grouping
}

// Group parts the accounts of one building into household baskets.
func Group(r *housing.Register, list []Member, decisions []Decision) *Grouping {
	g := &grouper{premises: map[string]*premises{}, rooms: map[string]map[string]bool{}}
	g.read(r, list)
	g.settleRooms()
	g.place()
	g.mergeFlats()
	g.roomless()
	g.correctFlats()
	g.homeless()
	g.apart()
	g.report()
	g.build(decisions)
	return &g.out
}

func (g *grouper) read(r *housing.Register, list []Member) {
	for i := range list {
		e := &list[i].Evidence
		p := r.Read(&e.Address)
		m := &member{Member: &list[i], flats: p.Flats, list: p.Several, room: p.Room, name: ParseName(e.FIO), els: elsBase(e.ELS), tail: digitsTail(e.Number, 7)}
		g.members = append(g.members, m)
		if len(m.flats) == 1 && m.room != "" {
			if g.rooms[m.flats[0]] == nil {
				g.rooms[m.flats[0]] = map[string]bool{}
			}
			g.rooms[m.flats[0]][m.room] = true
		}
	}
	// by what suppliers call them: ids are given as accounts come, and their order must not decide anything
	slices.SortFunc(g.members, func(a, b *member) int {
		return cmp.Or(cmp.Compare(a.Evidence.Supplier, b.Evidence.Supplier), cmp.Compare(a.SupplierID, b.SupplierID),
			cmp.Compare(a.Evidence.Number, b.Evidence.Number), cmp.Compare(a.Account, b.Account))
	})
}

// settleRooms decides what «5/2» or «5-2» means: a room of flat 5 where others name its rooms, two joined flats
// where the numbers follow each other, else a room.
func (g *grouper) settleRooms() {
	for _, m := range g.members {
		if len(m.flats) != 2 || m.room != "" || m.list {
			continue
		}
		a, b := m.flats[0], m.flats[1]
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		if !g.rooms[a][b] && errX == nil && errY == nil && y == x+1 && len(g.rooms[a]) == 0 {
			continue
		}
		m.flats, m.room = m.flats[:1], b
	}
}

func (g *grouper) at(flat, room string) *premises {
	key := flat + "/" + room
	p := g.premises[key]
	if p == nil {
		p = &premises{flat: flat, room: room}
		g.premises[key] = p
		g.order = append(g.order, p)
	}
	for p.merged != nil {
		p = p.merged
	}
	return p
}

func (g *grouper) put(m *member, p *premises, rule string, score int) {
	if m.at != nil {
		m.at.members = slices.DeleteFunc(m.at.members, func(x *member) bool { return x == m })
	}
	m.at, m.rule, m.score = p, rule, score
	p.members = append(p.members, m)
}

// place puts accounts where their address says.
func (g *grouper) place() {
	for _, m := range g.members {
		flat := ""
		if len(m.flats) > 0 {
			flat = m.flats[0]
		}
		g.put(m, g.at(flat, m.room), "address", 950)
	}
}

// mergeFlats joins two flats that an account names together, when one person pays for both.
func (g *grouper) mergeFlats() {
	for _, m := range g.members {
		if len(m.flats) < 2 {
			continue
		}
		first := g.at(m.flats[0], "")
		for _, f := range m.flats[1:] {
			other := g.at(f, "")
			if other == first || !g.onePayer(first, other) {
				continue
			}
			for _, x := range slices.Clone(other.members) {
				g.put(x, first, "merged_flats", 930)
			}
			other.merged = first
		}
	}
}

func (g *grouper) onePayer(a, b *premises) bool {
	for _, y := range b.members {
		same := false
		for _, x := range a.members {
			same = same || compareNames(&x.name, &y.name) >= nameTypo
		}
		if y.name.Last != "" && !same {
			return false
		}
	}
	return true
}

// roomless finds the room of an account that names only a communal flat: its payer's room.
func (g *grouper) roomless() {
	for _, m := range g.members {
		p := m.at
		if p.room != "" || p.flat == "" || len(g.rooms[p.flat]) == 0 {
			continue
		}
		var found *premises
		several := false
		for room := range g.rooms[p.flat] {
			q := g.at(p.flat, room)
			if g.kin(m, q) > 0 {
				several = several || found != nil
				found = q
			}
		}
		if found != nil && !several {
			g.put(m, found, "room_by_payer", 900)
		}
	}
}

// kin weighs what ties an account to premises: the unified number, digits shared with another supplier, the
// payer's name. Negative when the name contradicts.
func (g *grouper) kin(m *member, p *premises) int {
	score, same, other := 0, 0, 0
	for _, x := range p.members {
		if x == m {
			continue
		}
		if m.els != "" && x.els == m.els {
			score += 4
		}
		if m.tail != "" && x.tail == m.tail && x.SupplierID != m.SupplierID {
			score += 4
		}
		switch compareNames(&m.name, &x.name) {
		case nameSame:
			same++
		case nameTypo:
			same++
		case nameOther:
			other++
		}
	}
	switch {
	case same > 0:
		score += 2
	case other > 0:
		score--
	}
	return score
}

func (p *premises) supplierTwice(m *member) bool {
	for _, x := range p.members {
		if x != m && x.SupplierID == m.SupplierID {
			return true
		}
	}
	return false
}

func (p *premises) hasSupplier(id int64) bool {
	for _, x := range p.members {
		if x.SupplierID == id {
			return true
		}
	}
	return false
}

// coOwner tells an account for a share of the premises: several of one supplier are right there.
func (m *member) coOwner() bool { return m.Evidence.coOwner() }

// correctFlats moves an account whose flat contradicts stronger evidence: its unified number or digits tie it to
// another flat, or its payer lives there, the supplier misses him there, and has two here.
func (g *grouper) correctFlats() {
	for _, m := range g.members {
		if m.at.flat == "" || m.coOwner() && m.els == "" {
			continue
		}
		here := g.kin(m, m.at)
		if m.at.outvotes(m) {
			here = -1 // two accounts of one stranger vouch for each other only
		}
		if here > 0 || len(m.at.members) < 2 {
			continue
		}
		best, twice := g.bestElsewhere(m)
		if best == nil || twice {
			continue
		}
		was := m.at.flat
		g.put(m, best, "other_flat", 850)
		g.find(m, "addr_wrong_flat", "flat", was, best.flat, "Номер квартиры противоречит остальному: плательщик и номера счетов ведут в другую квартиру. Сверьте адрес.")
	}
}

// outvotes tells whether most accounts of premises name another payer than the account.
func (p *premises) outvotes(m *member) bool {
	same, other := 0, 0
	for _, x := range p.members {
		switch compareNames(&m.name, &x.name) {
		case nameSame, nameTypo:
			if x != m {
				same++
			}
		case nameOther:
			other++
		}
	}
	return other >= 3 && other > 2*same
}

// bestElsewhere is the one premises that the account is tied to more than to its own.
func (g *grouper) bestElsewhere(m *member) (best *premises, twice bool) {
	top := 2
	for _, q := range g.order {
		if q == m.at || q.merged != nil || len(q.members) == 0 || q.flat == "" {
			continue
		}
		k := g.kin(m, q)
		if !q.hasSupplier(m.SupplierID) {
			k++
		} else {
			k--
		}
		if m.at.supplierTwice(m) {
			k++
		}
		if g.votes(m, q) < 2 && k < 5 {
			continue
		}
		switch {
		case k > top:
			best, twice, top = q, false, k
		case k == top && best != nil:
			twice = true
		}
	}
	return best, twice
}

// votes counts the accounts of premises whose payer is the account's.
func (g *grouper) votes(m *member, p *premises) (n int) {
	for _, x := range p.members {
		if x != m && compareNames(&m.name, &x.name) == nameSame {
			n++
		}
	}
	return n
}

// homeless finds the flat of an account that names none in a house that has flats.
func (g *grouper) homeless() {
	flats := false
	for _, p := range g.order {
		flats = flats || p.flat != "" && len(p.members) > 0
	}
	if !flats {
		return
	}
	prints := map[int64]bool{} // suppliers that print flats in this house
	for _, m := range g.members {
		prints[m.SupplierID] = prints[m.SupplierID] || len(m.flats) > 0
	}
	for _, m := range g.members {
		if m.at.flat != "" {
			continue
		}
		if !prints[m.SupplierID] && g.byNumber(m) {
			continue
		}
		if best, twice := g.bestElsewhere(m); best != nil && !twice {
			g.put(m, best, "flat_found", 850)
			if prints[m.SupplierID] {
				g.find(m, "addr_flat_lost", "flat", "", best.flat, "В адресе нет квартиры. Она найдена по плательщику и номерам счетов.")
			}
			continue
		}
		g.find(m, "addr_flat_lost", "flat", "", "", "В адресе нет квартиры. Счёт ждёт решения человека.")
		g.alone(m, "flat_unknown", "нет номера квартиры")
	}
}

// byNumber puts an account of a supplier that prints no flats into the flat its number ends with, when that flat's
// payer does not contradict.
func (g *grouper) byNumber(m *member) bool {
	n := m.Evidence.Number
	i := len(n)
	for i > 0 && n[i-1] >= '0' && n[i-1] <= '9' {
		i--
	}
	p := g.premises[strings.TrimLeft(n[i:], "0")+"/"]
	if i == 0 || p == nil || len(p.members) == 0 || g.kin(m, p) <= 0 {
		return false
	}
	g.put(m, g.at(p.flat, ""), "flat_by_number", 900)
	return true
}

// apart takes out an account that would be the second of one supplier in premises whose payers are others.
func (g *grouper) apart() {
	for _, p := range slices.Clone(g.order) {
		g.splitPayers(p)
	}
	for _, m := range g.members {
		if m.coOwner() || m.at.flat == "" && len(m.at.members) < 2 {
			continue
		}
		if m.at.supplierTwice(m) && g.kin(m, m.at) < 0 && g.agreed(m.at, m) >= 2 {
			g.alone(m, "second_account", "второй счёт этого поставщика, и плательщик другой")
		}
	}
	for _, p := range slices.Clone(g.order) {
		for _, m := range g.unvouched(p) {
			g.alone(m, "second_account", "у поставщика здесь два счёта без имён: один из них может быть из другого дома или корпуса")
		}
	}
}

// unvouched are the accounts of a supplier that has several in premises of agreed payers, and nothing but the printed
// address – no name, no number – ties any of them to the others: at most one is right, and nobody can tell which.
func (g *grouper) unvouched(p *premises) (list []*member) {
	if p.flat == "" || len(p.members) < 3 {
		return nil
	}
	for _, m := range p.members {
		alike := 0
		for _, x := range p.members {
			if x.SupplierID == m.SupplierID && x.name.Last == "" && !x.coOwner() && g.kin(x, p) <= 0 {
				alike++
			}
		}
		if alike > 1 && m.name.Last == "" && !m.coOwner() && g.kin(m, p) <= 0 && g.agreed(p, m) >= 2 {
			list = append(list, m)
		}
	}
	return list
}

// agreed is how many accounts of premises, without one, name the same payer.
func (g *grouper) agreed(p *premises, but *member) int {
	best := 0
	for _, x := range p.members {
		n := 0
		for _, y := range p.members {
			if y != but && x != but && compareNames(&x.name, &y.name) == nameSame {
				n++
			}
		}
		best = max(best, n)
	}
	return best
}

// alone gives an account a basket of its own and asks a person.
func (g *grouper) alone(m *member, kind, reason string) {
	near := m.at
	p := &premises{flat: near.flat, room: near.room}
	g.order = append(g.order, p)
	g.put(m, p, "apart", 300)
	g.ask(m, kind, reason, near.members)
}

// ask puts an account before a person, beside the accounts it may belong to.
func (g *grouper) ask(m *member, kind, reason string, near []*member) {
	review := Review{Account: m.Account, Kind: kind, Score: m.score, Reasons: []string{reason}}
	for _, x := range near {
		if x != m && len(review.Near) < 8 {
			review.Near = append(review.Near, x.Account)
		}
	}
	g.out.Reviews = append(g.out.Reviews, review)
}

func (g *grouper) find(m *member, typ, field, value, now, hint string) {
	g.out.Findings = append(g.out.Findings, Finding{Ref: m.Evidence.Ref, Type: typ, Field: field, Value: value, Now: now, Hint: hint})
}

// report names payers that differ from the household's: a typing error, or a former owner.
func (g *grouper) report() {
	for _, p := range g.order {
		owner := p.owner()
		if owner == nil {
			continue
		}
		for _, m := range p.members {
			if m.coOwner() {
				continue
			}
			kinship := compareNames(&m.name, &owner.name)
			if kinship == nameSame && housing.MixedScript(m.Evidence.FIO) {
				kinship = nameTypo
			}
			switch kinship {
			case nameTypo:
				g.find(m, "fio_typo", "fio", m.Evidence.FIO, owner.Evidence.FIO, "Похоже на опечатку в имени плательщика. Сверьте.")
			case nameOther:
				g.find(m, "stale_owner", "fio", m.Evidence.FIO, owner.Evidence.FIO, "Счёт выставлен другому человеку, чем остальные счета квартиры. Возможно, прежнему владельцу.")
			}
		}
	}
}

// owner is the payer most of the premises' accounts name; accounts with a unified number or a share weigh more,
// because they follow the register of owners. nil when there is no majority.
func (p *premises) owner() *member {
	var best *member
	top, second := 0, 0
	for i, x := range p.members {
		if x.name.Last == "" || x.coOwner() {
			continue
		}
		w, earlier := 0, false
		for k, y := range p.members {
			if y.coOwner() || compareNames(&x.name, &y.name) != nameSame {
				continue
			}
			earlier = earlier || k < i
			w += 2
			if y.els != "" {
				w++
			}
			if y.Evidence.Share != "" {
				w += 2
			}
		}
		if earlier {
			continue
		}
		if w > top {
			best, second, top = x, top, w
		} else {
			second = max(second, w)
		}
	}
	if top < 4 || top == second {
		return nil
	}
	return best
}

// build writes the households out, people's decisions last: they win.
func (g *grouper) build(decisions []Decision) {
	byID := map[int64]*member{}
	for _, m := range g.members {
		byID[m.Account] = m
	}
	for _, d := range decisions {
		a, b := byID[d.A], byID[d.B]
		if a == nil || b == nil {
			continue
		}
		if d.Join {
			if a.at != b.at {
				g.put(a, b.at, "decision", 1000)
			}
		} else if a.at == b.at {
			p := &premises{flat: a.at.flat, room: a.at.room}
			g.order = append(g.order, p)
			g.put(a, p, "decision", 1000)
		}
	}
	for _, p := range g.order {
		if len(p.members) == 0 {
			continue
		}
		h := Household{Flat: p.flat, Room: p.room}
		for _, m := range p.members {
			h.Links = append(h.Links, Link{Account: m.Account, Rule: m.rule, Score: m.score, Evidence: fmt.Sprintf("kin=%d", g.kin(m, p))})
		}
		g.out.Households = append(g.out.Households, h)
	}
}
