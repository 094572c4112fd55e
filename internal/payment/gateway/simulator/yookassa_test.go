package simulator

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/fault"
	"kvit/internal/payment/gateway"
	"kvit/internal/payment/gateway/sbp"
	"kvit/internal/payment/gateway/yookassa"
)

const samples = "../../../../../shared/samples/acquirers"

// serve starts a simulator and gives its address.
func serve(t *testing.T, o Options) (*Server, string) {
	t.Helper()
	o.ID, o.Secret = "123", "s"
	s := New(o)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	s.SetBase(server.URL)
	return s, server.URL
}

func yoo(t *testing.T, o Options) (*Server, *yookassa.Client, string) {
	t.Helper()
	s, base := serve(t, o)
	return s, yookassa.New(base, "123", "s", []netip.Prefix{netip.MustParsePrefix("185.71.76.0/27")}), base
}

// raw makes a call as curl would.
func raw(t *testing.T, method, url, key, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("123:s")))
	if key != "" {
		req.Header.Set("Idempotence-Key", key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return res.StatusCode, out
}

func sample(t *testing.T, name string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(samples, name))
	if os.IsNotExist(err) {
		t.Skipf("SKIPPED: no %s", filepath.Join(samples, name))
	}
	out := map[string]any{}
	if err != nil || json.Unmarshal(b, &out) != nil {
		t.Fatal(err)
	}
	return out
}

// alike holds an answer of the simulator to a published one: what both have is of one form, and what the published one
// always has is there.
func alike(t *testing.T, where string, got, want map[string]any, needed ...string) {
	t.Helper()
	for _, name := range needed {
		if _, ok := got[name]; !ok {
			t.Errorf("%s has no %s", where, name)
		}
	}
	for name, v := range got {
		w, ok := want[name]
		if !ok {
			continue
		}
		if fmt.Sprintf("%T", v) != fmt.Sprintf("%T", w) {
			t.Errorf("%s.%s is %T, published %T", where, name, v, w)
		}
		inner, isMap := v.(map[string]any)
		if outer, ok := w.(map[string]any); ok && isMap {
			alike(t, where+"."+name, inner, outer)
		}
	}
}

const creation = `{"amount":{"value":"20.00","currency":"RUB"},"capture":%t,"confirmation":{"type":"redirect","return_url":"https://x.example"},"description":"d","metadata":{"order_id":"k"}}`

// TestPublishedSamplesOfYooKassa holds the simulator to the answers YooKassa publishes.
func TestPublishedSamplesOfYooKassa(t *testing.T) {
	always := []string{"id", "status", "recipient", "amount", "created_at", "paid", "refundable", "metadata", "test"}
	s, c, base := yoo(t, Options{})
	ctx := context.Background()
	status, made := raw(t, "POST", base+"/v3/payments", "1", fmt.Sprintf(creation, false))
	if status != 200 {
		t.Fatal(status, made)
	}
	alike(t, "created", made, sample(t, "yookassa/createPayment.json"), append(always, "confirmation")...)
	id := made["id"].(string)
	s.mu.Lock()
	s.pay(s.byID[id])
	s.mu.Unlock()
	_, taken := raw(t, "POST", base+"/v3/payments/"+id+"/capture", "2", `{"amount":{"value":"10.00","currency":"RUB"}}`)
	alike(t, "captured", taken, sample(t, "yookassa/capturePayment.json"), append(always, "payment_method", "captured_at", "refunded_amount")...)
	if taken["status"] != "succeeded" || taken["amount"].(map[string]any)["value"] != "10.00" {
		t.Errorf("%v", taken)
	}
	_, found := raw(t, "GET", base+"/v3/payments/"+id, "", "")
	alike(t, "found", found, sample(t, "yookassa/paymentInfo.json"), always...)
	_, back := raw(t, "POST", base+"/v3/refunds", "3", `{"payment_id":"`+id+`","amount":{"value":"10.00","currency":"RUB"},"description":"x"}`)
	alike(t, "refunded", back, sample(t, "yookassa/createRefund.json"), "id", "payment_id", "status", "created_at", "amount")
	_, paper := raw(t, "POST", base+"/v3/receipts", "4", `{"type":"payment","payment_id":"`+id+`","items":[{"description":"Вода"}],"settlements":[{"type":"prepayment"}]}`)
	alike(t, "receipt", paper, sample(t, "yookassa/createReceipt.json"), "id", "type", "payment_id", "status", "items", "settlements")
	s.SetMode(Declined)
	_, refused := raw(t, "POST", base+"/v3/payments", "5", fmt.Sprintf(creation, true))
	alike(t, "declined", refused, sample(t, "yookassa/createPaymentErrorsGeneral.json"), append(always, "cancellation_details")...)
	if p, err := c.Find(ctx, refused["id"].(string)); err != nil || p.State != gateway.Declined || p.Reason != "не хватает денег на карте" {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestClientReadsPublishedSamples: the client understands what YooKassa publishes.
func TestClientReadsPublishedSamples(t *testing.T) {
	for name, want := range map[string]gateway.Payment{
		"createPayment.json":              {State: gateway.Captured, Sum: 1000, Refunded: 1000},
		"capturePayment.json":             {State: gateway.Captured, Sum: 1000, Refunded: 1000, Saved: &gateway.Saved{Token: "1da5c87d-0984-50e8-a7f3-8de646dd9ec9", Title: "Основная карта", Expires: 202305}},
		"createPaymentErrorsGeneral.json": {State: gateway.Declined, Sum: 2000, Reason: "банк отказал без объяснения"},
	} {
		published := sample(t, "yookassa/"+name)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(w, 200, published) }))
		p, err := yookassa.New(server.URL, "1", "s", nil).Find(context.Background(), "x")
		server.Close()
		if err != nil || p.State != want.State || p.Sum != want.Sum || p.Refunded != want.Refunded || p.Reason != want.Reason || p.Currency != "RUB" || (p.Saved == nil) != (want.Saved == nil) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
		if want.Saved != nil && p.Saved != nil && *p.Saved != *want.Saved {
			t.Errorf("%s: %+v", name, p.Saved)
		}
	}
}

