package payment

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// notificationMax bounds a notification's body.
const notificationMax = 1 << 20

// Notify takes a notification of the acquirer: its signature is checked over the raw bytes, the body is stored,
// and then the acquirer is asked: what the notification says is never believed. A wrong signature is
// Unauthenticated and not stored; an event met before changes nothing.
func (m *Module) Notify(ctx context.Context, body []byte, headers map[string]string) error {
	if len(body) > notificationMax {
		return fault.New(fault.Invalid, "notification.large", "Уведомление слишком большое.")
	}
	event, paymentID, err := m.gateway.Verify(body, headers, m.now().Time())
	if err != nil {
		return fault.New(fault.Unauthenticated, "notification.signature", "Подпись уведомления не сошлась.").Because(err)
	}
	fresh, err := m.storeEvent(ctx, event, body)
	if err != nil || !fresh {
		return err
	}
	state, note := m.applyEvent(ctx, paymentID)
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE gateway_event SET state = $2, note = $3 WHERE event_key = $1", event, state, note)
		return err
	})
}

func (m *Module) storeEvent(ctx context.Context, event string, body []byte) (fresh bool, err error) {
	err = m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "INSERT INTO gateway_event (event_key, body, state, note, received_at) VALUES ($1, $2, 'received', '', $3) ON CONFLICT (event_key) DO NOTHING",
			event, body, int64(m.now()))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		fresh = n == 1
		return err
	})
	return fresh, err
}

func (m *Module) applyEvent(ctx context.Context, paymentID string) (state, note string) {
	remote, err := m.gateway.Find(ctx, paymentID)
	if err != nil {
		return "waiting", "эквайер не ответил на запрос состояния"
	}
	o, err := m.Find(ctx, remote.Key)
	if err != nil {
		return "quarantined", "платёж не наш"
	}
	if _, err := m.advance(ctx, o.ID, remote); err != nil {
		return "quarantined", fault.As(err).Code
	}
	return "applied", ""
}

// Refund gives a sum of a captured order back to the payer, the mirror of its split in proportion; refunds never
// exceed what was captured, however many come at once.
func (m *Module) Refund(ctx context.Context, publicID, key string, sum money.Amount) (Order, error) {
	o, err := m.Find(ctx, publicID)
	if err != nil {
		return o, err
	}
	if o.State != StateCredited || o.Sum <= 0 {
		return o, fault.New(fault.Conflict, "refund.state", "Вернуть можно только зачисленный платёж.")
	}
	if err := m.reserveRefund(ctx, &o, sum); err != nil {
		return o, err
	}
	if o.Channel == ChannelOnline && m.gateway != nil {
		if err := m.gateway.Refund(ctx, o.GatewayID, key, sum); err != nil {
			return o, fault.New(fault.Unavailable, "refund.unknown", "Банк не подтвердил возврат. Сумма отложена, возврат повторится с тем же ключом.").Because(err)
		}
	}
	return o, m.postRefund(ctx, &o, key, sum)
}

// reserveRefund counts the refund on the order before the bank is asked.
func (m *Module) reserveRefund(ctx context.Context, o *Order, sum money.Amount) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE payment_order SET refunded_kop = refunded_kop + $2, changed_at = $3 WHERE client_key = $1 AND $2 > 0 AND refunded_kop + $2 <= sum_kop", o.Key, int64(sum), int64(m.now()))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fault.Newf(fault.Conflict, "refund.too_much", "Вернуть можно не больше %s.", (o.Sum - o.Refunded).Format()).Because(err)
		}
		o.Refunded += sum
		return nil
	})
}

// postRefund mirrors the split, building by building.
func (m *Module) postRefund(ctx context.Context, o *Order, key string, sum money.Amount) error {
	weights := make([]int64, len(o.Parts))
	for i := range o.Parts {
		weights[i] = max(0, int64(o.Parts[i].Amount))
	}
	back := map[int64][]Part{}
	for i, part := range money.Split(sum, weights) {
		if part != 0 {
			p := o.Parts[i]
			p.Amount = -part
			back[p.BuildingID] = append(back[p.BuildingID], p)
		}
	}
	for building, parts := range back {
		if err := m.postBack(ctx, o, building, parts, key); err != nil {
			return fmt.Errorf("refund order %d: %w", o.ID, err)
		}
	}
	return nil
}

func (m *Module) postBack(ctx context.Context, o *Order, building int64, parts []Part, key string) error {
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now, day := m.now(), m.today()
		t := ledger.Transaction{ID: id, BuildingID: building, Key: "refund:" + postingKey(o.ID) + ":" + key, Kind: "refund", OrderID: o.ID, EffectiveOn: day, RecordedAt: now}
		var total money.Amount
		var next int
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(part_no), 0) FROM payment_part WHERE building_id = $1 AND order_id = $2", building, o.ID).Scan(&next); err != nil {
			return err
		}
		for i := range parts {
			p := &parts[i]
			name := ledger.Receivable
			if p.Kind == PartAdvance {
				name = ledger.Advance
			}
			t.Entries = append(t.Entries, ledger.Entry{Name: name, AccountID: p.AccountID, SupplierID: p.SupplierID, ServiceID: p.ServiceID, Amount: -p.Amount})
			total += p.Amount
			p.No, p.PaidOn, p.PostedAt, p.RecordedAt = next+i+1, day, now, now
		}
		t.Entries = append(t.Entries, ledger.Entry{Name: ledger.Clearing(o.Channel, day), Amount: total})
		posted, err := ledger.Post(ctx, tx, &t)
		if err != nil || !posted {
			return err
		}
		return insertParts(ctx, tx, parts)
	})
}

// replaceID puts the order's public id into a return address.
func replaceID(url, id string) string { return strings.ReplaceAll(url, "{id}", id) }
