package payment

import (
	"context"
	"errors"
	"fmt"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// States of a refund.
const (
	refundReserved = "reserved" // counted on the order; the bank has not confirmed it, or its parts are not all posted
	refundPosted   = "posted"
	refundRefused  = "refused" // the bank refused; the sum is free again
)

// Kinds of what goes back.
const (
	BackRefund     = "refund"     // we ask the bank for it
	BackOutside    = "outside"    // made at the acquirer without us
	BackChargeback = "chargeback" // the payer's bank took it after a dispute
	BackWon        = "won"        // a chargeback that came back: its mirror
)

// refund is a sum of an order on its way back, under the key its client made. Its parts are those of the order
// numbered first … last.
type refund struct {
	key         string
	order       int64
	kind        string
	sum         money.Amount // below zero of BackWon
	state       string
	first, last int
	gatewayID   string
	reason      string
	account     int64        // of only PartAdvance: of this account alone; 0: of all
	only        string       // PartAdvance: of money paid ahead alone; '' of the whole payment
	total       money.Amount // BackOutside: all that went back of the order, what we asked for included
}

// Refund gives a sum of a credited order back to the payer, in proportion to what is left of its parts. Refunds never
// exceed what was captured, however many come at once; the same key refunds once, with another sum or order it is a
// Conflict. What the bank does not confirm stays reserved and is asked for again by FinishOpen.
func (m *Module) Refund(ctx context.Context, actor, publicID, key string, sum money.Amount) (Order, error) {
	return m.giveBack(ctx, actor, publicID, refund{key: key, kind: BackRefund, sum: sum})
}

// RefundAdvance is Refund of money paid ahead that no bill has used yet: what the payment closed stays closed.
func (m *Module) RefundAdvance(ctx context.Context, actor, publicID, key string, sum money.Amount) (Order, error) {
	return m.giveBack(ctx, actor, publicID, refund{key: key, kind: BackRefund, sum: sum, only: PartAdvance})
}

// RefundAdvanceOf is RefundAdvance of what the payment paid one account ahead.
func (m *Module) RefundAdvanceOf(ctx context.Context, actor, publicID, key string, account int64, sum money.Amount) (Order, error) {
	return m.giveBack(ctx, actor, publicID, refund{key: key, kind: BackRefund, sum: sum, only: PartAdvance, account: account})
}

// giveBack reserves what goes back and finishes it.
func (m *Module) giveBack(ctx context.Context, actor, publicID string, r refund) (Order, error) {
	if r.key == "" || len(r.key) > 200 {
		return Order{}, fault.New(fault.Invalid, "refund.key", "Нужен ключ возврата от 1 до 200 знаков.").WithField("key")
	}
	r, repeated, err := m.reserveRefund(ctx, actor, publicID, r)
	if err == nil {
		err = m.finishRefund(ctx, &r, repeated)
	}
	if err != nil {
		return Order{}, err
	}
	o, err := m.Find(ctx, publicID)
	o.Repeated = repeated
	return o, err
}

// reserveRefund counts the refund on the order and writes its parts before the bank is asked.
func (m *Module) reserveRefund(ctx context.Context, actor, publicID string, want refund) (r refund, repeated bool, err error) {
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now := m.now()
		// The order's row first: refunds of one order wait for each other here.
		if _, err := tx.ExecContext(ctx, "UPDATE payment_order SET changed_at = $2 WHERE public_id = $1", publicID, int64(now)); err != nil {
			return err
		}
		o, err := findOrder(ctx, tx, "public_id", publicID)
		if err != nil {
			return err
		}
		if r, err = findRefund(ctx, tx, want.key); err == nil {
			repeated = true
			if r.order != o.ID || r.kind != want.kind || r.sum != want.sum && r.kind != BackOutside || r.state == refundRefused {
				return fault.New(fault.Conflict, "refund.key_reused", "С этим ключом уже был другой возврат, или банк в нём отказал. Начните новый.").WithField("key")
			}
			return nil
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		repeated = false
		if want.kind == BackOutside {
			if want.sum, err = outsideRest(ctx, tx, &want, o.ID); err != nil {
				return err
			}
		}
		if want.only == PartAdvance {
			if err := mayReturnAdvance(ctx, tx, &o, want.account, want.sum); err != nil {
				return err
			}
		}
		parts, err := m.partsBack(&o, &want, now)
		if err != nil {
			return err
		}
		r = want
		r.order, r.state, r.first, r.last = o.ID, refundReserved, parts[0].No, parts[len(parts)-1].No
		if err := insertParts(ctx, tx, parts); err != nil {
			return err
		}
		if err := insertRefund(ctx, tx, &r, actor, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "payment."+auditWords[r.kind], "order:"+o.PublicID, map[string]int64{"sum": int64(r.sum)})
	})
	return r, repeated, err
}

