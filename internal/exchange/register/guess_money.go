package register

import (
	"slices"
	"strings"

	"kvit/internal/money"
)

// maxMoneyColumns bounds the search for the identity of sums.
const maxMoneyColumns = 9

// byIdentity finds the money roles names did not give: due = opening + charge + recalc + penalty − paid holds
// in almost every row, and in hardly any other arrangement of the columns.
func (g *guess) byIdentity() {
	var free, given []*column
	for _, c := range g.columns {
		switch {
		case roleNames[c.role].money():
			given = append(given, c)
		case c.role == "" && c.facts.money > .9 && (c.facts.decimals > .5 || g.kopecks(c)):
			free = append(free, c)
		}
	}
	switch {
	case g.has("amount"):
		return
	case g.has("due") && g.has("opening"):
		g.addMissing(free, given)
	case !g.has("due"):
		g.arrange(append(free, given...))
	}
	if !g.has("due") && !g.has("amount") && len(free) == 1 {
		free[0].role = "due"
		g.e.add("due", free[0].label(), "единственная колонка с суммами")
	}
}

func (g *guess) has(name string) bool {
	return slices.ContainsFunc(g.columns, func(c *column) bool { return c.role == name })
}

// kopecks tells whether a column of whole numbers may be sums in kopecks.
func (g *guess) kopecks(c *column) bool {
	return strings.Contains(fold(c.name), "kop") || strings.Contains(fold(c.name), "коп")
}

// addMissing finds which free columns must be charges for the identity to hold: one charge column, or several
// that suppliers print service by service.
func (g *guess) addMissing(free, given []*column) {
	if len(free) == 0 || len(free) > maxMoneyColumns || g.holds(nil) {
		return
	}
	for size := len(free); size > 0; size-- {
		for mask := 1; mask < 1<<len(free); mask++ {
			pick := chosen(free, mask)
			if len(pick) == size && g.holds(pick) {
				for _, c := range pick {
					c.role = "charge"
					g.e.add("charge", c.label(), "без этой колонки сальдо не сходится")
				}
				return
			}
		}
	}
}

func chosen(list []*column, mask int) []*column {
	var pick []*column
	for i, c := range list {
		if mask>>i&1 == 1 {
			pick = append(pick, c)
		}
	}
	return pick
}

// holds tells whether the identity holds with the roles given so far and extra columns as charges.
func (g *guess) holds(extra []*column) bool {
	var due *column
	var plus, minus []*column
	for _, c := range g.columns {
		switch c.role {
		case "due":
			due = c
		case "paid":
			minus = append(minus, c)
		case "opening", "charge", "recalc", "penalty":
			plus = append(plus, c)
		}
	}
	return share(due, append(plus, extra...), minus) > .85
}

// share is in how many rows due is what the columns add up to.
func share(due *column, plus, minus []*column) float64 {
	if len(due.facts.sums) == 0 {
		return 0
	}
	right, rows := 0, 0
	for i, want := range due.facts.sums {
		var sum money.Amount
		for _, c := range plus {
			sum += c.facts.sums[i]
		}
		for _, c := range minus {
			sum -= c.facts.sums[i]
		}
		if want == 0 && sum == 0 {
			continue // rows of zeros prove nothing
		}
		rows++
		if sum == want {
			right++
		}
	}
	if rows < 2 {
		return 0
	}
	return float64(right) / float64(rows)
}

// arrange tries every column as due and every other as paid; the arrangement with most columns that holds wins.
func (g *guess) arrange(sums []*column) {
	if len(sums) < 3 || len(sums) > maxMoneyColumns {
		return
	}
	var bestDue, bestPaid *column
	var bestPlus []*column
	for _, due := range sums {
		for _, paid := range sums {
			rest := slices.DeleteFunc(slices.Clone(sums), func(c *column) bool { return c == due || c == paid })
			if due == paid {
				continue
			}
			for mask := 1; mask < 1<<len(rest); mask++ {
				plus := chosen(rest, mask)
				if len(plus) > 1 && len(plus) > len(bestPlus) && share(due, plus, []*column{paid}) > .85 {
					bestDue, bestPaid, bestPlus = due, paid, plus
				}
			}
		}
	}
	if bestDue == nil {
		return
	}
	for _, c := range append([]*column{bestDue, bestPaid}, bestPlus...) {
		c.role = ""
	}
	bestDue.role, bestPaid.role = "due", "paid"
	g.nameParts(bestPlus)
	for _, c := range append([]*column{bestDue, bestPaid}, bestPlus...) {
		g.e.add(c.role, c.label(), "по тождеству: сальдо на конец равно сумме остальных за вычетом оплаченного")
	}
}

// nameParts tells opening, charge, recalculation and penalty apart: the first column is the opening balance,
// the next one the charge; of the rest, those with negative sums are recalculations.
func (g *guess) nameParts(parts []*column) {
	slices.SortFunc(parts, func(a, b *column) int { return a.place.Index - b.place.Index })
	for i, c := range parts {
		switch {
		case i == 0:
			c.role = "opening"
		case i == 1 || c.facts.zeroShare() < .5:
			c.role = "charge"
		case c.facts.negative || !g.has("recalc") && i == 2:
			c.role = "recalc"
		default:
			c.role = "penalty"
		}
	}
}

func (f *facts) zeroShare() float64 {
	zeros := 0
	for _, s := range f.sums {
		if s == 0 {
			zeros++
		}
	}
	return float64(zeros) / float64(max(1, len(f.sums)))
}

// moneyForm finds how sums are written.
func (g *guess) moneyForm() string {
	var decimals, comma, text float64
	n, kopecks := 0.0, true
	for _, c := range g.columns {
		if !roleNames[c.role].money() || c.facts.filled == 0 {
			continue
		}
		n++
		decimals += c.facts.decimals
		comma += c.facts.comma
		text += c.facts.stringNumber
		kopecks = kopecks && c.facts.decimals == 0 && (g.kopecks(c) || c.facts.whole == 1)
	}
	structured := g.p.Kind == KindNDJSON || g.p.Kind == KindJSON || g.p.Kind == KindXLSX || g.p.Kind == KindXLSXGrouped
	switch {
	case n == 0:
		return RubDot
	case kopecks && decimals == 0 && !(g.p.Kind == KindXLSX || g.p.Kind == KindXLSXGrouped):
		return KopeckInt
	case structured && text/n < .5:
		return RubNumber
	case structured && comma == 0:
		return RubString
	case comma*2 > decimals:
		return RubComma
	}
	return RubDot
}
