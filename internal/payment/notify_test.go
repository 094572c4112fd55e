package payment

import (
	"context"
	"fmt"
	"math/rand"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway/acquirer"
	"kvit/internal/payment/gateway/acquirer/simulator"
)

// settle is what the payer presses at the bank.
func (b *bank) settle(o *Order, do string) {
	b.t.Helper()
	client := b.sim.Handler()
	r := httptest.NewRequest("POST", "/pay/"+o.GatewayID, strings.NewReader("do="+do))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client.ServeHTTP(httptest.NewRecorder(), r)
}

func TestNotificationsDoubledAndShuffled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Manual)
		const payments = 20
		type note struct{ event, id string }
		var notes []note
		for i := range payments {
			o := b.mustStart(fmt.Sprint("k", i), plan(money.Amount(100+i), 7))
			if o.State != StatePending || b.credited() != 0 {
				t.Fatalf("%s before the payer decided, credited %d", o.State, b.credited())
			}
			if err := b.deliver(fmt.Sprint("early", i), o.GatewayID); err != nil { // it says «captured»; the bank says otherwise
				t.Fatal(err)
			}
			for range 1 + i%5 {
				notes = append(notes, note{fmt.Sprint("e", i), o.GatewayID})
			}
		}
		if b.credited() != 0 {
			t.Fatal("a notification was believed without asking")
		}
		for i := range payments {
			o, err := b.m.FindByKey(context.Background(), fmt.Sprint("k", i), plan(money.Amount(100+i), 7))
			if err != nil {
				t.Fatal(err)
			}
			b.settle(&o, "captured")
		}
		rand.New(rand.NewSource(3)).Shuffle(len(notes), func(i, k int) { notes[i], notes[k] = notes[k], notes[i] })
		var wg sync.WaitGroup
		for _, n := range notes {
			wg.Go(func() {
				if err := b.deliver(n.event, n.id); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if want := int64(payments*107 + payments*(payments-1)/2); b.credited() != want {
			t.Errorf("credited %d, want %d", b.credited(), want)
		}
		if n := b.number("SELECT count(*) FROM gateway_event WHERE state = 'applied'"); n != 2*payments {
			t.Errorf("%d events applied", n)
		}
		b.clean()
	})
}

func TestForgedNotifications(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Manual)
		o := b.mustStart("k", plan(500))
		b.settle(&o, "captured")
		body := []byte(`{"type":"payment.captured","paymentId":"` + o.GatewayID + `"}`)
		at := b.m.now().Time()
		good := map[string]string{"webhook-id": "e", "webhook-timestamp": fmt.Sprint(at.Unix()), "webhook-signature": acquirer.Sign([]byte(secret), "e", at, body)}
		for name, spoil := range map[string]func(h map[string]string) []byte{
			"no signature": func(h map[string]string) []byte { delete(h, "webhook-signature"); return body },
			"another key": func(h map[string]string) []byte {
				h["webhook-signature"] = acquirer.Sign([]byte("x"), "e", at, body)
				return body
			},
			"a space more": func(map[string]string) []byte { return append([]byte(" "), body...) },
			"another id":   func(h map[string]string) []byte { h["webhook-id"] = "f"; return body },
			"a year old": func(h map[string]string) []byte {
				old := at.AddDate(-1, 0, 0)
				h["webhook-timestamp"], h["webhook-signature"] = fmt.Sprint(old.Unix()), acquirer.Sign([]byte(secret), "e", old, body)
				return body
			},
		} {
			h := map[string]string{}
			for k, v := range good {
				h[k] = v
			}
			if err := b.m.Notify(context.Background(), spoil(h), h); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := b.number("SELECT count(*) FROM gateway_event"); n != 0 || b.credited() != 0 {
			t.Errorf("%d forged events kept, credited %d", n, b.credited())
		}
		if err := b.deliver("unknown", "sim-nothing"); err != nil || b.number("SELECT count(*) FROM gateway_event WHERE state = 'quarantined'") != 1 {
			t.Errorf("an event of a payment nobody knows: %v", err)
		}
		none := New(d, nil, time.UTC, b.m.now, b.m.log)
		if err := none.Notify(context.Background(), body, good); !fault.Is(err, fault.Unavailable) {
			t.Errorf("without an acquirer: %v", err)
		}
	})
}

