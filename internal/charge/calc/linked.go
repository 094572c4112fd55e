package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// linked charges a service by the volumes of others: sewage = cold + hot − what went into the garden. Its own meter
// comes first; where no source has a meter its own normative does (п. 42).
func (c *charging) linked() {
	switch {
	case len(c.sub.Meters) > 0:
		c.metered()
	case c.hasNorm("") && !c.habit.linkedFactor && !c.sourcesMetered():
		c.normative(&usage{method: ByNormative, month: c.month, factor: c.sub.MeterOK})
	case c.byLinks():
	case c.reported():
	case c.hasNorm(tariff.ForCommon):
		c.common()
	default:
		c.normative(&usage{method: ByNormative, month: c.month, factor: c.sub.MeterOK})
	}
}

// byLinks charges by the volumes of others; false when there are none.
func (c *charging) byLinks() (found bool) {
	for i := range c.out.volume {
		v := &c.out.volume[i]
		if _, ok := c.linkTo(v); ok {
			found = true
			if c.firstOfGroup(i) {
				c.linkedGroup(v)
			}
		}
	}
	return found
}

// sourcesMetered tells whether a volume the service is made of comes from a meter, the supplier, or has water of the
// garden to be taken off.
func (c *charging) sourcesMetered() bool {
	for i := range c.p.Services {
		if s := &c.p.Services[i]; c.linksTo(s.Service) && (len(s.Meters) > 0 || s.Given != nil || len(s.Reported) > 0) {
			return true
		}
	}
	for i := range c.out.volume {
		if c.out.volume[i].included {
			return true
		}
	}
	return false
}

func (c *charging) hasNorm(purpose string) bool {
	_, ok := c.norm(c.wantNorm(purpose))
	return ok
}

// linkTo is the factor a volume counts with; ok is false when it does not count. What is taken off must be a volume
// that the main meter has counted: irrigation by normative stands in a line of its own.
func (c *charging) linkTo(v *volumeOf) (decimal.Decimal, bool) {
	for i := range c.of.links {
		if l := &c.of.links[i]; l.service == v.service {
			factor := c.of.Links[l.row].Factor
			return factor, (factor < 0) == v.included
		}
	}
	return 0, false
}

// firstOfGroup tells whether no earlier volume is of the same month, party and kind.
func (c *charging) firstOfGroup(i int) bool {
	for k := range i {
		if _, ok := c.linkTo(&c.out.volume[k]); ok && c.sameGroup(&c.out.volume[k], &c.out.volume[i]) {
			return false
		}
	}
	return true
}

// sameGroup: a true-up of the month itself is one volume with it; absences and earlier months stand apart.
func (c *charging) sameGroup(a, b *volumeOf) bool {
	return a.month == b.month && a.party == b.party && (a.kind == AbsenceCut) == (b.kind == AbsenceCut)
}

// linkedGroup adds up the volumes of one month, party and kind and prices them. What is taken off never makes the
// volume negative, a credit for readings that came late does (charging.md 3.5, 9.4).
func (c *charging) linkedGroup(of *volumeOf) {
	var plus, minus, raised decimal.Ratio
	normative, kind := true, of.kind
	for i := range c.out.volume {
		v := &c.out.volume[i]
		factor, ok := c.linkTo(v)
		if !ok || !c.sameGroup(v, of) {
			continue
		}
		part := v.volume.Times(factor)
		if factor < 0 {
			minus = minus.Plus(part)
			continue
		}
		plus, normative = plus.Plus(part), normative && v.method == ByNormative
		if v.factor.value != 0 && c.habit.linkedFactor {
			raised = raised.Plus(part.Times(v.factor.value).Minus(part))
		}
	}
	volume := plus.Plus(minus)
	if plus.Sign() >= 0 && volume.Sign() < 0 && kind != AbsenceCut {
		volume = decimal.Ratio{}
	}
	c.linkedLines(of, kind, volume, raised, normative)
}

func (c *charging) linkedLines(of *volumeOf, kind Kind, volume, raised decimal.Ratio, normative bool) {
	book := c.Book
	if of.month != c.month {
		book = c.engine.Month(of.month)
	}
	prices := c.rateOrResource(book, c.rateKey())
	if len(prices) == 0 {
		c.issue("charge.no_rate")
		return
	}
	formula := FormulaLinked
	if c.of.Kind == tariff.Common {
		formula = FormulaCommonLinked
	}
	group := *of
	if c.habit.byDays && !normative && c.linkedByDays(formula, kind, &group) {
		return
	}
	c.use(volumeOf{party: of.party, kind: kind, method: ByLinks, month: of.month, volume: volume})
	for i, s := range prices {
		share := volume
		if normative && len(prices) > 1 && !volume.IsZero() {
			share = c.groupVolume(&group, s)
		} else if i < len(prices)-1 {
			continue // metered volumes take the price of the end of the month
		}
		l := c.line(kind, ByLinks, formula)
		l.Party, l.Month = group.party, group.month
		c.price(l, share, s)
		if !raised.IsZero() {
			extra := c.line(Surcharge, ByLinks, FormulaRaised)
			extra.Party, extra.Month = group.party, group.month
			c.price(extra, raised, s)
			extra.Volume = 0 // the factor multiplies money, never the volume
		}
	}
}
