package meter

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/supplier"
)

// Card is a meter as those see it who work with it.
type Card struct {
	Ref
	Building  int64           `json:"-"`
	Household int64           `json:"-"`
	Name      string          `json:"name"` // of the service
	Unit      string          `json:"unit"`
	Scope     string          `json:"scope"` // individual, room, flat, house
	Place     string          `json:"place,omitempty"`
	Digits    int             `json:"digits,omitempty"`
	Factor    string          `json:"factor,omitempty"` // of a house: units of the service in one of the dial; below zero it is taken away
	Registers []RegisterShown `json:"registers"`
	From      string          `json:"from,omitempty"`          // first day it counts
	Until     string          `json:"until,omitempty"`         // last day
	Verified  string          `json:"verifiedUntil,omitempty"` // last day it is verified
	Failed    string          `json:"failed,omitempty"`
	Seal      string          `json:"seal,omitempty"`
	SealOff   bool            `json:"sealBroken,omitempty"`
	Device    []Ref           `json:"device"` // other meters that are one device with it
	Life      []Event         `json:"life"`   // oldest first

	removed  calendar.Date
	verified calendar.Date
}

// RegisterShown is a register with its latest figure.
type RegisterShown struct {
	Name  string    `json:"name,omitempty"`
	Zone  string    `json:"zone"`
	Value string    `json:"value,omitempty"`
	On    string    `json:"on,omitempty"`
	Of    calc.Zone `json:"-"`
}

// Event is something in the life of a meter.
type Event struct {
	On     string          `json:"on"`
	Kind   Kind            `json:"kind"`
	Words  string          `json:"words"`
	Reason string          `json:"reason,omitempty"`
	Source string          `json:"source"`
	At     calendar.Micros `json:"at"`
}

// InUse tells whether the meter stands on a day.
func (c *Card) InUse(on calendar.Date) bool { return c.removed == 0 || on <= c.removed }

// Expired tells whether the verification has ended by a day.
func (c *Card) Expired(on calendar.Date) bool { return c.verified != 0 && c.verified < on }

// Query asks for meters: of an account, of a household, or one.
type Query struct {
	Target
	Building, Household, Meter int64 // in place of the account
	At                         calendar.Micros
}

// Show gives meters with their lives: of an account, those of the number and service asked for.
func (m *Module) Show(ctx context.Context, actor access.Actor, q Query) (cards []Card, err error) {
	reach := max(actor.Reach("meter", "read"), actor.Reach("meter", "see"))
	if reach == access.None {
		return nil, actor.Require("meter", "read")
	}
	engine, err := m.Engine(ctx)
	if err != nil {
		return nil, err
	}
	if q.At == 0 {
		q.At = m.Now()
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		v := &viewer{engine: engine, actor: actor, reach: reach, q: &q}
		cards, err = v.cards(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("meters: %w", err)
	}
	return cards, nil
}

// viewer reads meters for somebody.
type viewer struct {
	engine  *calc.Engine
	actor   access.Actor
	reach   access.Relation
	q       *Query
	known   *Known
	codes   map[int64]string
	numbers map[int64]string // accounts as their suppliers print them
	owners  map[int64]int64  // of accounts
	words   fact.SourceWords
	house   string                    // code of the house whose own meters are read
	sells   func(service string) bool // which of them the actor may see
}

var errUnknown = fault.New(fault.NotFound, "meter.unknown", "Такого счётчика нет.")

func (v *viewer) cards(ctx context.Context, tx *db.Tx) ([]Card, error) {
	of, own, err := v.scope(ctx, tx)
	if err != nil {
		return nil, err
	}
	if v.known, err = Gather(ctx, tx, v.q.Building, of, v.q.At); err != nil {
		return nil, err
	}
	if err := v.name(ctx, tx); err != nil {
		return nil, err
	}
	cards := []Card{}
	for i := range v.known.Meters {
		x := &v.known.Meters[i]
		if !v.wants(x, own) {
			continue
		}
		c, err := v.card(ctx, tx, x)
		if err != nil {
			return nil, err
		}
		cards = append(cards, *c)
	}
	if v.q.Meter != 0 && len(cards) == 0 {
		return nil, errUnknown
	}
	slices.SortFunc(cards, func(a, b Card) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.From, b.From), strings.Compare(a.Serial, b.Serial))
	})
	return cards, nil
}

