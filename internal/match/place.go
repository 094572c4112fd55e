package match

import (
	"slices"
)

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
