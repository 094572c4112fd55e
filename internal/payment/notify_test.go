package payment

import (
	"context"
	"fmt"
	"math/rand"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
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

// Acquirers whose notifications are tried: two on each database, the others on one, for the database knows nothing of them.
var (
	dialects = []string{simulator.YooKassa, simulator.TBank}
	others   = []string{simulator.Raiffeisen, simulator.CloudPayments}
)

// eachDialect runs fn for each acquirer.
func eachDialect(t *testing.T, fn func(t *testing.T, b *bank)) {
	t.Helper()
	for _, kind := range dialects {
		t.Run(kind, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newBankOf(t, d, simulator.Options{Kind: kind})) })
		})
	}
	for _, kind := range others {
		t.Run(kind, func(t *testing.T) { fn(t, newBankOf(t, dbtest.One(t), simulator.Options{Kind: kind})) })
	}
}

// eachHolder runs fn for each acquirer that holds sums and keeps ways of paying.
func eachHolder(t *testing.T, fn func(t *testing.T, b *bank)) {
	t.Helper()
	eachDialect(t, func(t *testing.T, b *bank) {
		if b.kind != simulator.Raiffeisen { // СБП only
			fn(t, b)
		}
	})
}

// payments is how many the tests of notifications make (reliability.md 6).
func payments() int {
	if os.Getenv("KVIT_NIGHTLY") != "" {
		return 1000
	}
	return 30
}

// settle is what the payer presses at the bank.
func (b *bank) settle(o *Order, do string) {
	b.t.Helper()
	r := httptest.NewRequest("POST", "/pay/"+o.GatewayID, strings.NewReader("do="+do))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.sim.Handler().ServeHTTP(httptest.NewRecorder(), r)
}

// TestNotificationsDoubledAndShuffled (W1): each notification one to five times in any order, some before the bank itself
// says so: one effect each.
func TestNotificationsDoubledAndShuffled(t *testing.T) {
	eachDialect(t, func(t *testing.T, b *bank) {
		n := payments()
		var notes []gateway.Notification
		var orders []Order
		for i := range n {
			o := b.mustStart(fmt.Sprint("k", i), plan(money.Amount(100+i), 7))
			if o.State != StatePending {
				t.Fatalf("%s before the payer decided", o.State)
			}
			if err := b.deliver(fmt.Sprint("early", i), o.GatewayID); err != nil { // it says «captured»; the bank says otherwise
				t.Fatal(err)
			}
			orders = append(orders, o)
			for range 1 + i%5 {
				notes = append(notes, b.notification(fmt.Sprint("e", i), o.GatewayID))
			}
		}
		if b.credited() != 0 || b.number("SELECT count(*) FROM gateway_event WHERE state = 'waiting'") != int64(n) {
			t.Fatal("a notification was believed without asking")
		}
		for i := range orders {
			b.settle(&orders[i], "captured")
		}
		rand.New(rand.NewSource(3)).Shuffle(len(notes), func(i, k int) { notes[i], notes[k] = notes[k], notes[i] })
		b.deliverAll(notes)
		want := int64(n*107 + n*(n-1)/2)
		if b.credited() != want {
			t.Errorf("credited %d, want %d", b.credited(), want)
		}
		b.later(3 * 24 * time.Hour)
		b.deliverAll(notes)
		if _, err := b.m.FinishOpen(context.Background()); err != nil || b.credited() != want {
			t.Errorf("three days later credited %d, want %d: %v", b.credited(), want, err)
		}
		if open := b.number("SELECT count(*) FROM gateway_event WHERE state <> 'applied'"); open != 0 {
			t.Errorf("%d events are not applied", open)
		}
		b.clean()
	})
}

// deliverAll sends notifications a few at once, as an acquirer does; each has to be taken.
func (b *bank) deliverAll(notes []gateway.Notification) {
	b.t.Helper()
	if err := inParallel(len(notes), askersMax, func(i int) error {
		_, err := b.m.Notify(context.Background(), b.kind, notes[i])
		return err
	}); err != nil {
		b.t.Error(err)
	}
}

// TestOneEventAtOnce (W2): fifty workers deliver the same event at once.
func TestOneEventAtOnce(t *testing.T) {
	eachDialect(t, func(t *testing.T, b *bank) {
		o := b.mustStart("k", plan(500))
		b.settle(&o, "captured")
		note := b.notification("e", o.GatewayID)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if _, err := b.m.Notify(context.Background(), b.kind, note); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := b.number("SELECT count(*) FROM gateway_event"); n != 1 || b.credited() != 500 {
			t.Errorf("%d events, credited %d", n, b.credited())
		}
		b.clean()
	})
}

