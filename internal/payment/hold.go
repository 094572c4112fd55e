package payment

import (
	"context"
	"database/sql"
	"errors"

	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// Decisions about a held sum.
const (
	holdCapture = "capture"
	holdCancel  = "cancel"
)

// hold is what was decided about an order whose sum is held; without a decision it waits.
type hold struct {
	decision string
	sum      money.Amount
}

// Capture takes the held sum of an order or a part of it; the accounts get their proportion, and the bank lets the rest
// go. It is decided once: the same decision again gives the same answer, another one is a Conflict. When the bank does not
// answer the decision stands and FinishOpen carries it out.
func (m *Module) Capture(ctx context.Context, actor, publicID string, sum money.Amount) (Order, error) {
	return m.settleHold(ctx, actor, publicID, hold{holdCapture, sum})
}

// Cancel lets the held sum of an order go, on the same terms as Capture.
func (m *Module) Cancel(ctx context.Context, actor, publicID string) (Order, error) {
	return m.settleHold(ctx, actor, publicID, hold{holdCancel, 0})
}

func (m *Module) settleHold(ctx context.Context, actor, publicID string, h hold) (Order, error) {
	o, repeated, err := m.decideHold(ctx, actor, publicID, h)
	if err == nil && !(repeated && o.State != StateAuthorised) {
		o, err = m.carryOut(ctx, o, h)
	}
	o.Repeated = repeated
	return o, err
}

// decideHold records the decision before the bank is asked.
func (m *Module) decideHold(ctx context.Context, actor, publicID string, h hold) (o Order, repeated bool, err error) {
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now := m.now()
		// The order's row first: decisions about one order wait for each other here.
		if _, err := tx.ExecContext(ctx, "UPDATE payment_order SET changed_at = $2 WHERE public_id = $1 AND state = 'authorised'", publicID, int64(now)); err != nil {
			return err
		}
		if o, err = findOrder(ctx, tx, "public_id", publicID); err != nil {
			return err
		}
		before, err := findHold(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		repeated = before == h
		switch {
		case repeated:
			return nil
		case before.decision != "" || o.State != StateAuthorised:
			return fault.New(fault.Conflict, "hold.state", "Деньги по этому платежу не отложены, или о них уже решили иначе.")
		case h.decision == holdCapture && (h.sum <= 0 || h.sum > o.Sum):
			return fault.Newf(fault.Invalid, "hold.sum", "Списать можно от 0,01 ₽ до %s.", o.Sum.Format()).WithField("sum")
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO payment_hold (order_id, decision, sum_kop, actor, created_at) VALUES ($1, $2, $3, $4, $5)", o.ID, h.decision, int64(h.sum), actor, int64(now))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "payment.hold."+h.decision, "order:"+o.PublicID, map[string]int64{"sum": int64(h.sum)})
	})
	return o, repeated, err
}

// carryOut asks the bank for what was decided. A refusal is looked into: the bank may have let the sum go by itself.
func (m *Module) carryOut(ctx context.Context, o Order, h hold) (Order, error) {
	g, err := m.gatewayOf(&o)
	if err != nil {
		return o, err
	}
	var remote gateway.Payment
	if h.decision == holdCapture {
		remote, err = g.Capture(ctx, o.GatewayID, o.PublicID, h.sum)
	} else {
		remote, err = g.Cancel(ctx, o.GatewayID, o.PublicID)
	}
	refused := fault.Is(err, fault.Invalid)
	if refused {
		remote, err = g.Find(ctx, o.GatewayID)
	}
	if err != nil {
		return o, fault.New(fault.Unavailable, "hold.unknown", "Банк не подтвердил. Решение записано, банк спросим ещё раз.").Because(err)
	}
	if refused && remote.State == StateAuthorised {
		return o, errors.Join(m.releaseHold(ctx, &o), fault.New(fault.Conflict, "hold.refused", "Банк отказал. Деньги по-прежнему отложены."))
	}
	return m.advance(ctx, o, remote)
}

// releaseHold forgets a decision the bank refused.
func (m *Module) releaseHold(ctx context.Context, o *Order) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM payment_hold WHERE order_id = $1", o.ID)
		return err
	})
}

func findHold(ctx context.Context, tx *db.Tx, order int64) (h hold, err error) {
	err = tx.QueryRowContext(ctx, "SELECT decision, sum_kop FROM payment_hold WHERE order_id = $1", order).Scan(&h.decision, &h.sum)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return h, err
}
