package payment

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// PartForwarded is money that went on to the centre that serves the account now: the mirror of a part, in no sum of its order.
const PartForwarded = "forwarded"

// forwardedFrom is the first number of forwarded parts: refunds number their parts on from those of the payment.
const forwardedFrom = 1_000_000

// Forwarding is a posting of a payment whose accounts another settlement centre serves now.
type Forwarding struct {
	ID       int64 // of the posting it makes
	Building int64 // where the balances it takes off are
	Handover int64 // number of the hand-over
	Payee    int64 // supplier that stands for the other centre; 0: it has none, and the money waits on the hand-over's account
	Of       ledger.Transaction
}

// Forward takes what a posting brought its accounts off them, for the other centre: its supplier is owed nothing for it here, the
// other centre is. A posting is forwarded once; again is false then. sum is what the other centre is owed, below zero where the
// posting took money back. It writes an event, so it comes last in the transaction.
func (m *Module) Forward(ctx context.Context, tx *db.Tx, f *Forwarding) (sum money.Amount, again bool, err error) {
	o, err := findOrder(ctx, tx, "order_id", f.Of.OrderID)
	if err != nil {
		return 0, false, err
	}
	now := m.now()
	t := ledger.Transaction{ID: f.ID, BuildingID: f.Building, Key: fmt.Sprintf("forward:%d", f.Of.ID), Kind: "forward", OrderID: f.Of.OrderID, EffectiveOn: m.today(), RecordedAt: now, Reason: ledger.Handover(f.Handover)}
	no, err := nextForwarded(ctx, tx, f.Of.OrderID)
	if err != nil {
		return 0, false, err
	}
	var parts []Part
	for _, e := range f.Of.Entries {
		sum -= e.Amount
		e.Amount = -e.Amount
		t.Entries = append(t.Entries, e)
		parts = append(parts, Part{BuildingID: f.Building, OrderID: o.ID, No: no + len(parts), AccountID: e.AccountID, SupplierID: e.SupplierID, ServiceID: e.ServiceID, Kind: PartForwarded,
			Amount: -e.Amount, PaidOn: t.EffectiveOn, Channel: o.Channel, PostedAt: now, RecordedAt: now})
	}
	t.Entries = append(t.Entries, ledger.Entry{Name: ledger.Handover(f.Handover), SupplierID: f.Payee, Amount: -sum})
	posted, err := ledger.Post(ctx, tx, &t)
	if err != nil || !posted {
		return sum, !posted, err
	}
	if err := insertParts(ctx, tx, parts); err != nil {
		return sum, false, err
	}
	return sum, false, tell(ctx, tx, &o, parts, now)
}

// nextForwarded is the number of the next forwarded part of an order; the order's row is what forwards of it wait for each other on.
func nextForwarded(ctx context.Context, tx *db.Tx, order int64) (no int, err error) {
	if _, err := tx.ExecContext(ctx, "UPDATE payment_order SET reason = reason WHERE order_id = $1", order); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(part_no), CAST($2 AS BIGINT) - 1) + 1 FROM payment_part WHERE order_id = $1 AND part_no >= $2", order, int64(forwardedFrom)).Scan(&no)
	return no, err
}
