package fiscal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal/atol"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// Bounds of a round of gathering.
const (
	gatherMax = 500 // orders looked at with one query
	// overlap is how far back a round looks behind the one before: clocks jump, transactions take their time.
	overlap = calendar.Micros(time.Hour / time.Microsecond)
)

var errContact = fault.New(fault.Invalid, "receipt.contact", "Напишите почту или телефон, например ivan@example.ru или 8 912 345-67-89").WithField("contact")

// Gather makes receipts of what was settled and has none yet: payments through the centre's own doors, then refunds. What
// needs no receipt is noted with its reason. Doing it again, or by two at once, makes nothing twice.
func (m *Module) Gather(ctx context.Context) (made int, err error) {
	list, err := m.ListPolicies(ctx)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	r, began := rulesOf(list), m.Now()
	for {
		orders, err := m.listSettled(ctx, r)
		if err != nil {
			return made, err
		}
		n, err := m.takeAll(ctx, orders, func(ctx context.Context, id string) (bool, error) { return m.takeOrder(ctx, r, id) })
		if made += n; err != nil {
			return made, err
		}
		if len(orders) < gatherMax {
			break
		}
	}
	m.mu.Lock()
	m.since = began - overlap
	m.mu.Unlock()
	n, err := m.gatherRefunds(ctx)
	return made + n, err
}

// takeAll takes sources one by one; one that fails does not hold up the others.
func (m *Module) takeAll(ctx context.Context, keys []string, take func(context.Context, string) (bool, error)) (made int, err error) {
	for _, key := range keys {
		fresh, one := take(ctx, key)
		if one != nil {
			err = errors.Join(err, fmt.Errorf("receipt of %s: %w", key, one))
		}
		if fresh {
			made++
		}
	}
	return made, err
}

func (m *Module) listSettled(ctx context.Context, r rules) (list []string, err error) {
	m.mu.Lock()
	since := m.since
	m.mu.Unlock()
	first, channels := r.first()
	args := []any{int64(first), int64(since), int64(gatherMax)}
	var doors []string
	for _, c := range channels {
		args = append(args, c+"%")
		doors = append(doors, fmt.Sprintf("o.channel LIKE $%d", len(args)))
	}
	return m.keysOf(ctx, `SELECT o.public_id FROM payment_order o WHERE o.state = 'credited' AND o.method <> 'register' AND o.paid_on >= $1 AND o.changed_at >= $2 AND (`+strings.Join(doors, " OR ")+`)
		AND NOT EXISTS (SELECT 1 FROM fiscal_source f WHERE f.source_key = 'pay:' || o.order_id) ORDER BY o.changed_at LIMIT $3`, args...)
}

func (m *Module) keysOf(ctx context.Context, query string, args ...any) (list []string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return fmt.Errorf("settled without a receipt: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var key string
			if err := rows.Scan(&key); err != nil {
				return err
			}
			list = append(list, key)
		}
		return rows.Err()
	})
	return list, err
}

// takeOrder makes the receipt of a payment.
func (m *Module) takeOrder(ctx context.Context, r rules, publicID string) (fresh bool, err error) {
	o, err := m.Payments.Find(ctx, publicID)
	if err != nil {
		return false, err
	}
	pieces, err := m.pieces(ctx, &o)
	if err != nil {
		return false, err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return false, err
	}
	lines, exempt, reason := m.linesOf(pieces, r, o.PaidOn)
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		s := source{key: sourceKey("pay", o.ID), order: o.ID, exempt: int64(exempt), reason: reason}
		if len(lines) == 0 {
			fresh, err = keep(ctx, tx, s, nil, m.Now())
			return err
		}
		receipt := m.newReceipt(id, atol.Sell, &o, lines)
		receipt.ExternalID = sameReceipt(o.PublicID)
		if receipt.Contact, err = contactOf(ctx, tx, o.PublicID); err != nil {
			return err
		}
		fresh, err = keep(ctx, tx, s, &receipt, m.Now())
		return err
	})
	return fresh && len(lines) > 0, err
}

// newReceipt is a receipt of lines, to be sent now.
func (m *Module) newReceipt(id int64, kind string, o *payment.Order, lines []Line) Receipt {
	r := Receipt{ID: id, ExternalID: uuid.Must(uuid.NewV7()).String(), Kind: kind, PaidBy: PaidElectronic, Channel: o.Channel, Order: o.ID, PublicID: o.PublicID, Sum: sumOf(lines), SettledOn: o.PaidOn,
		State: StateWaiting, NextAt: m.Now(), MadeAt: m.Now(), Lines: lines}
	if strings.HasPrefix(o.Channel, payment.ChannelCash) {
		r.PaidBy = PaidCash
	}
	return r
}

