package payment

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/money"
)

// DayLine is one payment in the register of a day that goes back to a supplier.
type DayLine struct {
	SupplierID int64
	AccountID  int64
	BuildingID int64
	OrderID    int64
	Operation  string // public id of the order
	Channel    string
	PaidOn     calendar.Date
	At         calendar.Micros
	Amount     money.Amount
}

// DayLines gives what was paid on a day, all doors together, one line an order and account; reversals and refunds
// are negative; money in suspense is left out. The sum equals the ledger's for the day.
func (m *Module) DayLines(ctx context.Context, tx *db.Tx, day calendar.Date) ([]DayLine, error) {
	rows, err := tx.QueryContext(ctx, `SELECT p.supplier_id, p.account_id, p.building_id, p.order_id, o.public_id, p.channel, p.paid_on, o.created_at, CAST(sum(p.amount_kop) AS BIGINT)
		FROM payment_part p JOIN payment_order o ON o.order_id = p.order_id
		WHERE p.paid_on = $1 AND p.posted_at > 0 AND p.kind <> 'suspense'
		GROUP BY p.supplier_id, p.account_id, p.building_id, p.order_id, o.public_id, p.channel, p.paid_on, o.created_at, CASE WHEN p.amount_kop < 0 THEN 1 ELSE 0 END
		ORDER BY p.supplier_id, o.created_at, p.order_id, p.account_id, CASE WHEN p.amount_kop < 0 THEN 1 ELSE 0 END`, int64(day))
	if err != nil {
		return nil, fmt.Errorf("day lines: %w", err)
	}
	defer rows.Close()
	var list []DayLine
	for rows.Next() {
		var l DayLine
		if err := rows.Scan(&l.SupplierID, &l.AccountID, &l.BuildingID, &l.OrderID, &l.Operation, &l.Channel, &l.PaidOn, &l.At, &l.Amount); err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, rows.Err()
}

// ListOrders gives the orders that paid for accounts, latest first.
func (m *Module) ListOrders(ctx context.Context, tx *db.Tx, building int64, accounts []int64, limit int) ([]Order, error) {
	parts, err := ListParts(ctx, tx, building, accounts, m.now())
	if err != nil {
		return nil, err
	}
	var list []Order
	seen := map[int64]bool{}
	for i := len(parts) - 1; i >= 0 && len(list) < limit; i-- {
		if seen[parts[i].OrderID] {
			continue
		}
		seen[parts[i].OrderID] = true
		o, err := findOrder(ctx, tx, "order_id", parts[i].OrderID)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// FindWaiting gives the latest order of accounts that the bank has not answered about since a moment; nil when
// there is none.
func (m *Module) FindWaiting(ctx context.Context, tx *db.Tx, building int64, accounts []int64, since calendar.Micros) (*Order, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	parts, err := listParts(ctx, tx, `WHERE building_id = $1 AND posted_at = 0 AND recorded_at >= $2
		AND order_id IN (SELECT order_id FROM payment_order WHERE state IN ('created', 'pending')) ORDER BY order_id DESC`, building, int64(since))
	if err != nil {
		return nil, err
	}
	for i := range parts {
		if slices.Contains(accounts, parts[i].AccountID) {
			o, err := findOrder(ctx, tx, "order_id", parts[i].OrderID)
			return &o, err
		}
	}
	return nil, nil
}

// Net is an order as documents name it: its public id, and what of it was posted and not taken back.
type Net struct {
	PublicID string
	Sum      money.Amount
}

// Nets gives orders by their ids, in all buildings their money is in.
func Nets(ctx context.Context, tx *db.Tx, orders []int64) (map[int64]Net, error) {
	found := map[int64]Net{}
	if len(orders) == 0 {
		return found, nil
	}
	var args []any
	rows, err := tx.QueryContext(ctx, `SELECT o.order_id, o.public_id, CAST(coalesce(sum(p.amount_kop), 0) AS BIGINT) FROM payment_order o
		LEFT JOIN payment_part p ON p.order_id = o.order_id AND p.posted_at > 0 AND p.kind <> 'forwarded' WHERE `+db.In("o.order_id", orders, &args)+" GROUP BY o.order_id, o.public_id", args...)
	if err != nil {
		return nil, fmt.Errorf("payments of a document: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var n Net
		if err := rows.Scan(&id, &n.PublicID, &n.Sum); err != nil {
			return nil, err
		}
		found[id] = n
	}
	return found, rows.Err()
}
