package autopay

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
)

// share is what an actor has of a home's autopay.
type share struct {
	person  int64 // 0: a session of a household without a person
	manages bool  // he decides about the household's
	part    bool  // he pays a part of the bill
}

func (m *Module) shareOf(ctx context.Context, actor access.Actor, ref bill.Ref) (s share, err error) {
	s.manages = true
	if actor.Role != access.Resident || actor.UserID == 0 {
		return s, nil
	}
	d, err := m.People.DivisionOf(ctx, ref.Building, ref.Household)
	s.person, s.manages, s.part = actor.UserID, actor.Rights.Has(access.Manage), d.Has(actor.UserID)
	return s, err
}

// owner is whose a new rule is: the person's, or the household's (0).
func (s *share) owner() int64 {
	if s.part || !s.manages {
		return s.person
	}
	return 0
}

// find is the rule an actor has: his own, or the household's he manages; where he pays a part, only one that pays it. nil: none.
func (s *share) find(ctx context.Context, tx *db.Tx, ref bill.Ref) (found *Rule, err error) {
	list, err := rulesOf(ctx, tx, ref.Building, ref.Household)
	for i := range list {
		r := &list[i]
		mine := r.PersonID != 0 && r.PersonID == s.person
		if !mine && (r.PersonID != 0 || !s.manages || s.part && r.Payer() != s.person) {
			continue
		}
		if found == nil || found.State == Off || mine && r.State != Off {
			found = r
		}
	}
	return found, err
}

// partBill is the live bill of a rule's home: its payer's part of it where it is shared.
func (m *Module) partBill(ctx context.Context, r *Rule) (*bill.Bill, error) {
	b, err := m.Bills.At(ctx, bill.Ref{Building: r.BuildingID, Household: r.HouseholdID}, 0)
	if err == nil {
		err = m.Bills.Divide(ctx, b, r.Payer())
	}
	return b, err
}

// lapsed ends the rule of a person who may not pay for the home any more, and halts one that paid a part there is no more of: what
// he did not agree to is never taken. It tells whether the rule pays nothing now.
func (m *Module) lapsed(ctx context.Context, r *Rule) (bool, error) {
	if r.PersonID == 0 {
		return false, nil
	}
	may, err := m.mayPay(ctx, r)
	if err != nil {
		return false, err
	}
	if !may {
		if err := m.halt(ctx, r, Off, "autopay.off"); err != nil {
			return true, err
		}
		return true, m.forget(ctx, systemActor, r)
	}
	if !r.OfPart || r.State != On {
		return false, nil
	}
	d, err := m.People.DivisionOf(ctx, r.BuildingID, r.HouseholdID)
	if err != nil || d.Has(r.PersonID) {
		return false, err
	}
	return true, m.halt(ctx, r, Paused, "autopay.paused")
}

// systemActor is who changes a rule that nobody asked to change.
const systemActor = "autopay"

// mayPay tells whether the person of a rule may pay for its home today.
func (m *Module) mayPay(ctx context.Context, r *Rule) (bool, error) {
	homes, err := m.People.Homes(ctx, r.PersonID)
	for i := range homes {
		h := &homes[i]
		if h.Building == r.BuildingID && h.Household == r.HouseholdID && h.RightsOn(m.People.Today()).Has(access.Pay) {
			return true, nil
		}
	}
	return false, err
}

func (m *Module) halt(ctx context.Context, r *Rule, state, action string) error {
	r.State = state
	return m.DB.Write(ctx, func(tx *db.Tx) error { return m.record(ctx, tx, systemActor, action, r) })
}

// payerOf names who pays by a rule, as an order keeps it: what he pays of a home that is shared counts for him.
func payerOf(r *Rule, b *bill.Bill) string {
	if b.Divided {
		return access.Actor{Role: access.Resident, UserID: r.Payer()}.String()
	}
	return systemActor
}

// TurnOffAll ends every rule of a household: it is no more here.
func (m *Module) TurnOffAll(ctx context.Context, actor access.Actor, ref bill.Ref) error {
	var list []Rule
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = rulesOf(ctx, tx, ref.Building, ref.Household)
		return err
	})
	for i := range list {
		r := &list[i]
		if err != nil || r.State == Off {
			continue
		}
		r.State = Off
		err = m.DB.Write(ctx, func(tx *db.Tx) error { return m.record(ctx, tx, actor.String(), "autopay.off", r) })
		if err == nil {
			err = m.forget(ctx, actor.String(), r)
		}
	}
	return err
}
