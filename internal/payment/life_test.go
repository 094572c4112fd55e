package payment

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/simulator"
)

// held is a payment whose sum the bank holds.
func (b *bank) held(key string, p Plan) Order {
	b.t.Helper()
	o, err := b.m.Start(context.Background(), StartRequest{Key: key, Input: p, Plan: p, Method: gateway.Card, Hold: true, Actor: "test"})
	if err != nil {
		b.t.Fatal(err)
	}
	b.settle(&o, "captured")
	if o, err = b.m.Confirm(context.Background(), o.PublicID); err != nil || o.State != StateAuthorised {
		b.t.Fatalf("%s, %v", o.State, err)
	}
	return o
}

// TestHeldSum: taken whole, in part, or let go; decided once; parts in their proportion.
func TestHeldSum(t *testing.T) {
	eachHolder(t, func(t *testing.T, b *bank) {
		ctx := context.Background()
		whole, part, none := b.held("whole", plan(100, 200)), b.held("part", plan(100, 200, 300)), b.held("none", plan(50))
		if b.credited() != 0 {
			t.Fatal("a held sum is credited")
		}
		if o, err := b.m.Capture(ctx, "test", whole.PublicID, 300); err != nil || o.State != StateCredited || o.Repeated {
			t.Errorf("whole: %s, %v", o.State, err)
		}
		o, err := b.m.Capture(ctx, "test", part.PublicID, 101)
		if err != nil || o.State != StateCredited || o.Sum != 101 || b.credited() != 401 {
			t.Errorf("part: %s of %d, credited %d, %v", o.State, o.Sum, b.credited(), err)
		}
		if o, err := b.m.Capture(ctx, "test", part.PublicID, 101); err != nil || !o.Repeated || o.Sum != 101 {
			t.Errorf("again: %+v, %v", o, err)
		}
		if o, err := b.m.Cancel(ctx, "test", none.PublicID); err != nil || o.State != StateCancelled {
			t.Errorf("cancelled: %s, %v", o.State, err)
		}
		for name, err := range map[string]error{"hold.state": second(b.m.Cancel(ctx, "test", part.PublicID)), "hold.sum": second(b.m.Capture(ctx, "test", b.held("more", plan(50)).PublicID, 51))} {
			if fault.CodeOf(err) != name {
				t.Errorf("%v, want %s", err, name)
			}
		}
		if b.credited() != 401 {
			t.Errorf("credited %d", b.credited())
		}
		b.clean()
	})
}

func second(_ Order, err error) error { return err }

// lost does what it is asked and its answer is lost.
type lost struct{ Gateway }

func (g lost) Capture(ctx context.Context, id, key string, sum money.Amount) (gateway.Payment, error) {
	_, err := g.Gateway.Capture(ctx, id, key, sum)
	return gateway.Payment{}, fault.New(fault.Unavailable, "acquirer.away", "Банк не отвечает.").Because(err)
}

func (g lost) Refund(ctx context.Context, id, key string, sum money.Amount, again bool) (gateway.Refund, error) {
	_, err := g.Gateway.Refund(ctx, id, key, sum, again)
	return gateway.Refund{}, fault.New(fault.Unavailable, "acquirer.away", "Банк не отвечает.").Because(err)
}

// TestLostAnswersAreFinished: the bank did what was asked and nobody heard of it, and its memory of keys is short.
func TestLostAnswersAreFinished(t *testing.T) {
	for _, kind := range slices.Concat(dialects, []string{simulator.CloudPayments}) {
		t.Run(kind, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				b := newBankOf(t, d, simulator.Options{Kind: kind, KeyLife: time.Nanosecond})
				deaf := b.m.WithAcquirers(Only(b.kind, lost{b.client()}))
				o := b.held("k", plan(60, 40))
				if _, err := deaf.Capture(ctx, "test", o.PublicID, 90); fault.CodeOf(err) != "hold.unknown" {
					t.Fatal(err)
				}
				if _, err := b.m.FinishOpen(ctx); err != nil || b.credited() != 90 {
					t.Fatalf("credited %d, %v", b.credited(), err)
				}
				if _, err := deaf.Refund(ctx, "test", o.PublicID, "r", 30); fault.CodeOf(err) != "refund.unknown" {
					t.Fatal(err)
				}
				if _, err := b.m.FinishOpen(ctx); err != nil || b.credited() != 60 {
					t.Fatalf("credited %d, %v", b.credited(), err)
				}
				if remote, err := b.client().Find(ctx, o.GatewayID); err != nil || b.kind == simulator.YooKassa && remote.Refunded != 30 {
					t.Errorf("the bank gave back %d, %v", remote.Refunded, err)
				}
				b.clean()
			})
		})
	}
}

// TestMoodyBank: a third of the calls fail, half of those after they were done; every payment ends, once.
func TestMoodyBank(t *testing.T) {
	for _, kind := range slices.Concat(dialects, others) {
		t.Run(kind, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				b := newBankOf(t, d, simulator.Options{Kind: kind, Fail: 0.33, Seed: 5})
				const n = 12
				open := map[string]bool{}
				for i := range n {
					o, err := b.m.Start(ctx, StartRequest{Key: fmt.Sprint("k", i), Input: i, Plan: plan(100), Method: gateway.Card, Actor: "test"})
					if err != nil {
						t.Fatal(err)
					}
					open[o.PublicID] = true
				}
				for range 60 {
					for id := range open {
						o, err := b.m.Find(ctx, id)
						if err != nil {
							t.Fatal(err)
						}
						if o.State == StatePending {
							b.settle(&o, "captured")
						}
						if o.State == StateCredited {
							delete(open, id)
						}
					}
					b.later(time.Minute)
					if _, err := b.m.FinishOpen(ctx); err != nil {
						t.Fatal(err)
					}
				}
				if len(open) != 0 || b.credited() != n*100 {
					t.Errorf("%d are open, credited %d", len(open), b.credited())
				}
				b.clean()
			})
		})
	}
}

