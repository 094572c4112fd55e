package payment

import (
	"context"
	"fmt"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// Share is what of unidentified money is whose.
type Share struct {
	Supplier string       `json:"supplier"`
	Number   string       `json:"account"`
	Amount   money.Amount `json:"amount"`
}

// SplitSuspense puts waiting money onto accounts, to the kopeck, in one transaction. NotFound when there is no such money or
// account; money that is assigned already is left as it is.
func (m *Module) SplitSuspense(ctx context.Context, actor string, id int64, shares []Share) error {
	s, err := m.findSuspense(ctx, id)
	if err != nil {
		return err
	}
	sum := money.Amount(0)
	for _, x := range shares {
		if x.Amount <= 0 {
			return fault.New(fault.Invalid, "suspense.share", "Каждая доля больше нуля.").WithField("amount")
		}
		sum += x.Amount
	}
	if sum != s.Amount {
		return fault.Newf(fault.Invalid, "suspense.shares", "Доли вместе %s, а пришло %s.", sum.Format(), s.Amount.Format()).WithField("amount")
	}
	return m.assign(ctx, s, shares, actor, nil)
}

// findSuspense finds money that waits.
func (m *Module) findSuspense(ctx context.Context, id int64) (*SuspenseItem, error) {
	var list []SuspenseItem
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = listSuspense(ctx, tx, "WHERE order_id = $1 AND assigned_at = 0", id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.Newf(fault.NotFound, "suspense.unknown", "Невыясненного платежа № %d нет или он уже отнесён.", id)
	}
	return &list[0], nil
}

// assign puts waiting money onto the accounts of its shares.
func (m *Module) assign(ctx context.Context, s *SuspenseItem, shares []Share, actor string, alias Alias) error {
	first, err := m.db.NextIDs(ctx, 1+len(shares))
	if err != nil {
		return err
	}
	lines := make([]Line, len(shares))
	for i, x := range shares {
		lines[i] = Line{SupplierCode: x.Supplier, Number: x.Number, Amount: x.Amount}
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		t := &taking{m: m, ctx: ctx, tx: tx}
		if err := t.findAccounts(lines, alias); err != nil {
			return err
		}
		places := make([]place, len(shares))
		for i, x := range shares {
			at, ok := t.accounts[x.Supplier+":"+x.Number]
			if !ok {
				return fault.Newf(fault.NotFound, "account.unknown", "Счёта %s у поставщика %s нет.", x.Number, x.Supplier)
			}
			places[i] = at
		}
		return m.split(ctx, tx, s, shares, places, actor, first)
	})
}

// split passes the shares from the channel's pseudo-building to their accounts.
func (m *Module) split(ctx context.Context, tx *db.Tx, s *SuspenseItem, shares []Share, places []place, actor string, id int64) error {
	parts := make([]Part, len(shares))
	for i, at := range places {
		parts[i] = Part{BuildingID: at.building, AccountID: at.account, SupplierID: at.supplier, Kind: PartDebt, Amount: shares[i].Amount, PaidOn: s.PaidOn, Channel: s.Channel}
	}
	return m.place(ctx, tx, s, parts, actor, id, func() error {
		if actor == intakeActor { // what an intake does is in its own record
			return nil
		}
		return audit.Record(ctx, tx, m.now(), actor, "suspense.assigned", fmt.Sprintf("order:%d", s.ID), shares)
	})
}

// place passes waiting money from the channel's pseudo-building onto the accounts of parts that add up to it, and posts them;
// nothing when it does not wait any more. record notes who did it. It writes events, so it comes last in the transaction.
func (m *Module) place(ctx context.Context, tx *db.Tx, s *SuspenseItem, parts []Part, actor string, id int64, record func() error) error {
	now := m.now()
	if taken, err := takeSuspense(ctx, tx, s.ID, actor, now, false); err != nil || !taken {
		return err
	}
	o, err := findOrder(ctx, tx, "order_id", s.ID)
	if err != nil {
		return err
	}
	transfer := ledger.Transfer(s.ID)
	post := func(building int64, key string, entries ...ledger.Entry) error {
		_, err := ledger.Post(ctx, tx, &ledger.Transaction{ID: id, BuildingID: building, Key: key, Kind: "assign", OrderID: s.ID, EffectiveOn: s.PaidOn, RecordedAt: now, Entries: entries})
		id++
		return err
	}
	if err := post(s.building, "assign:"+postingKey(s.ID), ledger.Entry{Name: ledger.Suspense, Amount: s.Amount}, ledger.Entry{Name: transfer, Amount: -s.Amount}); err != nil {
		return err
	}
	no := o.lastPart() + 1
	all := []Part{s.part(no, -s.Amount, s.PaidOn, now)}
	for i := range parts {
		p := parts[i]
		if err := post(p.BuildingID, fmt.Sprintf("assign:%s:%d", postingKey(s.ID), i), ledger.Entry{Name: transfer, Amount: p.Amount}, p.entry()); err != nil {
			return err
		}
		p.OrderID, p.No, p.PostedAt, p.RecordedAt = s.ID, no+1+i, now, now
		all = append(all, p)
	}
	if err := record(); err != nil {
		return err
	}
	if err := insertParts(ctx, tx, all); err != nil {
		return err
	}
	return tell(ctx, tx, &o, all, now)
}

