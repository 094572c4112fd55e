package casefile

import (
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// builder turns the words of a case into the engine's facts, as they were known on a day.
type builder struct {
	engine *calc.Engine
	known  calendar.Date // facts recorded later are left out; 0 is all
	ids    map[string]int64
	err    error
}

func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

// late tells whether a fact was not known yet.
func (b *builder) late(recorded calendar.Date) bool { return b.known != 0 && recorded > b.known }

func (b *builder) service(code string) calc.Service {
	s, ok := b.engine.Service(code)
	if !ok {
		b.fail("услуги %q нет в каталоге: добавьте её в catalog.services или исправьте код", code)
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
	p.Area, p.Heated, p.Rooms, p.OwnHeat = a.Area, a.HeatedArea, a.Rooms, a.OwnHeat
	p.Stays, p.Owners = b.stays(a.Residents), b.stays(a.Owners)
	if a.Communal != nil {
		p.Communal = &calc.Communal{FlatPersons: a.Communal.FlatResidents, LivingArea: a.Communal.LivingArea, FlatLiving: a.Communal.FlatLiving}
	}
	for _, x := range a.parties() {
		p.Parties = append(p.Parties, calc.Party{From: x.From, Name: x.Name})
	}
	for _, x := range a.Absences {
		if !b.late(x.Recorded) {
			p.Absences = append(p.Absences, calc.Absence{Left: x.Left, Returned: x.Returned, Persons: max(1, x.Persons)})
		}
	}
	for i := range a.Benefits {
		if x := &a.Benefits[i]; !b.late(x.Recorded) {
			p.Benefits = append(p.Benefits, b.benefit(x))
		}
	}
	for i := range a.Services {
		p.Services = append(p.Services, b.subscription(c, &a.Services[i]))
	}
	slices.SortStableFunc(p.Services, func(x, y calc.Subscription) int { return int(x.Service) - int(y.Service) })
	return p
}

// parties are who is charged: old and new where only the day is given.
func (a *Account) parties() []Party {
	if a.OwnerChange != 0 && len(a.Parties) == 0 {
		return []Party{{Name: "old"}, {Name: "new", From: a.OwnerChange}}
	}
	return a.Parties
}

func (b *builder) stays(list Stays) (out []calc.Stay) {
	for _, s := range list {
		if !b.late(s.Recorded) {
			out = append(out, calc.Stay{Term: calc.Term{From: s.From, Until: s.Until}, Persons: s.Persons, Temporary: s.Temporary})
		}
	}
	return out
}

func (b *builder) benefit(x *Benefit) calc.Benefit {
	y := calc.Benefit{Term: calc.Term{From: x.From, Until: x.Until}, Name: x.Name, Percent: x.Percent, Area: x.Area, Persons: x.Persons,
		WithinNorm: x.Within, Netted: x.Netted, Fund: x.Fund}
	for _, s := range x.Services {
		y.Services = append(y.Services, b.service(s))
	}
	return y
}

func (b *builder) house(h *House) *calc.House {
	out := &calc.House{Area: h.Area, CommonArea: h.CommonArea, OwnHeat: h.OwnHeat, Persons: h.Residents}
	switch h.Heating.Mode {
	case "", "season":
	case "even":
		out.Heating.Even = true
	default:
		b.fail("house.heating.mode %q: бывает season или even", h.Heating.Mode)
	}
	out.Heating.SeasonMonths = h.Heating.Months
	for i := range h.Resources {
		out.Resources = append(out.Resources, b.resource(&h.Resources[i]))
	}
	return out
}

func (b *builder) resource(r *Resource) calc.Resource {
	out := calc.Resource{Service: b.service(r.Service), Month: r.Month, NonResidential: r.NonResidential, Unmetered: r.Unmetered, Metered: r.Metered,
		OwnUse: r.OwnUse, MeteredArea: r.MeteredArea, AllMetered: r.AllMetered, LastYear: r.LastYear, CommonArea: r.CommonArea, Actual: r.Decided,
		AverageCommon: r.AverageCommon, HotVolume: r.HotVolume, MetersMissing: r.OutOfOrder, Correction: r.Correction}
	if r.Volume != nil {
		out.HasMeter, out.Volume, out.Method = true, *r.Volume, calc.CommonActual
	}
	if r.LastYear != 0 || r.AverageCommon != 0 {
		out.HasMeter = true
	}
	switch r.Method {
	case "":
		if r.AverageCommon != 0 {
			out.Method = calc.CommonAverage
		}
	case "normative":
		out.Method = calc.CommonNormative
	case "average":
		out.Method = calc.CommonAverage
	case "actual":
		out.Method = calc.CommonActual
	default:
		b.fail("house.resources.method %q: бывает normative, average, actual", r.Method)
	}
	for _, f := range r.Fuel {
		out.Fuel = append(out.Fuel, calc.Fuel{Name: f.Name, Volume: f.Volume, Price: f.Price})
	}
	return out
}

func (b *builder) subscription(c *Case, t *Taken) calc.Subscription {
	s := calc.Subscription{Term: calc.Term{From: t.From, Until: t.Until}, Service: b.service(t.Service), Supplier: b.engine.Supplier(t.Supplier),
		Category: b.category(t.Category), MeterOK: t.Possible, Included: t.Included, Quantity: t.Quantity, FlatRest: t.FlatRest, Share: t.Share}
	if t.Part != "" {
		if _, err := fmt.Sscanf(t.Part, "%d/%d", &s.Part.Num, &s.Part.Den); err != nil || s.Part.Den <= 0 || s.Part.Num < 0 {
			b.fail("part %q: ожидается доля, например 1/2", t.Part)
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
	b.history(t, &s)
	return s
}

func (b *builder) category(name string) calc.Category {
	id := b.engine.Category(name)
	if name != "" && id == 0 {
		b.fail("категория %q не встречается в тарифах и нормативах каталога", name)
	}
	return id
}

// volumes are volumes of the month given without readings.
func (b *builder) volumes(c *Case, t *Taken) []calc.Meter {
	list := t.Volumes
	if t.Volume != nil {
		list = append(list, ZoneVolume{Volume: *t.Volume})
	}
	if len(list) == 0 {
		return nil
	}
	m := calc.Meter{}
	for _, v := range list {
		zone := b.zone(v.Zone)
		m.Readings = append(m.Readings, calc.Reading{On: c.Month.First().AddDays(-1), Zone: zone}, calc.Reading{On: c.Month.Last(), Zone: zone, Value: v.Volume})
	}
	sortReadings(m.Readings)
	return []calc.Meter{m}
}

func (b *builder) zone(name string) calc.Zone {
	z := calc.ZoneOf(name)
	if name != "" && z.String() != name {
		b.fail("зона %q: бывает all, day, night, peak, half_peak", name)
	}
	return z
}

func (b *builder) meter(m *Meter) calc.Meter {
	out := calc.Meter{Term: calc.Term{From: m.Installed, Until: m.Removed}, Digits: m.Digits, VerifiedBy: m.Verified, FailedOn: m.Failed, GasFactor: m.GasFactor}
	for _, r := range m.Readings {
		if b.late(r.Recorded) {
			continue
		}
		b.ids[fmt.Sprintf("%s/%s/%s", m.ID, r.Zone, r.Date)]++
		out.Readings = append(out.Readings, calc.Reading{On: r.Date, Zone: b.zone(r.Zone), Value: r.Value, Initial: r.Initial, Ref: int64(len(b.ids))})
	}
	sortReadings(out.Readings)
	return out
}

func sortReadings(list []calc.Reading) {
	slices.SortStableFunc(list, func(x, y calc.Reading) int { return int(x.On - y.On) })
}

var acts = map[string]calc.ActKind{"refusal": calc.ActRefusal, "repeat_refusal": calc.ActRepeat, "check": calc.ActCheck, "unauthorised": calc.ActUnauthorised, "impossible": calc.ActImpossible}

var pastMethods = map[string]calc.Method{"": calc.ByMeter, "meter": calc.ByMeter, "average": calc.ByAverage, "normative": calc.ByNormative}

func (b *builder) history(t *Taken, s *calc.Subscription) {
	for _, p := range t.Past {
		method, ok := pastMethods[p.Method]
		if !ok {
			b.fail("past.method %q: бывает meter, average, normative", p.Method)
		}
		s.Past = append(s.Past, calc.Past{Month: p.Month, Zone: b.zone(p.Zone), Method: method, Volume: p.Volume, Amount: money.Amount(p.Amount)})
	}
	slices.SortStableFunc(s.Past, func(x, y calc.Past) int { return int(x.Month - y.Month) })
	for _, a := range t.Acts {
		kind, ok := acts[a.Act]
		if !ok {
			b.fail("act %q: бывает refusal, repeat_refusal, check, unauthorised, impossible", a.Act)
		}
		if !b.late(a.Recorded) {
			s.Acts = append(s.Acts, calc.Act{On: a.Date, Kind: kind, Volume: a.Volume, Power: a.Power, Days: a.Days, Factor: a.Factor})
		}
	}
	for _, e := range t.Events {
		if !b.late(e.Recorded) {
			s.Events = append(s.Events, event(e))
		}
	}
	for _, o := range t.Objects {
		s.Objects = append(s.Objects, calc.Object{Name: o.Object, Count: o.Count})
	}
	for _, x := range t.Put {
		s.Instalments = append(s.Instalments, calc.Instalment{Month: x.Month, Amount: money.Amount(x.Amount), Interest: money.Amount(x.Interest)})
	}
}

func event(e Event) calc.Event {
	out := calc.Event{Kind: e.Event, Hours: e.Hours, Longest: e.Longest, Night: e.Night, Corner: e.Corner, Case: e.Case, From: e.Date, Days: e.Days}
	if e.Value != nil {
		out.HasValue, out.Value = true, *e.Value
	}
	return out
}

// lineKinds are the words of expectations.
var lineKinds = map[string]calc.Kind{"charge": calc.Charged, "surcharge": calc.Surcharge, "true_up": calc.TrueUp, "absence": calc.AbsenceCut, "quality": calc.QualityCut,
	"repriced": calc.Repriced, "correction": calc.Correction, "relief": calc.Relief, "relief_apart": calc.ReliefShown, "instalment": calc.PutOff, "act": calc.ByAct}

var lineMethods = map[string]calc.Method{"meter": calc.ByMeter, "average": calc.ByAverage, "normative": calc.ByNormative, "links": calc.ByLinks, "house": calc.ByHouse,
	"area": calc.ByArea, "persons": calc.ByPersons, "units": calc.ByUnits, "act": calc.ByActs, "given": calc.ByGiven}

var lineComponents = map[string]calc.Component{"": calc.Whole, "water": calc.Water, "heat": calc.Heat}

// nearKeys names what a word may be, for errors.
func nearKeys[V any](m map[string]V) string {
	var list []string
	for k := range m {
		if k != "" {
			list = append(list, k)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func roubles(a money.Amount) decimal.Decimal { return decimal.Decimal(int64(a) * decimal.Scale / 100) }
