package autopay

import (
	"context"
	"errors"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
)

// Veto says no to the month that is told of.
func (m *Module) Veto(ctx context.Context, actor access.Actor, ref bill.Ref) error {
	return m.answer(ctx, actor, ref, func(t *Turn) error {
		if t.State != Told && t.State != Asks && t.State != Failed {
			return errNothingWaits
		}
		t.State = Vetoed
		return nil
	})
}

// Agree says yes to a month above the cap: it is paid at the next round.
func (m *Module) Agree(ctx context.Context, actor access.Actor, ref bill.Ref) error {
	return m.answer(ctx, actor, ref, func(t *Turn) error {
		if t.State != Asks {
			return errNothingWaits
		}
		t.State, t.NextOn = Told, m.today()
		return nil
	})
}

var errNothingWaits = fault.New(fault.Conflict, "autopay.nothing_waits", "Списание уже прошло или отменено. Обновите страницу.")

// answer changes the latest turn of the actor's rule.
func (m *Module) answer(ctx context.Context, actor access.Actor, ref bill.Ref, fn func(t *Turn) error) error {
	share, err := m.shareOf(ctx, actor, ref)
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := share.find(ctx, tx, ref)
		if err != nil {
			return err
		}
		if r == nil {
			return errNoRule
		}
		list, err := listTurns(ctx, tx, "WHERE building_id = $1 AND rule_id = $2 ORDER BY month DESC LIMIT 1", ref.Building, r.ID)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errNothingWaits
		}
		t := &list[0]
		state, tries := t.State, t.Tries
		if err := fn(t); err != nil {
			return err
		}
		t.ChangedAt = m.Now()
		done, err := updateTurn(ctx, tx, t, state, tries)
		if err == nil && !done {
			err = errNothingWaits
		}
		e := t.event()
		e.Person = r.PersonID
		return errors.Join(err, m.tell(ctx, tx, ref, e))
	})
}

// tell writes an event about a household as a whole.
func (m *Module) tell(ctx context.Context, tx *db.Tx, ref bill.Ref, body event.Autopay) error {
	return event.Write(ctx, tx, []event.Event{{BuildingID: ref.Building, HouseholdID: ref.Household, At: m.Now(), Body: body}})
}

func (t *Turn) event() event.Autopay {
	e := event.Autopay{What: t.State, Month: t.Month.String(), Sum: int64(t.Sum), Reason: t.Reason, Operation: t.PublicID}
	if t.State == Told || t.State == Failed {
		e.Day = t.NextOn.String()
	}
	return e
}
