package fact

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"kvit/internal/charge/calc"
	"kvit/internal/tariff"
)

// Ref is a service that accounts of a building take.
type Ref struct {
	ServiceID  int64
	SupplierID int64
	Code       string // of the catalogue
}

// Sub is a subscription beside the engine's: whose it is and whose figure is charged.
type Sub struct {
	AccountID int64
	Ref       uint16 // of Building.Refs
	Category  uint16 // of Building.Words; 0 is none
	Mode      uint8  // of modes
}

// Numbers of modes in a Sub.
const (
	ModeIssued uint8 = iota + 1
	ModeComputed
	ModeCompared
)

var modes = map[string]uint8{Issued: ModeIssued, Computed: ModeComputed, Compared: ModeCompared}

// Household is the facts of one household for the engine. Subs are parallel to Premises.Services.
type Household struct {
	ID       int64
	Premises calc.Premises
	Subs     []Sub
	benefits []Benefit
}

// Building is the facts of a building for the engine.
type Building struct {
	ID         int64
	Refs       []Ref
	Words      []string
	Houses     []House
	Resources  []Resource
	Households []Household
	House      calc.House // that holds in the month asked for

	known      []known
	categories []calc.Category
}

// compose makes the engine's facts of rows: households by id, services in the order of the standard catalogue.
func (s *Set) compose() (*Building, error) {
	c := composer{set: s, b: &Building{ID: s.Building, Words: []string{""}, Houses: s.Houses, Resources: s.Uses()}, at: map[int64]int{}, refs: map[Ref]uint16{}}
	for i := range s.Premises {
		c.premises(&s.Premises[i])
	}
	slices.SortFunc(s.Subscriptions, func(a, b Subscription) int {
		return cmp.Or(cmp.Compare(a.Household, b.Household), cmp.Compare(orderOf(a.Service), orderOf(b.Service)), cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.From, b.From))
	})
	for i := range s.Subscriptions {
		c.subscription(&s.Subscriptions[i])
	}
	slices.SortStableFunc(s.Stays, func(a, b Stay) int { return cmp.Compare(a.From, b.From) })
	for i := range s.Stays {
		c.stay(&s.Stays[i])
	}
	slices.SortStableFunc(s.Meters, func(a, b Meter) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID)) })
	for i := range s.Meters {
		c.meter(&s.Meters[i])
	}
	slices.SortStableFunc(s.Rare, func(a, b Rare) int { return cmp.Compare(a.From, b.From) })
	for i := range s.Rare {
		if err := c.rare(&s.Rare[i]); err != nil {
			return nil, fmt.Errorf("fact %d of building %d: %w", s.Rare[i].ID, s.Building, err)
		}
	}
	for i := range c.b.Households {
		complete(&c.b.Households[i].Premises)
	}
	slices.SortFunc(c.b.Households, func(a, b Household) int { return cmp.Compare(a.ID, b.ID) })
	return c.b, nil
}

// standardOrder is the order of services in the standard catalogue: sheets hold them so, which is nearly the order any
// catalogue charges them in.
var standardOrder = sync.OnceValue(func() map[string]int {
	c, at := tariff.Standard(), map[string]int{}
	order, err := c.InOrder()
	if err != nil {
		return at // a test computes by it
	}
	for n, i := range order {
		at[c.Services[i].Code] = n + 1
	}
	return at
})

func orderOf(code string) int {
	if n, ok := standardOrder()[code]; ok {
		return n
	}
	return len(standardOrder()) + 1
}

type composer struct {
	set  *Set
	b    *Building
	at   map[int64]int // households
	refs map[Ref]uint16
}

func (c *composer) household(id int64) *Household {
	i, ok := c.at[id]
	if !ok {
		i = len(c.b.Households)
		c.at[id] = i
		c.b.Households = append(c.b.Households, Household{ID: id})
	}
	return &c.b.Households[i]
}

func (c *composer) premises(x *Premises) {
	p := &c.household(x.Household).Premises
	p.Area, p.Heated, p.Rooms, p.OwnHeat = x.Area, x.Heated, x.Rooms, x.OwnHeat
	if x.Communal != (calc.Communal{}) {
		communal := x.Communal
		p.Communal = &communal
	}
}