// pieces are the parts of an order as it was paid, with what their lines say; what went back later is not among them.
func (m *Module) pieces(ctx context.Context, o *payment.Order) (list []piece, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		for _, p := range o.Parts {
			if p.AccountID == 0 || p.Amount <= 0 {
				continue
			}
			x, err := m.piece(ctx, tx, p)
			if err != nil {
				return err
			}
			list = append(list, x)
		}
		return nil
	})
	return list, err
}

func (m *Module) piece(ctx context.Context, tx *db.Tx, p payment.Part) (piece, error) {
	x := piece{Part: p}
	a, err := account.FindMember(ctx, tx, p.BuildingID, p.AccountID, m.Now())
	if err != nil {
		return x, fmt.Errorf("account %d: %w", p.AccountID, err)
	}
	x.account = a.Claim.Printed
	if x.supplier, err = supplier.FindByID(ctx, tx, p.SupplierID); err != nil {
		return x, err
	}
	name := ""
	if p.ServiceID != 0 {
		if err := tx.QueryRowContext(ctx, "SELECT name FROM service WHERE service_id = $1", p.ServiceID).Scan(&name); err != nil {
			return x, fmt.Errorf("service %d: %w", p.ServiceID, db.Fold(err))
		}
	}
	x.service = supplier.ServiceTitle(name, x.supplier.Services)
	var month int64
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(month), 0) FROM (SELECT month FROM charge WHERE building_id = $1 AND account_id = $2 AND recorded_at <= $3
		UNION ALL SELECT month FROM v_charge_own WHERE building_id = $1 AND account_id = $2) m`, p.BuildingID, p.AccountID, int64(p.RecordedAt)).Scan(&month)
	x.billed = calendar.Month(month)
	return x, err
}

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
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return false, err
	}
	made := false
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		paid, err := m.receiptOf(ctx, tx, back.order.ID)
		if err != nil {
			return err
		}
		s := source{key: sourceKey("refund", key), order: back.order.ID, exempt: int64(back.sum), reason: "у платежа чека не было"}
		lines, used := mirror(&paid, back.parts)
		if made = len(lines) > 0; !made {
			fresh, err = keep(ctx, tx, s, nil, m.Now())
			return err
		}
		r := m.newReceipt(id, atol.SellRefund, &back.order, lines)
		r.After, r.Of, r.Contact, r.SettledOn = paid.ID, paid.ID, paid.Contact, back.day
		s.exempt, s.reason = int64(back.sum-r.Sum), ""
		if fresh, err = keep(ctx, tx, s, &r, m.Now()); err != nil || !fresh {
			return err
		}
		return useAll(ctx, tx, paid.ID, used)
	})
	return fresh && made, err
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

// receiptOf is the receipt of a payment that stands: the newest that is no refund and was not replaced; zero when there is none.
func (m *Module) receiptOf(ctx context.Context, tx *db.Tx, order int64) (r Receipt, err error) {
	list, err := listReceipts(ctx, tx, "WHERE order_id = $1 AND kind <> 'sell_refund' AND paid_by <> 'prepaid' AND state <> 'replaced' ORDER BY receipt_id DESC", order)
	if err != nil || len(list) == 0 {
		return r, err
	}
	return findReceipt(ctx, tx, list[0].ID)
}

// mirror gives the lines of a refund, and what of lines given ahead it uses up. An advance offset already goes back as paid in
// full.
func mirror(paid *Receipt, parts []payment.Part) (lines, used []Line) {
	for _, p := range parts {
		for i := range paid.Lines {
			l := paid.Lines[i]
			if l.Account != p.AccountID || l.Building != p.BuildingID || l.Service != p.ServiceID || l.Kind != p.Kind {
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

// KeepContact notes where the payer of an order wants the receipt sent; empty notes nothing. What was said last before the
// receipt is made holds.
func (m *Module) KeepContact(ctx context.Context, publicID, contact string) error {
	if contact == "" {
		return nil
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO fiscal_contact (public_id, contact, recorded_at) VALUES ($1, $2, $3)
			ON CONFLICT (public_id) DO UPDATE SET contact = excluded.contact, recorded_at = excluded.recorded_at`, publicID, contact, int64(m.Now()))
		return err
	})
}

func contactOf(ctx context.Context, tx *db.Tx, publicID string) (contact string, err error) {
	err = db.Fold(tx.QueryRowContext(ctx, "SELECT contact FROM fiscal_contact WHERE public_id = $1", publicID).Scan(&contact))
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return contact, err
}