// auditWords name what goes back in the audit log.
var auditWords = map[string]string{BackRefund: "refunded", BackOutside: "refunded_outside", BackChargeback: "charged_back", BackWon: "chargeback_won", BackReversed: "reversed"}

// refundable is nil when the sum may go back.
func (o *Order) refundable(sum money.Amount) error {
	switch {
	case o.State != StateCredited || o.Sum <= 0:
		return fault.New(fault.Conflict, "refund.state", "Вернуть можно только зачисленный платёж.")
	case sum <= 0:
		return fault.New(fault.Invalid, "refund.sum", "Сумма возврата должна быть больше нуля.").WithField("sum")
	case o.waits() && sum != o.Sum:
		return fault.New(fault.Conflict, "refund.suspense", "Невыясненный платёж возвращается только целиком.").WithField("sum")
	case sum > o.Sum-o.Refunded:
		return fault.Newf(fault.Conflict, "refund.too_much", "Вернуть можно не больше %s.", (o.Sum - o.Refunded).Format())
	}
	return nil
}

// back are the parts of a refund: in proportion to what is left of each part of the order, so that many small refunds
// take no part below zero. only: of parts of one kind alone; account: of parts of one account, 0 of all.
func (o *Order) back(sum money.Amount, only string, account int64, now calendar.Micros, day calendar.Date) (list []Part) {
	type whose struct {
		building, account, service int64
		kind                       string
		month                      calendar.Month
	}
	at, last := map[whose]int{}, o.lastPart()
	var left []Part
	var weights []int64
	for i := range o.Parts {
		p := o.Parts[i]
		k := whose{p.BuildingID, p.AccountID, p.ServiceID, p.Kind, p.Month}
		if _, ok := at[k]; !ok {
			at[k] = len(left)
			left, weights = append(left, p), append(weights, 0)
		}
		if (only == "" || only == p.Kind) && (account == 0 || account == p.AccountID) {
			weights[at[k]] += int64(p.Amount)
		}
	}
	for i, amount := range money.Split(sum, weights) {
		if amount != 0 {
			p := left[i]
			last++
			p.No, p.Amount, p.PaidOn, p.PostedAt, p.RecordedAt = last, -amount, day, 0, now
			list = append(list, p)
		}
	}
	return list
}

// finishRefund asks the bank and posts; what is done already is not done again. again: the bank may have been asked before.
func (m *Module) finishRefund(ctx context.Context, r *refund, again bool) error {
	if r.state == refundPosted {
		return nil
	}
	var o Order
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		o, err = findOrder(ctx, tx, "order_id", r.order)
		return err
	})
	if err != nil {
		return err
	}
	if o.Channel == ChannelOnline && r.kind == BackRefund {
		if err := m.askRefund(ctx, &o, r, again); err != nil {
			return err
		}
	}
	return m.postRefund(ctx, &o, r)
}

// askRefund asks the bank to give a sum back; nil when it has.
func (m *Module) askRefund(ctx context.Context, o *Order, r *refund, again bool) error {
	g, err := m.gatewayOf(o)
	if err != nil {
		return err
	}
	remote, err := g.Refund(ctx, o.GatewayID, r.key, r.sum, again)
	if fault.Is(err, fault.Invalid) || err == nil && remote.State == gateway.Declined {
		return errors.Join(m.releaseRefund(ctx, r), fault.New(fault.Conflict, "refund.refused", "Банк отказал в возврате. Деньги остались на счёте.").Because(err))
	}
	if err != nil || remote.State != gateway.Captured {
		return fault.New(fault.Unavailable, "refund.unknown", "Банк не подтвердил возврат. Сумма отложена, возврат повторится с тем же ключом.").Because(err)
	}
	r.gatewayID = remote.ID
	return nil
}

