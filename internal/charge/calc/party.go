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

// settleParts makes parts add up to their whole, rounded once (charging.md 2.7): meters of one service, things on a plot,
// days of one price for one party, and then old and new owner. The last part takes the whole less the others. Lines that
// a raising factor has doubled stay as they are: each is rounded together with its surcharge.
func (c *charging) settleParts() {
	lines := c.out.Lines[c.start:]
	if len(lines) < 2 {
		return
	}
	if !raisedIn(lines) {
		settle(lines, samePrice)
	}
	if len(c.p.Parties) > 1 {
		settle(lines, sameButParty)
	}
}

// settle gives the last of every lines alike the whole less the others.
func settle(lines []Line, alike func(a, b *Line) bool) {
	for i := len(lines) - 1; i > 0; i-- {
		last := &lines[i]
		if lastAlike(lines, i, alike) {
			continue
		}
		whole, others, parts := last.Exact, money.Amount(0), 0
		for k := range i {
			if l := &lines[k]; alike(l, last) {
				whole, others, parts = whole.Plus(l.Exact), others+l.Amount, parts+1
			}
		}
		if parts == 0 {
			continue
		}
		if kop, err := whole.Round(2); err == nil {
			last.Amount = money.Amount(kop) - others
		}
	}
}

// lastAlike tells whether a later line is alike: then that one takes the rest.
func lastAlike(lines []Line, i int, alike func(a, b *Line) bool) bool {
	for k := i + 1; k < len(lines); k++ {
		if alike(&lines[k], &lines[i]) {
			return true
		}
	}
	return false
}

func raisedIn(lines []Line) bool {
	for i := range lines {
		if lines[i].Kind == Surcharge {
			return true
		}
	}
	return false
}

// samePrice tells whether two lines are one product cut for the explanation only.
func samePrice(a, b *Line) bool {
	return a.Party == b.Party && a.Method == b.Method && a.RateRow >= 0 && (a.Kind == Charged || a.Kind == TrueUp) && sameButParty(a, b)
}

func sameButParty(a, b *Line) bool {
	return a.Kind == b.Kind && a.Component == b.Component && a.Zone == b.Zone && a.Band == b.Band && a.RateRow == b.RateRow && a.Month == b.Month && a.Formula == b.Formula
}
