package app

import (
	"context"
	"log/slog"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestMoneyFollowsAnAccountThatMoved: what goes back of a payment made before its account moved to another house changes the
// balance where the account lives, and leaves nothing in the book of the house it left.
func TestMoneyFollowsAnAccountThatMoved(t *testing.T) {
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
