package fiscal

import (
	"context"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fiscal/atol"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// gatherRefunds makes receipts of what went back.
func (m *Module) gatherRefunds(ctx context.Context) (int, error) {
	keys, err := m.keysOf(ctx, `SELECT r.refund_key FROM payment_refund r JOIN fiscal_source s ON s.source_key = 'pay:' || r.order_id
		WHERE r.state = 'posted' AND NOT EXISTS (SELECT 1 FROM fiscal_source f WHERE f.source_key = 'refund:' || r.refund_key) ORDER BY r.changed_at LIMIT $1`, int64(gatherMax))
	if err != nil {
		return 0, err
	}
	return m.takeAll(ctx, keys, m.takeRefund)
}

// takeRefund makes the receipt of a refund: the lines of the payment's receipt, as much of each as went back. Money whose
// payment had no receipt goes back without one.
func (m *Module) takeRefund(ctx context.Context, key string) (fresh bool, err error) {
	back, err := m.refundOf(ctx, key)
	if err != nil {
		return false, err
	}
	id, err := m.DB.NextIDs(ctx, 1+len(back.order.Parts)/linesMax) // as many as the payment may have receipts
	if err != nil {
		return false, err
	}
	made := false
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		paid, err := m.receiptsOf(ctx, tx, back.order.ID)
		if err != nil {
			return err
		}
		s := source{key: sourceKey("refund", key), order: back.order.ID, exempt: int64(back.sum), reason: "у платежа чека не было"}
		receipts, used := m.refundReceipts(&back, paid)
		if made = len(receipts) > 0; !made {
			fresh, err = keep(ctx, tx, s, nil, m.Now())
			return err
		}
		s.reason = ""
		for i := range receipts {
			receipts[i].ID = id + int64(i)
			s.exempt -= int64(receipts[i].Sum)
		}
		if fresh, err = keepAll(ctx, tx, s, receipts, m.Now()); err != nil || !fresh {
			return err
		}
		for i := range receipts {
			if err := useAll(ctx, tx, receipts[i].Of, used[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return fresh && made, err
}

// refundReceipts are the receipts of a refund, one for each receipt of the payment it takes something of, and the lines given
// ahead that each uses.
func (m *Module) refundReceipts(back *refunded, paid []Receipt) (list []Receipt, used [][]Line) {
	rest := slices.Clone(back.parts)
	for i := range paid {
		lines, ahead := mirror(&paid[i], rest)
		if len(lines) == 0 {
			continue
		}
		rest = slices.DeleteFunc(rest, func(p payment.Part) bool {
			return slices.ContainsFunc(paid[i].Lines, func(l Line) bool { return l.of(&p) })
		})
		r := m.newReceipt(0, atol.SellRefund, &back.order, lines)
		r.After, r.Of, r.Contact, r.SettledOn = paid[i].ID, paid[i].ID, paid[i].Contact, back.day
		list, used = append(list, r), append(used, ahead)
	}
	return list, used
}

// useAll counts what of an advance went back.
func useAll(ctx context.Context, tx *db.Tx, receipt int64, used []Line) error {
	for i := range used {
		if err := use(ctx, tx, receipt, &used[i], int64(used[i].Amount)); err != nil {
			return err
		}
	}
	return nil
}

// refunded is a refund with its order and the parts that went back.
type refunded struct {
	order payment.Order
	parts []payment.Part
	sum   money.Amount
	day   calendar.Date
}

func (m *Module) refundOf(ctx context.Context, key string) (x refunded, err error) {
	var publicID string
	var first, last int
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT o.public_id, r.first_no, r.last_no, r.sum_kop FROM payment_refund r JOIN payment_order o ON o.order_id = r.order_id WHERE r.refund_key = $1", key).
			Scan(&publicID, &first, &last, &x.sum)
	})
	if err != nil {
		return x, db.Fold(err)
	}
	if x.order, err = m.Payments.Find(ctx, publicID); err != nil {
		return x, err
	}
	for _, p := range x.order.Parts {
		if p.No >= first && p.No <= last {
			x.parts, x.day = append(x.parts, p), p.PaidOn
		}
	}
	return x, nil
}

// receiptsOf are the receipts of a payment that stand: no refunds, none that was replaced.
func (m *Module) receiptsOf(ctx context.Context, tx *db.Tx, order int64) (list []Receipt, err error) {
	heads, err := listReceipts(ctx, tx, "WHERE order_id = $1 AND kind <> 'sell_refund' AND paid_by <> 'prepaid' AND state <> 'replaced' ORDER BY receipt_id", order)
	for i := range heads {
		r, err := findReceipt(ctx, tx, heads[i].ID)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, err
}

// of tells whether a line tells of a part of a payment.
func (l *Line) of(p *payment.Part) bool {
	return l.Account == p.AccountID && l.Building == p.BuildingID && l.Service == p.ServiceID && l.Kind == p.Kind
}

// mirror gives the lines of a refund, and what of lines given ahead it uses up. An advance offset already goes back as paid in
// full.
func mirror(paid *Receipt, parts []payment.Part) (lines, used []Line) {
	for _, p := range parts {
		for i := range paid.Lines {
			l := paid.Lines[i]
			if !l.of(&p) {
				continue
			}
			back := l
			back.Amount, back.Used = -p.Amount, 0
			if left := l.Amount - l.Used; l.ahead() && left < back.Amount {
				back.Method, back.Subject = methodFull, atol.Service
			} else if l.ahead() {
				l.Amount = back.Amount
				used = append(used, l)
			}
			lines = append(lines, back)
			break
		}
	}
	return lines, used
}
