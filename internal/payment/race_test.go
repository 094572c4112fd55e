package payment

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway/simulator"
)

// TestCaptureAndCancelAtOnce: of a held sum one is decided, whoever is first, and the bank, the order and the book agree.
func TestCaptureAndCancelAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Manual)
		want := int64(0)
		for i := range 6 {
			o := b.held("held"+strconv.Itoa(i), plan(100, 200))
			var wg sync.WaitGroup
			for n := range 6 {
				m := b.module()
				wg.Go(func() {
					var err error
					if n%2 == 0 {
						_, err = m.Capture(context.Background(), "test", o.PublicID, 300)
					} else {
						_, err = m.Cancel(context.Background(), "test", o.PublicID)
					}
					if err != nil && fault.KindOf(err) != fault.Conflict {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			switch o, err := b.m.Find(context.Background(), o.PublicID); {
			case err != nil:
				t.Fatal(err)
			case o.State == StateCredited:
				want += 300
			case o.State != StateCancelled:
				t.Errorf("the order is %s", o.State)
			}
		}
		if b.credited() != want || b.number("SELECT count(*) FROM payment_hold") != 6 {
			t.Errorf("credited %d, want %d", b.credited(), want)
		}
		b.clean()
	})
}

// TestTwoAssignersAtOnce: money in suspense that several people assign to different accounts goes to one of them.
func TestTwoAssignersAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Captured)
		ctx := context.Background()
		for _, q := range []string{
			"INSERT INTO supplier (supplier_id, code, name, inn, kpp, bank, bic, corr_account, bank_account, phone, address, services, mode, status, recorded_at) VALUES (1, 'voda', '', '', '', '', '', '', '', '', '', '[]', '', '', 1)",
			"INSERT INTO account_route (supplier_id, number, account_id, building_id) VALUES (1, '0', 10, 1), (1, '1', 11, 2)",
		} {
			if _, err := d.Handle().ExecContext(ctx, q); err != nil {
				t.Fatal(err)
			}
		}
		day := calendar.NewDate(2026, 11, 20)
		if v, err := b.m.TakeLines(ctx, Source{FileID: 1, Channel: "sber"}, []Line{{Row: 1, Operation: "op", SupplierCode: "voda", Number: "77", Date: day, Amount: 500}}, nil); err != nil || v[0] != Suspense {
			t.Fatalf("%v, %v", v, err)
		}
		id := b.number("SELECT order_id FROM payment_suspense")
		var wg sync.WaitGroup
		for n := range 8 {
			m := b.module()
			wg.Go(func() {
				if err := m.SplitSuspense(ctx, fmt.Sprint("clerk", n), id, []Share{{"voda", strconv.Itoa(n % 2), 500}}); err != nil && !fault.Is(err, fault.NotFound) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := b.number("SELECT count(*) FROM ledger_balance WHERE name = 'receivable' AND balance_kop = -500"); n != 1 || b.credited() != 500 {
			t.Errorf("%d accounts got it, credited %d", n, b.credited())
		}
		b.clean()
	})
}

// TestRefundsAreTheMirrorOfTheSplit: whatever a payment's parts and however it goes back piece by piece, each piece adds up,
// no account gives back more than it got, and all of it comes to the whole.
func TestRefundsAreTheMirrorOfTheSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Order{ID: 1, State: StateCredited}
		got := map[int64]money.Amount{}
		for i, amount := range rapid.SliceOfN(rapid.Int64Range(1, 100_000), 1, 12).Draw(t, "parts") {
			account := rapid.Int64Range(1, 8).Draw(t, "account")
			o.Parts = append(o.Parts, Part{BuildingID: 1 + account%2, OrderID: 1, No: i + 1, AccountID: account, ServiceID: int64(i), Kind: PartDebt, Amount: money.Amount(amount)})
			o.Sum += money.Amount(amount)
			got[account] += money.Amount(amount)
		}
		for o.Refunded < o.Sum {
			sum := money.Amount(rapid.Int64Range(1, int64(o.Sum-o.Refunded)).Draw(t, "back"))
			if rapid.Bool().Draw(t, "the rest") {
				sum = o.Sum - o.Refunded
			}
			pieces, total := o.back(sum, "", 0, 5, 20261126), money.Amount(0)
			for _, p := range pieces {
				total -= p.Amount
				if got[p.AccountID] += p.Amount; p.Amount >= 0 || got[p.AccountID] < 0 {
					t.Fatalf("account %d gives %d and is left with %d", p.AccountID, p.Amount, got[p.AccountID])
				}
			}
			if total != sum {
				t.Fatalf("%d went back of %d", total, sum)
			}
			o.Parts, o.Refunded = append(o.Parts, pieces...), o.Refunded+sum
		}
		for account, left := range got {
			if left != 0 {
				t.Fatalf("account %d is left with %d", account, left)
			}
		}
	})
}
