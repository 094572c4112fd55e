package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// house is what the house used of a service in the month; nil when nothing is known.
func (c *charging) house(s Service) *Resource { return c.houseIn(s, c.month) }

// houseIn finds the row of a month, else the row of any.
func (c *charging) houseIn(s Service, m calendar.Month) (any *Resource) {
	if c.p.House == nil {
		return nil
	}
	for i := range c.p.House.Resources {
		r := &c.p.House.Resources[i]
		if r.Service == s && r.Month == m {
			return r
		}
		if r.Service == s && r.Month == 0 && any == nil {
			any = r
		}
	}
	return any
}

// houseOnly is the row of the month itself.
func (c *charging) houseOnly(s Service) *Resource {
	if r := c.house(s); r != nil && r.Month == c.month {
		return r
	}
	return nil
}

// cost is what the resources used in the building to make heat or hot water cost.
func (r *Resource) cost() (sum decimal.Ratio) {
	for i := range r.Fuel {
		sum = sum.Plus(r.Fuel[i].Volume.Exact().Times(r.Fuel[i].Price))
	}
	return sum
}

// How a house meter out of order is replaced (п. 59(1)): by its average over so many months before, for so many.
const (
	heatMonthsMin    = 3 // of the season
	commonMonthsMin  = 3
	replacedMonths   = 3
	replacedLookBack = 12
)

// replaced is the house's use with its meter's average where the meter is out of order; past the limit, or with too few
// months known, there is no meter.
func (c *charging) replaced(r *Resource, monthsMin int) *Resource {
	if r == nil || r.MetersMissing == 0 {
		return r
	}
	with := *r
	if r.MetersMissing > replacedMonths {
		with.HasMeter = false
	} else if !r.HasMeter {
		with.Volume, with.HasMeter = c.houseAverage(r, monthsMin)
		with.Method = CommonActual
	}
	return &with
}

// houseAverage is the mean of the months the house meter worked in the year before.
func (c *charging) houseAverage(of *Resource, monthsMin int) (decimal.Decimal, bool) {
	var sum decimal.Ratio
	n := 0
	for i := range c.p.House.Resources {
		r := &c.p.House.Resources[i]
		if r.Service == of.Service && r.Month < of.Month && monthsBetween(r.Month, of.Month) <= replacedLookBack && r.HasMeter && r.MetersMissing == 0 && r.Volume != 0 {
			sum, n = sum.Plus(r.Volume.Exact()), n+1
		}
	}
	if n < monthsMin {
		return 0, false
	}
	return sum.OverInt(int64(n)).Decimal(), true
}
