package match

import (
	"strings"
)

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
