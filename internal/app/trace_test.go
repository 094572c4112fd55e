package app

import (
	"context"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/ledger"
	"kvit/internal/reconcile"
	"kvit/internal/settlement"
)

// TestEveryKopeckIsFollowed: the payments of a city, their registers and its statement: each payment's shares add up to it, what the
// traces say was kept is what the centre's book kept, and the book of the bank is even with the statement.
func TestEveryKopeckIsFollowed(t *testing.T) {
	inOrder(t)
	t.Parallel()
	ctx := context.Background()
	dir := moneyTown(t, 21)
	d := dbtest.SQLite(t)
	a := settled(t, d, dir, 2, false)
	const contract = "contracts:\n- {supplier: CODE, number: 1, from: 2026-01-01, fee: {paid_by: supplier, percent: 1.5}}\n"
	suppliers, err := a.ListSuppliers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Settlement.LoadContracts(ctx, "olga", strings.NewReader(strings.Replace(contract, "CODE", suppliers[0].Code, 1))); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Settlement.CloseDay(ctx, "olga", calendar.NewDate(2026, 11, 15)); err != nil {
		t.Fatal(err)
	}
	kept, arrived := int64(0), 0
	for _, id := range publicIDs(t, d) {
		x, err := a.Settlement.Trace(ctx, access.Scope{All: true}, id)
		if err != nil {
			t.Fatal(err)
		}
		if sum := total(x.Steps); sum != int64(x.Sum-x.Refunded) {
			t.Errorf("%s: the shares are %d of %d", id, sum, x.Sum)
		}
		kept += int64(x.Fee)
		arrived += len(x.Arrived)
	}
	if kept == 0 || kept != -centreBook(t, d)[ledger.FeeIncome] || arrived == 0 {
		t.Errorf("kept %d by the traces, %d by the book; %d arrivals", kept, -centreBook(t, d)[ledger.FeeIncome], arrived)
	}
	reconciledNow(t, a)
	days, err := a.Reconcile.Matrix(ctx, clerk, reconcile.Period{})
	if err != nil {
		t.Fatal(err)
	}
	open := int64(0)
	for i := range days {
		open += int64(days[i].Ours - days[i].Bank - days[i].BankFee)
	}
	left := int64(0)
	for name, sum := range centreBook(t, d) {
		if strings.HasPrefix(name, "clearing:") {
			left += sum
		}
	}
	if left != open {
		t.Errorf("the clearing is left with %d, the matrix with %d", left, open)
	}
	if r, err := a.Check(ctx); err != nil || !r.OK {
		t.Errorf("%+v, %v", r, err)
	}
}

func total(steps []settlement.TraceStep) (sum int64) {
	for i := range steps {
		sum += int64(steps[i].Amount)
	}
	return sum
}

func publicIDs(t *testing.T, d *db.DB) (list []string) {
	t.Helper()
	rows, err := d.Handle().QueryContext(context.Background(), "SELECT public_id FROM payment_order ORDER BY order_id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		list = append(list, id)
	}
	return list
}
