package payment

import (
	"context"
	"maps"
	"slices"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/ledger"
)

// follow passes what was posted to accounts that have moved to other houses since the order was made on into the books where
// they live now, as their balances went when they moved: the parts stay where the payment was. Whatever posts parts of an
// earlier order calls it in the same transaction; ids from id on are free, followIDs of them.
func follow(ctx context.Context, tx *db.Tx, t *ledger.Transaction, id int64) error {
	var accounts []int64
	for _, e := range t.Entries {
		if e.AccountID != 0 {
			accounts = append(accounts, e.AccountID)
		}
	}
	if len(accounts) == 0 {
		return nil
	}
	homes, err := account.MovedTo(ctx, tx, t.BuildingID, accounts)
	if err != nil || len(homes) == 0 {
		return err
	}
	away := map[int64][]ledger.Entry{} // by building
	for _, e := range t.Entries {
		if home := homes[e.AccountID]; home != 0 {
			away[home] = append(away[home], e)
		}
	}
	for _, home := range slices.Sorted(maps.Keys(away)) {
		out := ledger.Transaction{ID: id, BuildingID: t.BuildingID, Kind: "move", EffectiveOn: t.EffectiveOn, RecordedAt: t.RecordedAt, Reason: t.Reason}
		in := out
		in.ID, in.BuildingID = id+1, home
		for _, e := range away[home] {
			in.Entries = append(in.Entries, e, ledger.Entry{Name: ledger.Transfer(id), Amount: -e.Amount})
			e.Amount = -e.Amount
			out.Entries = append(out.Entries, e, ledger.Entry{Name: ledger.Transfer(id), Amount: -e.Amount})
		}
		out.Key, in.Key = "follow:"+t.Key, "follow:"+t.Key
		for _, x := range []*ledger.Transaction{&out, &in} {
			if _, err := ledger.Post(ctx, tx, x); err != nil {
				return err
			}
		}
		id += 2
	}
	return nil
}

// followIDs is how many ids follow needs at most for so many parts: two postings a house.
func followIDs(parts int) int { return 2 * parts }
