package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// browserOf gives a request the cookie and the token of a page.
func browserOf(s *Site, r *http.Request) string {
	secret := randomText()
	r.AddCookie(&http.Cookie{Name: s.cookieName("form"), Value: secret})
	return s.token(&exchange{secret: secret})
}

func TestBodiesAreBounded(t *testing.T) {
	read := func(w http.ResponseWriter, r *http.Request) error {
		if f, _, err := r.FormFile("file"); err == nil {
			_, err = io.Copy(w, f)
			return err
		}
		return ok(w, r)
	}
	h, s := site(t, Route{Method: "POST", Pattern: "/form", Resource: "x", Action: "change", Handler: read}, Route{Method: "POST", Pattern: "/files", Resource: "x", Action: "change", Files: true, Handler: read},
		Route{Method: "POST", Pattern: "/bulk", Resource: "x", Action: "change", Bulk: 2 * MaxFile, Handler: read})
	send := func(path string, size int) int {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		r := httptest.NewRequest("POST", path, nil)
		_ = m.WriteField(TokenField, browserOf(s, r))
		part, _ := m.CreateFormFile("file", "a.dbf")
		_, _ = part.Write(make([]byte, size))
		_ = m.Close()
		r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
		r.Header.Set("Content-Type", m.FormDataContentType())
		return do(h, r).Code
	}
	for _, c := range []struct {
		path       string
		size, want int
	}{{"/form", 1000, 200}, {"/form", MaxBody + 1, 413}, {"/files", MaxBody + 1, 200}, {"/files", MaxFile, 413}, {"/bulk", MaxFile, 200}, {"/bulk", 2 * MaxFile, 413}} {
		if got := send(c.path, c.size); got != c.want {
			t.Errorf("%s with %d bytes: %d, want %d", c.path, c.size, got, c.want)
		}
	}
}

func TestServerBoundsHeadersAndTime(t *testing.T) {
	h, _ := site(t)
	server := NewServer("127.0.0.1:0", h, slog.New(slog.DiscardHandler))
	if server.ReadTimeout != readTimeout || server.WriteTimeout != writeTimeout || server.ReadHeaderTimeout == 0 || server.IdleTimeout == 0 {
		t.Errorf("%+v", server)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	r, _ := http.NewRequest("GET", "http://"+l.Addr().String()+"/", nil)
	r.Header.Set("X-Long", strings.Repeat("a", 32<<10))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("32 KB of header: %d", res.StatusCode)
	}
}

func TestPagesAreCompressed(t *testing.T) {
	h, _ := site(t)
	r := httptest.NewRequest("GET", "/nothing", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := do(h, r)
	if w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Content-Length") != "" {
		t.Fatalf("%v", w.Header())
	}
	gz, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(gz)
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(text)), "</html>") {
		t.Errorf("the page is cut: %v %q", err, text)
	}
	if plain := do(h, httptest.NewRequest("GET", "/nothing", nil)); plain.Header().Get("Content-Encoding") != "" {
		t.Error("compressed without being asked")
	}
}

// TestNextIsLocal is the list of S9: addresses that would lead away, or break a header, become the fallback.
func TestNextIsLocal(t *testing.T) {
	for _, away := range []string{
		"", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "http:evil.example", "javascript:alert(1)", "data:text/html,x",
		"/\t/evil.example", "/\n/evil.example", "/\r\nSet-Cookie: a=b", " /home", "home", "./home", "../home", "?x", "#x", "/%5cevil.example", "/%2f%2fevil.example/..", "/%0d%0aX: y", "/%09/evil.example",
		"//evil.example/%2f..", "/\x00", "/a\u00ff\xff", "mailto:a@b", "//user@evil.example", "/%zz", "/\u202e/evil.example", "/\u200b/evil.example", "/%E2%80%AE/evil.example", "/" + strings.Repeat("a", 3000),
	} {
		if got := LocalPath(away, "/safe"); got != "/safe" {
			t.Errorf("%q leads to %q", away, got)
		}
	}
	for _, local := range []string{"/", "/home", "/bills/1?month=2026-10&x=https%3A%2F%2Fa", "/c/find?q=%D0%9B", "/a#b", "/bills/1?at=2026-10-01"} {
		if got := LocalPath(local, "/safe"); got != local {
			t.Errorf("%q became %q", local, got)
		}
	}
}

