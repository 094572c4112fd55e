package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// heatCorrection is the yearly correction of even payment (п. 42(1), formula 3(2)): what the year before really cost,
// month by month at its prices, less what was charged for it. A month the house tells nothing of was not heated. It
// may be a credit.
func (c *charging) heatCorrection() {
	actual, found := c.yearCost(func(then *charging) (decimal.Ratio, bool) {
		if c.privateHouse() {
			return then.heatMetered()
		}
		r := then.houseOnly(c.sub.Service)
		if r == nil || c.p.House.Area == 0 {
			return decimal.Ratio{}, false
		}
		volume, _, ok := then.heatByHouse(r, r.Volume.Exact())
		return c.part(then.communalHeat(volume)), ok
	})
	if !found {
		c.issue("charge.no_house_data")
		return
	}
	charged := c.yearCharged(func(then *charging) { then.heatMonth(then.house(c.sub.Service)) })
	c.correction(FormulaHeatCorrection, actual, charged)
}

// commonCorrection corrects the year before to the house meter, once a year (ПП № 491 п. 29(2)): a credit is at most
// what was charged.
func (c *charging) commonCorrection() {
	actual, found := c.yearCost(func(then *charging) (decimal.Ratio, bool) {
		r := then.commonResource()
		if r == nil || !r.HasMeter {
			return decimal.Ratio{}, r != nil
		}
		measured := *r
		measured.Method, measured.Actual = CommonActual, true
		volume, _, ok := then.commonVolume(&measured)
		return c.part(volume), ok
	})
	if !found {
		c.issue("charge.no_house_data")
		return
	}
	charged := c.yearCharged(func(then *charging) {
		if then.commonResource() != nil {
			then.common()
		}
	})
	if charged > 0 && actual.Sign() < 0 {
		actual = decimal.Ratio{}
	}
	c.correction(FormulaCommonCorrection, actual, charged)
}

// yearCost is what the year before comes to: each month's volume at its price. Found tells whether any month is known.
func (c *charging) yearCost(volume func(then *charging) (decimal.Ratio, bool)) (sum decimal.Ratio, found bool) {
	for n := 1; n <= 12; n++ {
		then := c.in(calendar.NewMonth(c.month.Year()-1, n))
		v, ok := volume(then)
		if found = found || ok; !ok || v.IsZero() {
			continue
		}
		rate, priced := then.rateOn(then.rateKey(), uint8(then.days))
		if c.of.resource >= 0 {
			_, prices := then.commonPrices()
			rate, priced = prices.on(uint8(then.days))
		}
		if !priced {
			c.issue("charge.no_rate")
		}
		sum = sum.Plus(v.Times(rate.value))
	}
	return sum, found
}

// yearCharged is what the year before was charged: as it is known of any month, else as it would be computed.
func (c *charging) yearCharged(charge func(then *charging)) (sum money.Amount) {
	year, known := c.month.Year()-1, false
	for i := range c.sub.Past {
		if p := &c.sub.Past[i]; p.Month.Year() == year && p.Amount != 0 {
			sum, known = sum+p.Amount, true
		}
	}
	for n := 1; n <= 12 && !known; n++ {
		then := c.in(calendar.NewMonth(year, n))
		charge(then)
		for i := range then.out.Lines {
			sum += then.out.Lines[i].Amount
		}
	}
	return sum
}

// correction adds the difference: to who holds the account now, or by days of the year to each who did (charging.md 6.3).
func (c *charging) correction(formula Formula, actual decimal.Ratio, charged money.Amount) {
	due := actual.Minus(decimal.Int(int64(charged)).OverInt(100))
	inputs := [4]decimal.Decimal{actual.Decimal(), decimal.Int(int64(charged)).OverInt(100).Decimal()}
	add := func(party uint8, exact decimal.Ratio) {
		l := c.line(Correction, ByHouse, formula)
		l.Base, l.Party, l.Inputs, l.Exact = c.area, party, inputs, exact
		c.round(l)
	}
	if !c.habit.correctByDays || len(c.p.Parties) < 2 {
		add(c.party(uint8(c.days)), due)
		return
	}
	year := c.month.Year() - 1
	first, last := calendar.NewDate(year, 1, 1), calendar.NewDate(year, 12, 31)
	for n := range c.p.Parties {
		if days := c.owned(n, first, last); days != 0 {
			add(uint8(n), due.TimesInt(days).OverInt(int64(last.Days(first))+1))
		}
	}
}

// owned is how many days of a year a party was charged.
func (c *charging) owned(n int, first, last calendar.Date) int64 {
	from, until := c.p.Parties[n].From, last
	if n+1 < len(c.p.Parties) {
		until = c.p.Parties[n+1].From.AddDays(-1)
	}
	if n == 0 {
		from = 0
	}
	if from, until = max(from, first), min(until, last); from > until {
		return 0
	}
	return int64(until.Days(from)) + 1
}
