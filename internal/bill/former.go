package bill

import (
	"cmp"
	"context"
	"slices"

	"kvit/internal/account"
	"kvit/internal/charge"
	"kvit/internal/db"
)

// formersOf gives the buildings that accounts moved here from, each with those that did: what they were charged and paid
// there counts here.
func formersOf(ctx context.Context, tx *db.Tx, members []account.Member) (list []charge.Lived, err error) {
	for i := range members {
		a := &members[i].Account
		buildings, err := account.ListBuildings(ctx, tx, a)
		if err != nil {
			return nil, err
		}
		for _, building := range buildings {
			at, known := slices.BinarySearchFunc(list, building, func(x charge.Lived, id int64) int { return cmp.Compare(x.Building, id) })
			if !known {
				list = slices.Insert(list, at, charge.Lived{Building: building})
			}
			list[at].Accounts = append(list[at].Accounts, a.AccountID)
		}
	}
	return list, nil
}

// homes are the buildings an account has lived in, the present one first.
func (b *Bill) homes(accountID int64) []int64 {
	list := []int64{b.BuildingID}
	for i := range b.formers {
		if slices.Contains(b.formers[i].Accounts, accountID) {
			list = append(list, b.formers[i].Building)
		}
	}
	return list
}

// hasMoved tells whether an account has lived in another building.
func (b *Bill) hasMoved(accountID int64) bool { return len(b.homes(accountID)) > 1 }
