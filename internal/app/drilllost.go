package app

import (
	"context"

	"kvit/internal/db"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// findLost finds the payments of the lost time: payers of half of them ask again under their keys before the acquirer is asked for
// all, those of the others after.
func (r *DrillReport) findLost(ctx context.Context, a *App) error {
	kept, err := a.listPaid(ctx, r.paid)
	if err != nil {
		return err
	}
	var later []string
	for id := range r.paid {
		switch {
		case kept[id]:
		case len(later) <= r.Again:
			later = append(later, id)
		default:
			if err := r.askAgain(ctx, a, id); err != nil {
				return err
			}
		}
	}
	if _, _, err := a.AskAcquirers(ctx, "drill"); err != nil {
		return err
	}
	for _, id := range later {
		if err := r.askAgain(ctx, a, id); err != nil {
			return err
		}
	}
	all, err := a.listPaid(ctx, r.paid)
	r.Found, r.Lost = len(all)-r.Kept, r.Payments-len(all)
	return err
}

// askAgain is a payer who has had no answer and asks again: he must be told of the payment he made, credited to his account.
func (r *DrillReport) askAgain(ctx context.Context, a *App, id string) error {
	r.Again++
	told, err := a.Pay(ctx, r.asked[id])
	if err != nil {
		return err
	}
	o, err := a.Payments.Find(ctx, told.PublicID)
	if err != nil {
		return err
	}
	var placed money.Amount
	for i := range o.Parts {
		if p := &o.Parts[i]; p.AccountID != 0 && p.PostedAt != 0 {
			placed += p.Amount
		}
	}
	if o.PublicID != id || o.State != payment.StateCredited || !told.Repeated || placed != o.Sum {
		r.wrong("повтор ключа %s: платёж %s, %s, на счетах %s из %s", r.asked[id].Key, o.PublicID, o.State, placed.Format(), o.Sum.Format())
	}
	return nil
}

// listPaid gives those of some orders, by their public numbers, whose money was taken.
func (a *App) listPaid(ctx context.Context, of map[string]bool) (paid map[string]bool, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		paid = map[string]bool{}
		rows, err := tx.QueryContext(ctx, "SELECT public_id FROM payment_order WHERE state IN ('captured', 'credited')")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			if of[id] {
				paid[id] = true
			}
		}
		return rows.Err()
	})
	return paid, err
}
