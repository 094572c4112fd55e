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
	if g.has("amount") {
		return
	}
	free, given := g.sums(false)
	switch {
	case g.has("due") && g.has("opening"):
		g.addMissing(free, given)
	case !g.has("due") && !g.arrange(free, given) && !g.arrange(append(free, given...), nil):
		if whole, given := g.sums(true); len(whole) > len(free) {
			g.arrange(whole, given)
		}
	}
	if g.has("due") || g.has("opening") || len(free) == 0 {
		return
	}
	if len(free) == 1 {
		free[0].role = "due"
		g.e.add("due", free[0].label(), "единственная колонка с суммами")
	} else if g.has("account") {
		last := free[len(free)-1]
		last.role, g.unsure = "due", true
		g.e.add("due", last.label(), "сумм несколько, и ничто не говорит, какая к оплате: взята последняя, проверьте")
	}
}

// sums are the columns that hold sums: without a role yet, and with one. Whole numbers of spreadsheets are sums
// too, but may be anything else.
func (g *guess) sums(whole bool) (free, given []*column) {
	for _, c := range g.columns {
		switch f := &c.facts; {
		case roleNames[c.role].money():
			given = append(given, c)
		case c.role != "" || f.money <= .9 || f.kopecks < .7:
		case f.decimals > .5 || g.kopecks(c) || whole && f.stringNumber < .5:
			free = append(free, c)
		}
	}
	return free, given
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

// arrangement is which columns the closing balance follows from.
type arrangement struct {
	due, paid *column // paid may be nil
	plus      []*column
}

// arrange tries every free column as due and every column as paid, from the right, because balances at the end
// stand last; the arrangement with most columns that holds wins. Columns whose names gave them a role keep it.
func (g *guess) arrange(free, given []*column) bool {
	sums := append(slices.Clone(free), given...)
	if len(sums) < 3 || len(sums) > maxMoneyColumns {
		return false
	}
	best := arrangement{}
	for _, due := range slices.Backward(free) {
		for _, paid := range append(slices.Clone(sums), nil) {
			if paid != due && mayBePaid(paid, given) {
				best = best.better(due, paid, sums, given)
			}
		}
	}
	if best.due == nil {
		return false
	}
	g.take(best, given)
	return true
}

// mayBePaid tells whether a column may be what was paid: the one called so, when there is one.
func mayBePaid(c *column, given []*column) bool {
	if i := slices.IndexFunc(given, func(x *column) bool { return x.role == "paid" }); i >= 0 {
		return c == given[i]
	}
	return !slices.Contains(given, c)
}

// better is the best arrangement with these two, or the one so far when none has more columns.
func (a arrangement) better(due, paid *column, sums, given []*column) arrangement {
	rest := slices.DeleteFunc(slices.Clone(sums), func(c *column) bool { return c == due || c == paid })
	var minus []*column
	if paid != nil {
		minus = []*column{paid}
	}
	for mask := 1; mask < 1<<len(rest); mask++ {
		plus := chosen(rest, mask)
		if len(plus) < 2 || len(plus)+len(minus) <= a.size() || missesGiven(plus, paid, given) {
			continue
		}
		if share(due, plus, minus) > .85 {
			a = arrangement{due, paid, plus}
		}
	}
	return a
}

func (a arrangement) size() int {
	if a.paid == nil {
		return len(a.plus)
	}
	return len(a.plus) + 1
}

func missesGiven(plus []*column, paid *column, given []*column) bool {
	return slices.ContainsFunc(given, func(c *column) bool { return c != paid && !slices.Contains(plus, c) })
}

// take gives the columns of an arrangement their roles.
func (g *guess) take(a arrangement, given []*column) {
	var open []*column
	for _, c := range a.plus {
		if !slices.Contains(given, c) {
			c.role = ""
			open = append(open, c)
		}
	}
	a.due.role = "due"
	if a.paid != nil {
		a.paid.role = "paid"
		g.nameParts(open)
	} else {
		for _, c := range open {
			c.role = "charge" // a total of services
		}
	}
	for _, c := range append(open, a.due, a.paid) {
		if c != nil {
			g.e.add(c.role, c.label(), "по тождеству: сальдо на конец равно сумме остальных за вычетом оплаченного")
		}
	}
}

// nameParts tells opening, charge, recalculation and penalty apart: the first column is the opening balance,
// the next one the charge; of the rest, those with negative sums are recalculations.
func (g *guess) nameParts(parts []*column) {
	slices.SortFunc(parts, func(a, b *column) int { return a.place.Index - b.place.Index })
	for i, c := range parts {
		switch {
		case !g.has("opening"):
			c.role = "opening"
		case !g.has("charge") || c.facts.zeroShare() < .5:
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
