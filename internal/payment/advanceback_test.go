package payment

import (
	"context"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/payment/gateway/simulator"
)

// TestAdvanceGoesBackAlone: of a payment that closed a debt and paid ahead, what is ahead goes back and no more, also when a
// bill has used a part of it.
func TestAdvanceGoesBackAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Captured)
		p := plan(300, 70)
		p.Parts[1].Kind = PartAdvance
		o := b.mustStart("k", p)
		if r, err := b.m.ReturnableOf(ctx, o.PublicID); err != nil || r != (Returnable{370, 70}) {
			t.Fatalf("%+v, %v", r, err)
		}
		part := o.Parts[1]
		if err := b.m.UsePrepaid(ctx, part.BuildingID, part.AccountID, 50); err != nil { // a bill used 20
			t.Fatal(err)
		}
		if _, err := b.m.RefundAdvance(ctx, "test", o.PublicID, "a", 51); fault.CodeOf(err) != "refund.advance_used" {
			t.Fatalf("more than is left: %v", err)
		}
		for range 2 {
			if _, err := b.m.RefundAdvance(ctx, "test", o.PublicID, "a", 50); err != nil {
				t.Fatal(err)
			}
		}
		if r, err := b.m.ReturnableOf(ctx, o.PublicID); err != nil || r != (Returnable{320, 0}) {
			t.Errorf("%+v, %v", r, err)
		}
		if n := b.number("SELECT CAST(coalesce(sum(balance_kop), 0) AS BIGINT) FROM ledger_balance WHERE name = 'receivable'"); n != -320 {
			t.Errorf("the debt stands at %d", n)
		}
		b.clean()
	})
}
