package conflict

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/money"
)

// Filter narrows a list of cases; what is empty narrows nothing.
type Filter struct {
	Attribute Attribute
	Supplier  string // code of one of those who disagree
	House     string // code in the register
	State     State  // empty: open
	All       bool   // cases of every state
	OlderDays int
	EffectMin money.Amount // roubles of a month at least
	Limit     int          // 0 is all
}

// ShownClaim is a claim as whoever asks may see it.
type ShownClaim struct {
	Who      string          `json:"who"`
	Name     string          `json:"name"`
	Account  string          `json:"account,omitempty"`
	Value    string          `json:"value"`
	Said     string          `json:"said,omitempty"`
	Source   string          `json:"source,omitempty"`
	Recorded string          `json:"recorded"`
	At       calendar.Micros `json:"-"`
}

// Shown is a case as whoever asks may see it.
type Shown struct {
	ID        string       `json:"id"`
	Attribute Attribute    `json:"attribute"`
	Title     string       `json:"title"`
	Object    string       `json:"object,omitempty"`
	State     State        `json:"state"`
	Household string       `json:"household,omitempty"` // code; of the centre's only
	House     string       `json:"house"`
	Address   string       `json:"address"`
	Opened    string       `json:"opened"`
	AgeDays   int          `json:"ageDays"`
	Claims    []ShownClaim `json:"claims"`
	Suggested string       `json:"suggested,omitempty"` // what the rule would decide
	By        string       `json:"suggestedBy,omitempty"`
	Value     string       `json:"value,omitempty"` // decided
	From      string       `json:"from,omitempty"`
	Actor     string       `json:"decidedBy,omitempty"` // a person, or rule
	Reason    string       `json:"reason,omitempty"`
	Decided   string       `json:"decided,omitempty"`
	Effect    money.Amount `json:"effect"` // open: how far apart the claims are in a month; decided: what the decision changed

	Case *Case `json:"-"`
}

// List gives cases, those that move most money first.
func (m *Module) List(ctx context.Context, actor access.Actor, f Filter) (list []Shown, err error) {
	scope, err := actor.Scope("conflict", "read")
	if err != nil {
		return nil, err
	}
	if f.Attribute != "" && !f.Attribute.known() {
		return nil, fault.Newf(fault.Invalid, "conflict.attribute", "Сведений %q не бывает. Бывают: %s.", f.Attribute, attributeWords()).WithField("attribute")
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := m.shower(ctx, tx, scope)
		if err != nil {
			return err
		}
		building := int64(0)
		if f.House != "" {
			b, err := housing.FindByCode(ctx, tx, f.House)
			if err != nil {
				return err
			}
			building = b.ID
		}
		cases, err := listCases(ctx, tx, "AND (c.state = $1 OR $2 = 1) AND (c.building_id = $3 OR $3 = 0) AND (c.attribute = $4 OR $4 = '')", string(cmp.Or(f.State, Open)), yes(f.All), building, string(f.Attribute))
		if err != nil {
			return err
		}
		cases = slices.DeleteFunc(cases, func(c Case) bool { return !s.sees(&c) || !f.fits(&c, m.Now()) })
		slices.SortStableFunc(cases, func(a, b Case) int { return cmp.Compare(b.Effect.Abs(), a.Effect.Abs()) })
		if f.Limit > 0 && len(cases) > f.Limit {
			cases = cases[:f.Limit]
		}
		list = make([]Shown, 0, len(cases))
		for i := range cases {
			x, err := s.show(&cases[i])
			if err != nil {
				return err
			}
			list = append(list, x)
		}
		return nil
	})
	return list, err
}

func yes(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

const microsADay = 24 * 60 * 60 * 1_000_000

func (f *Filter) fits(c *Case, now calendar.Micros) bool {
	of := f.Supplier == "" || slices.ContainsFunc(c.Claims, func(x Claim) bool { return x.Who == f.Supplier })
	return of && c.Effect.Abs() >= f.EffectMin && int64(now-c.OpenedAt) >= int64(f.OlderDays)*microsADay
}

// Show gives one case with its history, the first row first.
func (m *Module) Show(ctx context.Context, actor access.Actor, id int64) (list []Shown, err error) {
	scope, err := actor.Scope("conflict", "read")
	if err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := m.shower(ctx, tx, scope)
		if err != nil {
			return err
		}
		now, err := findCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if !s.sees(&now) {
			return fault.Newf(fault.NotFound, "conflict.unknown", "Расхождения № %d нет. Номера: kvit conflicts list.", id)
		}
		rows, err := history(ctx, tx, id)
		if err != nil {
			return err
		}
		list = list[:0]
		for i := range rows {
			x, err := s.show(&rows[i])
			if err != nil {
				return err
			}
			list = append(list, x)
		}
		return nil
	})
	return list, err
}

