package why

import (
	"kvit/internal/money"
)

// Step is one bar of a waterfall: from where the sum stood to where it stands.
type Step struct {
	Title    string
	Sum      money.Amount // of a total: the total
	From, To money.Amount
	Total    bool
}

// Waterfall goes from the earlier sum to the one now in at most so many steps besides the two totals; causes that
// find no place are one step.
func (c *Comparison) Waterfall(most int) []Step {
	steps := []Step{{Title: "Было за " + c.Before.Title(), Sum: c.Was, To: c.Was, Total: true}}
	at := c.Was
	step := func(title string, sum money.Amount) {
		steps = append(steps, Step{Title: title, Sum: sum, From: at, To: at + sum})
		at += sum
	}
	shown := c.Parts
	if len(shown) > most {
		shown = shown[:most-1]
	}
	for i := range shown {
		step(shown[i].Title(), shown[i].Sum)
	}
	if rest := c.Is - at; rest != 0 {
		step("остальные причины", rest)
	}
	return append(steps, Step{Title: "Стало за " + c.After.Title(), Sum: c.Is, To: c.Is, Total: true})
}
