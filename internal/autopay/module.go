package autopay

import (
	"context"
	"log/slog"
	"time"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/payment"
	"kvit/internal/person"
)

// Method is a way of paying that was kept.
type Method struct {
	ID      string
	Title   string
	Expires calendar.Month // 0: never
}

// Till is what payments do for autopay.
type Till struct {
	// Charge pays by a kept way, without the payer. The same key with the same input is the same payment.
	Charge func(ctx context.Context, r payment.StartRequest, saved string) (payment.Order, error)
	// Bind begins a payment whose way is kept for a rule, by the consent given.
	Bind func(ctx context.Context, r payment.StartRequest, of *Rule) (payment.Order, error)
	// Methods are the ways kept that a rule may use, the latest first.
	Methods func(ctx context.Context, of *Rule) ([]Method, error)
	// Forget takes the consent to keep a rule's way back.
	Forget func(ctx context.Context, actor string, of *Rule) error
}

// Deps are what the module stands on.
type Deps struct {
	DB       *db.DB
	Bills    *bill.Module
	Payments *payment.Module
	People   *person.Module
	Till     Till
	Zone     *time.Location
	Now      func() calendar.Micros
	Log      *slog.Logger
}

// Module holds the operations on autopay.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

func (m *Module) today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }

// State is what a payer sees: his rule, its way of paying, the turn of the month and those before.
type State struct {
	Rule    *Rule // nil: there never was one
	Method  *Method
	Turns   []Turn // the latest first
	Preview *Preview
}

// historyMax is how many months are shown.
const historyMax = 24

// Find gives the state of the autopay of a home as its actor has it: his own, or the household's he manages. A rule that waited for
// its way of paying gets the one kept since.
func (m *Module) Find(ctx context.Context, actor access.Actor, ref bill.Ref) (*State, error) {
	s := &State{}
	share, err := m.shareOf(ctx, actor, ref)
	if err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s.Rule, err = share.find(ctx, tx, ref); err != nil || s.Rule == nil {
			return err
		}
		s.Turns, err = listTurns(ctx, tx, "WHERE building_id = $1 AND rule_id = $2 ORDER BY month DESC LIMIT $3", ref.Building, s.Rule.ID, int64(historyMax))
		return err
	})
	if err != nil || s.Rule == nil || s.Rule.State == Off {
		return s, err
	}
	if s.Method, err = m.methodOf(ctx, s.Rule); err != nil || s.Rule.State != On {
		return s, err
	}
	b, err := m.partBill(ctx, s.Rule)
	if err != nil {
		return nil, err
	}
	s.Rule.OfPart = s.Rule.OfPart || b.Divided
	var expires calendar.Month
	if s.Method != nil {
		expires = s.Method.Expires
	}
	month := s.Rule.month(m.today())
	p := s.Rule.Next(b.Payable(), m.today(), len(s.Turns) > 0 && s.Turns[0].Month == month && s.Turns[0].Done(), expires)
	s.Preview = &p
	return s, nil
}

// methodOf is the way a rule pays; nil when none is kept. A rule without one takes the latest kept.
func (m *Module) methodOf(ctx context.Context, r *Rule) (*Method, error) {
	list, err := m.methods(ctx, r)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID == r.SavedID {
			return &list[i], nil
		}
	}
	if r.SavedID != "" || len(list) == 0 {
		return nil, nil
	}
	r.SavedID = list[0].ID
	return &list[0], m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		r.RecordedAt = m.Now()
		return insertRule(ctx, tx, r)
	})
}

func (m *Module) methods(ctx context.Context, r *Rule) ([]Method, error) {
	if m.Till.Methods == nil {
		return nil, nil
	}
	return m.Till.Methods(ctx, r)
}

// Available tells whether ways of paying can be kept here at all.
func (m *Module) Available() bool { return m.Till.Bind != nil && m.Till.Charge != nil }

