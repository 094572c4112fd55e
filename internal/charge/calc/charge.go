package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// scratch is memory a Bill keeps between households.
type scratch struct {
	usage    []usage
	parts    []zonePart
	segments []segment
	limit    [1]decimal.Decimal
	whole    [1]span // a price of the whole month that is no row of the catalogue
	charging charging
	operator operatorSource
}

// charging is one household being charged for one month.
type charging struct {
	*Book
	p   *Premises
	out *Bill

	sub   *Subscription // now
	at    uint16        // its index
	of    *service
	habit *policies
	start int  // of the lines of the service now
	past  bool // an earlier month is computed to correct it: its own corrections are left out

	area, heated decimal.Decimal // of the day charged
	persons      int             // counted on the last day of the month
}

// in is the same service of the household in another month, apart from the bill.
func (c *charging) in(m calendar.Month) *charging {
	book := c.engine.Month(m)
	then := &charging{Book: book, p: c.p, out: &Bill{}, sub: c.sub, of: c.of, habit: book.policy(c.sub.Service, c.sub.Supplier), past: true}
	then.onDay(uint8(then.days))
	then.persons = int(c.p.counted(then.last))
	return then
}

// onDay takes the area that holds on a day of the month.
func (c *charging) onDay(day uint8) {
	c.area, c.heated = c.p.Area, c.p.Heated
	if len(c.p.Areas) == 0 {
		return
	}
	on := c.first.AddDays(int(day) - 1)
	for i := range c.p.Areas {
		if a := &c.p.Areas[i]; i == 0 || a.From <= on {
			c.area, c.heated = a.Area, a.Heated
		}
	}
}

// areaEnd is the last day of the month with the area of a day.
func (c *charging) areaEnd(day uint8) uint8 {
	for i := range c.p.Areas {
		if from := c.p.Areas[i].From; from > c.first.AddDays(int(day)-1) && from <= c.last {
			return uint8(from.Day()) - 1
		}
	}
	return 31
}

// Charge computes the month of a household. Subscriptions must be in the order of their services; one service may
// stand several times (accounts of co-owners). The bill is emptied first.
func (b *Book) Charge(p *Premises, out *Bill) {
	out.reset()
	c := &out.charging
	*c = charging{Book: b, p: p, out: out}
	c.onDay(uint8(b.days))
	c.persons = int(p.counted(b.last))
	for i := range p.Services {
		c.at = uint16(i)
		c.charge(&p.Services[i])
	}
}

func (c *charging) charge(sub *Subscription) {
	if sub.From > c.last || sub.Until != 0 && sub.Until < c.first {
		return
	}
	c.sub, c.of, c.habit, c.start = sub, &c.engine.services[sub.Service], c.policy(sub.Service, sub.Supplier), len(c.out.Lines)
	switch {
	case sub.Withheld != "":
		c.issue(sub.Withheld)
		return
	case sub.Given != nil:
		c.given()
	default:
		c.byKind()
	}
	c.settleParts()
	c.onDay(uint8(c.days))
	c.absence()
	c.quality()
	c.acts()
	c.relief()
	c.instalments()
	c.fines()
}

// byKind computes the service by its kind.
func (c *charging) byKind() {
	switch c.of.Kind {
	case tariff.Metered:
		c.metered()
	case tariff.Linked:
		c.linked()
	case tariff.Plot:
		c.plot()
	case tariff.InBuilding:
		c.metered()
	case tariff.Heating:
		c.heating()
	case tariff.Common:
		c.common()
	case tariff.PerPerson:
		c.perPerson()
	case tariff.PerArea:
		c.perArea()
	case tariff.PerUnit:
		c.perUnit()
	case tariff.ByFormula:
		c.byFormula()
	}
}

// given shows the supplier's own charge; its volume counts for the services linked to it.
func (c *charging) given() {
	c.givenLine(c.sub.Given, Whole)
	if heat := c.sub.Given.Heat; heat != nil {
		c.givenLine(heat, Heat)
	}
	c.use(volumeOf{method: ByGiven, volume: c.sub.Given.Volume.Exact()})
}

