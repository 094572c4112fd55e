package payment

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// AdvanceOf is what of an order's money paid ahead an account still holds.
type AdvanceOf struct {
	OrderID int64
	Left    money.Amount
}

// ListAdvancesOf lists what an account holds paid ahead, by order, the oldest first.
func ListAdvancesOf(ctx context.Context, tx *db.Tx, building, account int64) (list []AdvanceOf, err error) {
	rows, err := listAdvances(ctx, tx, building, account)
	for _, p := range rows {
		if n := len(list); n == 0 || list[n-1].OrderID != p.order {
			list = append(list, AdvanceOf{OrderID: p.order})
		}
		list[len(list)-1].Left += p.left
	}
	return list, err
}

// listAdvances lists what an account holds paid ahead, by order and service.
func listAdvances(ctx context.Context, tx *db.Tx, building, account int64) ([]prepaid, error) {
	rows, err := listPrepaid(ctx, tx, "WHERE x.building_id = $1 AND x.account_id = $2", building, account)
	slices.SortStableFunc(rows, func(a, b prepaid) int { return cmp.Compare(a.order, b.order) })
	return rows, err
}

// ordersMax is how many orders one move of an advance may touch.
const ordersMax = 200

var errAdvanceChanged = fault.New(fault.Conflict, "advance.changed", "Аванс только что изменился. Посмотрите ещё раз и повторите.")

// MoveAdvance gives all an account of a building holds paid ahead to other accounts of it, as a plan says: the mirror of the
// advance and the new parts are parts of the orders that brought the money, dated today, so each kopeck still leads to its
// payment. Repeated, it finds nothing left and moves nothing. Conflict when the plan is not of what is left, or a refund of
// one of the payments is under way.
func (m *Module) MoveAdvance(ctx context.Context, actor string, building, account int64, plan *Plan) error {
	var sum money.Amount
	for i := range plan.Parts {
		p := &plan.Parts[i]
		if sum += p.Amount; p.BuildingID != building || p.AccountID == account || p.Amount <= 0 {
			return fault.New(fault.Invalid, "advance.where", "Аванс переносят на другие счета того же дома.")
		}
	}
	first, err := m.db.NextIDs(ctx, ordersMax)
	if err != nil {
		return err
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		rows, err := listAdvances(ctx, tx, building, account)
		if err != nil || len(rows) == 0 {
			return err
		}
		t := moving{m: m, ctx: ctx, tx: tx, id: first, day: m.today(), now: m.now(), rest: plan.Parts, sum: sum}
		if err := t.all(rows); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, t.now, actor, "advance.moved", fmt.Sprintf("account:%d/%d", building, account), plan.Parts)
		if err != nil {
			return err
		}
		return event.Write(ctx, tx, t.events)
	})
}

// moving is one move inside its transaction.
type moving struct {
	m      *Module
	ctx    context.Context //nolint:containedctx // it lives no longer than the call it serves
	tx     *db.Tx
	id     int64 // of the next posting
	day    calendar.Date
	now    calendar.Micros
	rest   []PlanPart // still to be filled
	taken  money.Amount
	sum    money.Amount // of the plan
	events []event.Event
}

// all moves the advances order by order.
func (t *moving) all(rows []prepaid) error {
	var left money.Amount
	for _, p := range rows {
		if left += p.left; p.left < 0 { // used and then given back: its use is to be taken back first
			return errAdvanceChanged
		}
	}
	if left != t.sum || len(rows) > ordersMax {
		return errAdvanceChanged
	}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].order == rows[0].order {
			n++
		}
		if err := t.order(rows[:n]); err != nil {
			return fmt.Errorf("move the advance of order %d: %w", rows[0].order, err)
		}
		rows = rows[n:]
	}
	return nil
}

// order moves what one order paid ahead.
func (t *moving) order(rows []prepaid) error {
	o, err := t.lock(rows[0].order)
	if err != nil {
		return err
	}
	no, sum := o.lastPart()+1, money.Amount(0)
	var parts []Part
	for _, p := range rows {
		sum += p.left
		parts = append(parts, Part{AccountID: p.account, SupplierID: p.supplier, ServiceID: p.service, Kind: PartAdvance, Amount: -p.left})
	}
	parts = append(parts, t.take(sum)...)
	x := ledger.Transaction{ID: t.id, BuildingID: rows[0].building, Key: fmt.Sprintf("advance_moved:%s:%d", postingKey(o.ID), no), Kind: "advance_moved", OrderID: o.ID, EffectiveOn: t.day, RecordedAt: t.now}
	for i := range parts {
		p := &parts[i]
		p.BuildingID, p.OrderID, p.No, p.PaidOn, p.Channel, p.PostedAt, p.RecordedAt, p.Reason = rows[0].building, o.ID, no+i, t.day, o.Channel, t.now, t.now, ReasonMoved
		x.Entries = append(x.Entries, p.entry())
	}
	t.id++
	if _, err := ledger.Post(t.ctx, t.tx, &x); err != nil {
		return err
	}
	t.events = append(t.events, eventsOf(&o, parts, t.now)...)
	return insertParts(t.ctx, t.tx, parts)
}

// lock finds an order whose row refunds wait for; Conflict while one of them is under way.
func (t *moving) lock(id int64) (o Order, err error) {
	if _, err := t.tx.ExecContext(t.ctx, "UPDATE payment_order SET changed_at = $2 WHERE order_id = $1", id, int64(t.now)); err != nil {
		return o, err
	}
	open, err := listRefunds(t.ctx, t.tx, "WHERE order_id = $1 AND state = 'reserved'", id)
	if err == nil && len(open) > 0 {
		err = fault.New(fault.Conflict, "advance.refunded", "По этому платежу деньги уже возвращаются. Дождитесь банка и повторите.")
	}
	if err != nil {
		return o, err
	}
	return findOrder(t.ctx, t.tx, "order_id", id)
}

// take cuts a sum off what the plan has left to fill.
func (t *moving) take(sum money.Amount) (parts []Part) {
	for sum > 0 && len(t.rest) > 0 {
		to := &t.rest[0]
		amount := min(sum, to.Amount-t.taken)
		parts = append(parts, Part{AccountID: to.AccountID, SupplierID: to.SupplierID, ServiceID: to.ServiceID, Kind: to.Kind, Amount: amount, Month: to.Month})
		sum, t.taken = sum-amount, t.taken+amount
		if t.taken == to.Amount {
			t.rest, t.taken = t.rest[1:], 0
		}
	}
	return parts
}
