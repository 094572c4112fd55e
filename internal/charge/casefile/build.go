package casefile

import (
	"cmp"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/money"
)

// builder turns the words of a case into the engine's facts, as they were known on a day.
type builder struct {
	engine    *calc.Engine
	known     calendar.Date // facts recorded later are left out; 0 is all
	ids       map[string]int64
	suppliers []string // of the services built, in their order
	err       error
}

func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

// late tells whether a fact was not known yet.
func (b *builder) late(recorded calendar.Date) bool { return b.known != 0 && recorded > b.known }

// serviceAt finds the service a line of the case names.
func (b *builder) serviceAt(line int, code string) calc.Service {
	s, ok := b.engine.Service(code)
	if !ok {
		b.fail("строка %d: услуги %q нет в каталоге%s: исправьте код или добавьте её в catalog.services", line, code, perhapsService(b.engine, code))
	}
	return s
}

// premises builds the account and its house.
func (b *builder) premises(c *Case) *calc.Premises {
	p := &calc.Premises{}
	if c.House != nil {
		p.House = b.house(c.House)
	}
	a := c.Account
	if a == nil {
		return p
	}
	p.Rooms, p.OwnHeat, p.Areas = a.Rooms, a.OwnHeat, b.areas(a)
	if p.Heated = a.HeatedArea; len(p.Areas) > 0 {
		p.Area, p.Heated = p.Areas[len(p.Areas)-1].Area, p.Areas[len(p.Areas)-1].Heated
	}
	p.Stays, p.Owners = b.stays(a.Residents), b.stays(a.Owners)
	if a.Communal != nil {
		p.Communal = &calc.Communal{FlatPersons: a.Communal.FlatResidents, LivingArea: a.Communal.LivingArea, FlatLiving: a.Communal.FlatLiving}
	}
	for _, x := range a.parties() {
		if b.late(x.Recorded) {
			continue
		}
		p.Parties = append(p.Parties, calc.Party{From: x.From, Name: x.Name})
	}
	for i := range a.Absences {
		if x := &a.Absences[i]; b.holds(x) {
			p.Absences = append(p.Absences, calc.Absence{Left: x.Left, Returned: x.Returned, Persons: max(1, x.Persons)})
		}
	}
	for i := range a.Benefits {
		if x := &a.Benefits[i]; !b.late(x.Recorded) {
			p.Benefits = append(p.Benefits, b.benefit(x))
		}
	}
	slices.SortStableFunc(p.Parties, func(x, y calc.Party) int { return int(x.From - y.From) })
	p.Services = b.subscriptions(c)
	return p
}

// subscriptions are the services taken, in the order the engine charges them.
func (b *builder) subscriptions(c *Case) (list []calc.Subscription) {
	taken := slices.Clone(c.Account.Services)
	taken = slices.DeleteFunc(taken, func(t Taken) bool { return b.late(t.Recorded) })
	slices.SortStableFunc(taken, func(x, y Taken) int {
		return int(b.serviceAt(x.line, x.Service)) - int(b.serviceAt(y.line, y.Service))
	})
	for i := range taken {
		list, b.suppliers = append(list, b.subscription(c, &taken[i])), append(b.suppliers, taken[i].Supplier)
	}
	return list
}

// areas are the areas known, by day.
func (b *builder) areas(a *Account) (out []calc.AreaFrom) {
	for _, x := range a.Area {
		if b.late(x.Recorded) {
			continue
		}
		if x.Heated == 0 {
			x.Heated = a.HeatedArea
		}
		out = append(out, calc.AreaFrom{From: x.From, Area: x.Area, Heated: x.Heated})
	}
	slices.SortStableFunc(out, func(x, y calc.AreaFrom) int { return int(x.From - y.From) })
	return out
}

// parties are who is charged: old and new where only the day is given.
func (a *Account) parties() []Party {
	if a.OwnerChange != 0 && len(a.Parties) == 0 {
		return []Party{{Name: "old"}, {Name: "new", From: a.OwnerChange}}
	}
	return a.Parties
}

// holds tells whether an absence counts by what is known: applied for in time and not withdrawn.
func (b *builder) holds(x *Absence) bool {
	return !b.late(x.Recorded) && !x.tooLate() && (x.Withdrawn == 0 || b.late(x.Withdrawn))
}

func (b *builder) stays(list Stays) (out []calc.Stay) {
	for _, s := range list {
		if b.late(s.Ended) {
			s.Until = 0
		}
		if !b.late(s.Recorded) {
			out = append(out, calc.Stay{Term: calc.Term{From: s.From, Until: s.Until}, Persons: s.Persons, Temporary: s.Temporary})
		}
	}
	return out
}

