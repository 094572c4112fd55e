package statement

import (
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Asked is a document that waits for a supplier, as he sees it: of which of his accounts.
type Asked struct {
	Waiting
	SupplierID int64
	Accounts   []string // as he prints them

	about int64  // supplier the document is of; 0: all
	key   string // of the request
}

// ListAsked gives the documents that wait for a supplier's figures, the nearest term first; supplier 0: for all of them.
func (m *Module) ListAsked(ctx context.Context, supplierID int64, limit int) (list []Asked, err error) {
	at := m.Now()
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if list, err = listAsked(ctx, tx, supplierID, limit); err != nil {
			return err
		}
		for i := range list {
			x := &list[i]
			members, err := account.ListMembers(ctx, tx, x.Ref.Building, x.Ref.Household, at)
			if err != nil {
				return err
			}
			for j := range members {
				if members[j].SupplierID == x.SupplierID {
					x.Accounts = append(x.Accounts, members[j].Claim.Printed)
				}
			}
		}
		return nil
	})
	return list, err
}

// CountAsked counts the documents that wait for a supplier, and those whose term is over.
func (m *Module) CountAsked(ctx context.Context, supplierID int64) (open, late int, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*), coalesce(sum(CASE WHEN answer_by < $2 THEN 1 ELSE 0 END), 0) FROM statement_request WHERE waits_for = $1 OR CAST($1 AS BIGINT) = 0", supplierID, int64(m.today())).Scan(&open, &late)
	})
	if err != nil {
		return 0, 0, fmt.Errorf("count requests: %w", err)
	}
	return open, late, nil
}

func listAsked(ctx context.Context, tx *db.Tx, supplierID int64, limit int) ([]Asked, error) {
	rows, err := tx.QueryContext(ctx, `SELECT r.building_id, r.household_id, r.request_key, r.kind, r.supplier_id, r.from_month, r.to_month, r.waits_for, s.name, s.phone, r.asked_at, r.answer_by
		FROM statement_request r JOIN supplier s ON s.supplier_id = r.waits_for
		WHERE r.waits_for = $1 OR CAST($1 AS BIGINT) = 0 ORDER BY r.answer_by, r.asked_at, r.household_id, r.request_key LIMIT $2`, supplierID, limit)
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	defer rows.Close()
	var list []Asked
	for rows.Next() {
		var x Asked
		if err := rows.Scan(&x.Ref.Building, &x.Ref.Household, &x.key, &x.Kind, &x.about, &x.From, &x.To, &x.SupplierID, &x.Supplier, &x.Phone, &x.AskedAt, &x.AnswerBy); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// finishMost is how many waiting requests one round looks at.
const finishMost = 200

// FinishWaiting makes the documents whose supplier has sent what they waited for; the household is told. A request that can be
// answered now by a refusal waits for nobody any more: whoever asks again reads why.
func (m *Module) FinishWaiting(ctx context.Context) error {
	var list []Asked
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = listAsked(ctx, tx, 0, finishMost)
		return err
	})
	for i := 0; i < len(list) && err == nil; i++ {
		err = m.finish(ctx, &list[i])
	}
	return err
}

func (m *Module) finish(ctx context.Context, x *Asked) error {
	req := Request{Ref: x.Ref, Kind: x.Kind, From: x.From, To: x.To, Actor: "kvit"}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if x.about != 0 {
			req.Supplier, err = supplierCode(ctx, tx, x.about)
		}
		return err
	})
	if err != nil {
		return err
	}
	d, refused, err := m.Make(ctx, req)
	switch {
	case fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid): // the household, or its account with the supplier, is gone
	case err != nil:
		return err
	case refused != nil && refused.AnswerBy != 0:
		return m.passOn(ctx, x, refused)
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		if err := dropRequest(ctx, tx, x.Ref, x.key); err != nil || d == nil || m.Tell == nil {
			return err
		}
		return m.Tell(ctx, tx, d)
	})
}

// passOn lets a request wait for the supplier who is silent now, when the one before has answered.
func (m *Module) passOn(ctx context.Context, x *Asked, r *Refusal) error {
	if r.waitsFor == x.SupplierID {
		return nil
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE statement_request SET waits_for = $4, asked_at = $5, answer_by = $6
			WHERE building_id = $1 AND household_id = $2 AND request_key = $3`, x.Ref.Building, x.Ref.Household, x.key, r.waitsFor, int64(m.Now()), int64(workdays(m.today(), answerDays)))
		if err != nil {
			return fmt.Errorf("pass a request on: %w", err)
		}
		return nil
	})
}
