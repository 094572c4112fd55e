package cloudpayments

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"

	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// SignatureHeaders carry the signature of a notification, their names in lower case.
var SignatureHeaders = []string{"content-hmac", "x-content-hmac"}

// Sign signs the raw bytes of a notification.
func Sign(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Verify checks the signature of a notification, and its source when sources are set up, and names its payment.
func (c *Client) Verify(n gateway.Notification) (gateway.Note, error) {
	if len(c.sources) > 0 && !gateway.From(n.From, c.sources) {
		return gateway.Note{}, fmt.Errorf("%w: %v", gateway.ErrSource, n.From)
	}
	if !c.signed(n) {
		return gateway.Note{}, fmt.Errorf("signature of the notification does not match")
	}
	f, err := url.ParseQuery(string(n.Body))
	if err != nil {
		return gateway.Note{}, fmt.Errorf("body is no notification: %w", err)
	}
	note := gateway.Note{Event: f.Get("OperationType") + ":" + f.Get("TransactionId") + ":" + f.Get("Status") + ":" + gateway.Digest(n.Body), PaymentID: f.Get("InvoiceId"), State: states[f.Get("Status")]}
	if sum, err := money.Parse(f.Get("Amount")); err == nil && note.PaymentID != "" && f.Get("PaymentTransactionId") == "" {
		note.PaymentID = ID(note.PaymentID, sum)
	}
	if token := f.Get("Token"); token != "" {
		note.Saved = (&Operation{Token: token, CardLastFour: f.Get("CardLastFour"), CardExpDate: f.Get("CardExpDate")}).saved()
	}
	return note, nil
}

// signed tells whether one of the headers has the signature of the body.
func (c *Client) signed(n gateway.Notification) bool {
	for _, name := range SignatureHeaders {
		got, err := base64.StdEncoding.DecodeString(n.Headers[name])
		want, _ := base64.StdEncoding.DecodeString(Sign(n.Body, c.secret)) // our own
		if err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}

// Acknowledgment is what CloudPayments waits for: the payment is taken.
func (c *Client) Acknowledgment() string { return `{"code":0}` }
