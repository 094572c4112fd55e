package calc

import (
	"slices"

	"kvit/internal/decimal"
)

// relief takes benefits off the charge on what is within the standards, or shows them where they are paid apart
// (charging.md 14). A benefit that begins or ends inside the month counts by its days.
func (c *charging) relief() {
	for i := range c.p.Benefits {
		b := &c.p.Benefits[i]
		days := b.Days(c.first, c.last)
		if days == 0 || len(b.Services) > 0 && !slices.Contains(b.Services, c.sub.Service) {
			continue
		}
		for party := range max(1, len(c.p.Parties)) {
			c.reliefFor(b, uint8(party), days)
		}
	}
}

// reliefFor takes off what falls to one owner.
func (c *charging) reliefFor(b *Benefit, party uint8, days int32) {
	base := c.reliefBase(b, party)
	if base.IsZero() {
		return
	}
	if days < c.days {
		base = base.TimesInt(int64(days)).OverInt(int64(c.days))
	}
	kind := ReliefShown
	if b.Netted {
		kind = Relief
	}
	l := c.line(kind, 0, FormulaRelief)
	l.Party, l.Factor, l.Base, l.Inputs[0] = party, b.Percent, base.Decimal(), b.Area
	l.Exact = base.Times(b.Percent).OverInt(100).Neg()
	c.round(l)
}

// relieved tells whether a line is part of what a benefit is taken of: what was used and is paid, not what a factor or
// an act adds.
func relieved(l *Line) bool {
	return l.Kind == Charged || l.Kind == TrueUp || l.Kind == AbsenceCut || l.Kind == Undelivered
}

// reliefBase is the part of the service's charge that a benefit counts: within the area standard, within the
// normative, and for the persons entitled.
func (c *charging) reliefBase(b *Benefit, party uint8) (sum decimal.Ratio) {
	for i := c.start; i < len(c.out.Lines); i++ {
		l := &c.out.Lines[i]
		if !relieved(l) || l.Service != c.sub.Service || l.Party != party {
			continue
		}
		part := l.Exact
		if l.Formula == FormulaGiven {
			part = decimal.Int(int64(l.Amount)).OverInt(100)
		}
		if b.Area != 0 && l.byArea() && l.Base > b.Area {
			part = part.Times(b.Area).Over(l.Base)
		}
		sum = sum.Plus(part)
	}
	if b.WithinNorm {
		sum = c.withinNorm(sum)
	}
	if all := c.p.counted(c.last); b.Persons != 0 && all > int64(b.Persons) {
		sum = sum.TimesInt(int64(b.Persons)).OverInt(all)
	}
	return sum
}

// withinNorm is the part of a sum for a volume within the normative: of all zones, bands and components together.
func (c *charging) withinNorm(sum decimal.Ratio) decimal.Ratio {
	var used decimal.Ratio
	for i := c.start; i < len(c.out.Lines); i++ {
		if l := &c.out.Lines[i]; relieved(l) && l.Component != Heat && l.Method != ByArea {
			used = used.Plus(exactVolume(l))
		}
	}
	if limit := c.normVolume(c.first, c.last); !limit.IsZero() && used.Cmp(limit) > 0 {
		return sum.By(limit).Quo(used)
	}
	return sum
}

// byArea tells whether a line's base is the area of the premises.
func (l *Line) byArea() bool {
	switch l.Formula {
	case FormulaPerArea, FormulaWasteArea, FormulaHeatNorm, FormulaHeatNormEven, FormulaHeatHouse, FormulaHeatOwnHeat, FormulaHeatSomeMetered, FormulaHeatAllMetered,
		FormulaCommonNorm, FormulaCommonHouse, FormulaCommonCap, FormulaCommonAverage, FormulaCommonHeat, FormulaHeatInBuilding:
		return true
	}
	return false
}
