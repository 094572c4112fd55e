package exchange

import (
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// restLife is how long after a move money may still be posted to the house an account left: by whoever had split a payment
// before the move. What goes back of an old payment later follows the account by itself.
const restLife = calendar.Micros(10 * 24 * 3600 * 1_000_000)

// PassRests passes on what was posted to the book of a house while an account was leaving it, or by a payment split before: the
// parts stay where the payment was, the balance goes where the account lives. It may be called again at any time.
func (m *Module) PassRests(ctx context.Context) error {
	var list []move
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		return tx.Scan(ctx, "SELECT DISTINCT account_id, supplier_id, from_building_id FROM account_move WHERE finished_at > $1 ORDER BY from_building_id, account_id", []any{int64(m.now() - restLife)},
			func(v []int64, _ []byte) error {
				list = append(list, move{account: v[0], supplier: v[1], from: v[2]})
				return nil
			})
	})
	for i := 0; i < len(list) && err == nil; i++ {
		err = m.passRest(ctx, &list[i])
	}
	return err
}

// passRest passes on the balances an account has in a house it left. Two at once do not pass one balance twice: the
// transaction is serializable.
func (m *Module) passRest(ctx context.Context, v *move) error {
	held := false
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		balances, err := v.rest(ctx, tx)
		held = len(balances) > 0
		return err
	})
	if err != nil || !held {
		return err
	}
	id, err := m.db.NextIDs(ctx, 2)
	if err != nil {
		return err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		balances, err := v.rest(ctx, tx)
		if err != nil || len(balances) == 0 {
			return err
		}
		v.recorded = m.now()
		out, in := v.passing(id, balances)
		for _, t := range []*ledger.Transaction{out, in} {
			if _, err := ledger.Post(ctx, tx, t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("rest of account %d in house %d: %w", v.account, v.from, err)
	}
	return nil
}

// rest are the balances of an account in the house it left, and sets where it lives now; none when it lives there.
func (v *move) rest(ctx context.Context, tx *db.Tx) ([]ledger.Balance, error) {
	homes, err := account.MovedTo(ctx, tx, v.from, []int64{v.account})
	if err != nil || homes[v.account] == 0 {
		return nil, err
	}
	v.to = homes[v.account]
	return ledger.ListBalances(ctx, tx, v.from, v.account)
}

// passing are the postings that pass balances on; id is of the first, the next one of the second.
func (v *move) passing(id int64, balances []ledger.Balance) (out, in *ledger.Transaction) {
	v.id = id
	out, in = &ledger.Transaction{}, &ledger.Transaction{}
	*out, *in = v.posting(v.from, id), v.posting(v.to, id+1)
	out.Key, in.Key = fmt.Sprintf("rest:%d", id), fmt.Sprintf("rest:%d", id)
	var total money.Amount
	for _, b := range balances {
		total += b.Amount
		e := ledger.Entry{Name: b.Name, AccountID: b.AccountID, SupplierID: v.supplier, ServiceID: b.ServiceID, Amount: b.Amount}
		in.Entries = append(in.Entries, e)
		e.Amount = -e.Amount
		out.Entries = append(out.Entries, e)
	}
	in.Entries = append(in.Entries, ledger.Entry{Name: ledger.Transfer(id), Amount: -total})
	out.Entries = append(out.Entries, ledger.Entry{Name: ledger.Transfer(id), Amount: total})
	return out, in
}
