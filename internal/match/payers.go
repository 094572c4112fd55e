package match

// splitPayers parts premises that are two: two payers there, each named by several suppliers, and every supplier of the
// one has an account of the other too. Two houses of one printed address look so – streets of one name in a town and its
// village, a building number lost by all – and a former owner does not: he stands instead of the new one, not beside him.
func (g *grouper) splitPayers(p *premises) {
	if len(p.members) < 4 {
		return
	}
	main := p.largest(func(*member) bool { return true })
	if main == nil {
		return
	}
	others := p.largest(func(m *member) bool { return compareNames(&m.name, &main[0].name) == nameOther })
	if len(others) < 2 || !twins(main, others) {
		return
	}
	q := &premises{flat: p.flat, room: p.room}
	g.order = append(g.order, q)
	for _, m := range others {
		g.put(m, q, "two_payers", 600)
		g.ask(m, "two_payers", "по этому адресу два плательщика, и у каждого свои счета тех же поставщиков: возможно, это два дома с одним адресом", main)
	}
}

// largest is the largest set of accounts, shares of co-owners left out, that name one payer.
func (p *premises) largest(of func(*member) bool) (best []*member) {
	for _, x := range p.members {
		var set []*member
		for _, y := range p.members {
			if of(y) && !y.coOwner() && compareNames(&x.name, &y.name) == nameSame {
				set = append(set, y)
			}
		}
		if of(x) && len(set) > len(best) {
			best = set
		}
	}
	return best
}

// twins tells whether every supplier of the second set, two at least, is one of the first.
func twins(first, second []*member) bool {
	mine := map[int64]bool{}
	for _, m := range first {
		mine[m.SupplierID] = true
	}
	seen := map[int64]bool{}
	for _, m := range second {
		if !mine[m.SupplierID] {
			return false
		}
		seen[m.SupplierID] = true
	}
	return len(seen) > 1
}
