package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"kvit/internal/fault"
)

// TestRefusedAddresses is the list of reliability.md section 6: none is kept, and none is called.
func TestRefusedAddresses(t *testing.T) {
	g := &Guard{Own: []string{"centre.example"}, Private: []string{"crm.corp", "10.1.2.3:9000"}}
	for _, raw := range []string{
		"https://127.0.0.1/", "https://127.8.8.8/", "https://0.0.0.0/", "https://[::1]/", "https://[::]/", "https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/",
		"https://192.168.1.1/", "https://169.254.169.254/latest/meta-data", "https://100.64.0.1/", "https://[fc00::1]/", "https://[fd12::1]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[ff02::1]/",
		"https://[::ffff:127.0.0.1]/", "https://[::ffff:10.0.0.1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[::ffff:0:127.0.0.1]/", "https://[100::1]/", "https://[5f00::1]/", "https://[3fff::1]/", "https://[4000::1]/", "https://2130706433/", "https://0x7f.1/", "https://0x7f000001/",
		"https://127.1/", "https://017700000001/", "https://localhost/", "https://localhost./", "https://LOCALHOST/", "https://db.localhost/", "https://printer.local/", "https://kvit/", "https://centre.example/", "https://Centre.Example./",
		"https://ⓛocalhost/", "https://１２７.０.０.１/", "https://127。0。0。1/", "https://user@good.example/", "https://user:pass@good.example/", "http://good.example/", "ftp://good.example/", "//good.example/", "https:good.example",
		"https://good.example:80/", "https://good.example:22/", "https://good.example:6379/", "https://10.1.2.3:9001/", "https://224.0.0.1/", "https://255.255.255.255/", "https://240.0.0.1/", "https://198.18.0.1/", "", "https://", "https://a b.example/", "https://good.example/#x",
		"https://-bad-.example/", "gopher://127.0.0.1:25/", "file:///etc/passwd", "https://good.example:443:443/",
	} {
		if got, err := g.CheckURL(raw); fault.CodeOf(err) != "webhook.url" {
			t.Errorf("%q: kept as %q, %v", raw, got, err)
		}
	}
	for raw, want := range map[string]string{
		"https://good.example/hook?a=1": "https://good.example/hook?a=1", " https://Good.Example.:8443/x ": "https://good.example:8443/x", "https://приём.рф/": "https://xn--h1aihe0g.xn--p1ai/",
		"https://8.8.8.8/": "https://8.8.8.8/", "https://[2a00:1450:4010::1]:443/": "https://[2a00:1450:4010::1]:443/", "http://crm.corp:8080/in": "http://crm.corp:8080/in", "http://10.1.2.3:9000/": "http://10.1.2.3:9000/",
	} {
		if got, err := g.CheckURL(raw); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", raw, got, err, want)
		}
	}
}

// TestDialerJudgesWhatANameCameTo: whatever a name resolves to, at each connection, the address decides.
func TestDialerJudgesWhatANameCameTo(t *testing.T) {
	for _, resolved := range []string{"127.0.0.1:443", "10.0.0.1:443", "[::1]:443", "[::ffff:192.168.0.1]:443", "169.254.169.254:443", "[fe80::1%eth0]:443", "[64:ff9b::a00:1]:8443", "8.8.8.8:80", "8.8.8.8:6379", "nonsense"} {
		if allowed(resolved) == nil {
			t.Errorf("a connection to %s is allowed", resolved)
		}
	}
	for _, resolved := range []string{"8.8.8.8:443", "[2a00:1450:4010::1]:8443"} {
		if err := allowed(resolved); err != nil {
			t.Errorf("%s: %v", resolved, err)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

// TestNamesThatLeadHere: a name that looks public and resolves to this machine, wholly or in part, is refused when it
// is dialled. The name server is ours.
func TestNamesThatLeadHere(t *testing.T) {
	for name, answers := range map[string][][4]byte{
		"rebound.example": {{127, 0, 0, 1}}, "metadata.example": {{169, 254, 169, 254}}, "mixed.example": {{8, 8, 8, 8}, {192, 168, 0, 7}},
	} {
		g := &Guard{resolver: nameServer(t, answers)}
		if _, err := g.dial(context.Background(), "tcp", name+":443"); !fault.Is(asCause(err), fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// nameServer answers every question with the same addresses.
func nameServer(t *testing.T, answers [][4]byte) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := server.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := answer(buf[:n], answers); reply != nil {
				_, _ = server.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

func answer(question []byte, answers [][4]byte) []byte {
	var p dnsmessage.Parser
	head, err := p.Start(question)
	if err != nil {
		return nil
	}
	q, err := p.Question()
	if err != nil {
		return nil
	}
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: head.ID, Response: true, RecursionAvailable: true}, Questions: []dnsmessage.Question{q}}
	for _, a := range answers {
		if q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: a}})
		}
	}
	packed, err := m.Pack()
	if err != nil {
		return nil
	}
	return packed
}

func asCause(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	return err
}

// TestRedirectsAreNotFollowed: a redirect is an answer like another, wherever it leads.
func TestRedirectsAreNotFollowed(t *testing.T) {
	reached := false
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer inner.Close()
	outer := httptest.NewServer(http.RedirectHandler(inner.URL, http.StatusTemporaryRedirect))
	defer outer.Close()
	g := &Guard{Private: []string{strings.TrimPrefix(outer.URL, "http://"), strings.TrimPrefix(inner.URL, "http://")}}
	res, err := g.client().Post(outer.URL, "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusTemporaryRedirect || reached {
		t.Errorf("status %d, reached %t", res.StatusCode, reached)
	}
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(inner.URL, "http://"))
	if _, err := (&Guard{}).client().Get("http://localhost:" + port); err == nil || reached {
		t.Error("the client reached this machine")
	}
}

// TestSamplesOfTheSpecification: the check sample published with Standard Webhooks.
func TestSamplesOfTheSpecification(t *testing.T) {
	secret, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	const want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	if got := sign(HMAC, [][]byte{secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	if got := shown(HMAC, secret); got != "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" {
		t.Errorf("secret is shown as %s", got)
	}
}

func hmacOf(key []byte, content string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(content))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
