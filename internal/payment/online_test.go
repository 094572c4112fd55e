package payment

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/cloudpayments"
	"kvit/internal/payment/gateway/raiffeisen"
	"kvit/internal/payment/gateway/simulator"
	"kvit/internal/payment/gateway/tbank"
	"kvit/internal/payment/gateway/yookassa"
)

const (
	shop   = "100500"
	secret = "общий секрет"
)

// local are where the simulator's notifications come from.
var local = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// bank is an acquirer on loopback, a module that talks to it and a clock.
type bank struct {
	t    *testing.T
	d    *db.DB
	kind string
	sim  *simulator.Server
	url  string
	m    *Module
	mu   sync.Mutex
	now  time.Time
}

func newBank(t *testing.T, d *db.DB, mode string) *bank {
	return newBankOf(t, d, simulator.Options{Mode: mode})
}

// newBankOf makes a bank of a kind and temper.
func newBankOf(t *testing.T, d *db.DB, o simulator.Options) *bank {
	t.Helper()
	o.ID, o.Secret = shop, secret
	b := &bank{t: t, d: d, kind: cmp.Or(o.Kind, simulator.YooKassa), sim: simulator.New(o), now: time.Now().UTC()}
	server := httptest.NewServer(b.sim.Handler())
	t.Cleanup(server.Close)
	b.url = server.URL
	b.sim.SetBase(server.URL)
	b.m = b.module()
	return b
}

// module is another process on the same data.
func (b *bank) module() *Module {
	return New(b.d, Only(b.kind, b.client()), time.UTC, func() calendar.Micros {
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

// client speaks with the bank.
func (b *bank) client() Gateway {
	switch b.kind {
	case simulator.TBank:
		return tbank.New(b.url, shop, secret, "", local)
	case simulator.Raiffeisen:
		return raiffeisen.New(b.url, shop, secret, local)
	case simulator.CloudPayments:
		return cloudpayments.New(b.url, shop, secret, local)
	}
	return yookassa.New(b.url, shop, secret, local)
}

// notification says that a payment was paid, as the acquirer would say it; event tells two apart.
func (b *bank) notification(event, paymentID string) gateway.Notification {
	n := gateway.Notification{Body: []byte(fmt.Sprintf(`{"type":"notification","event":"payment.succeeded","object":{"id":%q,"description":%q}}`, paymentID, event)), From: netip.MustParseAddr("127.0.0.1")}
	switch b.kind {
	case simulator.Raiffeisen:
		info := raiffeisen.Info{Amount: "1.00", Merchant: shop, Order: event, Status: "SUCCESS", QRID: paymentID}
		n.Headers = map[string]string{raiffeisen.SignatureHeader: raiffeisen.Sign(&info, secret)}
		n.Body, _ = json.Marshal(&info) // plain values
	case simulator.CloudPayments:
		key, kopecks, _ := strings.Cut(paymentID, ".")
		sum, _ := strconv.ParseInt(kopecks, 10, 64) // none: a payment nobody knows
		n.Body = []byte(url.Values{"InvoiceId": {key}, "Amount": {money.Amount(sum).String()}, "Status": {"Completed"}, "TransactionId": {event}}.Encode())
		n.Headers = map[string]string{cloudpayments.SignatureHeaders[0]: cloudpayments.Sign(n.Body, secret)}
	case simulator.TBank:
		fields := map[string]any{"TerminalKey": shop, "PaymentId": paymentID, "Status": "CONFIRMED", "Success": true, "Event": event}
		fields["Token"] = tbank.Token(fields, secret)
		body, err := json.Marshal(fields)
		if err != nil {
			b.t.Fatal(err)
		}
		n.Body = body
	}
	return n
}

// hook takes what the bank itself sends.
func (b *bank) hook() string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			headers := map[string]string{}
			for name := range r.Header {
				headers[strings.ToLower(name)] = r.Header.Get(name)
			}
			_, err = b.m.Notify(r.Context(), b.kind, gateway.Notification{Body: body, Headers: headers, From: netip.MustParseAddrPort(r.RemoteAddr).Addr()})
		}
		if err != nil {
			b.t.Errorf("notification %s: %v", body, err)
		}
	}))
	b.t.Cleanup(server.Close)
	return server.URL
}

// deliver sends such a notification.
func (b *bank) deliver(event, paymentID string) error {
	_, err := b.m.Notify(context.Background(), b.kind, b.notification(event, paymentID))
	return err
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
