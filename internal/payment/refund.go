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
)

// States of a refund.
const (
	refundReserved = "reserved" // counted on the order; the bank has not confirmed it, or its parts are not all posted
	refundPosted   = "posted"
	refundRefused  = "refused" // the bank refused; the sum is free again
)

// refund is a sum of an order on its way back, under the key its client made. Its parts are those of the order
// numbered first … last.
type refund struct {
	key         string
	order       int64
	sum         money.Amount
	state       string
	first, last int
}

// Refund gives a sum of a credited order back to the payer, in proportion to what is left of its parts. Refunds never
// exceed what was captured, however many come at once; the same key refunds once, with another sum or order it is a
// Conflict. What the bank does not confirm stays reserved and is asked for again by FinishOpen.
func (m *Module) Refund(ctx context.Context, actor, publicID, key string, sum money.Amount) (Order, error) {
	if key == "" || len(key) > 200 {
		return Order{}, fault.New(fault.Invalid, "refund.key", "Нужен ключ возврата от 1 до 200 знаков.").WithField("key")
	}
	r, repeated, err := m.reserveRefund(ctx, actor, publicID, key, sum)
	if err == nil {
		err = m.finishRefund(ctx, &r)
	}
	if err != nil {
		return Order{}, err
	}
	o, err := m.Find(ctx, publicID)
	o.Repeated = repeated
	return o, err
}

// reserveRefund counts the refund on the order and writes its parts before the bank is asked.
func (m *Module) reserveRefund(ctx context.Context, actor, publicID, key string, sum money.Amount) (r refund, repeated bool, err error) {
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
		if r, err = findRefund(ctx, tx, key); err == nil {
			repeated = true
			if r.order != o.ID || r.sum != sum || r.state == refundRefused {
				return fault.New(fault.Conflict, "refund.key_reused", "С этим ключом уже был другой возврат, или банк в нём отказал. Начните новый.").WithField("key")
			}
			return nil
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		repeated = false
		if err := o.refundable(sum); err != nil {
			return err
		}
		parts := o.back(sum, now, m.today())
		r = refund{key: key, order: o.ID, sum: sum, state: refundReserved, first: parts[0].No, last: parts[len(parts)-1].No}
		if err := insertParts(ctx, tx, parts); err != nil {
			return err
		}
		if err := insertRefund(ctx, tx, &r, actor, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "payment.refunded", "order:"+o.PublicID, map[string]int64{"sum": int64(sum)})
	})
	return r, repeated, err
}

// refundable is nil when the sum may go back.
func (o *Order) refundable(sum money.Amount) error {
	switch {
	case o.State != StateCredited || o.Sum <= 0:
		return fault.New(fault.Conflict, "refund.state", "Вернуть можно только зачисленный платёж.")
	case sum <= 0:
		return fault.New(fault.Invalid, "refund.sum", "Сумма возврата должна быть больше нуля.").WithField("sum")
	case sum > o.Sum-o.Refunded:
		return fault.Newf(fault.Conflict, "refund.too_much", "Вернуть можно не больше %s.", (o.Sum - o.Refunded).Format())
	}
	return nil
}

// back are the parts of a refund: in proportion to what is left of each part of the order, so that many small refunds
// take no part below zero.
func (o *Order) back(sum money.Amount, now calendar.Micros, day calendar.Date) (list []Part) {
	type whose struct {
		building, account, service int64
		kind                       string
		month                      calendar.Month
	}
	at, last := map[whose]int{}, 0
	var left []Part
	var weights []int64
	for i := range o.Parts {
		p := o.Parts[i]
		k := whose{p.BuildingID, p.AccountID, p.ServiceID, p.Kind, p.Month}
		if _, ok := at[k]; !ok {
			at[k] = len(left)
			left, weights = append(left, p), append(weights, 0)
		}
		weights[at[k]] += int64(p.Amount)
		last = max(last, p.No)
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

// finishRefund asks the bank and posts; what is done already is not done again.
func (m *Module) finishRefund(ctx context.Context, r *refund) error {
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
	if o.Channel == ChannelOnline {
		if m.gateway == nil {
			return errNoAcquirer
		}
		err := m.gateway.Refund(ctx, o.GatewayID, r.key, r.sum)
		if fault.Is(err, fault.Invalid) {
			return errors.Join(m.releaseRefund(ctx, r), fault.New(fault.Conflict, "refund.refused", "Банк отказал в возврате. Деньги остались на счёте.").Because(err))
		}
		if err != nil {
			return fault.New(fault.Unavailable, "refund.unknown", "Банк не подтвердил возврат. Сумма отложена, возврат повторится с тем же ключом.").Because(err)
		}
	}
	return m.postRefund(ctx, &o, r)
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
		_, err := tx.ExecContext(ctx, "UPDATE payment_refund SET state = 'posted', changed_at = $2 WHERE refund_key = $1 AND state = 'reserved'", r.key, int64(m.now()))
		return err
	})
}

func (m *Module) postBack(ctx context.Context, o *Order, building int64, parts []*Part, r *refund) error {
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now, day := m.now(), m.today()
		t := ledger.Transaction{ID: id, BuildingID: building, Key: "refund:" + postingKey(o.ID) + ":" + r.key, Kind: "refund", OrderID: o.ID, EffectiveOn: day, RecordedAt: now}
		var total money.Amount
		var posts []Part
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
		err = errors.Join(err, m.finishRefund(ctx, &open[i]))
	}
	return err
}

func findRefund(ctx context.Context, tx *db.Tx, key string) (refund, error) {
	list, err := listRefunds(ctx, tx, "WHERE refund_key = $1", key)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "refund.unknown_key", "Такого возврата нет.")
	}
	if err != nil {
		return refund{}, err
	}
	return list[0], nil
}

func listRefunds(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []refund, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT refund_key, order_id, sum_kop, state, first_no, last_no FROM payment_refund "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list refunds: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r refund
		if err := rows.Scan(&r.key, &r.order, &r.sum, &r.state, &r.first, &r.last); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func insertRefund(ctx context.Context, tx *db.Tx, r *refund, actor string, now calendar.Micros) error {
	if _, err := tx.ExecContext(ctx, "UPDATE payment_order SET refunded_kop = refunded_kop + $2 WHERE order_id = $1", r.order, int64(r.sum)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO payment_refund (refund_key, order_id, sum_kop, state, first_no, last_no, actor, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`, r.key, r.order, int64(r.sum), r.state, int64(r.first), int64(r.last), actor, int64(now))
	return err
}
