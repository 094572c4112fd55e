package raiffeisen

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"kvit/internal/payment/gateway"
)

const samples = "../../../../../shared/samples/acquirers/raiffeisen-sbp"

func sample(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil {
		t.Skipf("ПРОПУЩЕНО: нет %s", samples)
	}
	return b
}

// TestSamplesAreSpoken: the published request has the fields we send, the published answers are read.
func TestSamplesAreSpoken(t *testing.T) {
	var want map[string]any
	if err := json.Unmarshal(sample(t, "qr_register_request.json"), &want); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/sbp/v1/qr/register":
			if b, err := io.ReadAll(r.Body); err != nil || json.Unmarshal(b, &got) != nil {
				t.Errorf("%s, %v", b, err)
			}
			w.Write(sample(t, "qr_register_response.json"))
		case "/sbp/v1/qr/AD100051KNSNR64I98CRUJUASC9M72QT/payment-info":
			w.Write(sample(t, "payment_info.json"))
		default:
			t.Errorf("%s", r.URL)
		}
	}))
	defer server.Close()
	c := New(server.URL, "MA0000000552", "s", nil)
	p, err := c.Create(context.Background(), gateway.Request{Key: "1-22-333", Sum: 1110_11, Description: "Назначение платежа", Method: gateway.SBP})
	if err != nil || p.ID != "AD100004BAL7227F9BNP6KNE007J9B3K" || p.RedirectURL != "https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=1&cur=RUB&crc=AB75" {
		t.Errorf("%+v, %v", p, err)
	}
	for name, value := range got {
		if want[name] != value {
			t.Errorf("%s is %v, in the sample %v", name, value, want[name])
		}
	}
	paid, err := c.Find(context.Background(), "AD100051KNSNR64I98CRUJUASC9M72QT")
	if err != nil || paid.Sum != 12399_10 || paid.State != gateway.Captured || paid.Key != "282a60f8-dd75-4286-bde0-af321dd081b3" || paid.Currency != "RUB" || paid.PaidAt.UTC().Format("2006-01-02 15:04") != "2019-07-11 14:45" {
		t.Errorf("%+v, %v", paid, err)
	}
}

// TestSignatureIsOverTheSumAsItWasSent: the published body, its sum a number with one digit after the point, signed by the
// published rule.
func TestSignatureIsOverTheSumAsItWasSent(t *testing.T) {
	body := sample(t, "payment_info.json")
	c := New("https://x.example", "MA0000000552", "secret", []netip.Prefix{netip.MustParsePrefix("193.28.44.23/32")})
	n := gateway.Notification{Body: body, From: netip.MustParseAddr("193.28.44.23"),
		Headers: map[string]string{SignatureHeader: "1b0786d47f68b7dda537c6150b4d827653ae7de65a743b179030ba309ff2ecac"}}
	note, err := c.Verify(n)
	if err != nil || note.PaymentID != "AD100051KNSNR64I98CRUJUASC9M72QT" || note.State != gateway.Captured {
		t.Errorf("%+v, %v", note, err)
	}
	n.From = netip.MustParseAddr("193.28.44.24")
	if _, err := c.Verify(n); err == nil {
		t.Error("a foreign source is taken")
	}
}
