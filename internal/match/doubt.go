package match

import (
	"slices"
)

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
