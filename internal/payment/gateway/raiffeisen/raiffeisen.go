// Package raiffeisen is the client of the СБП acquiring of Raiffeisenbank (pay.raif.ru/api/sbp): a code for each payment, what
// became of it, refunds, notifications.
//
// It takes payments by СБП only: no card, nothing held, no way of paying kept. A code may be registered again under our number
// until it is paid; one whose link nobody got is paid by nobody. A refund is known by the number we give it. Sums are JSON
// numbers in roubles. Notifications are signed over some of their fields and come from one address.
//
// Owns: the protocol. Does not own: orders, what is done with an answer. Source: the bank's published description (sbp.yaml of
// Raiffeisen-DGTL/ecom-API), samples of formats.md.
package raiffeisen

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// URL is where the bank answers.
const URL = "https://pay.raif.ru/api"

// Sources are where its notifications come from.
var Sources = []string{"193.28.44.23/32"}

// Pages are where payers are sent to.
var Pages = []string{"https://qr.nspk.ru"}

// SignatureHeader carries the signature of a notification, its name in lower case.
const SignatureHeader = "x-api-signature-sha256"

// purposeMax is the length of paymentDetails, in letters; of a refund it is shorter.
const (
	purposeMax       = 185
	refundPurposeMax = 140
)

// Client talks for one merchant of СБП.
type Client struct {
	base     string
	merchant string
	secret   string
	sources  []netip.Prefix
	calls    *gateway.Caller
}

// New makes a client of a merchant (sbpMerchantId) at base. sources are where its notifications come from.
func New(base, merchant, secret string, sources []netip.Prefix) *Client {
	return &Client{base: strings.TrimRight(base, "/") + "/sbp", merchant: merchant, secret: secret, sources: sources, calls: gateway.NewCaller()}
}

// rubles is a sum as the bank writes it: a JSON number in roubles.
func rubles(a money.Amount) json.Number { return json.Number(a.String()) }

// kopecks reads such a number.
func kopecks(n json.Number) (money.Amount, error) {
	sum, err := money.Parse(n.String())
	if err != nil {
		return 0, gateway.Away(fmt.Errorf("sum %q: %w", n, err))
	}
	return sum, nil
}

// registered is the answer to a registration.
type registered struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	QRID    string `json:"qrId"`
	Payload string `json:"payload"`
}

// Create registers a code of СБП for the sum.
func (c *Client) Create(ctx context.Context, r gateway.Request) (gateway.Payment, error) {
	if r.Hold || r.Saved != "" {
		return gateway.Payment{}, gateway.Refused("the bank neither holds nor charges by itself")
	}
	in := map[string]any{"sbpMerchantId": c.merchant, "order": r.Key, "amount": rubles(r.Sum), "currency": "RUB", "qrType": "QRDynamic", "paymentDetails": cut(r.Description, purposeMax)}
	if r.ReturnURL != "" {
		in["redirectUrl"] = r.ReturnURL
	}
	var out registered
	if err := c.call(ctx, http.MethodPost, "/v1/qr/register", in, &out); err != nil {
		return gateway.Payment{}, err
	}
	return gateway.Payment{ID: out.QRID, Key: r.Key, State: gateway.Pending, Sum: r.Sum, Currency: "RUB", RedirectURL: out.Payload}, nil
}

// Info is what the bank tells of the payment of a code, and what a notification holds.
type Info struct {
	Code            string      `json:"code,omitempty"`
	Message         string      `json:"message,omitempty"`
	Amount          json.Number `json:"amount"`
	Currency        string      `json:"currency"`
	Order           string      `json:"order"`
	Status          string      `json:"paymentStatus"`
	QRID            string      `json:"qrId"`
	Merchant        string      `json:"sbpMerchantId"`
	TransactionDate string      `json:"transactionDate,omitempty"`
	TransactionID   json.Number `json:"transactionId,omitempty"`
}

var states = map[string]string{"SUCCESS": gateway.Captured, "DECLINED": gateway.Declined}

// Find asks for the payment of a code; of one that is not paid it asks for the code.
func (c *Client) Find(ctx context.Context, id string) (gateway.Payment, error) {
	info, err := c.info(ctx, id)
	if err != nil {
		return gateway.Payment{}, err
	}
	sum, err := kopecks(info.Amount)
	if err != nil {
		return gateway.Payment{}, err
	}
	p := gateway.Payment{ID: id, Key: info.Order, State: states[info.Status], Sum: sum, Currency: info.Currency}
	switch p.State {
	case gateway.Captured:
		p.PaidAt, _ = time.Parse(time.RFC3339Nano, info.TransactionDate) // not told: zero
	case gateway.Declined:
		p.Reason = "банк плательщика отказал"
	default:
		p.State, err = c.code(ctx, id)
	}
	return p, err
}

func (c *Client) info(ctx context.Context, id string) (info Info, err error) {
	err = c.call(ctx, http.MethodGet, "/v1/qr/"+url.PathEscape(id)+"/payment-info", nil, &info)
	return info, err
}

// code is the state of a payment that the state of its code tells.
func (c *Client) code(ctx context.Context, id string) (string, error) {
	var out struct {
		Code   string `json:"code"`
		Status string `json:"qrStatus"`
	}
	if err := c.call(ctx, http.MethodGet, "/v2/qrs/"+url.PathEscape(id), nil, &out); err != nil {
		return "", err
	}
	switch out.Status {
	case "EXPIRED":
		return gateway.Expired, nil
	case "CANCELLED":
		return gateway.Cancelled, nil
	}
	return gateway.Pending, nil
}

