package payment

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/simulator"
)

func TestRefunds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Captured)
		o := b.mustStart("k", plan(1, 1, 1, 97))
		refund := func(key string, sum money.Amount) error {
			_, err := b.m.Refund(ctx, "test", o.PublicID, key, sum)
			return err
		}
		for i := range 10 { // each kopeck from somebody who still has one
			if err := refund(fmt.Sprint("r", i), 1); err != nil {
				t.Fatal(err)
			}
			if err := refund(fmt.Sprint("r", i), 1); err != nil {
				t.Fatalf("the same key again: %v", err)
			}
		}
		for name, code := range map[string]error{
			"refund.key_reused": refund("r0", 2), "refund.too_much": refund("r10", 91), "refund.sum": refund("r11", -1), "refund.key": refund("", 1),
		} {
			if fault.CodeOf(code) != name {
				t.Errorf("%v, want %s", code, name)
			}
		}
		if b.credited() != 90 {
			t.Errorf("credited %d", b.credited())
		}
		if n := b.number("SELECT count(*) FROM (SELECT 1 FROM ledger_balance WHERE name IN ('receivable', 'advance') AND balance_kop > 0) x"); n != 0 {
			t.Error("more went back than was paid")
		}
		var wg sync.WaitGroup
		for i := range 12 {
			m := b.module()
			wg.Go(func() {
				if _, err := m.Refund(ctx, "test", o.PublicID, fmt.Sprint("race", i), 30); err != nil && fault.CodeOf(err) != "refund.too_much" {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if b.credited() != 0 || b.number("SELECT refunded_kop FROM payment_order") != 100 {
			t.Errorf("after the race %d is credited", b.credited())
		}
		b.clean()
	})
}

// away does not answer refunds.
type away struct{ Gateway }

func (away) Refund(context.Context, string, string, money.Amount, bool) (gateway.Refund, error) {
	return gateway.Refund{}, fault.New(fault.Unavailable, "acquirer.away", "Банк не отвечает.")
}

// refuses refunds.
type refuses struct{ Gateway }

func (refuses) Refund(context.Context, string, string, money.Amount, bool) (gateway.Refund, error) {
	return gateway.Refund{}, fault.New(fault.Invalid, "acquirer.refused", "Банк не принял запрос.")
}

func TestUnansweredRefundIsAskedForAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Captured)
		o := b.mustStart("k", plan(60, 40))
		if _, err := b.m.WithAcquirers(Only(b.kind, away{b.client()})).Refund(ctx, "test", o.PublicID, "r", 50); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("%v", err)
		}
		if _, err := b.m.WithAcquirers(Only(b.kind, away{b.client()})).Refund(ctx, "test", o.PublicID, "r", 50); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("%v", err)
		}
		if n := b.number("SELECT refunded_kop FROM payment_order"); n != 50 || b.credited() != 100 {
			t.Fatalf("reserved %d, credited %d", n, b.credited())
		}
		b.clean()
		if _, err := b.m.FinishOpen(ctx); err != nil || b.credited() != 50 {
			t.Fatalf("credited %d, %v", b.credited(), err)
		}
		if _, err := b.m.WithAcquirers(Only(b.kind, refuses{b.client()})).Refund(ctx, "test", o.PublicID, "no", 50); fault.CodeOf(err) != "refund.refused" {
			t.Fatalf("%v", err)
		}
		if n := b.number("SELECT refunded_kop FROM payment_order"); n != 50 {
			t.Errorf("a refused refund holds %d", n-50)
		}
		b.clean()
	})
}
