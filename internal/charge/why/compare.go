package why

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// Comparison is why a month costs another sum than an earlier one.
type Comparison struct {
	Before, After calendar.Month
	Was, Is       money.Amount
	Lines         []Change // as they stand on the bill; those that are gone last
	Parts         []Part   // of the whole bill, the largest first; small ones are one part at the end
	Small         int      // how many parts Other holds
}

// Change is one line in both months and why it differs.
type Change struct {
	Before, After *Line // nil when it was not there
	Was, Is       money.Amount
	Parts         []Part
}

// Line is the line as it is now, else as it was.
func (c *Change) Line() *Line {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

// Delta is by how much the sum changed.
func (c *Comparison) Delta() money.Amount { return c.Is - c.Was }

// Compare tells why the lines of a month come to another sum than those of an earlier one.
func Compare(before, after []Line, was, is calendar.Month) *Comparison {
	c := &Comparison{Before: was, After: is, Was: total(before), Is: total(after)}
	var parts []Part
	for _, p := range pairs(before, after) {
		change := Change{Before: p[0], After: p[1], Parts: split(p[0], p[1])}
		if p[0] != nil {
			change.Was = p[0].Sum()
		}
		if p[1] != nil {
			change.Is = p[1].Sum()
		}
		parts = append(parts, change.Parts...)
		c.Lines = append(c.Lines, change)
	}
	c.Parts, c.Small = fold(parts, c.Delta())
	return c
}

// pairs finds the same line in both months: by its key, else by its other name.
func pairs(before, after []Line) (out [][2]*Line) {
	taken := make([]bool, len(before))
	find := func(same func(*Line) bool) *Line {
		for i := range before {
			if !taken[i] && same(&before[i]) {
				taken[i] = true
				return &before[i]
			}
		}
		return nil
	}
	for i := range after {
		b := &after[i]
		out = append(out, [2]*Line{find(func(a *Line) bool { return a.Key == b.Key }), b})
	}
	for i := range out {
		if b := out[i][1]; out[i][0] == nil && b.Also != "" {
			out[i][0] = find(func(a *Line) bool { return a.Also == b.Also })
		}
	}
	for i := range before {
		if !taken[i] {
			out = append(out, [2]*Line{&before[i], nil})
		}
	}
	return out
}

// A part under both bounds is small: it goes into «прочее».
const (
	smallSum     = money.Amount(1000) // 10 ₽
	smallPercent = 1                  // of the whole difference
)

// fold puts small parts together and the largest first. Parts that came to nothing together leave no part.
func fold(parts []Part, delta money.Amount) (out []Part, small int) {
	var rest money.Amount
	for _, p := range parts {
		if p.Sum.Abs() < smallSum && p.Sum.Abs()*100 < delta.Abs()*smallPercent {
			rest, small = rest+p.Sum, small+1
			continue
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(x, y Part) int {
		return cmp.Or(cmp.Compare(y.Sum.Abs(), x.Sum.Abs()), cmp.Compare(x.Cause, y.Cause))
	})
	if rest != 0 {
		out = append(out, Part{Cause: Other, Sum: rest})
	}
	return out, small
}
