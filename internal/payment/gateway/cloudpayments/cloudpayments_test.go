package cloudpayments

import (
	"net/url"
	"testing"

	"kvit/internal/payment/gateway"
)

// TestNotificationIsNamed: a form signed over its bytes; a payment goes under its invoice and sum, a refund under its payment's
// invoice.
func TestNotificationIsNamed(t *testing.T) {
	c := New("https://x.example", "pk", "secret", nil)
	for _, x := range []struct {
		f    url.Values
		want gateway.Note
	}{
		{url.Values{"TransactionId": {"504"}, "InvoiceId": {"k"}, "Amount": {"10.50"}, "Status": {"Completed"}, "OperationType": {"Payment"}, "Token": {"tk"}, "CardLastFour": {"4242"}, "CardExpDate": {"12/27"}},
			gateway.Note{PaymentID: "k.1050", State: gateway.Captured, Saved: &gateway.Saved{Token: "tk", Title: "Карта ····4242", Expires: 202712}}},
		{url.Values{"TransactionId": {"505"}, "PaymentTransactionId": {"504"}, "InvoiceId": {"k"}, "Amount": {"1.00"}, "OperationType": {"Refund"}}, gateway.Note{PaymentID: "k"}},
		{url.Values{"TransactionId": {"506"}, "InvoiceId": {"k"}, "Amount": {"10.50"}, "Status": {"Authorized"}}, gateway.Note{PaymentID: "k.1050", State: gateway.Authorised}},
	} {
		body := []byte(x.f.Encode())
		for _, header := range SignatureHeaders {
			note, err := c.Verify(gateway.Notification{Body: body, Headers: map[string]string{header: Sign(body, "secret")}})
			if err != nil || note.PaymentID != x.want.PaymentID || note.State != x.want.State || (note.Saved == nil) != (x.want.Saved == nil) || note.Saved != nil && *note.Saved != *x.want.Saved {
				t.Errorf("%+v, %v", note, err)
			}
		}
		if _, err := c.Verify(gateway.Notification{Body: append(body, '&'), Headers: map[string]string{SignatureHeaders[0]: Sign(body, "secret")}}); err == nil {
			t.Error("a changed body is taken")
		}
	}
	if got := Sign([]byte("Amount=10"), "p"); got != "z0csdElNZFpv1HWK9b+I0EM0JtdWGFd13EX32w/5MTU=" {
		t.Error(got)
	}
}

// TestInvoiceOfNobody: of an invoice that nobody paid the number tells whether it is ours.
func TestInvoiceOfNobody(t *testing.T) {
	for id, want := range map[string]struct {
		key string
		sum int64
	}{"019-a.1050": {"019-a", 1050}, "019-a": {"019-a", 0}, "x.y": {"x", 0}} {
		if key, sum := parseID(id); key != want.key || int64(sum) != want.sum {
			t.Errorf("%s: %s, %d", id, key, sum)
		}
	}
}
