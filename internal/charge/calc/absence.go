package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// absenceDaysMin: who is away for more than five full days in a row is not charged by normative (п. 86).
const absenceDaysMin = 6

// absence takes off what was charged by person for those who were away (п. 86–97; for waste п. 148(44)). Of utilities
// only where there is no meter and none can be installed; never of heating and common property. The days of leaving
// and of return are not full days.
func (c *charging) absence() {
	byPerson := c.of.Kind == tariff.PerPerson
	if len(c.p.Absences) == 0 || !byPerson && (c.of.Kind != tariff.Metered && c.of.Kind != tariff.InBuilding && c.of.Kind != tariff.Linked || len(c.sub.Meters) > 0 || c.meterPossible()) {
		return
	}
	end := len(c.out.Lines)
	for i := c.start; i < end; i++ {
		if l := c.out.Lines[i]; l.Kind == Charged && l.PersonDays > 0 && l.DaysOf > 0 {
			c.absenceOf(l)
		}
	}
}

// absenceMonths is how long one application holds (п. 92): who stays away longer asks again.
const absenceMonths = 6

// fullDays are the days away without those of leaving and return; who is not back yet is away.
func (a *Absence) fullDays() Term {
	m := a.Left.Month().Add(absenceMonths)
	t := Term{From: a.Left.AddDays(1), Until: calendar.NewDate(m.Year(), m.Number(), min(a.Left.Day(), m.Last().Day()))}
	if a.Returned != 0 {
		t.Until = min(t.Until, a.Returned.AddDays(-1))
	}
	return t
}

// meterPossible tells whether a meter could be there: of the service, or of those it is linked to.
func (c *charging) meterPossible() bool {
	if c.sub.MeterOK && !c.impossible() {
		return true
	}
	for i := range c.p.Services {
		if s := &c.p.Services[i]; s.MeterOK && c.linksTo(s.Service) {
			return true
		}
	}
	return false
}

// linksTo tells whether the service now is made of another's volumes.
func (c *charging) linksTo(s Service) bool {
	for i := range c.of.links {
		if l := &c.of.links[i]; l.service == s && c.of.Links[l.row].Factor > 0 {
			return true
		}
	}
	return false
}

// absenceOf takes off a line's normative for the persons and full days away.
func (c *charging) absenceOf(l Line) {
	from, to := c.first.AddDays(int(l.From)-1), c.first.AddDays(int(l.To)-1)
	for i := range c.p.Absences {
		a := &c.p.Absences[i]
		full := a.fullDays()
		if a.Returned != 0 && a.Returned.Days(a.Left)-1 < absenceDaysMin {
			continue
		}
		days := full.Days(from, to)
		if days == 0 || l.PersonDays == 0 {
			continue
		}
		away := min(int64(a.Persons)*int64(days), int64(l.PersonDays))
		cut := l
		cut.Kind, cut.Formula, cut.PersonDays = AbsenceCut, FormulaAbsence, int32(away)
		cut.From, cut.To = max(l.From, c.dayOf(full.From)), l.To
		cut.To = min(l.To, c.dayOf(full.Until))
		cut.Days = days
		cut.Exact = l.Exact.TimesInt(-away).OverInt(int64(l.PersonDays))
		volume := exactVolume(&l).TimesInt(-away).OverInt(int64(l.PersonDays))
		cut.Volume = volume.Decimal()
		c.round(&cut)
		c.out.Lines = append(c.out.Lines, cut)
		if l.Component != Heat {
			c.use(volumeOf{party: l.Party, kind: AbsenceCut, method: ByNormative, volume: volume, from: cut.From, to: cut.To})
		}
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
