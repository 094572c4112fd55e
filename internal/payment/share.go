package payment

import (
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// together pays pieces of one place in the queue: each debt what it owes, or in proportion when there is not enough.
func (s *splitting) together(left money.Amount, list []int, c *choice) money.Amount {
	groups, owed := s.grouped(list)
	var total money.Amount
	for _, o := range owed {
		total += money.Amount(o)
	}
	given := min(left, total)
	if given <= 0 {
		return 0
	}
	for i, sum := range s.fair(given, owed, groups) {
		s.pay(groups[i], sum, len(groups) > 1, c)
	}
	return given
}

// grouped puts the pieces of one debt and kind together, oldest first: proportion is between services, not months.
func (s *splitting) grouped(list []int) (groups [][]int, owed []int64) {
	at := map[[2]int]int{}
	for _, i := range list {
		p := &s.pieces[i]
		k := [2]int{p.debt, order(p.kind)}
		g, ok := at[k]
		if !ok {
			g = len(groups)
			at[k], groups, owed = g, append(groups, nil), append(owed, 0)
		}
		groups[g] = append(groups[g], i)
		owed[g] += int64(p.owed)
	}
	for _, g := range groups {
		slices.SortStableFunc(g, func(a, b int) int { return int(s.pieces[a].month) - int(s.pieces[b].month) })
	}
	return groups, owed
}

// fair splits a sum in proportion. A part below its supplier's minimum that would not close its debt is left out, the
// smallest first, and its money goes to the others, as long as they owe so much.
func (s *splitting) fair(sum money.Amount, owed []int64, groups [][]int) []money.Amount {
	weights := slices.Clone(owed)
	for {
		parts := money.Split(sum, weights)
		small := -1
		var rest money.Amount
		for i, part := range parts {
			rest += money.Amount(weights[i])
			debt := s.pieces[groups[i][0]].debt
			if part > 0 && part < s.of[debt].minimum && part < money.Amount(owed[i]) && !s.has(groups[i]) && (small < 0 || weights[i] < weights[small]) {
				small = i
			}
		}
		if small < 0 || rest-money.Amount(weights[small]) < sum {
			return parts
		}
		weights[small] = 0
	}
}

// has tells whether the debt of pieces got something already: then no part of it is too small.
func (s *splitting) has(group []int) bool {
	p := &s.pieces[group[0]]
	return slices.ContainsFunc(s.gifts, func(g gift) bool { return g.debt == p.debt && g.kind == p.kind })
}

// pay gives pieces of one debt a sum, oldest first.
func (s *splitting) pay(group []int, sum money.Amount, among bool, c *choice) {
	for _, i := range group {
		p := &s.pieces[i]
		part := min(sum, p.owed)
		if part <= 0 {
			continue
		}
		sum -= part
		p.owed -= part
		s.gifts = append(s.gifts, gift{p.debt, i, p.kind, s.told(p, c), s.why(p, among, c), part})
	}
}

// told is the month a part names: where the payer named it, or the rule is not simply the oldest first.
func (s *splitting) told(p *piece, c *choice) calendar.Month {
	if p.kind == PartDebt && (c.month != 0 && c.month == p.month || s.of[p.debt].months != tariff.OldestFirst) {
		return p.month
	}
	return 0
}

// why is the reason of a gift, the piece being lowered by it.
func (s *splitting) why(p *piece, among bool, c *choice) string {
	switch {
	case c.named:
		return ReasonNamed
	case p.kind == PartPenalty:
		return ReasonPenalty
	case p.queue.class == classCosts:
		return ReasonCosts
	case s.of[p.debt].turn(s.debts[p.debt].Service) < len(s.of[p.debt].first):
		return ReasonFirst
	case p.owed > 0 && among:
		return ReasonShared
	}
	return ReasonOldest
}

// reasonOf is the reason of a part made of gifts: the last one's, unless the debt is closed whole.
func (s *splitting) reasonOf(gifts []gift) string {
	last := gifts[len(gifts)-1]
	if last.reason != ReasonOldest && last.reason != ReasonShared {
		return last.reason
	}
	for i := range s.pieces {
		if p := &s.pieces[i]; p.debt == last.debt && p.kind == last.kind && p.owed > 0 {
			return last.reason
		}
	}
	return ReasonWhole
}

// reshare lets suppliers with rules of their own share what their accounts got since a gift.
func (s *splitting) reshare(from int, c *choice) {
	got := map[int64]money.Amount{}
	var kept []gift
	for _, g := range s.gifts[from:] {
		if d := &s.debts[g.debt]; g.kind == PartDebt && s.of[g.debt].own(&s.everybody) {
			got[d.AccountID] += g.amount
			s.pieces[g.piece].owed += g.amount
		} else {
			kept = append(kept, g)
		}
	}
	s.gifts = append(s.gifts[:from], kept...)
	for i := range s.debts {
		id := s.debts[i].AccountID
		if sum := got[id]; sum > 0 {
			delete(got, id)
			s.byOwnRules(id, sum, c)
		}
	}
}

// byOwnRules shares a sum over the principal of an account in its supplier's own order.
func (s *splitting) byOwnRules(account int64, sum money.Amount, c *choice) {
	list := s.chosen(c, func(p *piece) bool { return p.kind == PartDebt && s.debts[p.debt].AccountID == account })
	slices.SortStableFunc(list, func(a, b int) int { return s.pieces[a].own.compare(s.pieces[b].own) })
	for len(list) > 0 && sum > 0 {
		n := 1
		for n < len(list) && s.pieces[list[n]].own == s.pieces[list[0]].own {
			n++
		}
		sum -= s.together(sum, list[:n], c)
		list = list[n:]
	}
}

// surplus makes what is left an advance: in proportion to the last charges of those who take advances; equally where
// nothing was charged or the rule says so.
func (s *splitting) surplus(left money.Amount, c *choice) error {
	var takers []int
	var weights []int64
	var charged int64
	for i := range s.debts {
		if c.of != nil && !c.of(&s.debts[i]) || s.of[i].surplus == tariff.NoSurplus {
			continue
		}
		w := max(0, int64(s.debts[i].LastCharge))
		takers, weights, charged = append(takers, i), append(weights, w), charged+w
	}
	if len(takers) == 0 {
		return fault.Newf(fault.Invalid, "payment.no_advance", "Вперёд этому поставщику не платят, а %s больше долга. Уменьшите сумму.", left.Format()).WithField("sum")
	}
	for i := range weights {
		if charged == 0 || s.everybody.surplus == tariff.SurplusEqually {
			weights[i] = 1
		}
	}
	for i, sum := range money.Split(left, weights) {
		if sum > 0 {
			s.gifts = append(s.gifts, gift{debt: takers[i], kind: PartAdvance, reason: ReasonAhead, amount: sum})
		}
	}
	return nil
}