// TestLostNotificationsAreFound: nothing was notified; the chore asks. An order given up is asked about for three
// days more, for the money may come late.
func TestLostNotificationsAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Manual)
		soon, late, never := b.mustStart("soon", plan(500)), b.mustStart("late", plan(70)), b.mustStart("never", plan(9))
		b.settle(&soon, "captured")
		if _, err := b.m.FinishOpen(ctx); err != nil || b.credited() != 500 {
			t.Fatalf("credited %d, %v", b.credited(), err)
		}
		b.later(2 * time.Hour)
		if _, err := b.m.FinishOpen(ctx); err != nil {
			t.Fatal(err)
		}
		if o, err := b.m.Find(ctx, late.PublicID); err != nil || o.State != StateExpired {
			t.Fatalf("%s, %v", o.State, err)
		}
		b.settle(&late, "captured")
		b.later(time.Hour)
		if _, err := b.m.FinishOpen(ctx); err != nil || b.credited() != 570 {
			t.Fatalf("paid late: credited %d, %v", b.credited(), err)
		}
		if o, err := b.m.Find(ctx, never.PublicID); err != nil || o.State != StateExpired {
			t.Errorf("%s, %v", o.State, err)
		}
		b.clean()
	})
}

// TestInterruptedNotificationIsActedOn: the program died between keeping an event and acting on it; the acquirer does
// not repeat what was answered.
func TestInterruptedNotificationIsActedOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Manual)
		o := b.mustStart("k", plan(500))
		if _, err := b.m.storeEvent(ctx, "e1", o.GatewayID, []byte("{}")); err != nil {
			t.Fatal(err)
		}
		b.settle(&o, "captured")
		if _, err := b.m.FinishOpen(ctx); err != nil {
			t.Fatal(err)
		}
		if n := b.number("SELECT count(*) FROM gateway_event WHERE state = 'applied'"); n != 1 || b.credited() != 500 {
			t.Errorf("%d applied, credited %d", n, b.credited())
		}
	})
}

// wrongSum answers for a payment of another sum.
type wrongSum struct{ Gateway }

func (g wrongSum) Find(ctx context.Context, id string) (Remote, error) {
	r, err := g.Gateway.Find(ctx, id)
	r.Sum++
	return r, err
}

func TestForeignAnswerIsQuarantinedAndHoldsUpNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Manual)
		bad := b.mustStart("bad", plan(500))
		b.settle(&bad, "captured")
		b.m = b.m.WithGateway(wrongSum{NewAcquirer(b.url, secret)})
		if err := b.deliver("e", bad.GatewayID); err != nil || b.credited() != 0 || b.number("SELECT count(*) FROM gateway_event WHERE state = 'quarantined'") != 1 {
			t.Fatalf("a sum that is not ours: %v, credited %d", err, b.credited())
		}
		good, err := b.m.record(ctx, StartRequest{Key: "good", Plan: plan(7)})
		if err != nil {
			t.Fatal(err)
		}
		remote, err := b.m.gateway.Create(ctx, good.PublicID, 7, "card", "", "")
		if err != nil {
			t.Fatal(err)
		}
		b.settle(&Order{GatewayID: remote.ID}, "captured")
		if _, err := b.m.FinishOpen(ctx); fault.CodeOf(err) != "payment.foreign" {
			t.Errorf("the foreign answer is not told: %v", err)
		}
		if b.credited() != 7 {
			t.Errorf("the order after a foreign one was not finished: credited %d", b.credited())
		}
		b.clean()
	})
}
