package losses

import (
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// resources tells which resource each service of a catalogue takes: that of common property the resource's own.
type resources struct {
	of     map[string]string
	common map[string]bool
	info   map[string]*tariff.Service
	order  []string // resources that are measured, in the catalogue's order
}

func resourcesOf(engine *calc.Engine) *resources {
	r := &resources{of: map[string]string{}, common: map[string]bool{}, info: map[string]*tariff.Service{}}
	for i := range engine.Services() {
		s := engine.Of(calc.Service(i))
		r.info[s.Code], r.of[s.Code] = s, s.Code
		if s.Kind == tariff.Common && s.Resource != "" {
			r.of[s.Code], r.common[s.Code] = s.Resource, true
		} else if s.Unit == tariff.CubicMetre || s.Unit == tariff.KWh || s.Unit == tariff.Gcal {
			r.order = append(r.order, s.Code)
		}
	}
	return r
}

// at is one resource of one building in one month.
type at struct {
	building int64
	resource string
	month    calendar.Month
}

// counted are the figures of buildings by resource and month.
type counted struct {
	res    *resources
	months map[at]*Month
	own    map[at]bool // the house's figure is told under the resource itself, not under its common part
}

func newCounted(r *resources) *counted {
	return &counted{res: r, months: map[at]*Month{}, own: map[at]bool{}}
}

func (c *counted) month(k at) *Month {
	m := c.months[k]
	if m == nil {
		m = &Month{Month: k.month.String()}
		c.months[k] = m
	}
	return m
}

// addUsed takes what flats were charged for.
func (c *counted) addUsed(u *charge.Used, preliminary bool) {
	resource := c.res.of[u.Service]
	if s := c.res.info[resource]; s == nil || s.Unit == tariff.SquareMetre || s.Unit == tariff.Person || s.Unit == tariff.Piece {
		return
	}
	m := c.month(at{u.Building, resource, u.Month})
	m.Preliminary = m.Preliminary || preliminary
	v := Quantity(u.Volume)
	if c.res.common[u.Service] {
		m.Common += v
		return
	}
	m.told = true
	m.paid += u.Amount
	switch u.Method {
	case calc.ByMeter, calc.ByReported:
		m.Metered += v
	case calc.ByAverage:
		m.Averaged += v
	case calc.ByNormative:
		m.Normative += v
	default:
		m.Other += v
	}
}

// addHouse takes what the house used by its own meter.
func (c *counted) addHouse(u *fact.HouseUse) {
	resource, ok := c.res.of[u.Service]
	if !ok {
		return
	}
	k := at{u.Building, resource, u.Month}
	if c.own[k] && c.res.common[u.Service] {
		return
	}
	c.own[k] = c.own[k] || !c.res.common[u.Service]
	m := c.month(k)
	m.NonResidential, m.OwnUse, m.broken = Quantity(u.NonResidential), Quantity(u.OwnUse), u.MetersMissing > 0
	m.Gap = string(u.Gap)
	if m.Told = nil; u.Told != 0 && u.Told != u.Volume {
		told := Quantity(u.Told)
		m.Told = &told
	}
	if m.House = nil; u.HasMeter || u.Volume != 0 {
		v := Quantity(u.Volume)
		m.House = &v
	}
	if !m.told && u.Metered+u.Unmetered != 0 {
		m.Reported, m.Metered, m.Normative = true, Quantity(u.Metered), Quantity(u.Unmetered)
	}
}

// settle works out the loss of each month.
func (c *counted) settle() {
	for _, m := range c.months {
		m.settle()
	}
}

func (m *Month) settle() {
	if m.House == nil || !m.told && !m.Reported {
		return
	}
	loss := *m.House - m.Flats() - m.Common - m.NonResidential - m.OwnUse
	m.Loss = &loss
	if *m.House != 0 {
		m.LossPercent = percent(loss.Dec(), m.House.Dec())
	}
	if sum, ok := m.worth(loss); ok {
		m.LossSum = &sum
	}
}

// worth is what a volume costs at what the flats paid for theirs.
func (m *Month) worth(v Quantity) (money.Amount, bool) {
	if m.Flats() <= 0 || m.paid <= 0 {
		return 0, false
	}
	kop, err := v.Dec().Exact().TimesInt(int64(m.paid)).Over(m.Flats().Dec()).Round(0)
	return money.Amount(kop), err == nil
}

// percent is a share in percent to one digit, a minus for a negative one.
func percent(part, whole decimal.Decimal) string {
	tenths, err := part.Exact().TimesInt(1000).Over(whole).Round(0)
	if err != nil {
		return ""
	}
	sign := ""
	if tenths < 0 {
		sign, tenths = "-", -tenths
	}
	return sign + strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10)
}