// TestRefundAtTheAcquirer: a refund made in the acquirer's own pages is booked once, however often it is told; ours is not
// booked again.
func TestRefundAtTheAcquirer(t *testing.T) {
	eachDialect(t, func(t *testing.T, b *bank) {
		ctx := context.Background()
		o := b.mustStart("k", plan(60, 40))
		b.settle(&o, "captured")
		b.deliverAll([]gateway.Notification{b.notification("paid", o.GatewayID)})
		want := int64(0)
		if b.kind == simulator.Raiffeisen { // it tells of refunds in its register only
			want = 100
		}
		if b.kind == simulator.YooKassa { // T-Bank does not tell how much of a payment went back
			if _, err := b.m.Refund(ctx, "test", o.PublicID, "ours", 30); err != nil {
				t.Fatal(err)
			}
			b.deliverAll([]gateway.Notification{b.notification("ours", o.GatewayID)})
			if b.credited() != 70 {
				t.Fatalf("our own refund was booked again: %d", b.credited())
			}
		}
		b.settle(&o, "refunded")
		var notes []gateway.Notification
		for i := range 6 {
			notes = append(notes, b.notification(fmt.Sprint("theirs", i/2), o.GatewayID))
		}
		b.deliverAll(notes)
		if b.credited() != want {
			t.Errorf("credited %d, want %d", b.credited(), want)
		}
		b.clean()
	})
}

// TestChargeback: the payer's bank takes money back, the dispute is won, and the accounts are as they were.
func TestChargeback(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Captured)
		o := b.mustStart("k", plan(60, 40, 33))
		if _, err := b.m.Refund(ctx, "test", o.PublicID, "r", 33); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := b.m.Chargeback(ctx, "test", o.PublicID, "dispute-1", 50, "плательщик не узнал платёж"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if b.credited() != 50 {
			t.Fatalf("credited %d", b.credited())
		}
		if _, err := b.m.Chargeback(ctx, "test", o.PublicID, "dispute-2", 51, ""); fault.CodeOf(err) != "refund.too_much" {
			t.Errorf("more than is left: %v", err)
		}
		for range 2 {
			if _, err := b.m.ChargebackWon(ctx, "test", o.PublicID, "dispute-1", "банк вернул"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.m.ChargebackWon(ctx, "test", o.PublicID, "r", ""); fault.CodeOf(err) != "chargeback.state" {
			t.Errorf("a refund is no chargeback: %v", err)
		}
		list, err := b.m.ListBack(ctx, o.ID)
		if err != nil || len(list) != 3 || list[2].Kind != BackWon || list[2].Sum != -50 || b.credited() != 100 {
			t.Errorf("%+v, credited %d, %v", list, b.credited(), err)
		}
		b.clean()
	})
}

// TestKeptWay: the way of paying is kept with its payer's consent, pays without him, and is forgotten when he says so.
func TestKeptWay(t *testing.T) {
	eachHolder(t, func(t *testing.T, b *bank) {
		ctx := context.Background()
		consent := &Consent{BuildingID: 1, HouseholdID: 7, Text: "Разрешаю списывать", Version: "1"}
		o, err := b.m.Start(ctx, StartRequest{Key: "first", Input: 1, Plan: plan(100), Method: gateway.Card, Save: consent, Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if list, err := b.m.ListSaved(ctx, 1, 7); err != nil || len(list) != 0 {
			t.Fatalf("kept before it was paid: %+v, %v", list, err)
		}
		b.sim.SetCallback(b.hook())
		b.settle(&o, "captured")
		b.sim.Wait()
		if _, err := b.m.Confirm(ctx, o.PublicID); err != nil {
			t.Fatal(err)
		}
		list, err := b.m.ListSaved(ctx, 1, 7)
		if err != nil || len(list) != 1 || list[0].Title == "" || list[0].Consent != consent.Text {
			t.Fatalf("%+v, %v", list, err)
		}
		pay := func(key string) (Order, error) {
			return b.m.Start(ctx, StartRequest{Key: key, Input: key, Plan: plan(70), SavedID: list[0].ID, Actor: "autopay"})
		}
		if o, err := pay("second"); err != nil || o.State != StateCredited || b.credited() != 170 {
			t.Fatalf("%s, credited %d, %v", o.State, b.credited(), err)
		}
		if err := b.m.ForgetSaved(ctx, "test", list[0].ID, 1, 8); !fault.Is(err, fault.NotFound) {
			t.Errorf("another household: %v", err)
		}
		if err := b.m.ForgetSaved(ctx, "test", list[0].ID, 1, 7); err != nil {
			t.Fatal(err)
		}
		if _, err := pay("third"); fault.CodeOf(err) != "saved.unknown" || b.number("SELECT count(*) FROM payment_saved WHERE token <> ''") != 0 {
			t.Errorf("after it was withdrawn: %v", err)
		}
		b.clean()
	})
}
