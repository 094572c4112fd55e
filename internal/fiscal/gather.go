package fiscal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal/atol"
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
	lines, exempt, reason := m.linesOf(pieces, r, o.PaidOn)
	id, err := m.DB.NextIDs(ctx, 1+len(lines)/linesMax)
	if err != nil {
		return false, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		s := source{key: sourceKey("pay", o.ID), order: o.ID, exempt: int64(exempt), reason: reason}
		if len(lines) == 0 {
			fresh, err = keep(ctx, tx, s, nil, m.Now())
			return err
		}
		contact, err := contactOf(ctx, tx, o.PublicID)
		if err != nil {
			return err
		}
		var receipts []Receipt
		for part := range slices.Chunk(lines, linesMax) {
			receipt := m.newReceipt(id+int64(len(receipts)), atol.Sell, &o, part)
			receipt.ExternalID, receipt.Contact = sameReceipt(o.PublicID, len(receipts)), contact
			receipts = append(receipts, receipt)
		}
		fresh, err = keepAll(ctx, tx, s, receipts, m.Now())
		return err
	})
	return fresh && len(lines) > 0, err
}

// linesMax is how many lines a receipt may have; a settlement with more is told by several, their sums add up to it.
const linesMax = 100

// keepAll writes the receipts of one source: the first under its key, the others under keys of their own.
func keepAll(ctx context.Context, tx *db.Tx, s source, receipts []Receipt, now calendar.Micros) (fresh bool, err error) {
	key := s.key
	for i := range receipts {
		if i > 0 {
			s = source{key: fmt.Sprintf("%s#%d", key, i+1), order: s.order}
		}
		if fresh, err = keep(ctx, tx, s, &receipts[i], now); err != nil || !fresh {
			return false, err
		}
	}
	return fresh, nil
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