func (c *charging) givenLine(g *Given, of Component) {
	l := c.line(Charged, ByGiven, FormulaGiven)
	l.Component, l.Volume, l.Amount, l.Exact = of, g.Volume, g.Amount, decimal.Int(int64(g.Amount)).OverInt(100)
}

// line adds a line of the service now.
func (c *charging) line(kind Kind, method Method, formula Formula) *Line {
	l := grown(&c.out.Lines)
	l.Service, l.Sub, l.Kind, l.Method, l.Formula, l.Month = c.sub.Service, c.at, kind, method, formula, c.month
	l.RateRow, l.NormRow, l.FactorRow = -1, -1, -1
	return l
}

// grown adds a zero element to a list and gives it: in its place, where there is memory already.
func grown[T any](list *[]T) *T {
	n := len(*list)
	if n == cap(*list) {
		*list = append(*list, *new(T))
	} else {
		*list = (*list)[:n+1]
		clear((*list)[n:])
	}
	return &(*list)[n]
}

// price multiplies volume by rate, and rounds once. The share of a price that a regulator sets belongs to it.
func (c *charging) price(l *Line, volume decimal.Ratio, rate span) {
	l.Volume, l.Rate, l.RateRow = volume.Decimal(), rate.value, rate.row
	l.Exact = volume.Times(rate.value)
	if c.sub.Share != 0 {
		l.Share, l.Exact = c.sub.Share, l.Exact.Times(c.sub.Share)
	}
	c.round(l)
}

// round rounds a line's product to kopecks, half away from zero: once a line.
func (c *charging) round(l *Line) {
	kop, err := l.Exact.Round(2)
	if err != nil {
		c.issue("charge.too_large")
		return
	}
	l.Amount = money.Amount(kop)
}

func (c *charging) issue(code string) {
	c.out.Issues = append(c.out.Issues, Issue{Service: c.sub.Service, Sub: c.at, Code: code, On: c.last})
}

// use notes a volume for the services linked to this one.
func (c *charging) use(u volumeOf) {
	u.service = c.sub.Service
	if u.month == 0 {
		u.month = c.month
	}
	c.out.volume = append(c.out.volume, u)
}

// rateKey is the key of the service's prices now.
func (c *charging) rateKey() rateKey {
	return rateKey{service: c.sub.Service, supplier: c.sub.Supplier, category: c.sub.Category}
}

// segment is a part of the month with one price and one party.
type segment struct {
	from, to uint8
	party    uint8
	rate     span
}

// days is how many days a segment has.
func (s segment) days() int32 { return int32(s.to) - int32(s.from) + 1 }

// cut cuts the month by the days the service is taken, by prices and by parties. A day without a price is an issue.
func (c *charging) cut(spans []span) []segment {
	list := c.out.segments[:0]
	from, to, ok := c.within(tariff.Term(c.sub.Term))
	if !ok {
		return nil
	}
	for day := from; ; {
		s := segment{from: day, to: to, party: c.party(day)}
		var found bool
		for _, r := range spans {
			if r.from <= day && day <= r.to {
				s.rate, s.to, found = r, min(s.to, r.to), true
				break
			}
		}
		if !found {
			c.issue("charge.no_rate")
			break
		}
		s.to = min(s.to, c.partyEnd(day), c.areaEnd(day))
		list = append(list, s)
		if s.to >= to {
			break
		}
		day = s.to + 1
	}
	c.out.segments = list
	return list
}

// dayOf is a date's day in the month, cut to its ends.
func (c *charging) dayOf(d calendar.Date) uint8 {
	return uint8(min(max(d, c.first), c.last).Day())
}

// heatedArea is the heated part of the area that holds on the day charged.
func (c *charging) heatedArea() decimal.Decimal {
	if c.heated != 0 {
		return c.heated
	}
	return c.area
}
