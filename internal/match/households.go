package match

import (
	"fmt"

	"kvit/internal/housing"
)

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
