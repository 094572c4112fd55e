package record

import (
	"cmp"
	"context"
	"math"
	"slices"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/supplier"
)

// Known is a fact as it is shown: what it is about, its figures, and who says so.
type Known struct {
	Fact     Kind           `json:"fact"`
	Supplier string         `json:"supplier,omitempty"` // whose account takes the service
	Account  string         `json:"account,omitempty"`
	Service  string         `json:"service,omitempty"`
	Meter    string         `json:"meter,omitempty"` // number on it
	From     string         `json:"from,omitempty"`
	Until    string         `json:"until,omitempty"`
	Values   map[string]any `json:"values"`
	Source   string         `json:"source"`
	Ref      string         `json:"ref"`      // by which it is withdrawn
	Recorded string         `json:"recorded"` // instant, UTC

	On     calendar.Date   `json:"-"`
	To     calendar.Date   `json:"-"`
	At     calendar.Micros `json:"-"`
	SaidBy string          `json:"-"` // as it is kept
}

// OneDay tells whether a fact is of a day or a month, not from a day on.
func (k *Known) OneDay() bool {
	return slices.Contains([]Kind{Reading, Act, Event, Instalment, GasFactor, Volume, Fine}, k.Fact)
}

// MonthOf is the month a fact is about: of one day or a past time its last one, else the present month.
func (k *Known) MonthOf(now calendar.Month) calendar.Month {
	switch {
	case k.On != 0 && k.OneDay():
		return k.On.Month()
	case k.To != 0 && k.To.Month() < now:
		return k.To.Month()
	case k.On != 0 && k.On.Month() > now:
		return k.On.Month()
	}
	return now
}

// Find gives the fact of a reference; NotFound when nothing is known by it.
func (f *Facts) Find(ref string) (*Known, error) {
	at := slices.IndexFunc(f.Facts, func(k Known) bool { return k.Ref == ref })
	if at < 0 {
		return nil, fault.Newf(fault.NotFound, "fact.unknown_ref", "Факта %q здесь нет: его уже отменили или он о другом счёте. Ссылки фактов: kvit facts show.", ref)
	}
	return &f.Facts[at], nil
}

// Facts is what is known of a household at a moment.
type Facts struct {
	Household string  `json:"household"`
	House     string  `json:"house"`
	At        string  `json:"at"`
	Facts     []Known `json:"facts"`
}

// Show gives what is known of the household of an account at a moment. A supplier sees the services of its own accounts
// and what it may tell itself.
func (m *Module) Show(ctx context.Context, actor access.Actor, to Addressee, at calendar.Micros) (*Facts, error) {
	scope, err := actor.Scope("fact", "read")
	if err != nil {
		return nil, err
	}
	var out *Facts
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		place, err := newPlaces(tx, scope).find(ctx, to)
		if err != nil {
			return err
		}
		out, err = show(ctx, tx, scope, place.building, place.household, at)
		return err
	})
	return out, err
}

// ShowHousehold is Show of a household that the caller has found and may see.
func ShowHousehold(ctx context.Context, tx *db.Tx, building, household int64, at calendar.Micros) (*Facts, error) {
	return show(ctx, tx, access.Scope{All: true}, building, household, at)
}

// shower makes facts of a building ready to be shown.
type shower struct {
	set       *fact.Set
	accounts  map[int64]account.Account
	suppliers map[int64]string
	household int64
	scope     access.Scope
	list      []Known
}