// TurnOn sets the actor's rule for a home, in place of the one before: his own where he pays a part or does not manage the home,
// else the household's. Without a kept way of paying the rule waits for one.
func (m *Module) TurnOn(ctx context.Context, actor access.Actor, ref bill.Ref, r Rule) (*Rule, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	share, err := m.shareOf(ctx, actor, ref)
	if err != nil {
		return nil, err
	}
	r.BuildingID, r.HouseholdID = ref.Building, ref.Household
	r.PersonID, r.OfPart = share.owner(), share.part
	methods, err := m.methods(ctx, &r)
	if err != nil {
		return nil, err
	}
	err = m.change(ctx, actor, ref, "autopay.on", func(old *Rule) (*Rule, error) {
		r.ID, r.State, r.Since = id, On, m.today()
		if old != nil && old.State != Off && old.PersonID == r.PersonID { // the month that was paid by the rule before is not paid again
			r.ID = old.ID
		}
		if r.SavedID = ""; len(methods) > 0 {
			r.SavedID = methods[0].ID
		}
		return &r, nil
	})
	return &r, err
}

// Pause stops a rule until Resume.
func (m *Module) Pause(ctx context.Context, actor access.Actor, ref bill.Ref) error {
	return m.switchTo(ctx, actor, ref, Paused, "autopay.paused")
}

// Resume goes on with a paused rule.
func (m *Module) Resume(ctx context.Context, actor access.Actor, ref bill.Ref) error {
	return m.switchTo(ctx, actor, ref, On, "autopay.resumed")
}

// TurnOff ends a rule and takes the consent to its way of paying back. What is at the bank already is not called back.
func (m *Module) TurnOff(ctx context.Context, actor access.Actor, ref bill.Ref) error {
	var off Rule
	err := m.change(ctx, actor, ref, "autopay.off", func(old *Rule) (*Rule, error) {
		if old == nil {
			return nil, errNoRule
		}
		off = *old
		old.State = Off
		return old, nil
	})
	if err != nil {
		return err
	}
	return m.forget(ctx, actor.String(), &off)
}

// forget takes the consent to a rule's way of paying back, unless another rule pays by it.
func (m *Module) forget(ctx context.Context, actor string, r *Rule) error {
	if r.SavedID == "" || m.Till.Forget == nil {
		return nil
	}
	var others []Rule
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		others, err = listRules(ctx, tx, "WHERE r.saved_id = $1 AND r.state <> 'off' AND r.rule_id <> $2 AND "+lastRule, r.SavedID, r.ID)
		return err
	})
	if err != nil || len(others) > 0 {
		return err
	}
	return m.Till.Forget(ctx, actor, r)
}

var errNoRule = fault.New(fault.NotFound, "autopay.none", "Автоплатёж не подключён.")

func (m *Module) switchTo(ctx context.Context, actor access.Actor, ref bill.Ref, state, action string) error {
	return m.change(ctx, actor, ref, action, func(old *Rule) (*Rule, error) {
		if old == nil || old.State == Off {
			return nil, errNoRule
		}
		if old.State = state; state == On {
			old.Since = m.today()
		}
		return old, nil
	})
}

// change writes the actor's rule as fn makes it of the one there is. One that was the household's, and becomes a person's, ends.
func (m *Module) change(ctx context.Context, actor access.Actor, ref bill.Ref, action string, fn func(old *Rule) (*Rule, error)) error {
	if ref.Household == 0 {
		return fault.New(fault.NotFound, "bill.none", "К вашему входу не привязан ни один лицевой счёт.")
	}
	share, err := m.shareOf(ctx, actor, ref)
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := share.find(ctx, tx, ref)
		if err != nil {
			return err
		}
		var before Rule
		if old != nil {
			before = *old
		}
		r, err := fn(old)
		if err != nil {
			return err
		}
		if before.ID != 0 && before.State != Off && before.PersonID != r.PersonID {
			before.State = Off
			if err := m.record(ctx, tx, actor.String(), "autopay.off", &before); err != nil {
				return err
			}
		}
		return m.record(ctx, tx, actor.String(), action, r)
	})
}

// record writes a rule as it is from now on.
func (m *Module) record(ctx context.Context, tx *db.Tx, actor, action string, r *Rule) error {
	r.Actor, r.RecordedAt = actor, m.Now()
	if err := insertRule(ctx, tx, r); err != nil {
		return err
	}
	ref := bill.Ref{Building: r.BuildingID, Household: r.HouseholdID}
	if err := audit.Record(ctx, tx, r.RecordedAt, actor, action, "household:"+bill.RefText(ref), map[string]int64{"cap": int64(r.Cap), "day": int64(r.Day)}); err != nil {
		return err
	}
	return m.tell(ctx, tx, ref, event.Autopay{What: r.State, Person: r.PersonID, Sum: int64(r.Fixed), Limit: int64(r.Cap)})
}