// part is money that comes to the waiting ones or leaves them, as a part of its order.
func (s *SuspenseItem) part(no int, amount money.Amount, day calendar.Date, at calendar.Micros) Part {
	return Part{BuildingID: s.building, OrderID: s.ID, No: no, Kind: ledger.Suspense, Amount: amount, PaidOn: day, Channel: s.Channel, PostedAt: at, RecordedAt: at}
}

// lastPart is the number of an order's last part.
func (o *Order) lastPart() (no int) {
	for i := range o.Parts {
		no = max(no, o.Parts[i].No)
	}
	return no
}

// takeSuspense takes money off the list; false when somebody did before, or its agent is taking it back. back: it goes to
// whoever sent it.
func takeSuspense(ctx context.Context, tx *db.Tx, id int64, actor string, at calendar.Micros, back bool) (bool, error) {
	returned := calendar.Micros(0)
	if back {
		returned = at
	}
	// The order's row first, as refunds take it: what is being taken back is not assigned.
	if _, err := tx.ExecContext(ctx, "UPDATE payment_order SET changed_at = $2 WHERE order_id = $1", id, int64(at)); err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, `UPDATE payment_suspense SET assigned_at = $2, assigned_by = $3, returned_at = $4 WHERE order_id = $1 AND assigned_at = 0
		AND NOT EXISTS (SELECT 1 FROM payment_refund r WHERE r.order_id = $1 AND r.state = 'reserved')`, id, int64(at), actor, int64(returned))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Returned is unidentified money that goes back to whoever sent it.
type Returned struct {
	SuspenseItem
	Day calendar.Date // of the posting
	At  calendar.Micros
}

// ReturnSuspense gives waiting money back to the channel it came by: the mirror of its posting on this day. join writes what
// becomes true with it. Money that is off the list already is left as it is.
func (m *Module) ReturnSuspense(ctx context.Context, actor string, id int64, reason string, join func(ctx context.Context, tx *db.Tx, r *Returned) error) error {
	s, err := m.findSuspense(ctx, id)
	if err != nil {
		return err
	}
	first, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		r := &Returned{SuspenseItem: *s, Day: m.today(), At: m.now()}
		if taken, err := takeSuspense(ctx, tx, id, actor, r.At, true); err != nil || !taken {
			return err
		}
		o, err := findOrder(ctx, tx, "order_id", id)
		if err != nil {
			return err
		}
		no := o.lastPart() + 1 // tells a second return from the first, which the bank gave back
		if err := s.turn(ctx, tx, ledger.Transaction{ID: first, Key: fmt.Sprintf("return:%s:%d", postingKey(id), no), EffectiveOn: r.Day, RecordedAt: r.At, Reason: reason}, no, -s.Amount); err != nil {
			return err
		}
		if err := join(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, r.At, actor, "suspense.returned", fmt.Sprintf("order:%d", id), map[string]any{"sum": int64(s.Amount), "reason": reason})
	})
}

// turn posts money that leaves the waiting ones for its channel (below zero) or comes back, and its part.
func (s *SuspenseItem) turn(ctx context.Context, tx *db.Tx, t ledger.Transaction, no int, amount money.Amount) error {
	t.BuildingID, t.Kind, t.OrderID = s.building, "return", s.ID
	t.Entries = []ledger.Entry{{Name: ledger.Suspense, Amount: -amount}, {Name: ledger.Clearing(s.Channel, t.EffectiveOn), Amount: amount}}
	posted, err := ledger.Post(ctx, tx, &t)
	if err != nil || !posted {
		return err
	}
	return insertParts(ctx, tx, []Part{s.part(no, amount, t.EffectiveOn, t.RecordedAt)})
}

// ReopenSuspense puts money that could not be given back among the waiting ones again; id is of the posting. Money that waits
// already is left as it is.
func ReopenSuspense(ctx context.Context, tx *db.Tx, id, orderID int64, day calendar.Date, at calendar.Micros) error {
	res, err := tx.ExecContext(ctx, "UPDATE payment_suspense SET assigned_at = 0, assigned_by = '', returned_at = 0 WHERE order_id = $1 AND returned_at > 0", orderID)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	list, err := listSuspense(ctx, tx, "WHERE order_id = $1", orderID)
	if err != nil {
		return err
	}
	o, err := findOrder(ctx, tx, "order_id", orderID)
	if err != nil {
		return err
	}
	no := o.lastPart() + 1
	return list[0].turn(ctx, tx, ledger.Transaction{ID: id, Key: fmt.Sprintf("reopen:%s:%d", postingKey(orderID), no), EffectiveOn: day, RecordedAt: at, Reason: "банк вернул возврат"}, no, list[0].Amount)
}

// waits tells whether nobody knows whose the money is.
func (o *Order) waits() bool {
	sum := money.Amount(0)
	for i := range o.Parts {
		if o.Parts[i].Kind == ledger.Suspense {
			sum += o.Parts[i].Amount
		}
	}
	return sum > 0
}

// backFromSuspense takes money that goes back whole off the list of what waits.
func backFromSuspense(ctx context.Context, tx *db.Tx, orderID int64, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "UPDATE payment_suspense SET assigned_at = $2, assigned_by = 'refund', returned_at = $2 WHERE order_id = $1 AND assigned_at = 0", orderID, int64(at))
	return err
}