// TestOldEventChangesNothing (W3): a valid event of a year ago comes again.
func TestOldEventChangesNothing(t *testing.T) {
	eachDialect(t, func(t *testing.T, b *bank) {
		o := b.mustStart("k", plan(500))
		note := b.notification("e", o.GatewayID)
		b.settle(&o, "captured")
		b.deliverAll([]gateway.Notification{note})
		if _, err := b.m.Refund(context.Background(), "test", o.PublicID, "r", 500); err != nil {
			t.Fatal(err)
		}
		b.later(365 * 24 * time.Hour)
		b.deliverAll([]gateway.Notification{note, b.notification("another", o.GatewayID)})
		if b.credited() != 0 {
			t.Errorf("an old event credited %d", b.credited())
		}
		b.clean()
	})
}

// TestForgedNotifications (W4): a foreign sender, a foreign key, a body changed by a sign, a header's worth of nothing.
func TestForgedNotifications(t *testing.T) {
	eachDialect(t, func(t *testing.T, b *bank) {
		o := b.mustStart("k", plan(500))
		b.settle(&o, "captured")
		good := b.notification("e", o.GatewayID)
		forged := map[string]func(n *gateway.Notification){
			"another source": func(n *gateway.Notification) { n.From = netip.MustParseAddr("8.8.8.8") },
			"no source":      func(n *gateway.Notification) { n.From = netip.Addr{} },
			"no body":        func(n *gateway.Notification) { n.Body = nil },
			"deep": func(n *gateway.Notification) {
				n.Body = []byte(strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000))
			},
		}
		switch b.kind {
		case simulator.Raiffeisen, simulator.CloudPayments:
			forged["no signature"] = func(n *gateway.Notification) { n.Headers = nil }
			forged["another payment"] = func(n *gateway.Notification) {
				n.Body = []byte(strings.NewReplacer("SUCCESS", "DECLINED", "Completed", "Declined").Replace(string(n.Body)))
			}
		case simulator.TBank:
			forged["another password"] = func(n *gateway.Notification) {
				n.Body = []byte(strings.Replace(string(n.Body), `"Token":"`, `"Token":"0`, 1))
			}
			forged["another payment"] = func(n *gateway.Notification) { n.Body = []byte(strings.Replace(string(n.Body), o.GatewayID, "1", 1)) }
			forged["another terminal"] = func(n *gateway.Notification) { n.Body = []byte(strings.Replace(string(n.Body), shop, "1", 1)) }
			forged["a field more"] = func(n *gateway.Notification) { n.Body = []byte(`{"Amount":1,` + string(n.Body[1:])) }
		}
		for name, spoil := range forged {
			n := good
			spoil(&n)
			if _, err := b.m.Notify(context.Background(), b.kind, n); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := b.number("SELECT count(*) FROM gateway_event"); n != 0 || b.credited() != 0 {
			t.Errorf("%d forged events kept, credited %d", n, b.credited())
		}
		if err := b.deliver("unknown", "12345"); err != nil || b.number("SELECT count(*) FROM gateway_event WHERE state = 'quarantined'") != 1 {
			t.Errorf("an event of a payment nobody knows: %v", err)
		}
		if _, err := b.m.Notify(context.Background(), "another", good); !fault.Is(err, fault.Unavailable) {
			t.Errorf("of an acquirer there is not: %v", err)
		}
		big := good
		big.Body = make([]byte, 10<<20)
		if _, err := b.m.Notify(context.Background(), b.kind, big); !fault.Is(err, fault.Invalid) {
			t.Errorf("10 MB: %v", err)
		}
	})
}

// TestReturnAndNotification (W6): the payer comes back before, after and without the notification: the bank is asked, and
// the end is the same.
func TestReturnAndNotification(t *testing.T) {
	eachDialect(t, func(t *testing.T, b *bank) {
		ctx := context.Background()
		comesBack := func(o *Order) {
			if _, err := b.m.Confirm(ctx, o.PublicID); err != nil {
				t.Fatal(err)
			}
		}
		notified := func(o *Order) { b.deliverAll([]gateway.Notification{b.notification("n", o.GatewayID)}) }
		for i, ways := range [][]func(*Order){{comesBack, notified}, {notified, comesBack}, {comesBack, comesBack}, {notified}} {
			o := b.mustStart(fmt.Sprint("k", i), plan(100, 11))
			comesBack(&o) // before he has paid
			b.settle(&o, "captured")
			for _, way := range ways {
				way(&o)
			}
			if after, err := b.m.Find(ctx, o.PublicID); err != nil || after.State != StateCredited {
				t.Errorf("way %d: %s, %v", i, after.State, err)
			}
		}
		if b.credited() != 4*111 {
			t.Errorf("credited %d", b.credited())
		}
		b.clean()
	})
}