// scope is what is read: the household of an account, or the one asked for, or the one a meter is in.
func (v *viewer) scope(ctx context.Context, tx *db.Tx) (of *fact.Scope, account int64, err error) {
	if v.codes, err = supplier.ListCodes(ctx, tx); err != nil {
		return nil, 0, err
	}
	q := v.q
	switch {
	case q.House != "":
		return v.ofHouse(ctx, tx, func() (housing.Building, error) { return housing.FindByCode(ctx, tx, q.House) })
	case q.Meter != 0:
		account, err := fact.AccountOfMeter(ctx, tx, q.Building, q.Meter)
		if err == nil && account == 0 {
			return v.ofHouse(ctx, tx, func() (housing.Building, error) { return housing.FindBuilding(ctx, tx, q.Building) })
		}
		return &fact.Scope{Accounts: []int64{account}}, 0, err
	case q.Household != 0:
		return &fact.Scope{Households: []int64{q.Household}}, 0, nil
	}
	d := &deed{scope: access.Scope{All: v.reach == access.All, SupplierID: v.actor.SupplierID}, actor: v.actor, codes: v.codes}
	route, err := d.route(ctx, tx, &q.Target)
	q.Building = route.BuildingID
	return &fact.Scope{Accounts: []int64{route.AccountID}}, route.AccountID, err
}

// name finds how suppliers call the accounts.
func (v *viewer) name(ctx context.Context, tx *db.Tx) error {
	var keys []account.Key
	for i := range v.known.Meters {
		keys = append(keys, account.Key{BuildingID: v.q.Building, ID: v.known.Meters[i].AccountID})
	}
	v.numbers, v.owners = map[int64]string{}, map[int64]int64{}
	if len(keys) == 0 {
		return nil
	}
	list, err := account.ListByKeys(ctx, tx, keys)
	for k, a := range list {
		v.numbers[k.ID], v.owners[k.ID] = a.Number, a.SupplierID
	}
	return err
}

// wants tells whether a meter is asked for and the actor's to see.
func (v *viewer) wants(x *fact.Meter, own int64) bool {
	q := v.q
	if x.OfHouse() {
		return v.sells != nil && v.sells(x.Service) && (q.Meter == 0 || x.ID == q.Meter) && q.Target.names(x)
	}
	switch v.reach {
	case access.Supplier:
		if v.owners[x.AccountID] != v.actor.SupplierID {
			return false
		}
	case access.Own:
		if q.Building != v.actor.BuildingID || v.householdOf(x) != v.actor.HouseholdID {
			return false
		}
	}
	switch {
	case q.Meter != 0:
		return x.ID == q.Meter
	case q.Household != 0:
		return v.householdOf(x) == q.Household
	}
	return x.AccountID == own && q.Target.names(x)
}

// names tells whether a meter is of the service and number asked for.
func (t *Target) names(x *fact.Meter) bool {
	return (t.Service == "" || x.Service == t.Service) && (t.Meter == "" || FoldSerial(x.Serial) == FoldSerial(t.Meter) || DigitsOf(x.Serial) == DigitsOf(t.Meter))
}

// ofHouse makes the own meters of a house what is read.
func (v *viewer) ofHouse(ctx context.Context, tx *db.Tx, find func() (housing.Building, error)) (*fact.Scope, int64, error) {
	house, err := find()
	if err != nil {
		return nil, 0, err
	}
	v.q.Building, v.house = house.ID, house.Code
	if v.reach == access.Own {
		return nil, 0, errUnknown
	}
	v.sells, err = MayHouse(ctx, tx, access.Scope{All: v.reach == access.All, SupplierID: v.actor.SupplierID}, house.ID)
	return &fact.Scope{House: true}, 0, err
}

