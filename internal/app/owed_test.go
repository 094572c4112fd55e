package app

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// TestOwedIsAheadWithoutTheComingMonth: a payment of what is due, or of less, is split the same whether the coming month was
// computed or not.
func TestOwedIsAheadWithoutTheComingMonth(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, ctx := newTown(t, d).a, context.Background()
		refs, err := a.benchRefs(ctx)
		if err != nil {
			t.Fatal(err)
		}
		split := func(ref bill.Ref, add func(context.Context, *bill.Bill) error, share int) (plan payment.Plan) {
			b, err := a.Bills.At(ctx, ref, 0)
			if err == nil {
				err = add(ctx, b)
			}
			if err == nil && b.Total > 0 {
				plan, err = bill.Split([]*bill.Bill{b}, payment.Wish{Sum: max(1, b.Total*money.Amount(share)/100)})
			}
			if err != nil {
				t.Fatal(err)
			}
			return plan
		}
		paid := 0
		for _, ref := range refs {
			for _, share := range []int{100, 37} {
				want, got := split(ref, a.Bills.Ahead, share), split(ref, a.Bills.Owed, share)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("household %v, %d %%: %s", ref, share, diff)
				}
				paid += len(want.Parts)
			}
		}
		if paid == 0 {
			t.Error("nobody owes anything")
		}
	})
}
