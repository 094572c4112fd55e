package calc

import "kvit/internal/money"

// party is who is charged for a day of the month, and partyEnd the last day of the month it is so.
func (c *charging) party(day uint8) (n uint8) {
	for i := range c.p.Parties {
		if c.p.Parties[i].From <= c.first.AddDays(int(day)-1) {
			n = uint8(i)
		}
	}
	return n
}

func (c *charging) partyEnd(day uint8) uint8 {
	if len(c.p.Parties) < 2 {
		return 31
	}
	n := c.party(day)
	for d := day; ; d++ {
		if int32(d) >= c.days || c.party(d+1) != n {
			return d
		}
	}
}

// settleParties makes the parts of old and new owner add up: within lines alike but for the party the last takes the
// whole, rounded once, less the others.
func (c *charging) settleParties() {
	if len(c.p.Parties) < 2 {
		return
	}
	lines := c.out.Lines[c.start:]
	for i := len(lines) - 1; i >= 0; i-- {
		last := &lines[i]
		whole, others := last.Exact, money.Amount(0)
		for k := range i {
			if l := &lines[k]; l.Party != last.Party && sameButParty(l, last) {
				whole, others = whole.Plus(l.Exact), others+l.Amount
			}
		}
		later := false
		for k := i + 1; k < len(lines); k++ {
			later = later || lines[k].Party != last.Party && sameButParty(&lines[k], last)
		}
		if others != 0 && !later {
			if kop, err := whole.Round(2); err == nil {
				last.Amount = money.Amount(kop) - others
			}
		}
	}
}

func sameButParty(a, b *Line) bool {
	return a.Kind == b.Kind && a.Component == b.Component && a.Zone == b.Zone && a.Band == b.Band && a.RateRow == b.RateRow && a.Month == b.Month && a.Formula == b.Formula
}
