package payment

import (
	"context"
	"errors"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// Chargeback books what the payer's bank took back after a dispute: the mirror of the split, as a refund, without asking
// the acquirer. Acquirers tell of disputes in their registers and letters. The same key books it once.
func (m *Module) Chargeback(ctx context.Context, actor, publicID, key string, sum money.Amount, reason string) (Order, error) {
	return m.giveBack(ctx, actor, publicID, refund{key: key, kind: BackChargeback, sum: sum, reason: reason})
}

// ChargebackWon books that the money of a chargeback came back to us: its parts mirrored, once.
func (m *Module) ChargebackWon(ctx context.Context, actor, publicID, chargeback, reason string) (Order, error) {
	var lost refund
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		lost, err = findRefund(ctx, tx, chargeback)
		return err
	})
	if err != nil {
		return Order{}, err
	}
	if lost.kind != BackChargeback || lost.state != refundPosted {
		return Order{}, fault.New(fault.Conflict, "chargeback.state", "С этим ключом нет проведённого списания банком по спору.").WithField("key")
	}
	return m.giveBack(ctx, actor, publicID, refund{key: wonKey(chargeback), kind: BackWon, sum: -lost.sum, reason: reason, first: lost.first, last: lost.last})
}

func wonKey(chargeback string) string { return gateway.KeyOf("won", chargeback) }

// partsBack are the parts of what goes back: in proportion to what is left, or those of a chargeback mirrored.
func (m *Module) partsBack(o *Order, r *refund, now calendar.Micros) ([]Part, error) {
	if r.kind == BackWon {
		return o.mirror(r.first, r.last, now, m.today())
	}
	if err := o.refundable(r.sum); err != nil {
		return nil, err
	}
	return o.back(r.sum, r.only, r.account, now, m.today()), nil
}

// mirror are the parts first … last with the other sign.
func (o *Order) mirror(first, last int, now calendar.Micros, day calendar.Date) (list []Part, err error) {
	no := o.lastPart()
	for _, p := range o.Parts {
		if p.No >= first && p.No <= last {
			no++
			p.No, p.Amount, p.PaidOn, p.PostedAt, p.RecordedAt = no, -p.Amount, day, 0, now
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return nil, fault.New(fault.Conflict, "chargeback.foreign", "Это списание банком – не этого платежа.").WithField("key")
	}
	return list, nil
}

// takeOutside books what went back at the acquirer without us: a refund made in its own pages. The key is the total that
// went back, so it is booked once however often it is told.
func (m *Module) takeOutside(ctx context.Context, o Order, r gateway.Payment) (Order, error) {
	key := fmt.Sprintf("outside:%s:%d", o.PublicID, int64(r.Refunded))
	back, err := m.giveBack(ctx, "acquirer", o.PublicID, refund{key: key, kind: BackOutside, total: r.Refunded, reason: "возврат сделан у эквайера"})
	if errors.Is(err, errAllKnown) {
		return o, nil
	}
	return back, err
}

// errAllKnown says that we know of all that went back.
var errAllKnown = fault.New(fault.Conflict, "refund.known", "Об этом возврате уже известно.")

// outsideRest is what went back of an order beside the refunds we know of. The order's row is locked.
func outsideRest(ctx context.Context, tx *db.Tx, r *refund, order int64) (money.Amount, error) {
	var known money.Amount
	err := tx.QueryRowContext(ctx, "SELECT coalesce(CAST(sum(sum_kop) AS BIGINT), 0) FROM payment_refund WHERE order_id = $1 AND kind IN ('refund', 'outside') AND state <> 'refused'", order).Scan(&known)
	if err == nil && r.total <= known {
		err = errAllKnown
	}
	return r.total - known, err
}
