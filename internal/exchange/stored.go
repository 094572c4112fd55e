package exchange

import (
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
)

// stored is what is known of a building before this batch.
type stored struct {
	building int64
	accounts []account.Account
	byNumber map[string]int64 // «supplier:number» → account id
	claims   map[int64]account.Claim
	links    map[int64]account.Link
	charges  map[chargeKey]charge.Line
}

type chargeKey struct {
	account int64
	month   calendar.Month
	service int64
}

func (b *batch) load(ctx context.Context, building int64, came []*arrived) (*stored, error) {
	st := &stored{building: building, byNumber: map[string]int64{}, charges: map[chargeKey]charge.Line{}}
	err := b.m.db.Read(ctx, func(tx *db.Tx) (err error) {
		if st.accounts, err = account.ListLive(ctx, tx, building, b.recorded+filesMax); err != nil || len(st.accounts) == 0 {
			return err
		}
		if st.claims, err = account.ListClaims(ctx, tx, building, b.recorded+filesMax); err != nil {
			return err
		}
		if st.links, err = account.ListLinks(ctx, tx, building, b.recorded+filesMax); err != nil {
			return err
		}
		return st.loadCharges(ctx, tx, b, came)
	})
	for _, a := range st.accounts {
		st.byNumber[fmt.Sprint(a.SupplierID, ":", a.Number)] = a.AccountID
	}
	return st, err
}

// loadCharges reads the months this batch talks of, so that equal figures are not written again.
func (st *stored) loadCharges(ctx context.Context, tx *db.Tx, b *batch, came []*arrived) error {
	months := map[calendar.Month]bool{}
	for _, a := range came {
		for i := range a.told {
			for k := range a.told[i].Lines {
				months[a.told[i].Lines[k].month(a.files[i])] = true
			}
		}
	}
	for month := range months {
		lines, err := charge.ListBuilding(ctx, tx, st.building, month, b.recorded+filesMax)
		if err != nil {
			return err
		}
		for _, l := range lines {
			st.charges[chargeKey{l.AccountID, l.Month, l.ServiceID}] = l
		}
	}
	return nil
}
