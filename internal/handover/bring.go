package handover

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/account"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// bring takes along what an account had here before it had a house: registers of our own months, and balances of the book.
func (e *entering) bring(ctx context.Context, tx *db.Tx, a *Account, r *account.Route) error {
	if account.IsGone(r.BuildingID) {
		return nil // what was there is the former centre's, and comes with the package
	}
	rows, err := charge.ListAccount(ctx, tx, r.BuildingID, r.AccountID, e.at)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(l charge.Line) bool { return l.Month <= a.LastMonth })
	for i := range rows {
		rows[i].BuildingID, rows[i].RecordedAt = e.x.building.ID, e.at
	}
	if err := charge.Write(ctx, tx, rows); err != nil {
		return err
	}
	balances, err := ledger.ListBalances(ctx, tx, r.BuildingID, r.AccountID)
	if err != nil || len(balances) == 0 {
		return err
	}
	move := e.id()
	out, in := e.moving(r.BuildingID, move), e.moving(e.x.building.ID, move)
	var total money.Amount
	for _, b := range balances {
		total += b.Amount
		entry := ledger.Entry{Name: b.Name, AccountID: r.AccountID, SupplierID: r.SupplierID, ServiceID: b.ServiceID, Amount: b.Amount}
		in.Entries = append(in.Entries, entry)
		entry.Amount = -b.Amount
		out.Entries = append(out.Entries, entry)
	}
	in.Entries = append(in.Entries, ledger.Entry{Name: ledger.Transfer(move), Amount: -total})
	out.Entries = append(out.Entries, ledger.Entry{Name: ledger.Transfer(move), Amount: total})
	if _, err := ledger.Post(ctx, tx, out); err != nil {
		return err
	}
	_, err = ledger.Post(ctx, tx, in)
	return err
}

// moving is one side of a move of balances inside our book.
func (e *entering) moving(building, move int64) *ledger.Transaction {
	return &ledger.Transaction{ID: e.id(), BuildingID: building, Key: fmt.Sprintf("move:%d", move), Kind: "move", EffectiveOn: e.m.today(), RecordedAt: e.at, Reason: e.h.ID}
}