// TestKeysOfYooKassa: the same key gives the same payment; with another body it is refused; forgotten, the payment is
// found in the list.
func TestKeysOfYooKassa(t *testing.T) {
	s, c, base := yoo(t, Options{})
	ctx := context.Background()
	_, one := raw(t, "POST", base+"/v3/payments", "k1", fmt.Sprintf(creation, true))
	_, same := raw(t, "POST", base+"/v3/payments", "k1", fmt.Sprintf(creation, true))
	status, other := raw(t, "POST", base+"/v3/payments", "k1", fmt.Sprintf(creation, false))
	if one["id"] != same["id"] || status != 400 || other["code"] != "invalid_request" {
		t.Errorf("%v, %v, %d %v", one["id"], same["id"], status, other)
	}
	if status, _ := raw(t, "POST", base+"/v3/payments", "", fmt.Sprintf(creation, true)); status != 400 {
		t.Errorf("without a key: %d", status)
	}
	r := gateway.Request{Key: "ours", Sum: 38550, Method: gateway.SBP, ReturnURL: "https://x.example", Since: time.Now()}
	first, err := c.Create(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	if l, err := sbp.Parse(first.RedirectURL); err != nil || !l.Checked() || l.Sum != r.Sum {
		t.Errorf("%s: %v", first.RedirectURL, err)
	}
	for i := range 230 { // two pages and a half of others
		if _, err := c.Create(ctx, gateway.Request{Key: fmt.Sprint("other", i), Sum: 100, ReturnURL: "https://x.example"}); err != nil {
			t.Fatal(err)
		}
	}
	s.mu.Lock()
	clear(s.keys)
	s.mu.Unlock()
	r.Again = true
	if again, err := c.Create(ctx, r); err != nil || again.ID != first.ID {
		t.Errorf("%+v, %v", again, err)
	}
	if _, err := c.FindByKey(ctx, "nobody's", r.Since); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}

// TestErrorsOfYooKassa: which answers are final, which leave the outcome open.
func TestErrorsOfYooKassa(t *testing.T) {
	for status, kind := range map[int]fault.Kind{202: fault.Unavailable, 400: fault.Invalid, 401: fault.Unavailable, 403: fault.Unavailable, 404: fault.NotFound, 405: fault.Invalid, 415: fault.Invalid, 429: fault.Unavailable, 500: fault.Unavailable, 502: fault.Unavailable} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(w, status, trouble("x", "", "")) }))
		_, err := yookassa.New(server.URL, "1", "s", nil).Create(context.Background(), gateway.Request{Key: "k", Sum: 1})
		server.Close()
		if !fault.Is(err, kind) {
			t.Errorf("%d: %v", status, err)
		}
	}
	for _, amount := range []string{`"1e3"`, `"NaN"`, `"-5.00"`, `"5"`, `"5.0"`, `"5.001"`, `5.00`, `null`, `"99999999999999999999.00"`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"id":"x","status":"succeeded","amount":{"value":%s,"currency":"RUB"},"metadata":{"order_id":"k"}}`, amount)
		}))
		p, err := yookassa.New(server.URL, "1", "s", nil).Find(context.Background(), "x")
		server.Close()
		if err == nil {
			t.Errorf("sum %s is read as %d", amount, p.Sum)
		}
	}
}

// TestReceiptsOfYooKassa: lines with the supplier's ИНН, and a receipt made later.
func TestReceiptsOfYooKassa(t *testing.T) {
	_, c, _ := yoo(t, Options{Mode: Captured})
	ctx := context.Background()
	lines := []gateway.Line{{Name: "Холодная вода", Amount: 38550, VAT: 4, Mode: "full_payment", Subject: "service", SupplierINN: "6200000000", SupplierName: "Водоканал"}}
	p, err := c.Create(ctx, gateway.Request{Key: "k", Sum: 38550, ReturnURL: "https://x.example", Contact: "a@example.org", Receipt: lines})
	if err != nil {
		t.Fatal(err)
	}
	made, err := c.CreateReceipt(ctx, "r", "payment", p.ID, "a@example.org", lines)
	again, err2 := c.CreateReceipt(ctx, "r", "payment", p.ID, "a@example.org", lines)
	if err != nil || err2 != nil || made.ID != again.ID || made.Status != "pending" {
		t.Errorf("%+v, %+v, %v, %v", made, again, err, err2)
	}
	list, err := c.ListReceipts(ctx, p.ID)
	if err != nil || len(list) != 1 || list[0].Status != "succeeded" || list[0].Storage == "" {
		t.Errorf("%+v, %v", list, err)
	}
}
