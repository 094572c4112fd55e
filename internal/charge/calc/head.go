package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/tariff"
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
	area := c.p.Area
	n, byNorm := c.norm(c.wantNorm(""))
	for _, s := range c.cut(c.rate(c.rateKey())) {
		l := c.line(Charged, ByArea, FormulaPerArea)
		l.Base, l.Party = area, s.party
		volume := area.Exact()
		if byNorm {
			l.Norm, l.NormRow, l.Formula = n.Value, n.row, FormulaWasteArea
			volume = c.monthly(n).Times(area)
		}
		if c.sub.Part.Den != 0 {
			volume = volume.TimesInt(c.sub.Part.Num).OverInt(c.sub.Part.Den)
		}
		volume = c.shareOfMonth(l, s, volume)
		c.price(l, volume, s.rate)
		c.use(volumeOf{party: s.party, method: ByArea, volume: volume})
	}
}

// perUnit charges so much an account, a place, a point; with a normative, a homestead's volume of waste and the like.
func (c *charging) perUnit() {
	quantity := c.sub.Quantity
	if quantity == 0 {
		quantity = decimal.FromInt(1)
	}
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

// absenceDaysMin: who is away for more than five full days in a row is not charged by normative (п. 86).
const absenceDaysMin = 6

// absence takes off what was charged by person for those who were away (п. 86–97; for waste п. 148(44)). Of utilities
// only where there is no meter and none can be installed; never of heating and common property. The days of leaving
// and of return are not full days.
func (c *charging) absence() {
	byPerson := c.of.Kind == tariff.PerPerson
	if len(c.p.Absences) == 0 || !byPerson && (c.of.Kind != tariff.Metered && c.of.Kind != tariff.Linked || len(c.sub.Meters) > 0 || c.sub.MeterOK) {
		return
	}
	end := len(c.out.Lines)
	for i := c.start; i < end; i++ {
		if l := c.out.Lines[i]; l.Kind == Charged && l.PersonDays > 0 && l.DaysOf > 0 && l.Base == 0 {
			c.absenceOf(l)
		}
	}
}

// absenceOf takes off a line's normative for the persons and full days away.
func (c *charging) absenceOf(l Line) {
	from, to := c.first.AddDays(int(l.From)-1), c.first.AddDays(int(l.To)-1)
	for i := range c.p.Absences {
		a := &c.p.Absences[i]
		full := Term{a.Left.AddDays(1), a.Returned.AddDays(-1)}
		if a.Returned.Days(a.Left)-1 < absenceDaysMin {
			continue
		}
		days := full.Days(from, to)
		if days == 0 || l.PersonDays == 0 {
			continue
		}
		away := min(int64(a.Persons)*int64(days), int64(l.PersonDays))
		cut := l
		cut.Kind, cut.Formula, cut.PersonDays = AbsenceCut, FormulaAbsence, int32(away)
		cut.From, cut.To = c.dayOf(full.From), c.dayOf(full.Until)
		cut.Exact = l.Exact.TimesInt(-away).OverInt(int64(l.PersonDays))
		volume := exactVolume(&l).TimesInt(-away).OverInt(int64(l.PersonDays))
		cut.Volume = volume.Decimal()
		c.round(&cut)
		c.out.Lines = append(c.out.Lines, cut)
		c.use(volumeOf{party: l.Party, kind: AbsenceCut, method: ByNormative, volume: volume})
	}
}

// exactVolume is a line's volume before it was rounded for showing.
func exactVolume(l *Line) decimal.Ratio {
	if l.Rate == 0 {
		return l.Volume.Exact()
	}
	v := l.Exact.Over(l.Rate)
	for _, f := range [2]decimal.Decimal{l.Share, actFactor(l)} {
		if f != 0 {
			v = v.Over(f)
		}
	}
	return v
}

// actFactor is the factor an act multiplies a volume by; other factors are not part of a line's product.
func actFactor(l *Line) decimal.Decimal {
	if l.Kind == ByAct {
		return l.Factor
	}
	return 0
}
