package exchange

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/match"
	"kvit/internal/supplier"
)

// Decide settles a review: join puts the account into the basket of the one named (or of its nearest neighbour),
// merge the same for whole baskets, apart and split keep it in a basket of its own. The decision is a fact that holds
// in every later intake until it is undone; the building is matched anew at once.
func (m *Module) Decide(ctx context.Context, actor access.Actor, reviewID int64, kind, with string) (decision int64, err error) {
	unlock, err := m.lock()
	if err != nil {
		return 0, err
	}
	defer unlock()
	first, err := m.db.NextIDs(ctx, decisionsMax+1)
	if err != nil {
		return 0, err
	}
	var building int64
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		r, err := match.FindReview(ctx, tx, reviewID)
		if err != nil {
			return err
		}
		if r.State != match.ReviewOpen {
			return fault.Newf(fault.Conflict, "review.decided", "По соединению № %d уже решили. Отмените то решение, чтобы решить иначе.", reviewID)
		}
		building = r.BuildingID
		decision, err = m.storeDecisions(ctx, tx, actor, &r, kind, with, first)
		if err != nil {
			return err
		}
		if err := match.CloseReview(ctx, tx, &r, match.ReviewDecided, decision, m.now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.now(), actor.String(), "review.decided", fmt.Sprintf("review:%d", reviewID), map[string]any{"kind": kind, "decision": decision})
	})
	if err != nil {
		return 0, err
	}
	return decision, m.regroupNow(ctx, building)
}

// decisionsMax bounds the pairs one review may settle: the account against each of its neighbours.
const decisionsMax = 16

func (m *Module) storeDecisions(ctx context.Context, tx *db.Tx, actor access.Actor, r *match.StoredReview, kind, with string, id int64) (int64, error) {
	own, err := account.FindMember(ctx, tx, r.BuildingID, r.AccountID, m.now())
	if err != nil {
		return 0, err
	}
	others, err := m.othersOf(ctx, tx, r, with)
	if err != nil {
		return 0, err
	}
	stored := match.DecideApart
	if kind == "join" || kind == "merge" {
		stored = match.DecideJoin
		others = others[:1]
	} else if kind != "apart" && kind != "split" {
		return 0, fault.Newf(fault.Invalid, "review.kind", "Решение %q неизвестно: бывает join, apart, merge и split.", kind)
	}
	for i, o := range others {
		d := match.StoredDecision{ID: id + int64(i), Kind: stored, SupplierID: own.SupplierID, Number: own.Number, OtherSupplierID: o.SupplierID, OtherNumber: o.Number,
			BuildingID: r.BuildingID, Reason: fmt.Sprintf("review %d", r.ID), Actor: actor.String(), DecidedAt: m.now()}
		if err := match.InsertDecision(ctx, tx, &d); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// othersOf are the accounts a review is about: the one named, or those near by.
func (m *Module) othersOf(ctx context.Context, tx *db.Tx, r *match.StoredReview, with string) ([]account.Member, error) {
	if with != "" {
		code, number, ok := strings.Cut(with, ":")
		if !ok {
			return nil, fault.New(fault.Invalid, "review.with", "Второй счёт пишется как поставщик:номер.").WithField("with")
		}
		s, err := supplier.Find(ctx, tx, code)
		if err != nil {
			return nil, err
		}
		route, err := account.FindPrinted(ctx, tx, s.ID, number)
		if err != nil {
			return nil, err
		}
		if route.BuildingID != r.BuildingID {
			return nil, fault.New(fault.Invalid, "review.other_house", "Этот счёт в другом доме. Соединить можно счета одного дома.").WithField("with")
		}
		one, err := account.FindMember(ctx, tx, route.BuildingID, route.AccountID, m.now())
		return []account.Member{one}, err
	}
	var list []account.Member
	for _, id := range r.Near[:min(len(r.Near), decisionsMax)] {
		one, err := account.FindMember(ctx, tx, r.BuildingID, id, m.now())
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return nil, fault.New(fault.Invalid, "review.with", "Укажите, с каким счётом: --with поставщик:номер.").WithField("with")
	}
	return list, nil
}

// Undo takes a decision back; the building is matched as if it had never been made.
func (m *Module) Undo(ctx context.Context, actor access.Actor, decision int64) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock()
	var building int64
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT building_id FROM match_decision WHERE decision_id = $1", decision).Scan(&building); err != nil {
			return fault.Newf(fault.NotFound, "decision.unknown", "Решения № %d нет.", decision).Because(err)
		}
		if err := match.UndoDecision(ctx, tx, decision, actor.String(), m.now()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE match_review SET state = 'open', decided_at = 0, decision_id = 0 WHERE building_id = $1 AND decision_id = $2", building, decision); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.now(), actor.String(), "review.undone", fmt.Sprintf("decision:%d", decision), struct{}{})
	})
	if err != nil {
		return err
	}
	return m.regroupNow(ctx, building)
}

// regroupNow matches one building anew with the decisions in force and writes the links that changed.
func (m *Module) regroupNow(ctx context.Context, building int64) error {
	b := &batch{m: m, req: &Request{}, codes: map[int64]string{}, recorded: m.now()}
	if err := m.db.Read(ctx, func(tx *db.Tx) error { return b.loadCodes(ctx, tx) }); err != nil {
		return err
	}
	var err error
	if b.houses, err = m.houses.Register(ctx); err != nil {
		return err
	}
	st, err := b.load(ctx, building, nil)
	if err != nil {
		return err
	}
	c := &chunk{}
	if err := b.regroup(ctx, c, st, nil); err != nil {
		return err
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		if err := c.accounts.Write(ctx, tx); err != nil {
			return err
		}
		return match.WriteReviews(ctx, tx, c.reviews)
	})
}
