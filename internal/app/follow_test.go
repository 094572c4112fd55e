package app

import (
	"context"
	"log/slog"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway"
)

// TestMoneyFollowsAnAccountThatMoved: what goes back of a payment made before its account moved to another house changes the
// balance where the account lives, and leaves nothing in the book of the house it left.
func TestMoneyFollowsAnAccountThatMoved(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.FillDemo(ctx, DemoOptions{Households: 30, Seed: 5, Month: calendar.NewMonth(2026, 10)}); err != nil {
			t.Fatal(err)
		}
		var order, code, number, house string
		var account, from int64
		if err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT o.public_id, p.account_id, p.building_id, s.code, r.number, (SELECT min(b.code) FROM building b WHERE b.building_id <> r.building_id) FROM payment_order o
				JOIN payment_part p ON p.order_id = o.order_id JOIN account_route r ON r.account_id = p.account_id AND r.building_id = p.building_id JOIN supplier s ON s.supplier_id = r.supplier_id
				WHERE p.account_id > 0 AND p.posted_at > 0 AND o.channel <> 'online' AND o.sum_kop = p.amount_kop ORDER BY o.order_id, p.part_no LIMIT 1`).
				Scan(&order, &account, &from, &code, &number, &house)
		}); err != nil {
			t.Fatal(err)
		}
		books := func() (left, lives int64) {
			if err := d.Read(ctx, func(tx *db.Tx) error {
				return tx.QueryRowContext(ctx, `SELECT coalesce(CAST(sum(CASE WHEN building_id = $2 THEN abs(balance_kop) ELSE 0 END) AS BIGINT), 0),
					coalesce(CAST(sum(CASE WHEN building_id <> $2 THEN balance_kop ELSE 0 END) AS BIGINT), 0) FROM ledger_balance WHERE account_id = $1`, account, from).Scan(&left, &lives)
			}); err != nil {
				t.Fatal(err)
			}
			return left, lives
		}
		if err := a.Exchange.Move(ctx, access.Actor{Role: access.System}, code, number, house, "проверка"); err != nil {
			t.Fatal(err)
		}
		_, before := books()
		for range 2 { // the same refund again changes nothing
			if _, err := a.Payments.Refund(ctx, "olga", order, "r1", 700); err != nil {
				t.Fatal(err)
			}
		}
		if left, lives := books(); left != 0 || lives != before+700 {
			t.Errorf("%d is left in the house it left, the balance where it lives went from %d to %d", left, before, lives)
		}
		if r := checkOf(t, d); !r.OK {
			t.Errorf("%+v", broken(r))
		}
	})
}

// TestALateCaptureFollowsToo: the bank takes the money of an order when its account lives in another house already: whether the
// order is credited with the capture (one house) or house by house.
func TestALateCaptureFollowsToo(t *testing.T) {
	inOrder(t)
	for name, houses := range map[string]int{"one house": 1, "two houses": 2} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				p := newPayer(t, d)
				p.bank.answer = gateway.Pending
				refs := []bill.Ref{p.ref}
				var other bill.Ref
				var house string
				if err := d.Read(ctx, func(tx *db.Tx) error {
					return tx.QueryRowContext(ctx, `SELECT l.building_id, l.household_id, b.code FROM household_link l JOIN building b ON b.building_id = l.building_id
						WHERE l.building_id <> $1 AND l.household_id > 0 ORDER BY l.building_id, l.household_id LIMIT 1`, p.ref.Building).Scan(&other.Building, &other.Household, &house)
				}); err != nil {
					t.Fatal(err)
				}
				if houses == 2 {
					refs = append(refs, other)
				}
				var bills []*bill.Bill
				for _, ref := range refs {
					b, err := p.a.Bills.At(ctx, ref, 0)
					if err != nil {
						t.Fatal(err)
					}
					bills = append(bills, b)
				}
				plan, err := bill.Split(bills, payment.Wish{Sum: 5_000_00, Ahead: true})
				if err != nil {
					t.Fatal(err)
				}
				o, err := p.a.Payments.Start(ctx, payment.StartRequest{Key: "late", Input: 1, Plan: plan, Method: "card", Description: "late", Actor: "test"})
				if err != nil || o.State != payment.StatePending {
					t.Fatalf("%s, %v", o.State, err)
				}
				line := bills[0].Lines[0]
				if err := p.a.Exchange.Move(ctx, access.Actor{Role: access.System}, line.Supplier, line.Account, house, "проверка"); err != nil {
					t.Fatal(err)
				}
				for key, taken := range p.bank.taken {
					taken.State = gateway.Captured
					p.bank.taken[key] = taken
				}
				for range 2 {
					if o, err = p.a.Payments.Confirm(ctx, o.PublicID); err != nil || o.State != payment.StateCredited {
						t.Fatalf("%s, %v", o.State, err)
					}
				}
				var left, passed int64
				if err := d.Read(ctx, func(tx *db.Tx) error {
					return tx.QueryRowContext(ctx, `SELECT coalesce((SELECT CAST(sum(abs(balance_kop)) AS BIGINT) FROM ledger_balance WHERE account_id = $1 AND building_id = $2), 0),
						(SELECT count(*) FROM ledger_transaction WHERE key LIKE 'follow:%')`, line.AccountID, p.ref.Building).Scan(&left, &passed)
				}); err != nil {
					t.Fatal(err)
				}
				if left != 0 || passed != 2 {
					t.Errorf("%d is left in the house it left; %d postings passed it on, want 2", left, passed)
				}
				if r := checkOf(t, d); !r.OK {
					t.Errorf("%+v", broken(r))
				}
			})
		})
	}
}
