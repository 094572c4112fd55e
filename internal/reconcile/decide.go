package reconcile

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Explanation is what a person says of a difference.
type Explanation struct {
	Note  string
	Owner string // who deals with it; '': whoever explains
	Want  string // what the second person's word will do: WantAccept, WantReverse
}

// noteMax bounds an explanation, in signs.
const noteMax = 1000

// Explain keeps what a person says of a difference; it waits for another one's word then.
func (m *Module) Explain(ctx context.Context, actor access.Actor, id int64, e Explanation) (CaseShown, error) {
	if err := actor.Require("reconcile", "explain"); err != nil {
		return CaseShown{}, err
	}
	e.Note = strings.TrimSpace(e.Note)
	if n := len([]rune(e.Note)); n == 0 || n > noteMax {
		return CaseShown{}, fault.Newf(fault.Invalid, "reconcile.note", "Напишите, почему так вышло, до %d знаков.", noteMax).WithField("note")
	}
	return m.change(ctx, id, func(tx *db.Tx, s *StoredCase) error {
		if s.State == CaseResolved {
			return errResolved
		}
		if e.Want == WantReverse && s.Cause != OnlyOurs {
			return fault.New(fault.Invalid, "reconcile.want", "Снять можно только платёж, который есть у нас и которого нет у партнёра.").WithField("want")
		}
		s.State, s.Note, s.ExplainedBy, s.AcceptedBy, s.Wanted, s.Owner = CaseExplained, e.Note, actor.String(), "", e.Want, e.Owner
		if s.Owner == "" {
			s.Owner = actor.String()
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "reconcile.explained", fmt.Sprintf("case:%d", id), map[string]string{"want": e.Want})
	})
}

var errResolved = fault.New(fault.Conflict, "reconcile.resolved", "Этого расхождения уже нет: книги сошлись.")

// Accept is the second person's word: the difference stays as explained, or our payment is taken back.
func (m *Module) Accept(ctx context.Context, actor access.Actor, id int64) (CaseShown, error) {
	if err := actor.Require("reconcile", "accept"); err != nil {
		return CaseShown{}, err
	}
	var before StoredCase
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		before, err = findCase(ctx, tx, id)
		return err
	})
	if err != nil {
		return CaseShown{}, err
	}
	if err := mayAccept(&before, actor); err != nil {
		return CaseShown{}, err
	}
	if before.State == CaseExplained && before.Wanted == WantReverse {
		if err := m.reverse(ctx, actor, &before); err != nil {
			return CaseShown{}, err
		}
	}
	return m.change(ctx, id, func(tx *db.Tx, s *StoredCase) error {
		if err := mayAccept(s, actor); err != nil || s.State == CaseAccepted {
			return err
		}
		if s.Note != before.Note || s.Wanted != before.Wanted {
			return fault.New(fault.Conflict, "reconcile.moved", "Объяснение только что изменили. Прочитайте его ещё раз.")
		}
		s.State, s.AcceptedBy = CaseAccepted, actor.String()
		return audit.Record(ctx, tx, m.Now(), actor.String(), "reconcile.accepted", fmt.Sprintf("case:%d", id), map[string]string{"explainedBy": s.ExplainedBy, "want": s.Wanted})
	})
}

func mayAccept(s *StoredCase, actor access.Actor) error {
	switch {
	case s.State == CaseResolved:
		return errResolved
	case s.State == CaseOpen:
		return fault.New(fault.Conflict, "reconcile.unexplained", "Сначала кто-то должен объяснить расхождение.")
	case s.State == CaseExplained && s.ExplainedBy == actor.String():
		return fault.New(fault.Conflict, "reconcile.same_person", "Объяснение принимает другой человек, не тот, кто его написал.")
	}
	return nil
}

// change loads a case, changes and saves it.
func (m *Module) change(ctx context.Context, id int64, fn func(tx *db.Tx, s *StoredCase) error) (shown CaseShown, err error) {
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := findCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := fn(tx, &s); err != nil {
			return err
		}
		s.ChangedAt = m.Now()
		shown = s.shown(s.ChangedAt)
		_, err = tx.ExecContext(ctx, "UPDATE reconcile_case SET state = $2, wanted = $3, owner = $4, note = $5, explained_by = $6, accepted_by = $7, changed_at = $8 WHERE case_id = $1",
			id, s.State, s.Wanted, s.Owner, s.Note, s.ExplainedBy, s.AcceptedBy, int64(s.ChangedAt))
		return err
	})
	return shown, err
}

// reverse takes our payment of a case back: the partner never had the money.
func (m *Module) reverse(ctx context.Context, actor access.Actor, s *StoredCase) error {
	return m.Payments.Reverse(ctx, actor.String(), s.OrderKey, s.ExplainedBy+": "+s.Note)
}
