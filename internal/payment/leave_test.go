package payment

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway/simulator"
)

// ahead is a payment of advances to two services of account 10 of supplier 1, and of a debt of account 11.
func ahead(first, second, debt money.Amount) Plan {
	p := Plan{Sum: first + second + debt}
	for i, sum := range []money.Amount{first, second} {
		p.Parts = append(p.Parts, PlanPart{BuildingID: 1, AccountID: 10, SupplierID: 1, ServiceID: int64(1 + i), Kind: PartAdvance, Amount: sum})
	}
	p.Parts = append(p.Parts, PlanPart{BuildingID: 1, AccountID: 11, SupplierID: 2, ServiceID: 3, Kind: PartDebt, Amount: debt})
	return p
}

// TestAdvanceMovesToOthers: what two payments paid ahead goes to a debt, a penalty and an advance of other accounts, once; what
// each supplier has follows; what is ahead there goes back to its payer by the payment that brought it. 300 + 70 + 130 = 500 =
// 200 + 40 + 260.
func TestAdvanceMovesToOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Captured)
		b.mustStart("one", ahead(300, 70, 25))
		last := b.mustStart("two", ahead(100, 30, 25))
		to := Plan{Sum: 500, Parts: []PlanPart{
			{BuildingID: 1, AccountID: 12, SupplierID: 3, ServiceID: 4, Kind: PartDebt, Month: 202610, Amount: 200},
			{BuildingID: 1, AccountID: 12, SupplierID: 3, ServiceID: 4, Kind: PartPenalty, Amount: 40},
			{BuildingID: 1, AccountID: 12, SupplierID: 3, ServiceID: 4, Kind: PartAdvance, Amount: 260},
		}}
		less := to
		less.Parts, less.Sum = to.Parts[:2], 240
		if err := b.m.MoveAdvance(ctx, "olga", 1, 10, &less); fault.CodeOf(err) != "advance.changed" {
			t.Errorf("a part of the advance: %v", err)
		}
		if err := b.m.MoveAdvance(ctx, "olga", 1, 12, &to); fault.CodeOf(err) != "advance.where" {
			t.Errorf("to itself: %v", err)
		}
		for range 2 {
			if err := b.m.MoveAdvance(ctx, "olga", 1, 10, &to); err != nil {
				t.Fatal(err)
			}
		}
		for query, want := range map[string]int64{
			"SELECT CAST(coalesce(sum(balance_kop), 0) AS BIGINT) FROM ledger_balance WHERE account_id = 10":                                    0,
			"SELECT CAST(coalesce(sum(balance_kop), 0) AS BIGINT) FROM ledger_balance WHERE account_id = 12 AND name = 'receivable'":            -200,
			"SELECT CAST(coalesce(sum(balance_kop), 0) AS BIGINT) FROM ledger_balance WHERE account_id = 12 AND name = 'penalty'":               -40,
			"SELECT CAST(coalesce(sum(balance_kop), 0) AS BIGINT) FROM ledger_balance WHERE account_id = 12 AND name = 'advance'":               -260,
			"SELECT CAST(coalesce(sum(balance_kop), 0) AS BIGINT) FROM ledger_balance WHERE account_id = 11":                                    -50,
			"SELECT CAST(coalesce(sum(amount_kop), 0) AS BIGINT) FROM ledger_entry WHERE supplier_id = 3":                                       -500,
			"SELECT CAST(count(*) AS BIGINT) FROM ledger_transaction WHERE kind = 'advance_moved'":                                              2,
			"SELECT CAST(coalesce(sum(amount_kop), 0) AS BIGINT) FROM payment_part WHERE reason = 'moved' AND month = 202610 AND posted_at > 0": 200,
			"SELECT CAST(count(*) AS BIGINT) FROM event WHERE account_id = 10 AND kind = 'refund'":                                              2,
			"SELECT CAST(count(*) AS BIGINT) FROM event WHERE account_id = 12 AND kind = 'payment'":                                             2,
		} {
			if got := b.number(query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
		b.clean()
		if _, err := b.m.RefundAdvanceOf(ctx, "olga", last.PublicID, "back", 12, 130); err != nil {
			t.Fatal(err)
		}
		if got := b.number("SELECT CAST(coalesce(sum(balance_kop), 0) AS BIGINT) FROM ledger_balance WHERE account_id = 12 AND name = 'advance'"); got != -130 {
			t.Errorf("after a refund %d is ahead", got)
		}
		b.clean()
	})
}

// TestRefundOfOneAccountsAdvance: of a payment that paid two accounts ahead, one account's money goes back and no more.
func TestRefundOfOneAccountsAdvance(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Captured)
		p := ahead(60, 40, 500)
		p.Parts[2].Kind = PartAdvance
		o := b.mustStart("k", p)
		if _, err := b.m.RefundAdvanceOf(ctx, "olga", o.PublicID, "a", 10, 101); fault.CodeOf(err) != "refund.advance_used" {
			t.Errorf("more than the account has: %v", err)
		}
		if _, err := b.m.RefundAdvanceOf(ctx, "olga", o.PublicID, "b", 10, 100); err != nil {
			t.Fatal(err)
		}
		if got := b.number("SELECT CAST(coalesce(sum(balance_kop), 0) AS BIGINT) FROM ledger_balance WHERE account_id = 11"); got != -500 {
			t.Errorf("the other account has %d", got)
		}
		b.clean()
	})
}

// TestPartsOfAMoveAddUp: whatever the orders brought and however the plan shares it, each order's parts are its sum and the
// plan is filled to the kopeck.
func TestPartsOfAMoveAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		orders := rapid.SliceOfN(rapid.Int64Range(1, 9000), 1, 6).Draw(t, "orders")
		var total money.Amount
		for _, sum := range orders {
			total += money.Amount(sum)
		}
		weights := rapid.SliceOfN(rapid.Int64Range(0, 50), 1, 6).Draw(t, "weights")
		weights[0]++
		got := make([]money.Amount, len(weights))
		want := money.Split(total, weights)
		var m moving
		for i, sum := range want {
			if sum > 0 {
				m.rest = append(m.rest, PlanPart{AccountID: int64(i), Amount: sum})
			}
		}
		for _, sum := range orders {
			var taken money.Amount
			for _, p := range m.take(money.Amount(sum)) {
				taken += p.Amount
				got[p.AccountID] += p.Amount
			}
			if taken != money.Amount(sum) {
				t.Fatalf("an order of %d gave %d", sum, taken)
			}
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("part %d got %d of %d", i, got[i], want[i])
			}
		}
	})
}
