package fiscal

import (
	"context"
	"fmt"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fiscal/atol"
	"kvit/internal/fiscal/atol/simulator"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// TestManyLinesTakeSeveralReceipts: a settlement of more lines than a receipt may have is told by several that add up to it, and
// so is what goes back of it.
func TestManyLinesTakeSeveralReceipts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newTill(t, d, simulator.Options{})
		x.policy(everybody)
		var parts []payment.PlanPart
		for i := range 2*linesMax + 1 {
			x.exec(fmt.Sprintf("INSERT INTO service (service_id, supplier_id, name) VALUES (%d, 1, 'услуга %d')", 100+i, i))
			p := part(7, payment.PartDebt, money.Amount(100+i))
			p.ServiceID = int64(100 + i)
			parts = append(parts, p)
		}
		o := x.pay("k1", parts...)
		told := func(kind string) (n int, sum money.Amount) {
			for _, r := range x.of(&o) {
				if r.Kind == kind {
					n, sum = n+1, sum+r.Sum
				}
			}
			return n, sum
		}
		x.run(5)
		if n, sum := told(atol.Sell); n != 3 || sum != o.Sum || len(x.sim.Printed()) != 3 {
			t.Fatalf("%d receipts of %d, printed %d, paid %d", n, sum, len(x.sim.Printed()), o.Sum)
		}
		x.holds()
		if _, err := x.Payments.Refund(context.Background(), "test", o.PublicID, "r1", o.Sum); err != nil {
			t.Fatal(err)
		}
		x.run(5)
		if n, sum := told(atol.SellRefund); n != 3 || sum != o.Sum {
			t.Errorf("%d receipts of %d went back", n, sum)
		}
		x.holds()
	})
}
