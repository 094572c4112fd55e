package appeal

import (
	"context"
	"errors"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
)

// Send makes a draft known to the supplier of its line, with the term of his answer.
func (m *Module) Send(ctx context.Context, actor access.Actor, number string) (*Appeal, error) {
	return m.change(ctx, actor, "own", number, func(tx *db.Tx, a *Appeal) (*Step, error) {
		if a.State == Draft {
			if err := noOther(ctx, tx, a); err != nil {
				return nil, err
			}
		}
		t, err := termOf(ctx, tx, a.Reason, m.today())
		if err != nil {
			return nil, err
		}
		return a.send(m.Now(), t.By(m.today()), t.Clause)
	})
}

// Accept notes that the supplier, or the centre, works on an appeal.
func (m *Module) Accept(ctx context.Context, actor access.Actor, number string) (*Appeal, error) {
	return m.change(ctx, actor, "answer", number, func(_ *db.Tx, a *Appeal) (*Step, error) { return a.accept() })
}

// Answer answers an appeal: the sum is corrected, or it is right and why. The centre may answer any; before the supplier's
// term has passed it says why it does.
func (m *Module) Answer(ctx context.Context, actor access.Actor, number string, r Reply) (*Appeal, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	instead := false
	a, err := m.change(ctx, actor, "answer", number, func(tx *db.Tx, a *Appeal) (*Step, error) {
		instead = sideOf(actor) == SideCentre && a.EscalatedAt == 0 && a.Open()
		if instead && r.Instead == "" {
			return nil, fault.New(fault.Invalid, "appeal.instead", "Срок поставщика не прошёл. Напишите, почему отвечает расчётный центр.").WithField("instead")
		}
		if instead {
			if err := m.step(ctx, tx, actor, a, &Step{Kind: StepTaken, Words: r.Instead}); err != nil {
				return nil, err
			}
		}
		return a.reply(&r, m.Now())
	})
	if err != nil {
		return nil, err
	}
	return a, m.link(ctx, a)
}

// Reopen takes the resident's «not solved»: a new term begins.
func (m *Module) Reopen(ctx context.Context, actor access.Actor, number, words string) (*Appeal, error) {
	return m.change(ctx, actor, "own", number, func(tx *db.Tx, a *Appeal) (*Step, error) {
		t, err := termOf(ctx, tx, a.Reason, m.today())
		if err != nil {
			return nil, err
		}
		return a.reopen(words, m.today(), t.By(m.today()), t.Clause, m.Zone)
	})
}

// Solve takes the resident's «solved».
func (m *Module) Solve(ctx context.Context, actor access.Actor, number string) (*Appeal, error) {
	return m.change(ctx, actor, "own", number, func(_ *db.Tx, a *Appeal) (*Step, error) { return a.solve() })
}

// Withdraw takes an appeal back while nobody has answered; a draft is gone with it.
func (m *Module) Withdraw(ctx context.Context, actor access.Actor, number string) error {
	a, err := m.change(ctx, actor, "own", number, func(_ *db.Tx, a *Appeal) (*Step, error) {
		if a.State == Draft {
			return nil, nil
		}
		return a.withdraw()
	})
	if err != nil || a.State != Draft {
		return err
	}
	return m.forget(ctx, "state = 'draft' AND building_id = $1 AND appeal_id = $2", a.Building, a.ID)
}

// Escalate hands appeals whose term has passed to the centre. One that fails does not hold up the others.
func (m *Module) Escalate(ctx context.Context) error {
	var numbers []string
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		numbers = nil
		list, err := listAppeals(ctx, tx, "WHERE state IN ('sent', 'accepted', 'reopened') AND answer_by < $1 AND escalated_at = 0 ORDER BY answer_by LIMIT 200", int64(m.today()))
		for i := range list {
			numbers = append(numbers, list[i].Number)
		}
		return err
	})
	for _, number := range numbers {
		_, one := m.change(ctx, access.Actor{Role: access.System}, "answer", number, func(_ *db.Tx, a *Appeal) (*Step, error) {
			return a.escalate(m.today(), m.Now()), nil
		})
		err = errors.Join(err, one)
	}
	return err
}

// change loads an appeal the actor's action covers, changes it and keeps the step with all that follows, in one transaction.
// Without a step nothing changes: what was pressed was done before.
func (m *Module) change(ctx context.Context, actor access.Actor, action, number string, fn func(tx *db.Tx, a *Appeal) (*Step, error)) (*Appeal, error) {
	if err := actor.Require("appeal", action); err != nil {
		return nil, err
	}
	r, err := reachOf(actor, action)
	if err != nil {
		return nil, err
	}
	var out Appeal
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, r, number)
		if err != nil {
			return err
		}
		was := a.Open()
		step, err := fn(tx, &a)
		if out = a; err != nil || step == nil {
			return err
		}
		return m.keep(ctx, tx, actor, &a, step, was)
	})
	return &out, err
}

// keep stores a changed appeal, its step, and what the step means for «pay all», and tells of it.
func (m *Module) keep(ctx context.Context, tx *db.Tx, actor access.Actor, a *Appeal, s *Step, wasOpen bool) error {
	a.ChangedAt = m.Now()
	if err := updateAppeal(ctx, tx, a); err != nil {
		return err
	}
	var err error
	switch {
	case a.Open() && !wasOpen:
		err = beginAside(ctx, tx, a, a.ChangedAt)
	case wasOpen && !a.Open():
		err = endAside(ctx, tx, a, a.ChangedAt)
	}
	if err == nil {
		err = m.step(ctx, tx, actor, a, s)
	}
	if err != nil {
		return err
	}
	return event.Write(ctx, tx, []event.Event{{BuildingID: a.Building, AccountID: a.AccountID, At: a.ChangedAt, FactID: a.ID, Body: event.Appeal{
		Number: a.Number, What: s.Kind, Line: a.Service, Month: a.Month.String(), Reason: a.Reason, Sum: int64(a.Sum), Outcome: a.Outcome, Change: int64(a.Change), AnswerBy: a.AnswerBy.String(),
	}}})
}

// step keeps a step with who made it, in the log too, and tells the resident.
func (m *Module) step(ctx context.Context, tx *db.Tx, actor access.Actor, a *Appeal, s *Step) error {
	s.Side, s.Actor, s.At = sideOf(actor), actor.String(), m.Now()
	if err := insertStep(ctx, tx, a, s); err != nil {
		return err
	}
	err := audit.Record(ctx, tx, s.At, s.Actor, "appeal."+s.Kind, "appeal:"+a.Number, map[string]any{"state": a.State, "round": a.Round, "sum": int64(a.Sum), "change": int64(a.Change)})
	if err == nil && m.OnStep != nil {
		err = m.OnStep(ctx, tx, a, *s)
	}
	if err != nil {
		return fmt.Errorf("step %s of appeal %s: %w", s.Kind, a.Number, err)
	}
	return nil
}

// sideOf is whose step an actor makes.
func sideOf(a access.Actor) string {
	switch {
	case a.Role == access.Resident:
		return SideResident
	case a.SupplierID != 0:
		return SideSupplier
	case a.Role == access.System && a.Name == "":
		return SideKvit
	}
	return SideCentre
}
