package tbank

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"kvit/internal/payment/gateway"
)

// TestToken is the vector of formats.md 6.2.
func TestToken(t *testing.T) {
	fields := map[string]any{"TerminalKey": "T", "OrderId": "1", "Amount": 100, "Success": true, "DATA": map[string]any{"x": 1}, "Token": "old"}
	if got := Token(fields, "p"); got != "4f64bd302c2fade34ae637981d231bbd632446472281e68ede484be0e6c80615" {
		t.Error(got)
	}
}

// TestNotificationNumbers: PaymentId and the rest come as numbers or as text; the token is over what was sent.
func TestNotificationNumbers(t *testing.T) {
	c := New("https://x.example", "T", "p", "", nil)
	for _, id := range []any{json.Number("3093639567"), "3093639567"} {
		fields := map[string]any{"TerminalKey": "T", "OrderId": "1", "Amount": json.Number("100"), "Success": true, "Status": "CONFIRMED", "PaymentId": id, "RebillId": json.Number("145919"), "Pan": "430000******0777", "ExpDate": "0730",
			"Data": map[string]any{"a": "b"}}
		fields["Token"] = strings.ToUpper(Token(fields, "p"))
		body, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		n, err := c.Verify(gateway.Notification{Body: body, From: netip.MustParseAddr("10.0.0.1")})
		if err != nil || n.PaymentID != "3093639567" || n.State != gateway.Captured || *n.Saved != (gateway.Saved{Token: "145919", Title: "Карта ····0777", Expires: 203007}) {
			t.Errorf("%+v, %v", n, err)
		}
		if _, err := c.Verify(gateway.Notification{Body: []byte(strings.Replace(string(body), `"Amount":100`, `"Amount":101`, 1))}); err == nil {
			t.Error("a changed sum is not seen")
		}
	}
}
