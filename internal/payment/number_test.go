package payment

import (
	"context"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/payment/gateway/simulator"
)

// TestShortNumber: an operator finds a payment by what its payer reads aloud, however it is typed; two payments of one short
// number are not guessed between.
func TestShortNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Captured)
		o := b.mustStart("k", plan(1, 2))
		find := func(name string) (found Order, err error) {
			err = d.Read(ctx, func(tx *db.Tx) error {
				found, _, err = FindOrder(ctx, tx, name)
				return err
			})
			return found, err
		}
		short := ShortNumber(o.PublicID)
		for _, typed := range []string{short, " № " + short, short[:4] + short[5:], o.PublicID} {
			if found, err := find(typed); err != nil || found.ID != o.ID {
				t.Errorf("%q: order %d, %v", typed, found.ID, err)
			}
		}
		other := b.mustStart("k2", plan(3))
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE payment_order SET public_id = $1 WHERE order_id = $2", "ffffffff"+o.PublicID[8:], other.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for typed, want := range map[string]string{short: "payment.many", "FFFF-0000": "payment.unknown", "%": "payment.unknown", "": "payment.unknown"} {
			if _, err := find(typed); fault.CodeOf(err) != want {
				t.Errorf("%q: %v, want %s", typed, err, want)
			}
		}
	})
}
