package refund

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// commentMax bounds what is written beside a request or a decision, in letters.
const commentMax = 1000

// Room tells what of a payment may still be asked for.
func (m *Module) Room(ctx context.Context, publicID string) (payment.Returnable, error) {
	r, err := m.Payments.ReturnableOf(ctx, publicID)
	if err != nil {
		return r, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		all, advance, err := askedFor(ctx, tx, publicID)
		r.All, r.Advance = max(0, r.All-all), max(0, r.Advance-advance)
		return err
	})
	return payment.Returnable{All: r.All, Advance: min(r.Advance, r.All)}, err
}

// Ask records a request. The same key again gives the first one.
func (m *Module) Ask(ctx context.Context, key string, r Request) (Request, error) {
	r.Comment = strings.TrimSpace(r.Comment)
	switch {
	case KindWords[r.Kind] == "":
		return r, fault.New(fault.Invalid, "refund.kind", "Отметьте, почему вернуть деньги.").WithField("kind")
	case r.Kind == Other && r.Comment == "":
		return r, fault.New(fault.Invalid, "refund.comment", "Напишите, почему вернуть деньги.").WithField("comment")
	case utf8.RuneCountInString(r.Comment) > commentMax:
		return r, fault.Newf(fault.Invalid, "refund.comment", "Напишите короче: до %d букв.", commentMax).WithField("comment")
	case r.Sum <= 0:
		return r, fault.New(fault.Invalid, "refund.sum", "Сумма возврата должна быть больше нуля.").WithField("sum")
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return r, err
	}
	returnable, err := m.Payments.ReturnableOf(ctx, r.PublicID)
	if err != nil {
		return r, err
	}
	now := m.Now()
	r.ID, r.State, r.AnswerBy, r.AskedAt, r.ChangedAt = id, Asked, m.today().AddDays(AnswerDays), now, now
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := listRequests(ctx, tx, "WHERE client_key = $1", key)
		if err != nil {
			return err
		}
		if len(old) > 0 {
			r = old[0]
			return nil
		}
		if err := r.fits(ctx, tx, returnable); err != nil {
			return err
		}
		if err := insertRequest(ctx, tx, key, &r); err != nil {
			return err
		}
		return m.audited(ctx, tx, &r, r.Actor, "asked")
	})
	return r, err
}

// fits refuses to ask for more than may go back beside the other open requests.
func (r *Request) fits(ctx context.Context, tx *db.Tx, returnable payment.Returnable) error {
	all, advance, err := askedFor(ctx, tx, r.PublicID)
	if err != nil {
		return err
	}
	room := returnable.All - all
	if r.Kind == Advance {
		room = min(room, returnable.Advance-advance)
	}
	if r.Sum > max(0, room) {
		return fault.Newf(fault.Invalid, "refund.more_than_left", "Вернуть можно не больше %s.", max(money.Amount(0), room).Format()).WithField("sum")
	}
	return nil
}

func (m *Module) audited(ctx context.Context, tx *db.Tx, r *Request, actor, what string) error {
	return audit.Record(ctx, tx, m.Now(), actor, "refund."+what, fmt.Sprintf("refund:%d", r.ID), map[string]any{"payment": r.PublicID, "sum": int64(r.Sum), "state": r.State})
}

// Withdraw takes a household's own request back while nobody has agreed to it.
func (m *Module) Withdraw(ctx context.Context, actor string, building, household, id int64) error {
	return m.change(ctx, id, func(tx *db.Tx, r *Request) error {
		switch {
		case r.BuildingID != building || r.HouseholdID != household:
			return fault.Newf(fault.NotFound, "refund.request_unknown", "Заявления № %d нет.", id)
		case r.State == Withdrawn:
			return nil
		case r.State != Asked:
			return fault.New(fault.Conflict, "refund.decided", "Заявление уже решают, отозвать его нельзя.")
		}
		r.State = Withdrawn
		return m.audited(ctx, tx, r, actor, "withdrawn")
	})
}

// change loads a request, changes it and stores it, in one transaction.
func (m *Module) change(ctx context.Context, id int64, fn func(tx *db.Tx, r *Request) error) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := findRequest(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := fn(tx, &r); err != nil {
			return err
		}
		r.ChangedAt = m.Now()
		return updateRequest(ctx, tx, &r)
	})
}

