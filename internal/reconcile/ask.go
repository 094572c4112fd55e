package reconcile

import (
	"context"
	"errors"
	"fmt"

	"kvit/internal/audit"
	"kvit/internal/db"
)

// byRegister is why a payment was credited that nobody told us of (reliability.md W7).
const byRegister = "по реестру"

// AskOnlyTheirs asks the acquirer about the payments that stand in its register and are not credited with us: no
// notification came, or ours was lost. What was paid is credited; what it does not confirm stays a case.
func (m *Module) AskOnlyTheirs(ctx context.Context) (credited int, err error) {
	var open []StoredCase
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		open, err = listCases(ctx, tx, "WHERE cause = 'only_theirs' AND state IN ('open', 'explained') ORDER BY day, case_key LIMIT $1", askMax)
		return err
	})
	if err != nil {
		return 0, err
	}
	for i := range open {
		done, failed := m.ask(ctx, &open[i])
		if done {
			credited++
		}
		err = errors.Join(err, failed)
	}
	return credited, err
}

// askMax bounds the payments asked about in one round.
const askMax = 1000

// ask asks about one operation; done when it is credited now.
func (m *Module) ask(ctx context.Context, c *StoredCase) (done bool, err error) {
	id, err := m.waiting(ctx, c.Operation)
	if err != nil || id == "" {
		return false, err
	}
	o, err := m.Payments.Confirm(ctx, id)
	if err != nil || o.State != "credited" {
		return false, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE reconcile_case SET note = $2, changed_at = $3 WHERE case_id = $1", c.ID, byRegister, int64(m.Now())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), "reconcile", "payment.credited_by_register", "order:"+o.PublicID, map[string]any{"case": fmt.Sprint(c.ID), "sum": int64(o.Sum)})
	})
	return err == nil, err
}

// waiting is the public number of an order that the acquirer knows under a number and that is not credited; ” when there is
// none.
func (m *Module) waiting(ctx context.Context, operation string) (id string, err error) {
	if operation == "" {
		return "", nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		for _, column := range []string{"gateway_id", "public_id"} {
			err := tx.QueryRowContext(ctx, "SELECT public_id FROM payment_order WHERE "+column+" = $1 AND state IN ('created', 'pending', 'captured', 'expired')", operation).Scan(&id)
			if err == nil || !none(err) {
				return err
			}
		}
		id = ""
		return nil
	})
	return id, err
}
