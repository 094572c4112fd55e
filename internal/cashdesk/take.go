package cashdesk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// Taking is money a clerk takes for a plan the payer has seen.
type Taking struct {
	Clerk      string
	Key        string // of the form
	Input      any    // what was chosen: with the same key it must be the same
	Plan       payment.Plan
	Given      money.Amount // put on the desk; 0: exactly the sum
	Identified bool         // the payer showed a document
}

// Pay takes cash: the payment and its movement are written together, then the parts are posted. The same key gives the
// first receipt.
func (m *Module) Pay(ctx context.Context, t Taking) (s Shift, x Movement, o payment.Order, err error) {
	if t.Given == 0 {
		t.Given = t.Plan.Sum
	}
	if err := t.check(); err != nil {
		return s, x, o, err
	}
	var desk string
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if before, _, err := pressed(ctx, tx, t.Key); err != nil || before != nil {
			if before != nil {
				desk = before.Desk
			}
			return err
		}
		open, err := current(ctx, tx, t.Clerk)
		desk = open.Desk
		return err
	})
	if err != nil {
		return s, x, o, err
	}
	o, err = m.Payments.TakeCash(ctx, payment.CashRequest{Key: "cash:" + t.Key, Input: t.Input, Plan: t.Plan, Desk: desk, Actor: t.Clerk,
		Join: func(ctx context.Context, tx *db.Tx, o *payment.Order) error { return m.join(ctx, tx, &t, o) }})
	if err != nil {
		return s, x, o, err
	}
	s, x, err = m.pressedBy(ctx, t.Key)
	return s, x, o, err
}

func (t *Taking) check() error {
	switch {
	case t.Given < t.Plan.Sum:
		return fault.Newf(fault.Invalid, "cash.given", "Получено меньше, чем %s. Возьмите ещё или уменьшите сумму", t.Plan.Sum.Format()).WithField("given")
	case t.Plan.Sum > IdentifyFrom && !t.Identified:
		return fault.Newf(fault.Invalid, "cash.identify", "Сумма больше %s: проверьте документ плательщика и отметьте это", IdentifyFrom.Format()).WithField("identified")
	}
	return nil
}

// join writes the movement of a payment in its transaction.
func (m *Module) join(ctx context.Context, tx *db.Tx, t *Taking, o *payment.Order) error {
	s, err := current(ctx, tx, t.Clerk)
	if err != nil {
		return err
	}
	x := Movement{Kind: Take, Amount: o.Sum, Given: t.Given, PublicID: o.PublicID, At: m.Now(), key: t.Key}
	if err := add(ctx, tx, &s, &x); err != nil {
		return err
	}
	if !t.Identified {
		return nil
	}
	return audit.Record(ctx, tx, m.Now(), t.Clerk, "cash.identified", "receipt:"+x.Name, nil)
}

// Pressed is the movement an earlier press of a form made; nil when there was none.
func (m *Module) Pressed(ctx context.Context, key string) (x *Movement, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		_, x, err = pressed(ctx, tx, key)
		return err
	})
	return x, err
}

func (m *Module) pressedBy(ctx context.Context, key string) (s Shift, x Movement, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		shift, movement, err := pressed(ctx, tx, key)
		if err == nil && movement == nil {
			err = fault.New(fault.Internal, "cash.no_movement", "Платёж записан, а квитанции нет.")
		}
		if err == nil {
			s, x = *shift, *movement
		}
		return err
	})
	return s, x, err
}

// cancelKey is the key of the refund that gives a movement's payment back.
func cancelKey(s *Shift, no int) string { return fmt.Sprintf("cash:%d:%d", s.ID, no) }

// Undo gives a payment back within its shift, whole: cash leaves the drawer and the payment is refunded by the mirror of its
// split. The intention is written first; a crash in between is finished by FinishCancels. Undoing twice gives back once.
func (m *Module) Undo(ctx context.Context, clerk, name, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.New(fault.Invalid, "cash.reason", "Напишите, почему возвращаете деньги").WithField("reason")
	}
	s, x, err := m.FindReceipt(ctx, name)
	if err != nil {
		return err
	}
	err = m.undoable(ctx, clerk, &s, &x)
	if fault.CodeOf(err) == "cash.refunded" { // by the other press, maybe, since we read the receipt
		if s, x, err = m.FindReceipt(ctx, name); err == nil {
			err = m.undoable(ctx, clerk, &s, &x)
		}
	}
	if err != nil {
		return err
	}
	if x.Undone == 0 {
		err = m.DB.Write(ctx, func(tx *db.Tx) error {
			back := Movement{Kind: Cancel, Amount: -x.Amount, PublicID: x.PublicID, Of: x.No, Note: strings.TrimSpace(reason), At: m.Now(), key: cancelKey(&s, x.No)}
			if err := add(ctx, tx, &s, &back); err != nil {
				return err
			}
			return audit.Record(ctx, tx, m.Now(), clerk, "cash.cancelled", "receipt:"+x.Name, map[string]any{"sum": x.Amount, "reason": back.Note})
		})
		if err != nil && fault.CodeOf(err) != "duplicate" { // the other press has written it
			return err
		}
	}
	return m.giveBack(ctx, clerk, cancelKey(&s, x.No), x.PublicID, x.Amount)
}

// undoable is nil when a payment may be given back by a clerk.
func (m *Module) undoable(ctx context.Context, clerk string, s *Shift, x *Movement) error {
	switch {
	case x.Kind != Take:
		return fault.New(fault.Conflict, "cash.not_payment", "Вернуть можно только платёж.")
	case s.Clerk != clerk:
		return fault.New(fault.Forbidden, "cash.foreign", "Это платёж другого кассира. Вернуть его может он.")
	case x.Undone > 0:
		return nil
	case !s.Open():
		return errClosed
	case s.Expected < x.Amount:
		return errLittle
	}
	o, err := m.Payments.Find(ctx, x.PublicID)
	if err == nil && o.Refunded > 0 {
		err = fault.New(fault.Conflict, "cash.refunded", "Часть этого платежа уже вернули. Остаток возвращает бухгалтер расчётного центра.")
	}
	return err
}

func (m *Module) giveBack(ctx context.Context, clerk, key, publicID string, sum money.Amount) error {
	_, err := m.Payments.Refund(ctx, clerk, publicID, key, sum)
	return err
}

// FinishCancels refunds the payments whose cash was given back when a crash came between.
func (m *Module) FinishCancels(ctx context.Context) error {
	type open struct {
		clerk, key, publicID string
		sum                  money.Amount
	}
	var list []open
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT s.clerk, m.form_key, m.public_id, -m.amount_kop FROM cash_movement m JOIN cash_shift s ON s.shift_id = m.shift_id
			WHERE m.kind = 'cancel' AND NOT EXISTS (SELECT 1 FROM payment_refund r WHERE r.refund_key = m.form_key AND r.state = 'posted')`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var o open
			if err := rows.Scan(&o.clerk, &o.key, &o.publicID, &o.sum); err != nil {
				return err
			}
			list = append(list, o)
		}
		return rows.Err()
	})
	for _, o := range list {
		err = errors.Join(err, m.giveBack(ctx, o.clerk, o.key, o.publicID, o.sum))
	}
	return err
}
