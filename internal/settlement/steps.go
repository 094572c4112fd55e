package settlement

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/ledger"
	"kvit/internal/restore"
	"kvit/internal/supplier"
)

// all is the reach of the centre's own people: who may is asked by the route or command.
var all = access.Scope{All: true}

// Approve lets a prepared payout go: never by the person who prepared it, and only to the bank details that are in force.
func (m *Module) Approve(ctx context.Context, actor string, id int64) (*Payout, error) {
	return m.step(ctx, actor, id, func(tx *db.Tx, p *Payout) error {
		if p.State == PayoutPrepared && p.Author == actor {
			return fault.New(fault.Forbidden, "payout.same_person", "Перечисление утверждает другой человек, не тот, кто его подготовил.")
		}
		if err := restore.Refuse(ctx, tx, restore.StepReconcile); err != nil {
			return err
		}
		if err := sameDetails(ctx, tx, p); err != nil {
			return err
		}
		p.State, p.Approver, p.ApprovedAt = PayoutApproved, actor, calendar.MomentText(m.Now())
		return p.change(ctx, tx, PayoutPrepared)
	})
}

// Send numbers the payment order of an approved payout and notes that it goes to the bank. From then on it is not
// cancelled: what became of it a statement tells.
func (m *Module) Send(ctx context.Context, actor string, id int64) (*Payout, error) {
	if _, err := m.Suppliers.ApplyRequisites(ctx); err != nil {
		return nil, err
	}
	return m.step(ctx, actor, id, func(tx *db.Tx, p *Payout) (err error) {
		if p.State != PayoutApproved {
			return p.wrongState()
		}
		if err := restore.Refuse(ctx, tx, restore.StepReconcile); err != nil {
			return err
		}
		if err := sameDetails(ctx, tx, p); err != nil {
			return err
		}
		today := m.Today()
		p.OrderOn = calendar.DayText(today)
		if p.Details.Payer, err = findCentre(ctx, tx, today, m.Now()); err != nil {
			return err
		}
		if p.OrderNo, err = nextOrderNo(ctx, tx, today); err != nil {
			return err
		}
		held, err := p.holding(ctx, tx)
		if err != nil {
			return err
		}
		entries := append(held, ledger.Entry{Name: ledger.Payable(p.SupplierID), Amount: p.Paid}, ledger.Entry{Name: ledger.PayoutSent(p.ID), Amount: -p.Paid})
		p.State, p.Sender, p.SentAt = PayoutSent, actor, calendar.MomentText(m.Now())
		if err := p.change(ctx, tx, PayoutApproved); err != nil {
			return err
		}
		return p.post(ctx, tx, "sent", m.Now(), entries)
	})
}

// Cancel gives up a payout that was not sent: its money is free for another.
func (m *Module) Cancel(ctx context.Context, actor string, id int64, reason string) (*Payout, error) {
	return m.step(ctx, actor, id, func(tx *db.Tx, p *Payout) error {
		p.State, p.Reason, p.SettledAt = PayoutCancelled, reason, calendar.MomentText(m.Now())
		if err := p.change(ctx, tx, PayoutPrepared, PayoutApproved); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE settlement_due SET payout_id = 0 WHERE supplier_id = $1 AND payout_id = $2", p.SupplierID, p.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE settlement_payout SET carried_by = 0 WHERE supplier_id = $1 AND carried_by = $2", p.SupplierID, p.ID)
		return err
	})
}

// Confirm notes that the bank paid a payout that was sent, on a person's word where no statement tells.
func (m *Module) Confirm(ctx context.Context, actor string, id int64, day calendar.Date) (*Payout, error) {
	if day == 0 || day > m.Today() {
		return nil, fault.New(fault.Invalid, "payout.day", "Укажите день, когда банк списал деньги: не позже сегодняшнего.").WithField("day")
	}
	return m.step(ctx, actor, id, func(tx *db.Tx, p *Payout) error {
		return p.settle(ctx, tx, PayoutConfirmed, BankOperation{Key: personKey + actor, Out: true, Day: day, At: m.Now()})
	})
}

// Return notes that the bank gave a payout back: the next one carries its money.
func (m *Module) Return(ctx context.Context, actor string, id int64, day calendar.Date, reason string) (*Payout, error) {
	if day == 0 || day > m.Today() {
		return nil, fault.New(fault.Invalid, "payout.day", "Укажите день, когда банк вернул деньги: не позже сегодняшнего.").WithField("day")
	}
	return m.step(ctx, actor, id, func(tx *db.Tx, p *Payout) error {
		return p.settle(ctx, tx, PayoutReturned, BankOperation{Key: personKey + actor, Day: day, At: m.Now(), Purpose: reason})
	})
}

// step runs one step of a payout in a transaction of its own, with its record in the audit log. A step done before by a
// retry of the closure starts from the payout as it is stored.
func (m *Module) step(ctx context.Context, actor string, id int64, do func(tx *db.Tx, p *Payout) error) (p *Payout, err error) {
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		if p, err = findPayout(ctx, tx, all, id); err != nil {
			return err
		}
		if err := do(tx, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor, "payout."+p.State, fmt.Sprintf("payout:%d", p.ID), map[string]int64{"sum": int64(p.Paid), "order": int64(p.OrderNo)})
	})
	return p, err
}

// sameDetails is a Conflict when a payout was prepared for other bank details than those in force.
func sameDetails(ctx context.Context, tx *db.Tx, p *Payout) error {
	s, err := supplier.FindByID(ctx, tx, p.SupplierID)
	if err != nil {
		return err
	}
	if payee(&s) != p.Details.Payee {
		return fault.Newf(fault.Conflict, "payout.details", "У поставщика %s теперь другие реквизиты. Отмените перечисление № %d и подготовьте новое.", s.Code, p.ID)
	}
	return nil
}

// orderNoMax is the highest number of a payment order: six digits.
const orderNoMax = 999_999

// nextOrderNo numbers the payment orders of a year from one.
func nextOrderNo(ctx context.Context, tx *db.Tx, day calendar.Date) (n int, err error) {
	year := day.Month().Year()
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(order_no), 0) + 1 FROM settlement_payout WHERE order_on BETWEEN $1 AND $2",
		int64(calendar.NewDate(year, 1, 1)), int64(calendar.NewDate(year, 12, 31))).Scan(&n)
	if err == nil {
		var least int64
		least, err = restore.Least(ctx, tx, restore.NumberOrder, "")
		n = max(n, int(least))
	}
	if err == nil && n > orderNoMax {
		err = fault.New(fault.Conflict, "payout.numbers", "Номера платёжных поручений этого года кончились.")
	}
	return n, err
}

// post writes a step of a payout into the centre's book, once; nothing when the step moves nothing there.
func (p *Payout) post(ctx context.Context, tx *db.Tx, step string, at calendar.Micros, entries []ledger.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	no := map[string]int64{"carried": 1, "sent": 1, PayoutConfirmed: 2, PayoutReturned: 3}[step]
	t := ledger.Transaction{ID: p.ID + no, BuildingID: ledger.Centre, Key: fmt.Sprintf("payout:%d:%s", p.ID, step), Kind: "payout", EffectiveOn: p.Cutoff.Date(), RecordedAt: at, Reason: p.Supplier, Entries: entries}
	_, err := ledger.Post(ctx, tx, &t)
	return err
}