// TestLostNotificationsAreFound (W7): nothing was notified; the chore asks. An order given up is asked about for three
// days more, for the money may come late.
func TestLostNotificationsAreFound(t *testing.T) {
	eachDialect(t, func(t *testing.T, b *bank) {
		ctx := context.Background()
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
	eachDialect(t, func(t *testing.T, b *bank) {
		ctx := context.Background()
		o := b.mustStart("k", plan(500))
		e := message{key: "e1", gateway: b.kind, payment: o.GatewayID, state: StateCaptured, at: b.m.now()}
		if _, err := b.m.storeEvent(ctx, &e, gateway.Notification{Body: []byte("{}")}); err != nil {
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

// TestAFloodIsStoredFirst: where many notifications come at once, one is answered when it is stored, and a round of FinishOpen that
// gives way to them acts on it when the flood is over.
func TestAFloodIsStoredFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Manual)
		o := b.mustStart("k", plan(500))
		b.settle(&o, "captured")
		var gone []func()
		for i := range floodFrom {
			gone = append(gone, b.m.asking.come(fmt.Sprint("other", i)))
		}
		if err := b.deliver("e1", o.GatewayID); err != nil {
			t.Fatal(err)
		}
		if stored := b.number("SELECT count(*) FROM gateway_event WHERE state = 'received'"); stored != 1 || b.credited() != 0 {
			t.Fatalf("%d stored, credited %d: acted on in the flood", stored, b.credited())
		}
		gone = append(gone, b.m.asking.come("one more"))
		ended := make(chan error)
		go func() {
			_, err := b.m.FinishOpen(context.Background())
			ended <- err
		}()
		for _, end := range gone {
			end()
		}
		if err := <-ended; err != nil || b.credited() != 500 {
			t.Errorf("%v, credited %d", err, b.credited())
		}
	})
}

// TestBankNeverConfirms: what the bank does not confirm for three days is put aside, and nothing is credited.
func TestBankNeverConfirms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Manual)
		o := b.mustStart("k", plan(500))
		if err := b.deliver("forged", o.GatewayID); err != nil {
			t.Fatal(err)
		}
		b.later(4 * 24 * time.Hour)
		if _, err := b.m.FinishOpen(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := b.number("SELECT count(*) FROM gateway_event WHERE state = 'quarantined'"); n != 1 || b.credited() != 0 {
			t.Errorf("%d put aside, credited %d", n, b.credited())
		}
	})
}

// spoilt answers for a payment with something that is not ours.
type spoilt struct {
	Gateway
	spoil func(*gateway.Payment)
}

func (g spoilt) Find(ctx context.Context, id string) (gateway.Payment, error) {
	r, err := g.Gateway.Find(ctx, id)
	g.spoil(&r)
	return r, err
}

// TestForeignAnswers (W5): what the bank says of a payment is not about our order.
func TestForeignAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Manual)
		bad := b.mustStart("bad", plan(500))
		b.settle(&bad, "captured")
		for name, spoil := range map[string]func(*gateway.Payment){
			"a kopeck more": func(p *gateway.Payment) { p.Sum++ }, "a kopeck less": func(p *gateway.Payment) { p.Sum-- }, "nothing": func(p *gateway.Payment) { p.Sum = 0 },
			"below zero": func(p *gateway.Payment) { p.Sum = -p.Sum }, "10^18": func(p *gateway.Payment) { p.Sum = 1_000_000_000_000_000_000 },
			"dollars": func(p *gateway.Payment) { p.Currency = "USD" }, "no key": func(p *gateway.Payment) { p.Key = "" }, "an unknown order": func(p *gateway.Payment) { p.Key = "x" },
		} {
			m := b.m.WithAcquirers(Only(b.kind, spoilt{b.client(), spoil}))
			if _, err := m.Notify(ctx, b.kind, b.notification(name, bad.GatewayID)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if n := b.number("SELECT count(*) FROM gateway_event WHERE state <> 'quarantined'"); n != 0 || b.credited() != 0 {
				t.Fatalf("%s: %d events are not put aside, credited %d", name, n, b.credited())
			}
		}
		b.m = b.m.WithAcquirers(Only(b.kind, spoilt{b.client(), func(p *gateway.Payment) {
			if p.Sum == 500 {
				p.Sum = 501
			}
		}}))
		good := b.mustStart("good", plan(7))
		b.settle(&good, "captured")
		b.later(time.Minute)
		if _, err := b.m.FinishOpen(ctx); fault.CodeOf(err) != "payment.foreign" && !strings.Contains(fmt.Sprint(err), "501") {
			t.Errorf("the foreign answer is not told: %v", err)
		}
		if b.credited() != 7 {
			t.Errorf("the order after a foreign one was not finished: credited %d", b.credited())
		}
		b.clean()
	})
}
