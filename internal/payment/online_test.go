package payment

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway/acquirer"
	"kvit/internal/payment/gateway/acquirer/simulator"
)

const secret = "общий секрет"

// bank is an acquirer on loopback, a module that talks to it and a clock.
type bank struct {
	t   *testing.T
	d   *db.DB
	sim *simulator.Server
	url string
	m   *Module
	mu  sync.Mutex
	now time.Time
}

func newBank(t *testing.T, d *db.DB, mode string) *bank {
	t.Helper()
	b := &bank{t: t, d: d, sim: simulator.New(simulator.Options{Mode: mode, Secret: secret}), now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	server := httptest.NewServer(b.sim.Handler())
	t.Cleanup(server.Close)
	b.url = server.URL
	b.m = b.module()
	return b
}

// module is another process on the same data.
func (b *bank) module() *Module {
	return New(b.d, NewAcquirer(b.url, secret), time.UTC, func() calendar.Micros {
		b.mu.Lock()
		defer b.mu.Unlock()
		return calendar.MicrosOf(b.now)
	}, slog.New(slog.DiscardHandler))
}

func (b *bank) later(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// plan is a payment for two buildings: debt, penalty and ahead.
func plan(amounts ...money.Amount) Plan {
	p := Plan{}
	for i, a := range amounts {
		kind := PartDebt
		if i == len(amounts)-1 && i > 1 {
			kind = PartAdvance
		}
		p.Parts = append(p.Parts, PlanPart{BuildingID: int64(1 + i%2), AccountID: int64(10 + i), SupplierID: int64(1 + i%3), ServiceID: int64(i), Kind: kind, Amount: a})
		p.Sum += a
	}
	return p
}

func (b *bank) start(m *Module, key string, p Plan) (Order, error) {
	o, err := m.Start(context.Background(), StartRequest{Key: key, Input: p, Plan: p, Method: "card", Description: "оплата", Actor: "test"})
	if err != nil {
		return o, err
	}
	repeated := o.Repeated
	o, err = m.Confirm(context.Background(), o.PublicID)
	o.Repeated = repeated
	return o, err
}

func (b *bank) mustStart(key string, p Plan) Order {
	b.t.Helper()
	o, err := b.start(b.m, key, p)
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

func (b *bank) number(query string, args ...any) (n int64) {
	b.t.Helper()
	err := b.d.Read(context.Background(), func(tx *db.Tx) error { return tx.QueryRowContext(context.Background(), query, args...).Scan(&n) })
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// clean holds the books to every invariant of payments.
func (b *bank) clean() {
	b.t.Helper()
	err := b.d.Read(context.Background(), func(tx *db.Tx) error {
		list, err := Invariants(context.Background(), tx)
		for _, x := range list {
			if x.Count > 0 {
				b.t.Errorf("%s: %v", x.ID, x.Rows)
			}
		}
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// credited is what all accounts got: receivables and advances of the book.
func (b *bank) credited() int64 {
	return -b.number("SELECT coalesce(CAST(sum(amount_kop) AS BIGINT), 0) FROM ledger_entry WHERE name IN ('receivable', 'advance')")
}

// deliver sends a notification as the acquirer would, signed.
func (b *bank) deliver(event, paymentID string) error {
	body := []byte(fmt.Sprintf(`{"type":"payment.captured","paymentId":%q}`, paymentID))
	at := b.m.now().Time()
	return b.m.Notify(context.Background(), body, map[string]string{"webhook-id": event, "webhook-timestamp": fmt.Sprint(at.Unix()), "webhook-signature": acquirer.Sign([]byte(secret), event, at, body)})
}

func TestSameKeyAtOnceIsOnePayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Captured)
		var wg sync.WaitGroup
		orders, errs := make([]Order, 8), make([]error, 8)
		for i := range orders {
			m := b.module()
			wg.Go(func() { orders[i], errs[i] = b.start(m, "k", plan(100, 200, 33)) })
		}
		wg.Wait()
		first := 0
		for i := range orders {
			if errs[i] != nil || orders[i].PublicID != orders[0].PublicID {
				t.Fatalf("try %d: %q, %v; the first got %q", i, orders[i].PublicID, errs[i], orders[0].PublicID)
			}
			if !orders[i].Repeated {
				first++
			}
		}
		if n := b.number("SELECT count(*) FROM payment_order"); n != 1 || first != 1 || b.credited() != 333 {
			t.Errorf("%d orders, %d not repeated, credited %d", n, first, b.credited())
		}
		if _, err := b.start(b.m, "k", plan(101, 200, 33)); fault.CodeOf(err) != "payment.key_reused" {
			t.Errorf("the key with another input: %v", err)
		}
		if _, err := b.start(b.m, "reg:sber:1:a:b:100", plan(100)); !fault.Is(err, fault.Invalid) {
			t.Errorf("a client's key that looks like a bank's operation: %v", err)
		}
		b.clean()
	})
}

func TestTwoClientsPayOneBasket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Captured)
		var wg sync.WaitGroup
		for i := range 8 {
			m := b.module()
			wg.Go(func() {
				if o, err := b.start(m, fmt.Sprint("k", i), plan(100, 200, 300, 1)); err != nil || o.State != StateCredited {
					t.Errorf("%s, %v", o.State, err)
				}
			})
		}
		wg.Wait()
		if b.credited() != 8*601 {
			t.Errorf("credited %d", b.credited())
		}
		b.clean()
	})
}

func TestDeclinedMovesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d, simulator.Declined)
		if o := b.mustStart("k", plan(500)); o.State != StateDeclined || o.Reason == "" {
			t.Fatalf("%+v", o)
		}
		if o := b.mustStart("k", plan(500)); o.State != StateDeclined || !o.Repeated {
			t.Errorf("again: %+v", o)
		}
		if b.credited() != 0 {
			t.Error("money moved")
		}
		b.clean()
	})
}

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

func (away) Refund(context.Context, string, string, money.Amount) error {
	return fault.New(fault.Unavailable, "acquirer.away", "Банк не отвечает.")
}

// refuses refunds.
type refuses struct{ Gateway }

func (refuses) Refund(context.Context, string, string, money.Amount) error {
	return fault.New(fault.Invalid, "acquirer.refused", "Банк не принял запрос.")
}

func TestUnansweredRefundIsAskedForAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBank(t, d, simulator.Captured)
		o := b.mustStart("k", plan(60, 40))
		if _, err := b.m.WithGateway(away{b.m.gateway}).Refund(ctx, "test", o.PublicID, "r", 50); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("%v", err)
		}
		if _, err := b.m.WithGateway(away{b.m.gateway}).Refund(ctx, "test", o.PublicID, "r", 50); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("%v", err)
		}
		if n := b.number("SELECT refunded_kop FROM payment_order"); n != 50 || b.credited() != 100 {
			t.Fatalf("reserved %d, credited %d", n, b.credited())
		}
		b.clean()
		if _, err := b.m.FinishOpen(ctx); err != nil || b.credited() != 50 {
			t.Fatalf("credited %d, %v", b.credited(), err)
		}
		if _, err := b.m.WithGateway(refuses{b.m.gateway}).Refund(ctx, "test", o.PublicID, "no", 50); fault.CodeOf(err) != "refund.refused" {
			t.Fatalf("%v", err)
		}
		if n := b.number("SELECT refunded_kop FROM payment_order"); n != 50 {
			t.Errorf("a refused refund holds %d", n-50)
		}
		b.clean()
	})
}

// TestWishLinesShareOneDebt: lines that mean the same debt may not pay it twice without «ahead».
func TestWishLinesShareOneDebt(t *testing.T) {
	now := calendar.Month(202610)
	debts := []Debt{debt(1, 0, Bucket{now, 1000}), debt(2, 0, Bucket{now, 500})}
	twice := Wish{Lines: []WishLine{{Supplier: "b", Sum: 800}, {Supplier: "b", Service: "услуга", Sum: 800}}}
	if _, err := Split(debts, twice); fault.CodeOf(err) != "payment.above_debt" {
		t.Fatalf("%v", err)
	}
	twice.Ahead = true
	if p, err := Split(debts, twice); err != nil || p.Sum != 1600 || p.Advance != 600 {
		t.Fatalf("%+v, %v", p, err)
	}
}

// TestTinySums: any sum over any lines adds up, also one kopeck over many.
func TestTinySums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		debts := anyDebts(t)
		var due money.Amount
		for i := range debts {
			due += debts[i].Due()
		}
		if due == 0 {
			return
		}
		sum := min(due, money.Amount(rapid.Int64Range(1, 20).Draw(t, "sum")))
		p, err := Split(debts, Wish{Sum: sum})
		if err != nil {
			t.Fatal(err)
		}
		var total money.Amount
		for _, part := range p.Parts {
			total += part.Amount
		}
		if total != sum || p.Advance != 0 {
			t.Fatalf("%d of %d, advance %d", total, sum, p.Advance)
		}
	})
}