func (c *composer) subscription(x *Subscription) {
	h := c.household(x.Household)
	ref := Ref{x.ServiceID, x.SupplierID, x.Service}
	n, ok := c.refs[ref]
	if !ok {
		n = uint16(len(c.b.Refs))
		c.refs[ref], c.b.Refs = n, append(c.b.Refs, ref)
	}
	category := slices.Index(c.b.Words, x.Category)
	if category < 0 {
		category, c.b.Words = len(c.b.Words), append(c.b.Words, x.Category)
	}
	h.Subs = append(h.Subs, Sub{AccountID: x.AccountID, Ref: n, Category: uint16(category), Mode: modes[x.Mode]})
	h.Premises.Services = append(h.Premises.Services, calc.Subscription{
		Term: x.Term, MeterOK: x.MeterOK, Included: x.Included, Quantity: x.Quantity, Share: x.Share,
		Part: x.Part, FlatRest: x.FlatRest,
	})
}

func (c *composer) stay(x *Stay) {
	p := &c.household(x.Household).Premises
	stay := calc.Stay{Term: x.Term, Persons: x.Persons, Temporary: x.Kind == Temporary}
	switch x.Kind {
	case Owner:
		p.Owners = append(p.Owners, stay)
	case Absent:
		p.Absences = append(p.Absences, calc.Absence{Left: x.From, Returned: x.Until, Persons: max(1, x.Persons)})
	case Party:
		p.Parties = append(p.Parties, calc.Party{From: x.From})
	default:
		p.Stays = append(p.Stays, stay)
	}
}

// taken calls fn for the subscriptions of an account's service, in any household: of all of them when account is 0.
func (c *composer) taken(household, account int64, service string, fn func(*calc.Subscription)) {
	for i := range c.b.Households {
		h := &c.b.Households[i]
		if household != 0 && h.ID != household {
			continue
		}
		for k := range h.Subs {
			if (account == 0 || h.Subs[k].AccountID == account) && c.b.Refs[h.Subs[k].Ref].Code == service {
				fn(&h.Premises.Services[k])
			}
		}
	}
}

func (c *composer) meter(x *Meter) {
	if x.OfHouse() {
		return // what it measured is the house's use
	}
	m := calc.Meter{ID: x.ID, Term: x.Term, Digits: x.Digits, Registers: x.Registers, FailedOn: x.FailedOn, GasFactor: x.GasFactor}
	if x.VerifiedBy != 0 {
		m.Verified = []calc.Term{{Until: x.VerifiedBy}}
	}
	c.taken(0, x.AccountID, x.Service, func(s *calc.Subscription) { // every term of the service has its meters
		s.Meters = append(s.Meters, m)
	})
}

func (c *composer) rare(x *Rare) (err error) {
	switch x.Kind {
	case KindBenefit:
		var v Benefit
		if err = json.Unmarshal([]byte(x.Body), &v); err == nil {
			h := c.household(x.Household)
			h.benefits = append(h.benefits, v)
		}
	case KindArea:
		var v Area
		if err = json.Unmarshal([]byte(x.Body), &v); err == nil {
			p := &c.household(x.Household).Premises
			p.Areas = append(p.Areas, calc.AreaFrom{From: x.From, Area: v.Area, Heated: v.Heated})
		}
	case KindVerification:
		var v Verification
		if err = json.Unmarshal([]byte(x.Body), &v); err == nil {
			c.ofMeter(x, v.Meter, func(m *calc.Meter) { m.Verified = append(m.Verified, calc.Term{From: x.From, Until: v.Until}) })
		}
	case KindGasFactor:
		var v GasFactor
		if err = json.Unmarshal([]byte(x.Body), &v); err == nil {
			c.ofMeter(x, v.Meter, func(m *calc.Meter) {
				m.GasFactors = append(m.GasFactors, calc.GasFactor{Month: v.Month, Value: v.Value})
			})
		}
	case KindAct:
		err = addTo(c, x, func(s *calc.Subscription, v calc.Act) { s.Acts = append(s.Acts, v) })
	case KindEvent:
		err = addTo(c, x, func(s *calc.Subscription, v calc.Event) { s.Events = append(s.Events, v) })
	case KindObject:
		err = addTo(c, x, func(s *calc.Subscription, v calc.Object) { s.Objects = append(s.Objects, v) })
	case KindInstalment:
		err = addTo(c, x, func(s *calc.Subscription, v calc.Instalment) { s.Instalments = append(s.Instalments, v) })
	case KindFine:
		err = addTo(c, x, func(s *calc.Subscription, v calc.Fine) { s.Fines = append(s.Fines, v) })
	default:
		err = fmt.Errorf("kind %q is not known", x.Kind)
	}
	return err
}

func addTo[T any](c *composer, x *Rare, add func(*calc.Subscription, T)) error {
	var v T
	if err := json.Unmarshal([]byte(x.Body), &v); err != nil {
		return err
	}
	household := x.Household
	if x.AccountID != 0 {
		household = 0 // the account's wherever it is charged
	}
	c.taken(household, x.AccountID, x.Service, func(s *calc.Subscription) { add(s, v) })
	return nil
}