func (b *builder) benefit(x *Benefit) calc.Benefit {
	y := calc.Benefit{
		Term: calc.Term{From: x.From, Until: x.Until}, Name: x.Name, Percent: x.Percent, Area: x.Area, Persons: x.Persons,
		WithinNorm: x.Within, Netted: x.Netted, Fund: x.Fund,
	}
	for _, s := range x.Services {
		y.Services = append(y.Services, b.serviceAt(x.line, s))
	}
	return y
}

func (b *builder) house(h *House) *calc.House {
	out := &calc.House{Area: h.Area, CommonArea: h.CommonArea, OwnHeat: h.OwnHeat, Persons: h.Residents, Private: h.Private, Direct: h.Direct}
	for _, x := range h.Heating {
		out.Heating = append(out.Heating, calc.HeatingMode{From: x.From, Even: x.Mode == "even", SeasonMonths: x.Months})
	}
	slices.SortStableFunc(out.Heating, func(x, y calc.HeatingMode) int { return int(x.From - y.From) })
	known := slices.SortedStableFunc(slices.Values(h.Resources), func(x, y Resource) int { return int(x.Recorded - y.Recorded) })
	for i := range known {
		r := &known[i]
		if b.late(r.Recorded) {
			continue
		}
		x := b.resource(r)
		out.Resources = slices.DeleteFunc(out.Resources, func(y calc.Resource) bool { // the row known last holds
			return r.Recorded != 0 && y.Service == x.Service && y.Month == x.Month
		})
		out.Resources = append(out.Resources, x)
	}
	return out
}

func (b *builder) resource(r *Resource) calc.Resource {
	out := r.Fact()
	out.Service = b.serviceAt(r.line, r.Service)
	return out
}

func (b *builder) subscription(c *Case, t *Taken) calc.Subscription {
	s := calc.Subscription{
		Term: calc.Term{From: t.From, Until: t.Until}, Service: b.serviceAt(t.line, t.Service), Supplier: b.engine.Supplier(t.Supplier),
		Category: b.category(t), MeterOK: t.Possible, Included: t.Included, Quantity: t.Quantity, FlatRest: t.FlatRest, Share: t.Share,
	}
	if t.Part != "" {
		if _, err := fmt.Sscanf(t.Part, "%d/%d", &s.Part.Num, &s.Part.Den); err != nil || s.Part.Den <= 0 || s.Part.Num < 0 {
			b.fail("строка %d: part %q: ожидается доля, например 1/2", t.line, t.Part)
		}
	}
	if t.Given != nil {
		s.Given = &calc.Given{Volume: t.Given.Volume, Amount: money.Amount(t.Given.Amount)}
	}
	for i := range t.Meters {
		if m := &t.Meters[i]; !b.late(m.Recorded) {
			s.Meters = append(s.Meters, b.meter(m))
		}
	}
	s.Meters = append(s.Meters, b.volumes(c, t)...)
	b.history(c, t, &s)
	return s
}

func (b *builder) category(t *Taken) calc.Category {
	id := b.engine.Category(t.Category)
	if t.Category != "" && id == 0 {
		b.fail("строка %d: категория %q не встречается в тарифах и нормативах каталога: исправьте её или добавьте строку тарифа", t.line, t.Category)
	}
	return id
}

var pastMethods = map[string]calc.Method{"": calc.ByMeter, "meter": calc.ByMeter, "average": calc.ByAverage, "normative": calc.ByNormative}

func (b *builder) history(c *Case, t *Taken, s *calc.Subscription) {
	for _, p := range t.Past {
		s.Past = append(s.Past, calc.Past{Month: p.Month, Zone: calc.ZoneOf(p.Zone), Method: pastMethods[p.Method], Volume: p.Volume, Amount: money.Amount(p.Amount)})
	}
	slices.SortStableFunc(s.Past, func(x, y calc.Past) int { return int(x.Month - y.Month) })
	for _, a := range t.Acts {
		if !b.late(a.Recorded) {
			s.Acts = append(s.Acts, a.Fact())
		}
	}
	slices.SortStableFunc(s.Acts, func(x, y calc.Act) int { return int(x.On - y.On) })
	for _, e := range t.Events {
		if !b.late(e.Recorded) {
			s.Events = append(s.Events, e.Fact(c.Month))
		}
	}
	for _, o := range t.Objects {
		if !b.late(o.Recorded) {
			s.Objects = append(s.Objects, calc.Object{Name: o.Object, Count: o.Count})
		}
	}
	for _, x := range t.Fines {
		if !b.late(x.Recorded) {
			s.Fines = append(s.Fines, calc.Fine{Month: cmp.Or(x.Month, c.Month), Excess: money.Amount(x.Excess), Applied: x.Applied, Corrected: x.Corrected})
		}
	}
	for _, x := range t.Put {
		s.Instalments = append(s.Instalments, calc.Instalment{Month: x.Month, Amount: money.Amount(x.Amount), Interest: money.Amount(x.Interest)})
	}
}
