package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// ranksOf order the states: a state never goes back.
var ranksOf = map[string]int{StateCreated: 0, StatePending: 1, StateAuthorised: 2, StateDeclined: 3, StateExpired: 3, StateCancelled: 3, StateCaptured: 4, StateCredited: 5}

// advance applies what the acquirer says of an order as it was seen, forward only, and posts what follows. A sum, key or
// currency that is not ours is quarantined, never applied. A late capture of an order we gave up wins: the money was taken.
func (m *Module) advance(ctx context.Context, seen Order, r gateway.Payment) (Order, error) {
	o, err := m.advanceOnce(ctx, seen, r)
	for try := 1; try < advanceTries && errors.Is(err, errMoved); try++ {
		if seen, err = m.Find(ctx, seen.PublicID); err == nil {
			o, err = m.advanceOnce(ctx, seen, r)
		}
	}
	if err == nil && o.State == StateCaptured {
		o, err = m.post(ctx, o)
	}
	if err == nil && o.State == StateCredited && r.Refunded > 0 {
		return m.takeOutside(ctx, o, r)
	}
	return o, err
}

// errMoved says that somebody else changed the order between our look and our write.
var errMoved = fault.New(fault.Conflict, "payment.moved", "Платёж только что изменился. Повторите.")

const advanceTries = 5

// advanceOnce writes over the order it saw and no other, so two who were told different things cannot take an order back.
// A captured order whose money goes to one building is credited by the same transaction.
func (m *Module) advanceOnce(ctx context.Context, seen Order, r gateway.Payment) (o Order, err error) {
	id, err := m.db.NextIDs(ctx, 1+followIDs(len(seen.Parts)))
	if err != nil {
		return seen, err
	}
	err = m.db.WriteJoint(ctx, func(tx *db.Tx) error {
		o = seen
		o.Parts = slices.Clone(seen.Parts)
		if err := m.admit(ctx, tx, &o, r); err != nil {
			return err
		}
		if r.Saved != nil && r.State == StateCaptured {
			if err := m.keep(ctx, tx, &o, r.Saved); err != nil {
				return err
			}
		}
		if ranksOf[r.State] <= ranksOf[o.State] && o.GatewayID != "" {
			return nil
		}
		return m.overwrite(ctx, tx, &o, &seen, r, id)
	})
	return o, err
}

// overwrite writes what the acquirer says over the order as it was seen; errMoved when it is not that any more.
func (m *Module) overwrite(ctx context.Context, tx *db.Tx, o, seen *Order, r gateway.Payment, id int64) error {
	var b db.Batch
	o.GatewayID, o.Reason, o.ChangedAt = r.ID, r.Reason, m.now()
	if r.RedirectURL != "" {
		o.RedirectURL = r.RedirectURL
	}
	if ranksOf[r.State] > ranksOf[o.State] {
		m.step(&b, o, r)
		if err := o.creditAtOnce(&b, id); err != nil {
			return err
		}
	}
	res, err := tx.ExecContext(ctx, `UPDATE payment_order SET state = $2, gateway_id = $3, redirect_url = $4, reason = $5, changed_at = $6, sum_kop = $9, paid_on = $10
		WHERE client_key = $1 AND state = $7 AND gateway_id = $8`, o.Key, o.State, o.GatewayID, o.RedirectURL, o.Reason, int64(o.ChangedAt), seen.State, seen.GatewayID, int64(o.Sum), int64(o.PaidOn))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errMoved)
	}
	if err := tx.Send(ctx, &b); err != nil || o.State != StateCredited || seen.State == StateCredited {
		return err
	}
	posted, _ := o.posting(o.Parts[0].BuildingID, id, o.ChangedAt)
	return follow(ctx, tx, &posted, id+1)
}

// creditAtOnce posts a captured order whose money goes to one building with the step itself; of several each is posted by
// itself, so that none waits for another.
func (o *Order) creditAtOnce(b *db.Batch, id int64) error {
	buildings := o.buildings()
	if o.State != StateCaptured || len(buildings) != 1 {
		return nil
	}
	o.State = StateCredited
	b.Add(partsPosted, buildings[0], o.ID, int64(o.ChangedAt))
	return o.addPostings(b, id, o.ChangedAt)
}

// admit refuses an answer that is not about our order: another key, currency or sum, or a second charge of a paid order.
// A smaller sum is ours when that part of a held sum was to be taken.
func (m *Module) admit(ctx context.Context, tx *db.Tx, o *Order, r gateway.Payment) error {
	second := o.GatewayID != "" && o.GatewayID != r.ID && ranksOf[o.State] >= ranksOf[StateCaptured]
	sum := o.Sum
	if r.Sum != sum && r.State == StateCaptured {
		h, err := findHold(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		if h.decision == holdCapture {
			sum = h.sum
		}
	}
	if r.Sum == sum && r.Key == o.PublicID && r.Currency == "RUB" && !second {
		return nil
	}
	return fault.New(fault.Conflict, "payment.foreign", "Ответ банка не о нашем платеже. Деньги не зачислены, центр разбирается.").
		Because(fmt.Errorf("order %d: payment %q, sum %d, key %q, currency %q", o.ID, r.ID, r.Sum, r.Key, r.Currency))
}

// step moves an order to a later state with what belongs to it: the payer's day, the part that was taken of a held sum.
func (m *Module) step(b *db.Batch, o *Order, r gateway.Payment) {
	if r.State == StateAuthorised || r.State == StateCaptured && o.State != StateAuthorised {
		m.setDay(b, o, r)
	}
	o.State = r.State
	if r.State == StateCaptured && r.Sum < o.Sum {
		o.shrink(b, r.Sum)
	}
}

// setDay dates an order to the day its payer paid: penalties follow it. A day before the order or after today is the
// acquirer's clock, not the payer's day.
func (m *Module) setDay(b *db.Batch, o *Order, r gateway.Payment) {
	day := m.today()
	if !r.PaidAt.IsZero() {
		if told := calendar.DateOf(r.PaidAt.In(m.zone)); told >= o.PaidOn && told <= day {
			day = told
		}
	}
	if day == o.PaidOn {
		return
	}
	o.PaidOn = day
	for i := range o.Parts {
		o.Parts[i].PaidOn = day
	}
	b.Add("UPDATE payment_part SET paid_on = $2 WHERE order_id = $1 AND posted_at = 0", o.ID, int64(day))
}

// shrink leaves of an order the part that was taken: its parts get their proportion. None of them was posted yet.
func (o *Order) shrink(b *db.Batch, sum money.Amount) {
	weights := make([]int64, len(o.Parts))
	for i := range o.Parts {
		weights[i] = int64(o.Parts[i].Amount)
	}
	parts := o.Parts[:0:0]
	for i, amount := range money.Split(sum, weights) {
		p := o.Parts[i]
		p.Amount = amount
		query := "UPDATE payment_part SET amount_kop = $4 WHERE building_id = $1 AND order_id = $2 AND part_no = $3 AND posted_at = 0"
		if amount == 0 {
			query = "DELETE FROM payment_part WHERE building_id = $1 AND order_id = $2 AND part_no = $3 AND posted_at = 0 AND amount_kop >= $4"
		} else {
			parts = append(parts, p)
		}
		b.Add(query, p.BuildingID, o.ID, int64(p.No), int64(amount))
	}
	o.Sum, o.Parts = sum, parts
}
