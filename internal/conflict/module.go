package conflict

import (
	"context"
	"fmt"
	"math"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// Deps are what the module works with.
type Deps struct {
	DB      *db.DB
	Houses  *housing.Module
	Charges *charge.Module
	Now     func() calendar.Micros
	Today   func() calendar.Date // in the region's zone
}

// Module holds the operations on conflicts.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

// Refresh looks for conflicts in buildings that were written to since it looked last: opens cases, closes those in which
// suppliers agree again, opens decided ones again where a supplier says something new, and decides by rules that are to
// decide at once. It may be stopped and begun at any moment, by several programs.
func (m *Module) Refresh(ctx context.Context) error {
	var list []due
	t := &town{today: m.Today()}
	var rules map[Attribute]Rule
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if list, err = listDue(ctx, tx); err != nil || len(list) == 0 {
			return err
		}
		if rules, err = listRules(ctx, tx, t.today); err != nil {
			return err
		}
		return t.load(ctx, tx)
	})
	if err != nil || len(list) == 0 {
		return err
	}
	if t.houses, err = m.Houses.Register(ctx); err != nil {
		return err
	}
	for _, d := range list {
		if err := m.building(ctx, t, d, rules); err != nil {
			return fmt.Errorf("conflicts of building %d: %w", d.building, err)
		}
	}
	return nil
}

func (t *town) load(ctx context.Context, tx *db.Tx) error {
	all, err := supplier.List(ctx, tx)
	if err != nil {
		return err
	}
	t.suppliers, t.ids = map[int64]supplier.Supplier{}, map[string]int64{}
	for _, s := range all {
		t.suppliers[s.ID], t.ids[s.Code] = s, s.ID
	}
	return nil
}

// building finds what changed in one building and writes it, unless somebody else did meanwhile.
func (m *Module) building(ctx context.Context, t *town, d due, rules map[Attribute]Rule) error {
	var changes []Case
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		b, err := read(ctx, tx, d.building)
		if err != nil {
			return err
		}
		found, err := t.find(b)
		if err != nil {
			return err
		}
		stored, err := listCases(ctx, tx, "AND c.building_id = $1", d.building)
		changes = compare(stored, found)
		return err
	})
	if err != nil {
		return err
	}
	for i := range changes {
		if c := &changes[i]; c.State == Open {
			if c.Effect, err = m.spread(ctx, c); err != nil {
				return err
			}
		}
	}
	written := false
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		was, err := lock(ctx, tx, d.building)
		if written = err == nil && was == d.was; !written {
			return err
		}
		for i := range changes {
			c := &changes[i]
			if c.RecordedAt = max(m.Now(), c.RecordedAt+1); c.OpenedAt == 0 {
				c.OpenedAt = c.RecordedAt
			}
			if err := insertCase(ctx, tx, c); err != nil {
				return err
			}
		}
		return setSeen(ctx, tx, d.building, d.is)
	})
	if err != nil || !written {
		return err
	}
	return m.decideAtOnce(ctx, t, changes, rules)
}

func read(ctx context.Context, tx *db.Tx, id int64) (b *building, err error) {
	b = &building{id: id}
	if b.members, err = account.ListBuildingMembers(ctx, tx, id, id, math.MaxInt64); err != nil {
		return nil, err
	}
	if b.set, err = fact.Gather(ctx, tx, id, math.MaxInt64); err != nil {
		return nil, err
	}
	b.meters, err = fact.ListRowsOfMeters(ctx, tx, id)
	return b, err
}

// compare gives what has to be recorded: cases found that are not known so, and known ones that are no more.
func compare(stored, found []Case) (changes []Case) {
	known := map[int64]*Case{}
	for i := range stored {
		known[stored[i].ID] = &stored[i]
	}
	for i := range found {
		f := found[i]
		s := known[f.ID]
		delete(known, f.ID)
		if s != nil {
			f.RecordedAt = s.RecordedAt // of the row before
		}
		switch {
		case s == nil, s.State == Agreed, s.State == Decided && news(s, &f):
			changes = append(changes, f)
		case s.State == Open && digest(s.Claims) != digest(f.Claims):
			f.OpenedAt = s.OpenedAt
			changes = append(changes, f)
		}
	}
	for i := range stored {
		if s := stored[i]; known[s.ID] != nil && s.State != Agreed {
			s.State = Agreed
			changes = append(changes, s)
		}
	}
	return changes
}

// news tells whether somebody says what he did not when the case was decided, and what the decision does not say.
func news(decided, now *Case) bool {
	before := map[string]bool{}
	for i := range decided.Claims {
		before[decided.Claims[i].Who+"\x00"+decided.Claims[i].Value] = true
	}
	for i := range now.Claims {
		c := &now.Claims[i]
		if !before[c.Who+"\x00"+c.Value] && !agree(now.Attribute, c.Value, decided.Value) {
			return true
		}
	}
	return false
}

// decideAtOnce decides new cases by rules that need no person.
func (m *Module) decideAtOnce(ctx context.Context, t *town, changes []Case, rules map[Attribute]Rule) error {
	for i := range changes {
		c := &changes[i]
		rule, ok := rules[c.Attribute]
		if !ok || !rule.Auto || c.State != Open {
			continue
		}
		if best, ok := rule.pick(c.Attribute, c.Claims, t.suppliers); ok {
			if _, err := m.decide(ctx, access.Actor{Role: access.System}, Judgement{ID: c.ID, Value: best.Value, rule: rule.ID, Reason: ruleReason(best)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func ruleReason(c *Claim) string {
	if c.Who == Centre {
		return "по правилу верим расчётному центру"
	}
	return "по правилу верим поставщику " + c.Who
}

// spread is how far apart the claims of a case are in a month's charge.
func (m *Module) spread(ctx context.Context, c *Case) (money.Amount, error) {
	var least, most money.Amount
	first := true
	for i := range c.Claims {
		e, err := m.EffectOf(ctx, c, c.Claims[i].Value)
		if err != nil || !e.Known {
			return 0, err
		}
		if first {
			least, most, first = e.After, e.After, false
		}
		least, most = min(least, e.After), max(most, e.After)
	}
	return most - least, nil
}

// Effect is what a household's month comes to now, and would with a decision.
type Effect struct {
	Known         bool
	Month         calendar.Month
	Before, After money.Amount
}

// EffectOf is what a household's month comes to by a value, computed in memory.
func (m *Module) EffectOf(ctx context.Context, c *Case, value string) (e Effect, err error) {
	var w charge.Wish
	switch c.Attribute {
	case Area:
		area, err := decimal.Parse(value)
		if err != nil {
			return e, nil
		}
		w.Area = &area
	case Residents:
		n, err := parseCount(value)
		if err != nil {
			return e, nil
		}
		w.Residents = &n
	default:
		return e, nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		e.Month, err = charge.LatestMonth(ctx, tx, c.Building)
		return err
	})
	if err != nil || e.Month == 0 {
		return e, err
	}
	p, err := m.Charges.Preview(ctx, c.Building, c.Household, e.Month, w)
	if fault.Is(err, fault.NotFound) {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	e.Known, e.Before, e.After = true, p.Before, p.After
	return e, nil
}
