package calc

import (
	"kvit/internal/decimal"
	"kvit/internal/formula"
)

// operatorSource gives a formula the figures of one segment of the month, and remembers what was not known.
type operatorSource struct {
	c      *charging
	f      *operatorFormula
	s      segment
	failed string
}

// Fail tells that the formula divided by nothing or left every range.
func (o *operatorSource) Fail() { o.fail("charge.formula_failed") }

func (o *operatorSource) fail(code string) {
	if o.failed == "" {
		o.failed = code
	}
}

// known is a figure that is never zero where it is known.
func (o *operatorSource) known(d decimal.Decimal, code string) decimal.Ratio {
	if d <= 0 {
		o.fail(code)
	}
	return d.Exact()
}

// Input is the figure of an input.
func (o *operatorSource) Input(i int) decimal.Ratio {
	c, in := o.c, &o.f.inputs[i]
	switch in.figure {
	case formula.Area:
		return o.known(c.area, "charge.no_area")
	case formula.Heated:
		return o.known(c.heatedArea(), "charge.no_area")
	case formula.Rooms:
		return o.known(decimal.FromInt(int64(c.p.Rooms)), "charge.no_rooms")
	case formula.Persons:
		return decimal.Int(o.personDays()).OverInt(int64(o.s.days()))
	case formula.Quantity:
		return c.quantity().Exact()
	case formula.Part:
		return c.part(decimal.One())
	case formula.Days:
		return decimal.Int(int64(o.s.days()))
	case formula.MonthDays:
		return decimal.Int(int64(c.days))
	case formula.Month:
		return decimal.Int(int64(c.month.Number()))
	case formula.Year:
		return decimal.Int(int64(c.month.Year()))
	case formula.HouseArea, formula.CommonArea, formula.HousePersons:
		return o.known(o.house(in.figure), "charge.no_house_data")
	case formula.Object:
		return c.objects(in.object)
	}
	return o.ofService(in)
}

// ofService is a figure of a service: the one charged, or another.
func (o *operatorSource) ofService(in *operatorInput) decimal.Ratio {
	c := o.c
	switch in.figure {
	case formula.Rate:
		return o.s.rate.value.Exact()
	case formula.Normative:
		return o.normative()
	case formula.Factor:
		if f, ok := c.factor(c.sub.Service, c.sub.Supplier); ok {
			return f.value.Exact()
		}
		return decimal.One()
	case formula.VolumeOf:
		return c.used(in.service)
	case formula.AmountOf:
		return decimal.Int(int64(c.out.Total(in.service))).OverInt(100)
	case formula.RateOf:
		return o.priceOf(in.service)
	case formula.HouseVolume:
		if r := c.house(in.service); r != nil && r.HasMeter {
			return r.Volume.Exact()
		}
		o.fail("charge.no_house_data")
		return decimal.Ratio{}
	}
	return c.metersOf(in.service)
}

func (o *operatorSource) personDays() int64 {
	return o.c.p.personDays(o.c.first.AddDays(int(o.s.from)-1), o.c.first.AddDays(int(o.s.to)-1))
}

func (o *operatorSource) house(f formula.Figure) decimal.Decimal {
	h := o.c.p.House
	switch {
	case h == nil:
		return 0
	case f == formula.HouseArea:
		return h.Area
	case f == formula.CommonArea:
		return h.CommonArea
	}
	return decimal.FromInt(int64(h.Persons))
}

func (o *operatorSource) normative() decimal.Ratio {
	n, ok := o.c.norm(o.c.wantNorm(""))
	if !ok {
		o.fail("charge.no_normative")
		return decimal.Ratio{}
	}
	return o.c.monthly(n)
}

// priceOf is the price of another service for this household, by whom it takes it from.
func (o *operatorSource) priceOf(s Service) decimal.Ratio {
	key := rateKey{service: s}
	if sub := o.c.takes(s); sub != nil {
		key.supplier, key.category = sub.Supplier, sub.Category
	}
	r, ok := o.c.rateOn(key, o.s.to)
	if !ok {
		o.fail("charge.no_rate")
	}
	return r.value.Exact()
}

// keep notes the figures of the formula on its line, for the explanation.
func (o *operatorSource) keep(l *Line) {
	for i := range o.f.inputs {
		in := &o.f.inputs[i]
		switch in.figure {
		case formula.Area:
			l.Base = o.c.area
		case formula.Persons:
			l.PersonDays, l.DaysOf = int32(o.personDays()), o.c.days
			l.From, l.To, l.Days = o.s.from, o.s.to, o.s.days()
		case formula.Normative:
			l.Norm = o.normative().Decimal()
		case formula.Factor:
			l.Factor = o.Input(i).Decimal()
		}
		if in.kept >= 0 {
			l.Inputs[in.kept] = o.Input(i).Decimal()
		}
	}
}

// takes is the first subscription of a service that holds in the month; nil when there is none.
func (c *charging) takes(s Service) *Subscription {
	for i := range c.p.Services {
		if sub := &c.p.Services[i]; sub.Service == s && sub.Days(c.first, c.last) > 0 {
			return sub
		}
	}
	return nil
}

// objects is how many of an object the subscription has.
func (c *charging) objects(name string) (sum decimal.Ratio) {
	for i := range c.sub.Objects {
		if o := &c.sub.Objects[i]; o.Name == name {
			sum = sum.Plus(o.Count.Exact())
		}
	}
	return sum
}

// metersOf is one when a service has a meter in the month, else zero.
func (c *charging) metersOf(s Service) decimal.Ratio {
	for i := range c.p.Services {
		sub := &c.p.Services[i]
		for k := range sub.Meters {
			if sub.Service == s && sub.Meters[k].Days(c.first, c.last) > 0 {
				return decimal.One()
			}
		}
	}
	return decimal.Ratio{}
}
