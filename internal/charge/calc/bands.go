package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// limits are the upper ends of the cheaper bands: the social norm where there is one, else the bands; none is no cut.
func (c *charging) limits() []decimal.Decimal { return c.limitsOf(c.sub.Service, c.sub.Category) }

func (c *charging) limitsOf(s Service, of Category) []decimal.Decimal {
	if !c.engine.services[s].hasBands {
		return nil
	}
	for _, category := range [2]Category{of, 0} {
		if n, ok := c.social(s, category); ok {
			persons := c.normPersons(s)
			norm := persons.Times(n.PerPerson).Decimal()
			if !persons.IsZero() {
				norm = max(norm, n.Minimum)
			}
			c.out.limit[0] = norm + n.PerAccount
			return c.out.limit[:]
		}
		if x, ok := c.bands[bandKey{s, category}]; ok {
			return x.limits
		}
	}
	return nil
}

// normHalfDay is the last day of the first half of a month.
const normHalfDay = 15

// normPersons is how many residents a social norm counts: owners are not asked. What was learnt too late to change the
// month's norm is left out.
func (c *charging) normPersons(s Service) decimal.Ratio {
	p := *c.p
	if p.Owners = nil; p.NormKept {
		p.Stays = p.NormStays
	}
	switch c.policy(s, c.sub.Supplier).normPersons {
	case normHalf:
		return decimal.Int(p.livingOn(c.first.AddDays(normHalfDay - 1)))
	case normByDays:
		return decimal.Int(p.personDays(c.first, c.last)).OverInt(int64(c.days))
	}
	return decimal.Int(p.livingOn(c.last))
}

func (c *charging) social(s Service, category Category) (*tariff.SocialNorm, bool) {
	n, ok := c.socials[bandKey{s, category}]
	return n, ok
}

// hasSocial tells whether the limit is a social norm, which unauthorised use has no part in.
func (c *charging) hasSocial(s Service, of Category) bool {
	_, own := c.social(s, of)
	_, any := c.social(s, 0)
	return c.engine.services[s].hasBands && (own || any)
}

// used is how much of a service's limits its own volume took this month.
func (c *charging) used(s Service) (sum decimal.Ratio) {
	for i := range c.out.volume {
		if v := &c.out.volume[i]; v.service == s && v.month == c.month && v.kind != AbsenceCut {
			sum = sum.Plus(v.volume)
		}
	}
	return sum
}

// cutBands cuts volumes by zone into bands in proportion to the zones (charging.md 4.3, 4.4). Before tells how much of
// the limits was used already.
func (c *charging) cutBands(list []usage, limits []decimal.Decimal, before decimal.Ratio) []zonePart {
	var total decimal.Ratio
	if len(limits) > 0 {
		for i := range list {
			total = total.Plus(list[i].volume)
		}
	}
	if len(limits) == 0 || total.Sign() <= 0 || total.Plus(before).Cmp(limits[0].Exact()) <= 0 {
		return c.oneBand(list)
	}
	parts := c.out.parts[:0]
	whole := c.habit.wholeVolumes != exactVolumes && allWhole(list)
	var low decimal.Ratio
	for band := range len(limits) + 1 {
		high := total.Plus(before)
		last := band == len(limits) || high.Cmp(limits[band].Exact()) <= 0
		if !last {
			high = limits[band].Exact()
		}
		width := high.Minus(maxRatio(low, before))
		if width.Sign() > 0 {
			parts = c.shareBand(parts, list, uint8(band+1), width, total, whole, last)
		}
		if low = high; last {
			break
		}
	}
	c.out.parts = parts
	return parts
}

// oneBand leaves volumes whole.
func (c *charging) oneBand(list []usage) []zonePart {
	c.out.parts = c.out.parts[:0]
	for i := range list {
		p := grown(&c.out.parts)
		p.usage, p.band, p.volume = &list[i], 1, list[i].volume
	}
	return c.out.parts
}

// shareBand gives each zone its part of a band. Whole kWh: rounded so that the zones' parts add up to the band, or
// down with the zone's last band taking the rest, as the supplier does.
func (c *charging) shareBand(parts []zonePart, list []usage, band uint8, width, total decimal.Ratio, whole, last bool) []zonePart {
	start := len(parts)
	for i := range list {
		parts = append(parts, zonePart{usage: &list[i], band: band, volume: list[i].volume.By(width).Quo(total)})
	}
	if !whole {
		return parts
	}
	if last {
		for i := range list {
			rest := list[i].volume
			for k := range start {
				if parts[k].usage == &list[i] {
					rest = rest.Minus(parts[k].volume)
				}
			}
			parts[start+i].volume = rest
		}
		return parts
	}
	wholeParts(parts[start:], width, c.habit.wholeVolumes == wholeDown)
	return parts
}

// wholeParts rounds the parts of a band to whole units; their sum stays the band's width unless they are cut down.
func wholeParts(parts []zonePart, width decimal.Ratio, down bool) {
	left := width
	for i := range parts {
		n, err := parts[i].volume.Minus(decimal.One().OverInt(2)).Round(0)
		if err != nil {
			return
		}
		if floor := decimal.Int(n); floor.Plus(decimal.One()).Cmp(parts[i].volume) <= 0 {
			n++
		}
		fraction := parts[i].volume.Minus(decimal.Int(n))
		parts[i].volume, parts[i].rest = decimal.Int(n), fraction
		left = left.Minus(parts[i].volume)
	}
	for !down && left.Cmp(decimal.One()) >= 0 {
		best := 0
		for i := range parts {
			if parts[i].rest.Cmp(parts[best].rest) > 0 {
				best = i
			}
		}
		parts[best].volume, parts[best].rest = parts[best].volume.Plus(decimal.One()), decimal.Ratio{}
		left = left.Minus(decimal.One())
	}
}

func allWhole(list []usage) bool {
	for i := range list {
		n, err := list[i].volume.Round(0)
		if err != nil || decimal.Int(n).Cmp(list[i].volume) != 0 {
			return false
		}
	}
	return true
}

func maxRatio(a, b decimal.Ratio) decimal.Ratio {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}
