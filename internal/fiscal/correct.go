package fiscal

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal/atol"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// refresh sets what is known today of suppliers and rules on the lines of a receipt that was not printed. Sums, names and
// methods stay: they are what was paid.
func (m *Module) refresh(ctx context.Context, tx *db.Tx, r *Receipt) error {
	list, err := listPolicies(ctx, tx)
	if err != nil {
		return err
	}
	known := rulesOf(list)
	for i := range r.Lines {
		l := &r.Lines[i]
		s, err := supplier.FindByID(ctx, tx, l.SupplierID)
		if err != nil {
			return err
		}
		policy := known.at(l.SupplierID, r.SettledOn)
		if policy == nil {
			continue
		}
		m.tellSupplier(l, &s, policy)
		if l.Kind != payment.PartPenalty {
			l.Vat = policy.Vat
		}
		if _, err := tx.ExecContext(ctx, "UPDATE fiscal_line SET vat = $3, agent = $4, supplier_name = $5, supplier_inn = $6, phone = $7 WHERE receipt_id = $1 AND line_no = $2",
			r.ID, int64(l.No), l.Vat, l.Agent, l.SupplierName, l.SupplierINN, l.Phone); err != nil {
			return fmt.Errorf("line %d of receipt %d: %w", l.No, r.ID, err)
		}
	}
	return nil
}

// Correct mends a receipt (54-ФЗ ст. 4.3 п. 4). One that was never printed in time is replaced by a correction of the day of
// the settlement. A printed one that says something wrong, a rate or a name, is given back and printed anew with what is
// right now; corrected once, it is a Conflict. It gives the number of the new receipt.
func (m *Module) Correct(ctx context.Context, actor string, id int64, reason string) (number int64, err error) {
	if reason == "" {
		return 0, fault.New(fault.Invalid, "receipt.reason", "Напишите, почему чек исправляют.").WithField("reason")
	}
	first, err := m.DB.NextIDs(ctx, 2)
	if err != nil {
		return 0, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		r, err := findReceipt(ctx, tx, id)
		if err != nil {
			return err
		}
		if number, err = m.correct(ctx, tx, &r, first, reason); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), actor, "receipt.corrected", fmt.Sprintf("receipt:%d", id), map[string]any{"reason": reason, "by": number})
	})
	return number, err
}

func (m *Module) correct(ctx context.Context, tx *db.Tx, r *Receipt, first int64, reason string) (int64, error) {
	switch {
	case r.Kind == atol.SellRefund:
		return 0, fault.Newf(fault.Conflict, "receipt.refund", "Чек № %d – возврат. Исправляют чек прихода.", r.ID)
	case r.State == StateRefused || r.State == StateWaiting:
		return first, m.correctMissing(ctx, tx, r, first, reason)
	case r.State == StateDone:
		return first + 1, m.correctPrinted(ctx, tx, r, first, reason)
	case r.State == StateReplaced:
		return 0, fault.Newf(fault.Conflict, "receipt.corrected", "Чек № %d уже исправлен.", r.ID)
	}
	return 0, fault.Newf(fault.Conflict, "receipt.under_way", "Касса ещё не ответила о чеке № %d. Дождитесь ответа.", r.ID)
}

// anew is the receipt again, as another.
func (m *Module) anew(r *Receipt, id int64, kind, reason string) Receipt {
	n := *r
	n.ID, n.ExternalID, n.Kind, n.Of, n.Reason = id, uuid.Must(uuid.NewV7()).String(), kind, r.ID, reason
	n.State, n.After, n.NextAt, n.MadeAt, n.UUID = StateWaiting, 0, m.Now(), m.Now(), ""
	n.Lines = append([]Line(nil), r.Lines...)
	return n
}

func (m *Module) correctMissing(ctx context.Context, tx *db.Tx, r *Receipt, id int64, reason string) error {
	n := m.anew(r, id, atol.Correction, reason)
	if err := replace(ctx, tx, r); err != nil {
		return err
	}
	return m.insertFresh(ctx, tx, &n, r.Order)
}

func (m *Module) correctPrinted(ctx context.Context, tx *db.Tx, r *Receipt, first int64, reason string) error {
	for i := range r.Lines {
		if r.Lines[i].Used > 0 {
			return fault.Newf(fault.Conflict, "receipt.used", "Аванс чека № %d уже зачтён. Исправлять нечего.", r.ID)
		}
	}
	back, again := m.anew(r, first, atol.SellRefund, reason), m.anew(r, first+1, atol.Sell, reason)
	again.After = back.ID
	if err := replace(ctx, tx, r); err != nil {
		return err
	}
	if err := m.insertFresh(ctx, tx, &back, r.Order); err != nil {
		return err
	}
	if err := m.insertFresh(ctx, tx, &again, r.Order); err != nil {
		return err
	}
	return m.refresh(ctx, tx, &again)
}

// replace marks a receipt as mended by another; two at once mend it once.
func replace(ctx context.Context, tx *db.Tx, r *Receipt) error {
	res, err := tx.ExecContext(ctx, "UPDATE fiscal_receipt SET state = 'replaced' WHERE receipt_id = $1 AND state = $2", r.ID, r.State)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return fault.Newf(fault.Conflict, "receipt.corrected", "Чек № %d уже исправлен.", r.ID).Because(err)
	}
	return nil
}

// insertFresh keeps a receipt made by a person's hand, with its source.
func (m *Module) insertFresh(ctx context.Context, tx *db.Tx, r *Receipt, order int64) error {
	_, err := keep(ctx, tx, source{key: sourceKey("fix", r.ID), order: order}, r, m.Now())
	return err
}