// FindByKey knows nothing: the bank finds payments by its codes only, and a code we did not hear of nobody can pay.
func (c *Client) FindByKey(context.Context, string, time.Time) (gateway.Payment, error) {
	return gateway.Payment{}, gateway.Unknown()
}

// Capture is refused: nothing is held.
func (c *Client) Capture(context.Context, string, string, money.Amount) (gateway.Payment, error) {
	return gateway.Payment{}, gateway.Refused("nothing is held")
}

// Cancel makes a code void that was not paid.
func (c *Client) Cancel(ctx context.Context, id, _ string) (gateway.Payment, error) {
	if err := c.call(ctx, http.MethodDelete, "/v2/qrs/"+url.PathEscape(id), nil, nil); err != nil {
		return gateway.Payment{}, err
	}
	return c.Find(ctx, id)
}

// refunded is what the bank tells of a refund.
type refunded struct {
	Code   string      `json:"code"`
	Amount json.Number `json:"amount"`
	Status string      `json:"refundStatus"`
}

// Refund gives a sum back, once for its key: the bank knows it by the number we give it.
func (c *Client) Refund(ctx context.Context, id, key string, sum money.Amount, again bool) (gateway.Refund, error) {
	mark := gateway.KeyOf("refund", key)
	var out refunded
	err := gateway.Unknown()
	if again {
		err = c.call(ctx, http.MethodGet, "/v1/refund/"+mark, nil, &out)
	}
	if fault.Is(err, fault.NotFound) {
		info, asked := c.info(ctx, id)
		if asked != nil {
			return gateway.Refund{}, asked
		}
		err = c.call(ctx, http.MethodPost, "/v1/refund", map[string]any{"amount": rubles(sum), "order": info.Order, "refundId": mark, "paymentDetails": cut("Возврат платежа "+info.Order, refundPurposeMax)}, &out)
	}
	if err != nil {
		return gateway.Refund{}, err
	}
	r := gateway.Refund{ID: mark, PaymentID: id, Sum: sum, State: gateway.Pending}
	switch out.Status {
	case "COMPLETED":
		r.State = gateway.Captured
	case "DECLINED":
		r.State = gateway.Declined
	}
	return r, nil
}

// call makes a call. The bank says what went wrong by a code in the answer, whatever the status.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	status, body, err := c.calls.Call(ctx, method, c.base+path, map[string]string{"Authorization": "Bearer " + c.secret}, in)
	if err != nil {
		return err
	}
	var said struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if len(bytes.TrimSpace(body)) > 0 {
		if err := gateway.Decode(body, &said); err != nil {
			return err
		}
	}
	words := fmt.Sprintf("%s: status %d, %s: %s", path, status, said.Code, said.Message)
	switch {
	case said.Code == "ERROR.NOT_FOUND" || said.Code == "ERROR.REFUND_NOT_FOUND" || status == http.StatusNotFound:
		return gateway.Unknown()
	case said.Code == "ERROR.MERCHANT_NOT_REGISTERED" || status == http.StatusUnauthorized || status == http.StatusForbidden:
		return gateway.Closed(words)
	case status >= http.StatusInternalServerError || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		return gateway.Away(fmt.Errorf("%s", words))
	case strings.HasPrefix(said.Code, "ERROR") || status >= http.StatusBadRequest:
		return gateway.Refused(words)
	case out == nil:
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(out); err != nil {
		return gateway.Away(fmt.Errorf("%s: %w", path, err))
	}
	return nil
}

// Sign signs the fields of a notification that its signature covers, with the secret of the merchant.
func Sign(n *Info, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strings.Join([]string{n.Amount.String(), n.Merchant, n.Order, n.Status, n.TransactionDate}, "|")))
	return hex.EncodeToString(mac.Sum(nil))
}

// Verify checks where a notification came from and its signature, and names its payment.
func (c *Client) Verify(n gateway.Notification) (gateway.Note, error) {
	if len(c.sources) > 0 && !gateway.From(n.From, c.sources) {
		return gateway.Note{}, fmt.Errorf("%w: %v", gateway.ErrSource, n.From)
	}
	if err := gateway.CheckDepth(n.Body); err != nil {
		return gateway.Note{}, err
	}
	var info Info
	d := json.NewDecoder(bytes.NewReader(n.Body))
	d.UseNumber()
	if err := d.Decode(&info); err != nil {
		return gateway.Note{}, fmt.Errorf("body is no notification: %w", err)
	}
	got, err := hex.DecodeString(n.Headers[SignatureHeader])
	want, _ := hex.DecodeString(Sign(&info, c.secret)) // our own
	if err != nil || !hmac.Equal(got, want) || info.Merchant != c.merchant {
		return gateway.Note{}, fmt.Errorf("signature of the notification does not match")
	}
	return gateway.Note{Event: info.QRID + ":" + info.Status + ":" + gateway.Digest(n.Body), PaymentID: info.QRID, State: states[info.Status]}, nil
}

// Acknowledgment is empty: the bank looks at the status alone.
func (c *Client) Acknowledgment() string { return "" }

// cut shortens a text to so many letters.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