// postRefund posts the refund's parts building by building, each once, and closes it.
func (m *Module) postRefund(ctx context.Context, o *Order, r *refund) error {
	byBuilding := map[int64][]*Part{}
	for i := range o.Parts {
		if p := &o.Parts[i]; p.No >= r.first && p.No <= r.last {
			byBuilding[p.BuildingID] = append(byBuilding[p.BuildingID], p)
		}
	}
	for building, parts := range byBuilding {
		if err := m.postBack(ctx, o, building, parts, r); err != nil {
			return fmt.Errorf("refund order %d: %w", o.ID, err)
		}
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		r.state = refundPosted
		_, err := tx.ExecContext(ctx, "UPDATE payment_refund SET state = 'posted', changed_at = $2, gateway_id = $3 WHERE refund_key = $1 AND state = 'reserved'", r.key, int64(m.now()), r.gatewayID)
		return err
	})
}

func (m *Module) postBack(ctx context.Context, o *Order, building int64, parts []*Part, r *refund) error {
	id, err := m.db.NextIDs(ctx, 1+followIDs(len(parts)))
	if err != nil {
		return err
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now, day := m.now(), m.today()
		t := ledger.Transaction{ID: id, BuildingID: building, Key: "refund:" + postingKey(o.ID) + ":" + r.key, Kind: r.kind, OrderID: o.ID, EffectiveOn: day, RecordedAt: now, Reason: r.reason}
		var total money.Amount
		var posts []Part
		if parts[0].Kind == ledger.Suspense {
			if err := backFromSuspense(ctx, tx, o.ID, now); err != nil {
				return err
			}
		}
		for _, p := range parts {
			t.Entries = append(t.Entries, p.entry())
			total += p.Amount
			p.PaidOn = day
			posts = append(posts, *p)
		}
		t.Entries = append(t.Entries, ledger.Entry{Name: ledger.Clearing(o.Channel, day), Amount: total})
		posted, err := ledger.Post(ctx, tx, &t)
		if err != nil || !posted {
			return err
		}
		if err := follow(ctx, tx, &t, id+1); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE payment_part SET posted_at = $3, paid_on = $4 WHERE building_id = $1 AND order_id = $2 AND posted_at = 0 AND part_no BETWEEN $5 AND $6",
			building, o.ID, int64(now), int64(day), int64(r.first), int64(r.last))
		if err != nil {
			return err
		}
		return tell(ctx, tx, o, posts, now)
	})
}

// entry is the part's side of its posting.
func (p *Part) entry() ledger.Entry {
	name := ledger.Receivable
	switch p.Kind {
	case PartAdvance:
		name = ledger.Advance
	case PartPenalty:
		name = ledger.Penalty
	case ledger.Suspense:
		name = ledger.Suspense
	}
	return ledger.Entry{Name: name, AccountID: p.AccountID, SupplierID: p.SupplierID, ServiceID: p.ServiceID, Amount: -p.Amount}
}

// releaseRefund frees the sum of a refund the bank refused.
func (m *Module) releaseRefund(ctx context.Context, r *refund) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE payment_refund SET state = 'refused', changed_at = $2 WHERE refund_key = $1 AND state = 'reserved'", r.key, int64(m.now()))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE payment_order SET refunded_kop = refunded_kop - $2 WHERE order_id = $1", r.order, int64(r.sum)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM payment_part WHERE order_id = $1 AND posted_at = 0 AND part_no BETWEEN $2 AND $3", r.order, int64(r.first), int64(r.last))
		return err
	})
}

// finishRefunds asks again for the refunds that are only reserved.
func (m *Module) finishRefunds(ctx context.Context) error {
	var open []refund
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		open, err = listRefunds(ctx, tx, "WHERE state = 'reserved' ORDER BY created_at")
		return err
	})
	for i := range open {
		err = errors.Join(err, m.finishRefund(ctx, &open[i], true))
	}
	return err
}
