package app

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/payment"
)

// TestFindByAnyNumber: an operator finds a household by a payment's number, whole or short, by the number on a meter, by the code
// of its bill and by its public code (ux.md C2).
func TestFindByAnyNumber(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newTown(t, d), context.Background()
		b, err := w.a.Bills.At(ctx, bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}, 0)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := bill.Split([]*bill.Bill{b}, payment.Wish{Sum: 10_000, Ahead: true})
		if err != nil {
			t.Fatal(err)
		}
		o, err := w.a.Payments.Book(ctx, &payment.Booking{Agent: "bank", Txn: "1", Method: "agent", PaidOn: 20261110, Plan: plan, Actor: "bank", Join: func(*db.Batch, *payment.Order) {}})
		if err != nil {
			t.Fatal(err)
		}
		var serial string
		if err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT min(serial) FROM v_meter WHERE serial <> '' AND account_id <> 0").Scan(&serial)
		}); err != nil {
			t.Fatal(err)
		}
		v := w.visitor(access.CentreOperator, 0)
		for name, x := range map[string]struct{ query, want string }{
			"payment":       {o.PublicID, "/c/trace?payment=" + o.PublicID},
			"short payment": {payment.ShortNumber(o.PublicID), "/c/trace?payment=" + o.PublicID},
			"meter":         {serial, "/meters\""},
			"household":     {account.HouseholdCode(w.own.HouseholdID), "/c/account/" + account.HouseholdCode(w.own.HouseholdID)},
			"nothing":       {"нет такого", "номера платежей"},
		} {
			page := v.do("GET", "/c/find?q="+url.QueryEscape(x.query), nil)
			if !strings.Contains(page.Body.String(), x.want) {
				t.Errorf("%s %q: no %q", name, x.query, x.want)
			}
		}
	})
}
