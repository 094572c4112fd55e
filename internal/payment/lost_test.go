package payment

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/simulator"
)

// loses returns the data to before every payment, as a copy of that moment would: the secret stays, and the program is another
// process.
func (b *bank) loses(at calendar.Micros) {
	b.t.Helper()
	for _, table := range []string{"payment_part", "payment_order", "payment_suspense", "ledger_entry", "ledger_transaction", "ledger_balance", "event", "restore_return"} {
		b.exec("DELETE FROM " + table)
	}
	b.exec("INSERT INTO restore_return (return_id, data_at, until_at, actor, finished_at) VALUES (1, $1, $2, 'test', 0)", int64(at), int64(b.m.now()))
	b.m = b.module()
}

func (b *bank) exec(query string, args ...any) {
	b.t.Helper()
	if _, err := b.d.Handle().ExecContext(context.Background(), query, args...); err != nil {
		b.t.Fatal(err)
	}
}

// on is what accounts got.
func (o *Order) on() (sum money.Amount) {
	for i := range o.Parts {
		if o.Parts[i].AccountID != 0 && o.Parts[i].PostedAt != 0 {
			sum += o.Parts[i].Amount
		}
	}
	return sum
}

// TestALostPaymentIsFoundByItsKey: a payment was taken, its record is lost by a return of the data to an earlier moment, and its client
// asks again under the same key: before the acquirer is asked for all payments of that time, or after. The answer is the payment
// he made; his accounts get it once; the acquirer has one payment.
func TestALostPaymentIsFoundByItsKey(t *testing.T) {
	for _, kind := range []string{simulator.YooKassa, simulator.TBank, simulator.CloudPayments} {
		t.Run(kind, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				b := newBankOf(t, d, simulator.Options{Kind: kind, Mode: simulator.Captured})
				began := b.m.now()
				for i, asked := range []bool{false, true} {
					key := fmt.Sprint("key", i)
					first := b.mustStart(key, plan(100, 200))
					b.loses(began)
					if asked {
						r, err := b.m.Recover(ctx, "olga", began-1, b.m.now()+calendar.Micros(time.Hour.Microseconds()))
						if err != nil || len(r.Asked) > 0 && r.Found < 1 {
							t.Fatalf("%+v, %v", r, err)
						}
					}
					for range 2 {
						o, err := b.start(b.m, key, plan(100, 200))
						if err != nil || o.PublicID != first.PublicID || o.State != StateCredited || !o.Repeated || o.on() != 300 {
							t.Fatalf("asked before %t: %+v, %v; it was %s", asked, o, err, first.PublicID)
						}
					}
					if n := b.credited(); n != 300 {
						t.Errorf("asked before %t: accounts got %d", asked, n)
					}
					b.clean()
				}
			})
		})
	}
}

// TestALostPaymentOfAnotherSum: under a lost key another sum is asked for than was taken, for the bill has changed: the money that was
// taken waits for a person, the answer tells of it, and nothing is taken again.
func TestALostPaymentOfAnotherSum(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Captured)
		began := b.m.now()
		first := b.mustStart("key", plan(100, 200))
		b.loses(began)
		again, err := b.start(b.m, "key", plan(100, 250))
		if err != nil || again.PublicID != first.PublicID || again.Sum != 300 || again.State != StateCredited || again.on() != 0 {
			t.Fatalf("%+v, %v", again, err)
		}
		if n := b.number("SELECT CAST(sum(amount_kop) AS BIGINT) FROM payment_suspense WHERE assigned_at = 0"); n != 300 || b.credited() != 0 {
			t.Errorf("%d waits, accounts got %d", n, b.credited())
		}
		if _, err := b.start(b.m, "key", plan(1, 2)); fault.CodeOf(err) != KeyReused {
			t.Errorf("another input under the key: %v", err)
		}
		b.clean()
	})
}

// mute does not answer about payments.
type mute struct{ Gateway }

func (mute) FindByKey(context.Context, string, time.Time) (gateway.Payment, error) {
	return gateway.Payment{}, fault.New(fault.Unavailable, "test.mute", "Молчит.")
}

// TestNothingBeginsWhileTheBankIsSilent: nobody knows whether a payment of a lost key was made, so none is begun.
func TestNothingBeginsWhileTheBankIsSilent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Captured)
		began := b.m.now()
		b.mustStart("key", plan(100, 200))
		b.loses(began)
		b.m = b.m.WithAcquirers(Only(b.kind, mute{b.client()}))
		if _, err := b.start(b.m, "key", plan(100, 200)); fault.CodeOf(err) != "payment.lost" || b.number("SELECT count(*) FROM payment_order") != 0 {
			t.Errorf("%v", err)
		}
		if err := b.m.Missing(context.Background()); fault.CodeOf(err) != "payment.lost" {
			t.Errorf("a payment nobody knows may be a lost one: %v", err)
		}
		b.exec("UPDATE restore_return SET finished_at = 1")
		if err := b.m.Missing(context.Background()); err != nil {
			t.Errorf("the return is finished: %v", err)
		}
	})
}