// Refuse answers a request with no, and why: the payer reads it.
func (m *Module) Refuse(ctx context.Context, actor string, id int64, answer string) error {
	answer = strings.TrimSpace(answer)
	if answer == "" || utf8.RuneCountInString(answer) > commentMax {
		return fault.Newf(fault.Invalid, "refund.answer", "Напишите плательщику, почему отказали, до %d букв.", commentMax).WithField("answer")
	}
	return m.change(ctx, id, func(tx *db.Tx, r *Request) error {
		if r.State == Refused && r.DecidedBy == actor {
			return nil
		}
		if r.State != Asked && r.State != Agreed && r.State != Failed {
			return fault.Newf(fault.Conflict, "refund.decided", "Заявление № %d уже решено: %s.", r.ID, Labels[r.State])
		}
		r.State, r.Answer, r.DecidedBy, r.DecidedAt = Refused, answer, actor, m.Now()
		return m.audited(ctx, tx, r, actor, "refused")
	})
}

// Agree gives the money back, or, above Alone, notes the first of two persons. What the bank does not answer stays Returning.
func (m *Module) Agree(ctx context.Context, actor string, id int64) error {
	last := false
	err := m.change(ctx, id, func(tx *db.Tx, r *Request) (err error) {
		if last, err = m.may(r, actor); err != nil {
			return err
		}
		if !last {
			r.State, r.AgreedBy, r.AgreedAt = Agreed, actor, m.Now()
			return m.audited(ctx, tx, r, actor, "agreed")
		}
		r.State, r.Attempt, r.Answer, r.DecidedBy, r.DecidedAt = Returning, r.Attempt+1, "", actor, m.Now()
		return m.audited(ctx, tx, r, actor, "decided")
	})
	if err != nil || !last {
		return err
	}
	err = m.finish(ctx, id)
	if fault.Is(err, fault.Unavailable) {
		return nil // the bank is silent: Finish asks again
	}
	return err
}

// finish asks the bank for what was decided and notes what became of it.
func (m *Module) finish(ctx context.Context, id int64) error {
	r, err := m.Find(ctx, id)
	if err != nil || r.State != Returning {
		return err
	}
	give := m.Payments.Refund
	if r.Kind == Advance {
		give = m.Payments.RefundAdvance
	}
	key := fmt.Sprintf("request:%d:%d", r.ID, r.Attempt)
	if r.AccountID != 0 {
		_, err = m.Payments.RefundAdvanceOf(ctx, r.DecidedBy, r.PublicID, key, r.AccountID, r.Sum)
	} else {
		_, err = give(ctx, r.DecidedBy, r.PublicID, key, r.Sum)
	}
	state, answer := Returned, ""
	switch {
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Invalid):
		state, answer = Failed, fault.As(err).Message
	case err != nil:
		return err
	}
	return m.change(ctx, id, func(tx *db.Tx, r *Request) error {
		if r.State != Returning {
			return nil
		}
		r.State, r.Answer = state, answer
		return m.audited(ctx, tx, r, r.DecidedBy, state)
	})
}

// Finish asks again about refunds whose outcome is not known. One that fails does not hold up the others.
func (m *Module) Finish(ctx context.Context) error {
	list, err := m.List(ctx, Filter{States: []string{Returning}, Limit: finishMax})
	for i := range list {
		if one := m.finish(ctx, list[i].ID); !fault.Is(one, fault.Unavailable) {
			err = errors.Join(err, one)
		}
	}
	return err
}

// finishMax is how many one round asks about.
const finishMax = 200

// Find gives a request.
func (m *Module) Find(ctx context.Context, id int64) (r Request, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = findRequest(ctx, tx, id)
		return err
	})
	return r, err
}

// Filter chooses requests.
type Filter struct {
	States []string // none is all
	Limit  int
}

// List gives requests, those whose term is nearest first.
func (m *Module) List(ctx context.Context, f Filter) (list []Request, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		args, where := []any{int64(f.Limit)}, ""
		if len(f.States) > 0 {
			where = "WHERE " + db.In("state", f.States, &args) + " "
		}
		list, err = listRequests(ctx, tx, where+"ORDER BY answer_by, request_id LIMIT $1", args...)
		return err
	})
	return list, err
}

// OfPayment gives the requests about a payment, the latest first.
func (m *Module) OfPayment(ctx context.Context, publicID string) (list []Request, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listRequests(ctx, tx, "WHERE public_id = $1 ORDER BY request_id DESC", publicID)
		return err
	})
	return list, err
}
