package autopay

import (
	"context"
	"errors"
	"fmt"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/restore"
)

// Round brings every rule on: tells of what comes, pays what was told, asks the bank about what it has not answered. It may
// be killed at any moment and run again, or by two at once. One that fails does not hold up the others.
func (m *Module) Round(ctx context.Context) error {
	if held, err := restore.HeldNow(ctx, m.DB, restore.StepReconcile); err != nil || held {
		return err
	}
	var rules []Rule
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		rules, err = listRules(ctx, tx, "WHERE r.state <> 'off' AND "+lastRule+" ORDER BY r.building_id, r.household_id, r.person_id")
		return err
	})
	for i := range rules {
		if e := m.step(ctx, &rules[i]); e != nil {
			err = errors.Join(err, fmt.Errorf("autopay of household %d: %w", rules[i].HouseholdID, e))
		}
	}
	return err
}

// step brings one rule on.
func (m *Module) step(ctx context.Context, r *Rule) error {
	open, err := m.open(ctx, r)
	if err != nil {
		return err
	}
	if open != nil && open.State == Paying { // also of a paused rule: the money may be gone already
		return m.pay(ctx, r, open)
	}
	if halted, err := m.lapsed(ctx, r); err != nil || halted {
		return err
	}
	if r.State != On || !m.Available() {
		return nil
	}
	method, err := m.methodOf(ctx, r)
	if err != nil || method == nil {
		return err
	}
	if open == nil {
		return m.begin(ctx, r)
	}
	if (open.State == Told || open.State == Failed) && m.today() >= open.NextOn {
		return m.pay(ctx, r, open)
	}
	return nil
}

// open is the turn of a rule that is not done: the latest, unless its month is over and it still asks.
func (m *Module) open(ctx context.Context, r *Rule) (t *Turn, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listTurns(ctx, tx, "WHERE building_id = $1 AND rule_id = $2 ORDER BY month DESC LIMIT 1", r.BuildingID, r.ID)
		if len(list) > 0 && !list[0].Done() && !(list[0].State == Asks && list[0].Month < m.today().Month()) {
			t = &list[0]
		}
		return err
	})
	return t, err
}

// begin tells of the next payment when its time has come.
func (m *Module) begin(ctx context.Context, r *Rule) error {
	today := m.today()
	month := r.month(today)
	for range 2 { // this month's day, or one early in the next
		if today < r.on(month).AddDays(-noticeDays) {
			return nil
		}
		var t *Turn
		err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
			t, err = findTurn(ctx, tx, r.BuildingID, r.ID, month)
			return err
		})
		if err != nil {
			return err
		}
		if t == nil {
			return m.announce(ctx, r, month)
		}
		month = month.Add(1)
	}
	return nil
}

func (m *Module) announce(ctx context.Context, r *Rule, month calendar.Month) error {
	b, err := m.bill(ctx, r)
	if err != nil {
		return err
	}
	t := r.first(month, b.Payable(), m.today(), m.Now())
	if t.Sum <= 0 {
		if m.today() < r.on(month) {
			return nil // the bill may still come
		}
		t.State = Nothing
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		fresh, err := insertTurn(ctx, tx, &t)
		if err != nil || !fresh || t.State == Nothing {
			return err
		}
		e := t.event()
		e.Person = r.PersonID
		return m.tell(ctx, tx, bill.Ref{Building: r.BuildingID, Household: r.HouseholdID}, e)
	})
}

func (m *Module) bill(ctx context.Context, r *Rule) (*bill.Bill, error) {
	b, err := m.partBill(ctx, r)
	if err == nil {
		err = m.Bills.Owed(ctx, b)
	}
	return b, err
}

