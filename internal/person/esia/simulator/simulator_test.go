package simulator

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/person/esia"
)

func now() time.Time { return time.Date(2026, 11, 23, 9, 14, 5, 0, time.FixedZone("MSK", 3*3600)) }

// made is one simulator for all tests: its keys take long to make.
var made = sync.OnceValues(func() (*Simulator, error) { return New(Options{ClientID: "KVIT", Now: now}) })

// stand is a simulator with a client of it.
func stand(t *testing.T, by string, quirks ...string) (*esia.Client, *httptest.Server) {
	t.Helper()
	first, err := made()
	if err != nil {
		t.Fatal(err)
	}
	s := &Simulator{o: Options{ClientID: "KVIT", Quirks: quirks, Now: now}, key: first.key, forger: first.forger, client: first.client, cert: first.cert, own: first.own,
		grants: map[string]*grant{}, tokens: map[string]Person{}}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	service := esia.Service{URL: server.URL + "/signer"}
	c := esia.Config{URL: server.URL, ClientID: "KVIT", RedirectURL: func() string { return "http://kvit.example/back" }, Signer: service, Verifier: service, Now: now}
	switch by {
	case "certificate":
		if c.Verifier, err = esia.ReadCertificate(s.Certificate()); err != nil {
			t.Fatal(err)
		}
	case "command":
		tool := command(t, server.URL)
		c.Signer, c.Verifier = tool, tool
	}
	return esia.New(c), server
}

// command is a program that signs and verifies, as an installation's own would.
func command(t *testing.T, url string) esia.Command {
	t.Helper()
	path := filepath.Join(t.TempDir(), "signer")
	script := "#!/bin/sh\nif [ $1 = sign ]; then exec curl -sf --data-binary @- " + url + "/signer/sign; fi\n" +
		"exec curl -sf -G --data-urlencode \"alg=$2\" --data-urlencode \"signature=$3\" -X POST -H 'Content-Type: application/octet-stream' --output /dev/null '" + url + "/signer/none'\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return esia.Command{Path: path}
}

// consent walks the page of consent as a browser does and gives what comes back.
func consent(t *testing.T, address, answer string, who int) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	page, err := http.Get(address)
	if err != nil || page.StatusCode != http.StatusOK {
		t.Fatalf("the page of consent: %v, %v", page, err)
	}
	page.Body.Close()
	form := u.Query()
	form.Set("answer", answer)
	form.Set("person", strconv.FormatInt(People[who].ID, 10))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	out, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	out.Body.Close()
	back, err := out.Location()
	if err != nil || !strings.HasPrefix(back.String(), "http://kvit.example/back?") {
		t.Fatalf("led back to %v, %v", back, err)
	}
	return back.Query()
}

func TestWholeFlowAndLevels(t *testing.T) {
	for who, want := range []esia.Level{esia.Confirmed, esia.Standard, esia.Simple} {
		c, _ := stand(t, "certificate")
		ctx := context.Background()
		address, err := c.AuthURL(ctx, "state-1")
		if err != nil {
			t.Fatal(err)
		}
		back := consent(t, address, "yes", who)
		if back.Get("state") != "state-1" {
			t.Errorf("the state that came back: %q", back.Get("state"))
		}
		token, err := c.Exchange(ctx, back.Get("code"), "state-1")
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Person(ctx, token)
		if err != nil || p.Level != want || p.ID != strconv.FormatInt(People[who].ID, 10) || (p.Name != "") != (want == esia.Confirmed) {
			t.Errorf("%+v, %v: want level %d", p, err, want)
		}
		if _, err := c.Exchange(ctx, back.Get("code"), "state-1"); err == nil {
			t.Error("a code was good twice")
		}
	}
}

func TestQuirks(t *testing.T) {
	for _, x := range []struct {
		quirk string
		works bool
	}{{Skew, true}, {Text, true}, {NoID, true}, {Foreign, false}, {Forged, false}, {Expired, false}, {Down, false}} {
		c, _ := stand(t, "service", x.quirk)
		ctx := context.Background()
		address, err := c.AuthURL(ctx, "state-1")
		if err != nil {
			t.Fatal(err)
		}
		token, err := c.Exchange(ctx, consent(t, address, "yes", 0).Get("code"), "state-1")
		if err == nil {
			var p esia.Person
			if p, err = c.Person(ctx, token); err == nil && p.Level != esia.Confirmed {
				t.Errorf("%s: level %d", x.quirk, p.Level)
			}
		}
		if (err == nil) != x.works {
			t.Errorf("%s: %v", x.quirk, err)
		}
	}
}

func TestRefusalComesBack(t *testing.T) {
	c, _ := stand(t, "service")
	address, err := c.AuthURL(context.Background(), "state-1")
	if err != nil {
		t.Fatal(err)
	}
	if back := consent(t, address, "no", 0); back.Get("error") != "access_denied" || back.Get("code") != "" {
		t.Errorf("%v", back)
	}
}

func TestRequestsThatWereTouchedAreRefused(t *testing.T) {
	c, _ := stand(t, "service")
	address, err := c.AuthURL(context.Background(), "state-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"client_id", "scope", "timestamp", "state", "redirect_uri", "client_secret"} {
		u, _ := url.Parse(address)
		q := u.Query()
		q.Set(name, q.Get(name)+"x")
		u.RawQuery = q.Encode()
		out, err := http.Get(u.String())
		if err != nil {
			t.Fatal(err)
		}
		out.Body.Close()
		if out.StatusCode != http.StatusBadRequest {
			t.Errorf("%s was changed: %d", name, out.StatusCode)
		}
	}
}

// A program signs; a signature it does not vouch for is refused.
func TestCommandSigns(t *testing.T) {
	c, _ := stand(t, "command")
	ctx := context.Background()
	address, err := c.AuthURL(ctx, "state-1")
	if err != nil {
		t.Fatal(err)
	}
	back := consent(t, address, "yes", 0)
	if _, err := c.Exchange(ctx, back.Get("code"), "state-1"); err == nil || !strings.Contains(err.Error(), "signature") {
		t.Errorf("a program that does not vouch: %v", err)
	}
}
