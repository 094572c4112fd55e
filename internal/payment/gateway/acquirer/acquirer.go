// Package acquirer is the client of a card and СБП acquirer: register a payment under our key, send the payer to
// its page, ask for the state, refund, check notifications.
//
// It speaks JSON over HTTP: POST /v1/payments with Idempotence-Key, GET /v1/payments/{id} and ?key=, POST
// /v1/payments/{id}/refunds; a notification carries webhook-id, webhook-timestamp and webhook-signature (Standard
// Webhooks 1.0: HMAC-SHA-256 over «id.timestamp.body»). Sums travel as integer kopecks.
//
// Owns: the protocol. Does not own: orders, what is done with an answer.
package acquirer

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kvit/internal/fault"
	"kvit/internal/money"
)

// Bounds of one call.
const (
	callTimeout = 10 * time.Second
	answerMax   = 1 << 20
	clockSkew   = 5 * time.Minute
)

// Client talks to one acquirer.
type Client struct {
	base   string
	secret []byte
	http   *http.Client
}

// New makes a client; secret signs notifications and authorises calls.
func New(base, secret string) *Client {
	return &Client{base: strings.TrimRight(base, "/"), secret: []byte(secret), http: &http.Client{Timeout: callTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Payment is a payment as the acquirer writes it.
type Payment struct {
	ID          string       `json:"id"`
	Key         string       `json:"key"`
	State       string       `json:"state"` // pending, captured, declined, expired
	Sum         money.Amount `json:"sum"`
	Currency    string       `json:"currency"`
	Method      string       `json:"method"`
	Description string       `json:"description"`
	ReturnURL   string       `json:"returnUrl"`
	RedirectURL string       `json:"redirectUrl"`
	Reason      string       `json:"reason,omitempty"`
	Refunded    money.Amount `json:"refunded"`
}

// Create registers a payment; the same key gives the same payment.
func (c *Client) Create(ctx context.Context, p Payment) (Payment, error) {
	var out Payment
	err := c.call(ctx, http.MethodPost, "/v1/payments", p.Key, p, &out)
	return out, err
}

// Find asks for a payment by the acquirer's id.
func (c *Client) Find(ctx context.Context, id string) (Payment, error) {
	var out Payment
	err := c.call(ctx, http.MethodGet, "/v1/payments/"+url.PathEscape(id), "", nil, &out)
	return out, err
}

// FindByKey asks for the payment registered under our key.
func (c *Client) FindByKey(ctx context.Context, key string) (Payment, error) {
	var out Payment
	err := c.call(ctx, http.MethodGet, "/v1/payments?key="+url.QueryEscape(key), "", nil, &out)
	return out, err
}

// Refund gives a sum back; the same key refunds once.
func (c *Client) Refund(ctx context.Context, id, key string, sum money.Amount) error {
	return c.call(ctx, http.MethodPost, "/v1/payments/"+url.PathEscape(id)+"/refunds", key, map[string]money.Amount{"sum": sum}, nil)
}

func (c *Client) call(ctx context.Context, method, path, key string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+string(c.secret))
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotence-Key", key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return away(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, answerMax))
	if err != nil {
		return away(err)
	}
	return decode(res.StatusCode, answer, out)
}

func decode(status int, answer []byte, out any) error {
	switch {
	case status == http.StatusNotFound:
		return fault.New(fault.NotFound, "acquirer.unknown", "Банк не знает такого платежа.")
	case status >= 500 || status == http.StatusTooManyRequests:
		return away(fmt.Errorf("status %d", status))
	case status >= 400:
		return fault.New(fault.Invalid, "acquirer.refused", "Банк не принял запрос.").Because(fmt.Errorf("status %d: %.200s", status, answer))
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return away(fmt.Errorf("answer is not JSON: %w", err))
	}
	return nil
}

func away(err error) error {
	return fault.New(fault.Unavailable, "acquirer.away", "Банк не отвечает. Платёж не потерян: спросим ещё раз.").Because(err)
}

// Event is the body of a notification.
type Event struct {
	Type      string `json:"type"`
	PaymentID string `json:"paymentId"`
}

// Sign makes the signature of a notification: base64 of HMAC-SHA-256 over «id.timestamp.body».
func Sign(secret []byte, id string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Verify checks a notification over its raw bytes in constant time, refuses old and future ones, and names its
// event and payment. headers are keyed in lower case.
func (c *Client) Verify(body []byte, headers map[string]string, now time.Time) (event, paymentID string, err error) {
	id := headers["webhook-id"]
	seconds, err := strconv.ParseInt(headers["webhook-timestamp"], 10, 64)
	if err != nil || id == "" {
		return "", "", fmt.Errorf("webhook headers are missing")
	}
	at := time.Unix(seconds, 0)
	if d := now.Sub(at); d > 24*time.Hour*3 || d < -clockSkew {
		return "", "", fmt.Errorf("webhook of %v is not of today", at)
	}
	want := []byte(Sign(c.secret, id, at, body))
	ok := false
	for sig := range strings.FieldsSeq(headers["webhook-signature"]) { // two signatures while a key rotates
		ok = hmac.Equal([]byte(sig), want) || ok
	}
	if !ok {
		return "", "", fmt.Errorf("webhook signature does not match")
	}
	var e Event
	if err := json.Unmarshal(body, &e); err != nil || e.PaymentID == "" {
		return "", "", fmt.Errorf("webhook body is not an event: %w", err)
	}
	return id, e.PaymentID, nil
}
