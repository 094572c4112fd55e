package autopay

import (
	"context"
	"errors"
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
	// Bind begins a payment whose way is kept, by the consent given.
	Bind func(ctx context.Context, r payment.StartRequest, building, household int64) (payment.Order, error)
	// Methods are the ways a household has kept, the latest first.
	Methods func(ctx context.Context, building, household int64) ([]Method, error)
	// Forget takes the consent to keep a way back.
	Forget func(ctx context.Context, actor, saved string, building, household int64) error
}

// Deps are what the module stands on.
type Deps struct {
	DB       *db.DB
	Bills    *bill.Module
	Payments *payment.Module
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

// Find gives the state of a household's autopay; a rule that waited for its way of paying gets the one kept since.
func (m *Module) Find(ctx context.Context, ref bill.Ref) (*State, error) {
	s := &State{}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s.Rule, err = findRule(ctx, tx, ref.Building, ref.Household); err != nil || s.Rule == nil {
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
	b, err := m.Bills.At(ctx, ref, 0)
	if err != nil {
		return nil, err
	}
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
	list, err := m.methods(ctx, r.BuildingID, r.HouseholdID)
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

func (m *Module) methods(ctx context.Context, building, household int64) ([]Method, error) {
	if m.Till.Methods == nil {
		return nil, nil
	}
	return m.Till.Methods(ctx, building, household)
}

// Available tells whether ways of paying can be kept here at all.
func (m *Module) Available() bool { return m.Till.Bind != nil && m.Till.Charge != nil }

// TurnOn sets a household's rule, in place of the one before. Without a kept way of paying the rule waits for one.
func (m *Module) TurnOn(ctx context.Context, actor access.Actor, ref bill.Ref, r Rule) (*Rule, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	methods, err := m.methods(ctx, ref.Building, ref.Household)
	if err != nil {
		return nil, err
	}
	err = m.change(ctx, actor, ref, "autopay.on", func(old *Rule) (*Rule, error) {
		r.ID, r.State, r.BuildingID, r.HouseholdID, r.Since = id, On, ref.Building, ref.Household, m.today()
		if old != nil && old.State != Off { // the month that was paid by the rule before is not paid again
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
	var saved string
	err := m.change(ctx, actor, ref, "autopay.off", func(old *Rule) (*Rule, error) {
		if old == nil {
			return nil, errNoRule
		}
		saved = old.SavedID
		old.State = Off
		return old, nil
	})
	if err == nil && saved != "" && m.Till.Forget != nil {
		err = m.Till.Forget(ctx, actor.String(), saved, ref.Building, ref.Household)
	}
	return err
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

// change writes the household's rule as fn makes it of the one there is.
func (m *Module) change(ctx context.Context, actor access.Actor, ref bill.Ref, action string, fn func(old *Rule) (*Rule, error)) error {
	if ref.Household == 0 {
		return fault.New(fault.NotFound, "bill.none", "К вашему входу не привязан ни один лицевой счёт.")
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := findRule(ctx, tx, ref.Building, ref.Household)
		if err != nil {
			return err
		}
		at := m.Now()
		if old != nil {
			at = max(at, old.RecordedAt+1)
		}
		r, err := fn(old)
		if err != nil {
			return err
		}
		r.Actor, r.RecordedAt = actor.String(), at
		if err := insertRule(ctx, tx, r); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, at, actor.String(), action, "household:"+bill.RefText(ref), map[string]int64{"cap": int64(r.Cap), "day": int64(r.Day)}); err != nil {
			return err
		}
		return m.tell(ctx, tx, ref, event.Autopay{What: r.State, Sum: int64(r.Fixed), Limit: int64(r.Cap)})
	})
}

// Veto says no to the month that is told of.
func (m *Module) Veto(ctx context.Context, ref bill.Ref) error {
	return m.answer(ctx, ref, func(t *Turn) error {
		if t.State != Told && t.State != Asks && t.State != Failed {
			return errNothingWaits
		}
		t.State = Vetoed
		return nil
	})
}

// Agree says yes to a month above the cap: it is paid at the next round.
func (m *Module) Agree(ctx context.Context, ref bill.Ref) error {
	return m.answer(ctx, ref, func(t *Turn) error {
		if t.State != Asks {
			return errNothingWaits
		}
		t.State, t.NextOn = Told, m.today()
		return nil
	})
}

var errNothingWaits = fault.New(fault.Conflict, "autopay.nothing_waits", "Списание уже прошло или отменено. Обновите страницу.")

// answer changes the latest turn of a household.
func (m *Module) answer(ctx context.Context, ref bill.Ref, fn func(t *Turn) error) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := findRule(ctx, tx, ref.Building, ref.Household)
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
		return errors.Join(err, m.tell(ctx, tx, ref, t.event()))
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
