package calc

import (
	"kvit/internal/decimal"
)

// perPerson charges so much a person: n × N × T of waste by persons (formula 9(1)), or a price a person.
func (c *charging) perPerson() {
	n, byNorm := c.norm(c.wantNorm(""))
	for _, s := range c.cut(c.rate(c.rateKey())) {
		from, to := c.first.AddDays(int(s.from)-1), c.first.AddDays(int(s.to)-1)
		l := c.line(Charged, ByPersons, FormulaPerPerson)
		l.From, l.To, l.Days, l.DaysOf, l.Party = s.from, s.to, s.days(), c.days, s.party
		l.PersonDays = int32(c.p.personDays(from, to))
		volume := decimal.Int(int64(l.PersonDays)).OverInt(int64(c.days))
		if byNorm {
			l.Norm, l.NormRow, l.Formula = n.Value, n.row, FormulaWastePerson
			volume = c.monthly(n).TimesInt(int64(l.PersonDays)).OverInt(int64(c.days))
		}
		c.price(l, volume, s.rate)
		c.use(volumeOf{party: s.party, method: ByPersons, volume: volume})
	}
}

// perArea charges so much a square metre: upkeep, capital repair, social rent; waste by area is S × N × T (9(2)).
func (c *charging) perArea() {
	n, byNorm := c.norm(c.wantNorm(""))
	for _, s := range c.cut(c.rate(c.rateKey())) {
		c.onDay(s.to)
		l := c.line(Charged, ByArea, FormulaPerArea)
		l.Base, l.Party = c.area, s.party
		volume := c.area.Exact()
		if byNorm {
			l.Norm, l.NormRow, l.Formula = n.Value, n.row, FormulaWasteArea
			volume = c.monthly(n).Times(c.area)
		}
		volume = c.shareOfMonth(l, s, c.part(volume))
		c.price(l, volume, s.rate)
		c.use(volumeOf{party: s.party, method: ByArea, volume: volume})
	}
}

// part is a co-owner's part of a volume, where each has an account.
func (c *charging) part(volume decimal.Ratio) decimal.Ratio {
	if c.sub.Part.Den == 0 {
		return volume
	}
	return volume.TimesInt(c.sub.Part.Num).OverInt(c.sub.Part.Den)
}

// perUnit charges so much an account, a place, a point; with a normative, a homestead's volume of waste and the like.
func (c *charging) perUnit() {
	quantity := c.quantity()
	n, byNorm := c.norm(c.wantNorm(""))
	for _, s := range c.cut(c.rate(c.rateKey())) {
		l := c.line(Charged, ByUnits, FormulaPerUnit)
		l.Base, l.Party = quantity, s.party
		volume := quantity.Exact()
		if byNorm {
			l.Norm, l.NormRow = n.Value, n.row
			volume = c.monthly(n).Times(quantity)
		}
		volume = c.shareOfMonth(l, s, volume)
		c.price(l, volume, s.rate)
		c.use(volumeOf{party: s.party, method: ByUnits, volume: volume})
	}
}

// quantity is how many units the subscription has; one where nothing is said.
func (c *charging) quantity() decimal.Decimal {
	if c.sub.Quantity == 0 {
		return decimal.FromInt(1)
	}
	return c.sub.Quantity
}
