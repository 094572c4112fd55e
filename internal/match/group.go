package match

import (
	"cmp"

	"kvit/internal/housing"
	"slices"
	"strconv"
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

// Named is what an account's own address names, before accounts are joined or corrected.
type Named struct {
	Flats []string
	Room  string
}

// Read tells which flats and room the accounts of one building name, by account.
func Read(r *housing.Register, list []Member) map[int64]Named {
	g := &grouper{premises: map[string]*premises{}, rooms: map[string]map[string]bool{}}
	g.read(r, list)
	g.settleRooms()
	named := make(map[int64]Named, len(list))
	for _, m := range g.members {
		named[m.Account] = Named{m.flats, m.room}
	}
	return named
}
