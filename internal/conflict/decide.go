package conflict

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/event"
	"kvit/internal/fault"
)

// Judgement is what somebody decides about a case.
type Judgement struct {
	ID     int64
	As     string // the party that is right: a supplier's code, centre; …
	Value  string // … or what is right in itself
	Reason string
	From   calendar.Date // the decision holds from; 0: from the first month that is not closed
	DryRun bool          // only say what it changes

	rule int64
}

// Outcome is a decision with what it makes of a month.
type Outcome struct {
	Case   Case
	Effect Effect
}

// Decide decides a case: the decision becomes a fact where charging goes by it, and all entitled suppliers are told.
func (m *Module) Decide(ctx context.Context, actor access.Actor, j Judgement) (*Outcome, error) {
	if err := actor.Require("conflict", "decide"); err != nil {
		return nil, err
	}
	if j.Reason = strings.TrimSpace(j.Reason); j.Reason == "" && !j.DryRun {
		return nil, fault.New(fault.Invalid, "conflict.reason", "Напишите, почему так решено: это увидят все стороны.").WithField("reason")
	}
	return m.decide(ctx, actor, j)
}

func (m *Module) decide(ctx context.Context, actor access.Actor, j Judgement) (*Outcome, error) {
	out := &Outcome{}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		out.Case, err = findCase(ctx, tx, j.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if out.Case.Value, err = j.value(&out.Case); err != nil {
		return nil, err
	}
	if out.Effect, err = m.EffectOf(ctx, &out.Case, out.Case.Value); err != nil || j.DryRun {
		return out, err
	}
	return out, m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return m.record(ctx, tx, actor, &j, out) })
}

// value is what a judgement says is right, in the form the attribute's values have.
func (j *Judgement) value(c *Case) (string, error) {
	if j.As != "" {
		i := slices.IndexFunc(c.Claims, func(x Claim) bool { return x.Who == j.As })
		if i < 0 {
			return "", fault.Newf(fault.Invalid, "conflict.party", "%q здесь ничего не сообщает. Выберите одного из тех, кто спорит.", j.As).WithField("value")
		}
		return c.Claims[i].Value, nil
	}
	if slices.ContainsFunc(c.Claims, func(x Claim) bool { return x.Value == j.Value }) {
		return j.Value, nil
	}
	value := strings.Join(strings.Fields(j.Value), " ")
	switch {
	case value == "":
		return "", fault.New(fault.Invalid, "conflict.value", "Выберите или впишите верное значение.").WithField("value")
	case c.Attribute == Area:
		area, err := decimal.Parse(value)
		if err != nil || area <= 0 {
			return "", fault.New(fault.Invalid, "conflict.area", "Впишите площадь числом больше нуля, например 45,3.").WithField("value")
		}
		return area.String(), nil
	case c.Attribute == Residents || c.Attribute == MeterDigits:
		n, err := parseCount(value)
		if err != nil || c.Attribute == MeterDigits && (n == 0 || n > 9) {
			return "", fault.New(fault.Invalid, "conflict.number", "Впишите целое число.").WithField("value")
		}
		return countText(int64(n)), nil
	case c.Attribute == Verified:
		day, err := calendar.ParseDate(value)
		if err != nil {
			return "", fault.New(fault.Invalid, "conflict.day", "Впишите день, например 2030-05-01.").WithField("value")
		}
		return day.String(), nil
	case c.Attribute == MeterNumber && len(listed(value)) > 1:
		return "", fault.New(fault.Invalid, "conflict.serial", "Впишите номер одного счётчика.").WithField("value")
	case c.Attribute == MeterNumber:
		return serialText(value), nil
	case c.Attribute == Flat:
		return flatText(value), nil
	}
	return value, nil
}

func parseCount(s string) (int32, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	if err == nil && (n < 0 || n > 1000) {
		err = strconv.ErrRange
	}
	return int32(n), err
}

// record writes the decision, the facts it makes and the event of it.
func (m *Module) record(ctx context.Context, tx *db.Tx, actor access.Actor, j *Judgement, out *Outcome) error {
	if _, err := lock(ctx, tx, out.Case.Building); err != nil {
		return err
	}
	now, err := findCase(ctx, tx, j.ID)
	if err != nil {
		return err
	}
	if now.State == Agreed {
		return fault.New(fault.Conflict, "conflict.agreed", "Расхождения больше нет: поставщики сообщают одно и то же.")
	}
	if j.rule != 0 && now.State == Decided {
		return nil // somebody was faster
	}
	at, err := fact.Lock(ctx, tx, now.Building, max(m.Now(), now.RecordedAt+1))
	if err != nil {
		return err
	}
	now.RecordedAt, now.State, now.Value, now.Rule, now.Reason, now.Effect = at, Decided, out.Case.Value, j.rule, j.Reason, out.Effect.After-out.Effect.Before
	if now.Actor = actor.String(); actor.Name != "" {
		now.Actor = actor.Name
	}
	if now.From, err = from(ctx, tx, j); err != nil {
		return err
	}
	told, err := m.writeFacts(ctx, tx, &now)
	if err != nil {
		return err
	}
	if err := setSeen(ctx, tx, now.Building, seen{accounts: -2, facts: int64(at), rule: -2}); err != nil { // who looks at it now looks again
		return err
	}
	if err := insertCase(ctx, tx, &now); err != nil {
		return err
	}
	out.Case = now
	if err := audit.Record(ctx, tx, at, actor.String(), "conflict.decided", strconv.FormatInt(now.ID, 10), map[string]any{"attribute": now.Attribute, "rule": j.rule, "from": now.From}); err != nil {
		return err
	}
	return event.Write(ctx, tx, append(told, event.Event{BuildingID: now.Building, HouseholdID: now.Household, At: at, FactID: now.ID, Body: now.body(at)}))
}

// from is the day a decision holds from: never inside a month that is closed.
func from(ctx context.Context, tx *db.Tx, j *Judgement) (calendar.Date, error) {
	open, err := charge.OpenFrom(ctx, tx)
	if err != nil || j.From == 0 {
		return open, err
	}
	return max(open, j.From), nil
}

// body is what suppliers are told: no names, no addresses.
func (c *Case) body(at calendar.Micros) event.ConflictDecided {
	b := event.ConflictDecided{Conflict: strconv.FormatInt(c.ID, 10), Attribute: string(c.Attribute), Object: c.Object, By: "person", Day: calendar.DateOf(at.Time()).String()}
	if c.From != 0 {
		b.Day = c.From.String()
	}
	if c.Rule != 0 {
		b.By = "rule"
	}
	if !c.Attribute.Personal() {
		b.Value = c.Value
	}
	return b
}

// writeFacts makes the decision a fact of charging, where charging goes by the attribute, and gives what is told of
// meters that changed with it.
func (m *Module) writeFacts(ctx context.Context, tx *db.Tx, c *Case) ([]event.Event, error) {
	known, err := fact.Gather(ctx, tx, c.Building, c.RecordedAt)
	if err != nil {
		return nil, err
	}
	set, err := c.facts(known)
	if err != nil || set.Empty() {
		return nil, err
	}
	w := fact.NewWriter()
	if err := w.Add(set, c.RecordedAt); err != nil {
		return nil, err
	}
	if err := w.Write(ctx, tx); err != nil {
		return nil, fmt.Errorf("facts of conflict %d: %w", c.ID, err)
	}
	return fact.Told(ctx, tx, &fact.Set{Building: c.Building, Meters: set.Meters}, c.RecordedAt, fact.Everything)
}
