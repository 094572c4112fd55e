package payment

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

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
	rows, err := tx.QueryContext(ctx, "SELECT refund_key, order_id, kind, sum_kop, state, first_no, last_no, gateway_id, reason FROM payment_refund "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list refunds: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r refund
		if err := rows.Scan(&r.key, &r.order, &r.kind, &r.sum, &r.state, &r.first, &r.last, &r.gatewayID, &r.reason); err != nil {
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
	_, err := tx.ExecContext(ctx, `INSERT INTO payment_refund (refund_key, order_id, sum_kop, state, first_no, last_no, actor, created_at, changed_at, kind, gateway_id, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)`, r.key, r.order, int64(r.sum), r.state, int64(r.first), int64(r.last), actor, int64(now), r.kind, r.gatewayID, r.reason)
	return err
}

// Back is a sum that went back of an order, or is on its way.
type Back struct {
	Key    string
	Kind   string
	Sum    money.Amount // below zero: a chargeback that came back
	Posted bool
	Reason string
	At     calendar.Micros
}

// ListBack gives what went back of an order, the first first; what the bank refused is left out.
func (m *Module) ListBack(ctx context.Context, orderID int64) (list []Back, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT refund_key, kind, sum_kop, state, reason, created_at FROM payment_refund WHERE order_id = $1 AND state <> 'refused' ORDER BY created_at, first_no", orderID)
		if err != nil {
			return fmt.Errorf("list what went back: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var b Back
			var state string
			if err := rows.Scan(&b.Key, &b.Kind, &b.Sum, &state, &b.Reason, &b.At); err != nil {
				return err
			}
			b.Posted = state == refundPosted
			list = append(list, b)
		}
		return rows.Err()
	})
	return list, err
}