// pay charges a turn: at most what was told, and only what is due now. A turn that is at the bank already is asked about by
// its key; only one that never reached it is charged again, under the same key.
func (m *Module) pay(ctx context.Context, r *Rule, t *Turn) error {
	if t.State == Paying {
		o, err := m.Payments.FindByKey(ctx, t.key(), t.input())
		if err == nil {
			if !payment.Final(o.State) {
				o, err = m.Payments.Confirm(ctx, o.PublicID)
			}
			return m.settle(ctx, r, t, &o, err)
		}
		if !m.Payments.Unknown(err) {
			return err
		}
	}
	b, err := m.bill(ctx, r)
	if err != nil {
		return err
	}
	if waits, err := m.waits(ctx, b); err != nil || waits {
		return err // a payment of theirs may be paying the same
	}
	sum := min(r.sum(b.Payable()), t.Sum)
	if sum <= 0 {
		return m.move(ctx, r, t, Nothing, event.Autopay{})
	}
	if t.State != Paying {
		if done, err := m.take(ctx, t, sum); err != nil || !done {
			return err
		}
	}
	wish := payment.Wish{Sum: sum}
	if sum == b.Payable() {
		wish = payment.Wish{All: true}
	}
	plan, err := bill.Split([]*bill.Bill{b}, wish)
	if err != nil {
		return err
	}
	o, err := m.Till.Charge(ctx, payment.StartRequest{Key: t.key(), Input: t.input(), Plan: plan, Method: "card", Description: "Автоплатёж за ЖКУ", Actor: payerOf(r, b)}, r.SavedID)
	if fault.CodeOf(err) == "saved.unknown" {
		return m.refused(ctx, r, t, "способ оплаты больше не хранится")
	}
	return m.settle(ctx, r, t, &o, err)
}

// waits tells whether a payment of the household is at its bank.
func (m *Module) waits(ctx context.Context, b *bill.Bill) (found bool, err error) {
	ids := make([]int64, 0, len(b.Suppliers))
	for _, s := range b.Suppliers {
		ids = append(ids, s.AccountID)
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		o, err := m.Payments.FindWaiting(ctx, tx, b.BuildingID, ids, 0)
		found = o != nil
		return err
	})
	return found, err
}

// take begins a try: written before the bank is asked, so that whoever comes after a crash finds its key.
func (m *Module) take(ctx context.Context, t *Turn, sum money.Amount) (done bool, err error) {
	state, tries := t.State, t.Tries
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		t.State, t.Tries, t.Sum, t.Reason, t.ChangedAt = Paying, tries+1, sum, "", m.Now()
		done, err = updateTurn(ctx, tx, t, state, tries)
		return err
	})
	return done, err
}

// settle draws what became of the order.
func (m *Module) settle(ctx context.Context, r *Rule, t *Turn, o *payment.Order, err error) error {
	if err != nil {
		return err
	}
	t.PublicID = o.PublicID
	switch o.State {
	case payment.StateCaptured, payment.StateCredited:
		return m.paid(ctx, r, t, o)
	case payment.StateDeclined, payment.StateExpired, payment.StateCancelled:
		return m.refused(ctx, r, t, o.Reason)
	}
	return nil // the bank has not answered: the next round asks
}

// paid closes a turn. What a payment made at the same time left over is told as an advance.
func (m *Module) paid(ctx context.Context, r *Rule, t *Turn, o *payment.Order) error {
	b, err := m.bill(ctx, r)
	if err != nil {
		return err
	}
	return m.move(ctx, r, t, Paid, event.Autopay{Sum: int64(o.Sum), Advance: int64(min(o.Sum, b.Advance))})
}

func (m *Module) refused(ctx context.Context, r *Rule, t *Turn, reason string) error {
	before := t.State
	t.refuse(reason, m.today())
	state := t.State
	t.State = before
	return m.move(ctx, r, t, state, event.Autopay{})
}

// move brings a turn to a state and tells of it; the figures given are told instead of the turn's.
func (m *Module) move(ctx context.Context, r *Rule, t *Turn, state string, told event.Autopay) error {
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		next := *t
		next.State, next.ChangedAt = state, m.Now()
		if told.Sum != 0 {
			next.Sum = money.Amount(told.Sum)
		}
		done, err := updateTurn(ctx, tx, &next, t.State, t.Tries)
		if err != nil || !done {
			return err
		}
		e := next.event()
		e.Advance, e.Person = told.Advance, r.PersonID
		return m.tell(ctx, tx, bill.Ref{Building: t.BuildingID, Household: t.HouseholdID}, e)
	})
}