func show(ctx context.Context, tx *db.Tx, scope access.Scope, building, household int64, at calendar.Micros) (*Facts, error) {
	s := &shower{household: household, scope: scope, accounts: map[int64]account.Account{}}
	var err error
	if s.set, err = fact.Gather(ctx, tx, building, at); err != nil {
		return nil, err
	}
	if s.set.Readings, err = fact.ListReadings(ctx, tx, building, 0, at); err != nil {
		return nil, err
	}
	if s.set.Volumes, err = fact.ListVolumes(ctx, tx, building, 0, at); err != nil {
		return nil, err
	}
	live, err := account.ListLive(ctx, tx, building, at)
	if err != nil {
		return nil, err
	}
	for _, a := range live {
		s.accounts[a.AccountID] = a
	}
	if s.suppliers, err = supplier.ListCodes(ctx, tx); err != nil {
		return nil, err
	}
	out := &Facts{Household: account.HouseholdCode(household), At: stamp(at), Facts: []Known{}}
	b, err := housing.FindBuilding(ctx, tx, building)
	if err != nil && !fault.Is(err, fault.NotFound) { // an account without a house has none
		return nil, err
	}
	out.House = b.Code
	if scope.All {
		s.house()
		s.people()
	}
	if err := s.services(); err != nil {
		return nil, err
	}
	out.Facts = append(out.Facts, s.list...)
	return out, saySources(ctx, tx, out.Facts)
}

// saySources puts where facts come from into words.
func saySources(ctx context.Context, tx *db.Tx, facts []Known) (err error) {
	var words fact.SourceWords
	for i := range facts {
		if facts[i].Source, err = words.Say(ctx, tx, facts[i].SaidBy); err != nil {
			return err
		}
	}
	return nil
}

func stamp(at calendar.Micros) string {
	if at == math.MaxInt64 {
		return ""
	}
	return at.Time().Format("2006-01-02T15:04:05Z")
}

func day(d calendar.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// add shows a fact; values that say nothing are left out.
func (s *shower) add(k Known, h *fact.Head, values map[string]any) {
	k.Values = map[string]any{}
	for name, v := range values {
		if !silent(v) {
			k.Values[name] = v
		}
	}
	k.From, k.Until, k.Recorded, k.At, k.SaidBy = day(k.On), day(k.To), stamp(h.RecordedAt), h.RecordedAt, h.Source
	s.list = append(s.list, k)
}

func (s *shower) house() {
	for i := range s.set.Houses {
		h := &s.set.Houses[i]
		mode, months := "", []int(nil)
		if len(h.Heating) > 0 {
			mode, months = modeWords[h.Heating[0].Even], h.Heating[0].SeasonMonths
		}
		s.add(Known{Fact: House, Ref: refOfHouse(h), On: h.From}, &h.Head, map[string]any{
			"area": h.Area.String(), "commonArea": h.CommonArea.String(), "ownHeatArea": h.OwnHeat.String(), "residents": int64(h.Persons),
			"private": h.Private, "direct": h.Direct, "heating": mode, "months": listed(months),
		})
	}
	for i := range s.set.Resources {
		r := &s.set.Resources[i]
		values := figures(r.Resource)
		values["month"] = r.Month.String()
		s.add(Known{Fact: Resource, Ref: refOfResource(r), Service: r.Service}, &r.Head, values)
	}
}

func listed(months []int) any {
	if len(months) == 0 {
		return nil
	}
	return months
}

func (s *shower) people() {
	for i := range s.set.Premises {
		if p := &s.set.Premises[i]; p.Household == s.household {
			s.add(Known{Fact: Premises, Ref: refOfPremises(p)}, &p.Head, map[string]any{
				"area": p.Area.String(), "heatedArea": p.Heated.String(), "rooms": int64(p.Rooms), "ownHeat": p.OwnHeat, "flatResidents": int64(p.Communal.FlatPersons),
				"livingArea": p.Communal.LivingArea.String(), "flatLivingArea": p.Communal.FlatLiving.String(),
			})
		}
	}
	slices.SortStableFunc(s.set.Stays, func(a, b fact.Stay) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.From, b.From)) })
	for i := range s.set.Stays {
		x := &s.set.Stays[i]
		k := Known{Fact: stayKinds[x.Kind], Ref: refOfStay(x), On: x.From, To: x.Until}
		if x.Household != s.household {
			continue
		}
		values := map[string]any{"persons": int64(x.Persons), "temporary": x.Kind == fact.Temporary}
		if x.Kind == fact.Party {
			values = nil
		}
		s.add(k, &x.Head, values)
	}
}

var stayKinds = map[string]Kind{fact.Resident: Residents, fact.Temporary: Residents, fact.Owner: Owners, fact.Absent: Absence, fact.Party: Party}
