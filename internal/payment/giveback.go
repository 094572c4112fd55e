package payment

import (
	"context"
	"fmt"

	"kvit/internal/audit"
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

// SplitSuspense puts waiting money onto several accounts, to the kopeck, in one transaction. NotFound when there is no such
// money or account; money that is assigned already is left as it is.
func (m *Module) SplitSuspense(ctx context.Context, actor string, id int64, shares []Share) error {
	s, err := m.findSuspense(ctx, id)
	if err != nil {
		return err
	}
	sum := money.Amount(0)
	lines := make([]Line, len(shares))
	for i, x := range shares {
		if x.Amount <= 0 {
			return fault.New(fault.Invalid, "suspense.share", "Каждая доля больше нуля.").WithField("amount")
		}
		sum += x.Amount
		lines[i] = Line{SupplierCode: x.Supplier, Number: x.Number, Amount: x.Amount}
	}
	if sum != s.Amount {
		return fault.Newf(fault.Invalid, "suspense.shares", "Доли вместе %s, а пришло %s.", sum.Format(), s.Amount.Format()).WithField("amount")
	}
	first, err := m.db.NextIDs(ctx, 1+len(shares))
	if err != nil {
		return err
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		t := &taking{m: m, ctx: ctx, tx: tx}
		if err := t.findAccounts(lines, nil); err != nil {
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

// findSuspense finds money that waits.
func (m *Module) findSuspense(ctx context.Context, id int64) (found *SuspenseItem, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err := ListSuspense(ctx, tx)
		for i := range list {
			if list[i].ID == id {
				found = &list[i]
			}
		}
		return err
	})
	if err == nil && found == nil {
		err = fault.Newf(fault.NotFound, "suspense.unknown", "Невыясненного платежа № %d нет или он уже отнесён.", id)
	}
	return found, err
}

// split passes the shares from the channel's pseudo-building to their accounts.
func (m *Module) split(ctx context.Context, tx *db.Tx, s *SuspenseItem, shares []Share, places []place, actor string, id int64) error {
	now := m.now()
	if taken, err := m.takeSuspense(ctx, tx, s.ID, actor, 0); err != nil || !taken {
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
	parts := []Part{{BuildingID: s.building, OrderID: s.ID, No: 2, Kind: ledger.Suspense, Amount: -s.Amount, PaidOn: s.PaidOn, Channel: s.Channel, PostedAt: now, RecordedAt: now}}
	for i, at := range places {
		err := post(at.building, fmt.Sprintf("assign:%s:%d", postingKey(s.ID), i), ledger.Entry{Name: transfer, Amount: shares[i].Amount},
			ledger.Entry{Name: ledger.Receivable, AccountID: at.account, SupplierID: at.supplier, Amount: -shares[i].Amount})
		if err != nil {
			return err
		}
		parts = append(parts, Part{BuildingID: at.building, OrderID: s.ID, No: 3 + i, AccountID: at.account, SupplierID: at.supplier, Kind: PartDebt, Amount: shares[i].Amount, PaidOn: s.PaidOn, Channel: s.Channel, PostedAt: now, RecordedAt: now})
	}
	if err := audit.Record(ctx, tx, now, actor, "suspense.assigned", fmt.Sprintf("order:%d", s.ID), shares); err != nil {
		return err
	}
	o, err := findOrder(ctx, tx, "order_id", s.ID)
	if err != nil {
		return err
	}
	if err := insertParts(ctx, tx, parts); err != nil {
		return err
	}
	return tell(ctx, tx, &o, parts, now)
}

// takeSuspense takes money off the list; false when somebody did before. back: it goes to whoever sent it.
func (m *Module) takeSuspense(ctx context.Context, tx *db.Tx, id int64, actor string, back int64) (bool, error) {
	res, err := tx.ExecContext(ctx, "UPDATE payment_suspense SET assigned_at = $2, assigned_by = $3, returned_at = $4 WHERE order_id = $1 AND assigned_at = 0", id, int64(m.now()), actor, back)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// ReturnSuspense gives waiting money back to the channel it came by: the mirror of its posting on this day. Money that is off
// the list already is left as it is.
func (m *Module) ReturnSuspense(ctx context.Context, actor string, id int64, reason string) error {
	s, err := m.findSuspense(ctx, id)
	if err != nil {
		return err
	}
	first, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		now, day := m.now(), m.today()
		if taken, err := m.takeSuspense(ctx, tx, id, actor, int64(now)); err != nil || !taken {
			return err
		}
		t := ledger.Transaction{ID: first, BuildingID: s.building, Key: "return:" + postingKey(id), Kind: "return", OrderID: id, EffectiveOn: day, RecordedAt: now, Reason: reason,
			Entries: []ledger.Entry{{Name: ledger.Suspense, Amount: s.Amount}, {Name: ledger.Clearing(s.Channel, day), Amount: -s.Amount}}}
		if _, err := ledger.Post(ctx, tx, &t); err != nil {
			return err
		}
		part := Part{BuildingID: s.building, OrderID: id, No: 2, Kind: ledger.Suspense, Amount: -s.Amount, PaidOn: day, Channel: s.Channel, PostedAt: now, RecordedAt: now}
		if err := insertParts(ctx, tx, []Part{part}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "suspense.returned", fmt.Sprintf("order:%d", id), map[string]any{"sum": int64(s.Amount), "reason": reason})
	})
}
