package simulator_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/fault"
	"kvit/internal/notice/channel"
	"kvit/internal/notice/mail"
	"kvit/internal/notice/simulator"
)

const start = "https://kvit.example/"

// post starts a mail server that offers STARTTLS and a client that trusts it and signs.
func post(t *testing.T, o simulator.Options) (*simulator.Post, *mail.Client) {
	t.Helper()
	certificate, dir := selfSigned(t)
	p := simulator.NewPost(o, certificate)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go p.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { p.Close() })
	c, err := mail.New(mail.Server{URL: "smtp://" + l.Addr().String(), From: "kvit@centre.example", Name: "Расчётный центр", Start: start,
		DKIMKey: filepath.Join(dir, "key.pem"), Selector: "kvit", CA: filepath.Join(dir, "ca.pem")})
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

func selfSigned(t *testing.T) (*tls.Certificate, string) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "post"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{"ca.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: key}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}, dir
}

func TestALetterIsSignedAndReadable(t *testing.T) {
	p, c := post(t, simulator.Options{})
	m := channel.Message{Key: "bill-11", Subject: "Счёт за ноябрь", Text: "К оплате 6 214,35 ₽ до 15 декабря.\nНа 1 028,29 ₽ больше, чем в октябре: <отопление>."}
	id, err := c.Send(t.Context(), "anna@mail.example", m)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := c.Send(t.Context(), "anna@mail.example", m); err != nil || again != id {
		t.Errorf("the same letter has another id: %s, %s, %v", id, again, err)
	}
	got := p.Got()
	if len(got) != 1 || got[0].To != "anna@mail.example" || got[0].Subject != m.Subject {
		t.Fatalf("the box holds %+v", got)
	}
	if !strings.HasPrefix(got[0].Text, m.Text) || !strings.Contains(got[0].Text, start) {
		t.Errorf("text %q", got[0].Text)
	}
	for _, want := range []string{"DKIM-Signature:", "d=centre.example", "s=kvit", "List-Unsubscribe: <" + start + ">", "Message-ID: <" + id + ">", "Content-Type: multipart/alternative"} {
		if !strings.Contains(strings.ReplaceAll(got[0].Header, "Message-Id", "Message-ID"), want) {
			t.Errorf("no %q in\n%s", want, got[0].Header)
		}
	}
}

func TestNothingInATextBecomesAHeader(t *testing.T) {
	p, c := post(t, simulator.Options{})
	if _, err := c.Send(t.Context(), "anna@mail.example", channel.Message{Key: "k", Subject: "Счёт\r\nBcc: all@evil.example", Text: "{{.}} ${7*7} %0d%0aBcc: x"}); err != nil {
		t.Fatal(err)
	}
	got := p.Got()
	if len(got) != 1 || strings.Contains(got[0].Header, "\nBcc") || got[0].Subject != "Счёт Bcc: all@evil.example" || !strings.Contains(got[0].Text, "{{.}} ${7*7} %0d%0aBcc: x") {
		t.Errorf("the box holds %+v", got)
	}
	if _, err := c.Send(t.Context(), "anna@mail.example\r\nRCPT TO:<b@evil.example>", channel.Message{Key: "k2", Subject: "s", Text: "t"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an address of two lines: %v", err)
	}
}

func TestFaultsOfAMailServer(t *testing.T) {
	for _, c := range []struct {
		name   string
		o      simulator.Options
		to     string
		kind   fault.Kind
		unsure bool
		taken  int
	}{
		{"no such box", simulator.Options{}, "nobody@mail.example", fault.Invalid, false, 0},
		{"busy", simulator.Options{Busy: 1}, "anna@mail.example", fault.Unavailable, false, 0},
		{"down", simulator.Options{Fail: 1}, "anna@mail.example", fault.Unavailable, false, 0},
		{"hung up after the letter", simulator.Options{Lose: 1}, "anna@mail.example", fault.Unavailable, true, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, client := post(t, c.o)
			_, err := client.Send(t.Context(), c.to, channel.Message{Key: "k", Subject: "s", Text: "t"})
			if !fault.Is(err, c.kind) || channel.IsUnsure(err) != c.unsure || len(p.Got()) != c.taken {
				t.Errorf("got %v with %d taken", err, len(p.Got()))
			}
		})
	}
	nobody, err := mail.New(mail.Server{URL: "smtp://127.0.0.1:1", From: "kvit@centre.example"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nobody.Send(t.Context(), "anna@mail.example", channel.Message{Key: "k"}); fault.CodeOf(err) != "notice.away" {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestSettingsOfMailAreJudged(t *testing.T) {
	good := mail.Server{URL: "smtp://127.0.0.1:25", From: "kvit@centre.example"}
	for name, change := range map[string]func(*mail.Server){
		"no scheme": func(s *mail.Server) { s.URL = "127.0.0.1" }, "another scheme": func(s *mail.Server) { s.URL = "http://post" }, "no sender": func(s *mail.Server) { s.From = "" },
		"a key without a selector": func(s *mail.Server) { s.DKIMKey = "x" }, "no file of a key": func(s *mail.Server) { s.DKIMKey, s.Selector = "absent", "s" }, "no file of certificates": func(s *mail.Server) { s.CA = "absent" },
	} {
		s := good
		change(&s)
		if _, err := mail.New(s); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