// shower puts cases into words within what whoever asks may see.
type shower struct {
	town
	ctx       context.Context
	tx        *db.Tx
	scope     access.Scope
	rules     map[Attribute]Rule
	sources   fact.SourceWords
	buildings map[int64]housing.Building
	now       calendar.Micros
}

func (m *Module) shower(ctx context.Context, tx *db.Tx, scope access.Scope) (s *shower, err error) {
	s = &shower{ctx: ctx, tx: tx, scope: scope, buildings: map[int64]housing.Building{}, now: m.Now()}
	if s.rules, err = listRules(ctx, tx, m.Today()); err != nil {
		return nil, err
	}
	return s, s.load(ctx, tx)
}

// sees tells whether a case is open to whoever asks: a supplier sees those it has a claim in.
func (s *shower) sees(c *Case) bool {
	return s.scope.All || slices.ContainsFunc(c.Claims, func(x Claim) bool { return s.scope.Sees(x.Supplier) })
}

func (s *shower) show(c *Case) (Shown, error) {
	b, err := s.house(c.Building)
	if err != nil {
		return Shown{}, err
	}
	x := Shown{ID: strconv.FormatInt(c.ID, 10), Attribute: c.Attribute, Title: Titles[c.Attribute], Object: c.Object, State: c.State, House: b.Code, Address: b.Address(), Opened: stamp(c.OpenedAt),
		AgeDays: int(int64(s.now-c.OpenedAt) / microsADay), Claims: []ShownClaim{}, Effect: c.Effect, Case: c}
	if s.scope.All {
		x.Household = account.HouseholdCode(c.Household)
		h, err := account.FindHousehold(s.ctx, s.tx, c.Building, c.Household, math.MaxInt64)
		if err != nil {
			return Shown{}, err
		}
		x.Address = housing.Premises(x.Address, h.Flat, h.Room)
	}
	for i := range c.Claims {
		claim, err := s.claim(c, &c.Claims[i])
		if err != nil {
			return Shown{}, err
		}
		x.Claims = append(x.Claims, claim)
	}
	if r, ok := s.rules[c.Attribute]; ok && c.State == Open {
		if best, ok := r.pick(c.Attribute, c.Claims, s.suppliers); ok {
			x.Suggested, x.By = s.masked(c, best), best.Who
		}
	}
	if c.State == Decided {
		x.Value, x.Reason, x.Decided, x.Actor = c.Value, c.Reason, stamp(c.RecordedAt), "rule"
		if c.From != 0 {
			x.From = c.From.String()
		}
		if c.Rule == 0 {
			x.Actor = c.Actor
		}
	}
	return x, nil
}

func (s *shower) house(id int64) (housing.Building, error) {
	b, ok := s.buildings[id]
	if ok {
		return b, nil
	}
	b, err := housing.FindBuilding(s.ctx, s.tx, id)
	s.buildings[id] = b
	return b, err
}

// claim shows a claim; of another supplier its value only, and of a person's name the initials.
func (s *shower) claim(c *Case, x *Claim) (ShownClaim, error) {
	out := ShownClaim{Who: x.Who, Name: s.suppliers[x.Supplier].Name, Value: s.masked(c, x), Recorded: stamp(x.At), At: x.At}
	switch {
	case x.Who == Centre:
		out.Name = "Расчётный центр"
	case out.Name == "":
		out.Name = x.Who
	}
	if !s.scope.All && !s.scope.Sees(x.Supplier) {
		return out, nil
	}
	out.Account, out.Said = x.Account, x.Said
	var err error
	out.Source, err = s.sources.Say(s.ctx, s.tx, x.Source)
	return out, err
}

// masked is a claim's value; of somebody else's payer his initials.
func (s *shower) masked(c *Case, x *Claim) string {
	if c.Attribute != Owner || s.scope.All || s.scope.Sees(x.Supplier) {
		return x.Value
	}
	var b strings.Builder
	for _, w := range strings.Fields(x.Value) {
		r := []rune(w)
		b.WriteString(strings.ToUpper(string(r[:1])) + "*** ")
	}
	return strings.TrimSpace(b.String())
}

func stamp(at calendar.Micros) string { return at.Time().Format("2006-01-02T15:04:05Z") }