func TestViewSettingsAreKept(t *testing.T) {
	h, s := site(t)
	press := func(field, value, next string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/view", nil)
		form := url.Values{TokenField: {browserOf(s, r)}, field: {value}, "next": {next}}
		r.Body = io.NopCloser(strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return do(h, r)
	}
	for _, c := range []struct{ field, value, cookie, mark string }{
		{"text", "150", "kvit-text", `data-text="150"`}, {"theme", "dark", "kvit-theme", `data-theme="dark"`}, {"lang", "en", "kvit-lang", `<html lang="en"`},
	} {
		w := press(c.field, c.value, "/bills/1")
		cookies := w.Result().Cookies()
		if w.Code != 303 || w.Header().Get("Location") != "/bills/1" || len(cookies) != 1 || cookies[0].Name != c.cookie || cookies[0].Value != c.value {
			t.Fatalf("%s: %d %v", c.field, w.Code, cookies)
		}
		r := httptest.NewRequest("GET", "/nothing", nil)
		r.AddCookie(cookies[0])
		if page := do(h, r).Body.String(); !strings.Contains(page, c.mark) {
			t.Errorf("%s is not on the page", c.mark)
		}
	}
	if w := press("text", "900", "https://evil.example"); len(w.Result().Cookies()) != 0 || w.Header().Get("Location") != "/" {
		t.Errorf("a foreign value was kept: %v", w.Result().Header)
	}
}

func TestFormKey(t *testing.T) {
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Idempotency-Key", NewKey())
	if _, err := FormKey(r); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "short", strings.Repeat("a", 65), "ключ-ключ-ключ", "aaaa bbbb", "aaaaaaaa\r\n"} {
		r.Header.Set("Idempotency-Key", bad)
		if _, err := FormKey(r); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPaging(t *testing.T) {
	p, err := PageOf(httptest.NewRequest("GET", "/list?state=open&page=3", nil), 50)
	if err != nil {
		t.Fatal(err)
	}
	p.Total = 120
	if p.Offset() != 100 || p.From() != 101 || p.To() != 120 || p.Next() != "" || p.Prev() != "/list?page=2&state=open" {
		t.Errorf("%d %d–%d next %q prev %q", p.Offset(), p.From(), p.To(), p.Next(), p.Prev())
	}
	if big, _ := PageOf(httptest.NewRequest("GET", "/list", nil), 5000); big.Size != MaxPage {
		t.Errorf("page of %d rows", big.Size)
	}
	for _, bad := range []string{"0", "-1", "x", "99999999999999999999", "1001"} {
		if _, err := PageOf(httptest.NewRequest("GET", "/list?page="+bad, nil), 50); !fault.Is(err, fault.Invalid) {
			t.Errorf("page %s: %v", bad, err)
		}
	}
}

func TestRangeOfDays(t *testing.T) {
	def := DayRange{From: 20261101, To: 20261130}
	for _, c := range []struct {
		query string
		want  DayRange
		field string
	}{
		{"", def, ""}, {"from=2026-11-05&to=10.11.2026", DayRange{20261105, 20261110}, ""}, {"from=31.02.2026", def, "from"}, {"from=2026-12-01", def, "to"}, {"from=2020-01-01", def, "from"},
	} {
		got, err := RangeOf(httptest.NewRequest("GET", "/?"+c.query, nil), def)
		if c.field == "" && (err != nil || got != c.want) {
			t.Errorf("%s: %v %v", c.query, got, err)
		}
		if c.field != "" && (err == nil || fault.As(err).Field != c.field) {
			t.Errorf("%s: %v", c.query, err)
		}
	}
}

func TestDatesForPeople(t *testing.T) {
	p := samplePage("x")
	for d, want := range map[calendar.Date]string{20261124: "24\u00a0ноября, вторник", 20261201: "1\u00a0декабря, вторник", 20261202: "2\u00a0декабря", 20261120: "20\u00a0ноября", 20270115: "15\u00a0января\u00a02027", 20251231: "31\u00a0декабря\u00a02025"} {
		if got := p.Day(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
	for ago, want := range map[int]string{0: "сегодня в\u00a012:00", 24: "вчера в\u00a012:00", 48: "22\u00a0ноября в\u00a012:00", 24 * 365: "24\u00a0ноября\u00a02025 в\u00a012:00"} {
		at := calendar.MicrosOf(p.Now) - calendar.Micros(ago)*3600*1_000_000
		if got := p.Moment(at); got != want {
			t.Errorf("%d hours ago: %q, want %q", ago, got, want)
		}
	}
}