func (v *viewer) householdOf(x *fact.Meter) int64 { return (&deed{known: v.known}).householdOf(x) }

// ref names a meter; another supplier's account is named to nobody but the centre and the household itself.
func (v *viewer) ref(x *fact.Meter) Ref {
	if x.OfHouse() {
		return Ref{ID: x.ID, House: v.house, Service: x.Service, Serial: x.Serial}
	}
	owner := v.owners[x.AccountID]
	r := Ref{ID: x.ID, Supplier: v.codes[owner], Account: v.numbers[x.AccountID], Service: x.Service, Serial: x.Serial}
	if v.reach == access.Supplier && owner != v.actor.SupplierID {
		r.ID, r.Account = 0, ""
	}
	return r
}

func (v *viewer) card(ctx context.Context, tx *db.Tx, x *fact.Meter) (*Card, error) {
	c := &Card{Ref: v.ref(x), Building: v.q.Building, Household: v.householdOf(x), Name: x.Service, Scope: Individual, Digits: int(x.Digits), Device: []Ref{}, removed: x.Until, verified: x.VerifiedBy}
	if x.OfHouse() {
		c.Scope, c.Factor = OfHouse, factorText(x.Factor)
	}
	if s, ok := v.engine.Service(x.Service); ok {
		c.Name, c.Unit = v.engine.Of(s).Name, calc.UnitName(string(v.engine.Of(s).Unit))
		if !x.OfHouse() {
			c.Digits = cmp.Or(c.Digits, v.engine.Of(s).Dial)
		}
	}
	steps, err := stepsOf(ctx, tx, v.q.Building, x.ID, v.q.At)
	if err != nil {
		return nil, err
	}
	if err := c.live(ctx, tx, v, x, steps); err != nil {
		return nil, err
	}
	for i := range v.known.Rare {
		if r := &v.known.Rare[i]; r.Kind == fact.KindVerification {
			var until fact.Verification
			if json.Unmarshal([]byte(r.Body), &until) == nil && until.Meter == x.ID {
				c.verified = max(c.verified, until.Until)
			}
		}
	}
	c.From, c.Until, c.Verified, c.Failed = dayText(x.From), dayText(x.Until), dayText(c.verified), dayText(x.FailedOn)
	for _, id := range v.twins(x) {
		if other := (&deed{known: v.known}).byID(id); other != nil {
			c.Device = append(c.Device, v.ref(other))
		}
	}
	return c, v.figures(ctx, tx, c, x)
}

// twins are the other meters of the device.
func (v *viewer) twins(x *fact.Meter) []int64 {
	d := &deed{known: v.known}
	list := v.known.Linked(x.ID)
	for i := range v.known.Meters {
		if y := &v.known.Meters[i]; y.ID != x.ID && d.sameNumber(x, y) && !slices.Contains(list, y.ID) {
			list = append(list, y.ID)
		}
	}
	return list
}

// figures fills the registers with their latest figures.
func (v *viewer) figures(ctx context.Context, tx *db.Tx, c *Card, x *fact.Meter) error {
	named := v.known.Named[x.ID]
	for i, zone := range ZonesOf(named, x.Registers) {
		r := RegisterShown{Zone: zone.String(), Of: zone}
		if i < len(named) {
			r.Name = named[i].Name
		}
		c.Registers = append(c.Registers, r)
	}
	rows, err := fact.ListReadingRows(ctx, tx, v.q.Building, []int64{x.ID}, 0, v.q.At)
	for i, r := range rows {
		last := i+1 == len(rows) || rows[i+1].On != r.On || rows[i+1].Zone != r.Zone
		for k := range c.Registers {
			if shown := &c.Registers[k]; last && r.Accepted && shown.Of == r.Zone {
				shown.Value, shown.On = r.Value.String(), r.On.String()
			}
		}
	}
	return err
}

func dayText(d calendar.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
