package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kvit/internal/fault"
)

func ok(w http.ResponseWriter, _ *http.Request) error { _, err := w.Write([]byte("ok")); return err }

func TestRouteWithoutRightsIsRefused(t *testing.T) {
	full := Route{Method: "GET", Pattern: "/bills/{id}", Resource: "bill", Action: "read", Handler: ok}
	for name, spoil := range map[string]func(*Route){
		"no resource": func(r *Route) { r.Resource = "" }, "no action": func(r *Route) { r.Action = "" }, "no method": func(r *Route) { r.Method = "" },
		"no handler": func(r *Route) { r.Handler = nil }, "no path": func(r *Route) { r.Pattern = "bills" },
	} {
		r := full
		spoil(&r)
		var table Routes
		table.Add(r)
		if _, err := table.Handler(&Site{Key: make([]byte, 32)}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := new(Routes).Handler(&Site{}); err == nil {
		t.Error("without a key for forms: accepted")
	}
	var table Routes
	table.Add(full, full)
	if _, err := table.Handler(&Site{Key: make([]byte, 32)}); err == nil {
		t.Error("declared twice: accepted")
	}
}

func TestNobodyMayUnlessAllowed(t *testing.T) {
	var table Routes
	table.Add(Route{Method: "GET", Pattern: "/x", Resource: "bill", Action: "read", Handler: ok})
	h, err := table.Handler(&Site{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	if w := do(h, httptest.NewRequest("GET", "/x", nil)); w.Code != http.StatusForbidden {
		t.Errorf("status %d", w.Code)
	}
}

// TestFormToken is the matrix of S7: what a request carries against what becomes of it.
func TestFormToken(t *testing.T) {
	page := Route{Method: "GET", Pattern: "/page", Resource: "x", Action: "read", Handler: func(w http.ResponseWriter, r *http.Request) error {
		p := NewPage(r, "x")
		_, err := w.Write([]byte(p.Token))
		return err
	}}
	post := Route{Method: "POST", Pattern: "/post", Resource: "x", Action: "change", Handler: ok}
	api := Route{Method: "POST", Pattern: "/api/v1/post", Resource: "x", Action: "change", Machine: true, Handler: func(w http.ResponseWriter, r *http.Request) error {
		if r.Header.Get("Cookie") != "" {
			return errors.New("a program's route sees cookies")
		}
		return ok(w, r)
	}}
	session := ""
	h, s := site(t, page, post, api)
	s.Identify = func(r *http.Request) (*http.Request, error) { SetActor(r.Context(), "7", session); return r, nil }
	got := do(h, httptest.NewRequest("GET", "/page", nil))
	cookie, token := got.Result().Cookies()[0], got.Body.String()
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %v is not HttpOnly and Lax", cookie)
	}
	again := httptest.NewRequest("GET", "/page", nil)
	again.AddCookie(cookie)
	if second := do(h, again).Body.String(); second == token {
		t.Error("the token is the same on two pages: its length under compression would tell it")
	}
	for _, c := range []struct {
		name, path, token, site, origin string
		cookie                          bool
		session                         string
		want                            int
	}{
		{"own form", "/post", token, "same-origin", "", true, "", 200},
		{"own form, old browser without headers", "/post", token, "", "", true, "", 200},
		{"no token", "/post", "", "same-origin", "", true, "", 403},
		{"token of another browser", "/post", s.token(&exchange{secret: "other"}), "same-origin", "", true, "", 403},
		{"garbage token", "/post", "%%%", "same-origin", "", true, "", 403},
		{"no cookie", "/post", token, "same-origin", "", false, "", 403},
		{"other site", "/post", token, "cross-site", "", true, "", 403},
		{"neighbour subdomain", "/post", token, "same-site", "", true, "", 403},
		{"other origin, old browser", "/post", token, "", "https://evil.example", true, "", 403},
		{"signed in meanwhile", "/post", token, "same-origin", "", true, "s1", 403},
		{"program without headers", "/api/v1/post", "", "", "", false, "", 200},
		{"program's path from a browser's other site", "/api/v1/post", "", "cross-site", "", true, "", 403},
		{"program's path ignores cookies", "/api/v1/post", "", "", "", true, "", 200},
	} {
		session = c.session
		r := httptest.NewRequest("POST", c.path, strings.NewReader(url.Values{TokenField: {c.token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if c.cookie {
			r.AddCookie(cookie)
		}
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		if w := do(h, r); w.Code != c.want {
			t.Errorf("%s: status %d, want %d: %s", c.name, w.Code, c.want, w.Body)
		}
	}
}

func TestSecureCookieHasHostPrefix(t *testing.T) {
	s := &Site{Secure: true}
	if c := s.Cookie("session", "x", 60); c.Name != "__Host-kvit-session" || !c.Secure || c.Path != "/" || c.Domain != "" || !c.HttpOnly {
		t.Errorf("%+v", c)
	}
}

// TestAnswersToFaults is the table of kinds: status, page for people, problem for programs.
func TestAnswersToFaults(t *testing.T) {
	var thrown error
	fail := func(http.ResponseWriter, *http.Request) error { return thrown }
	h, _ := site(t, Route{Method: "GET", Pattern: "/page", Resource: "x", Action: "read", Handler: fail}, Route{Method: "GET", Pattern: "/api/v1/x", Resource: "x", Action: "read", Machine: true, Handler: fail})
	for _, c := range []struct {
		kind   fault.Kind
		status int
		title  string
	}{
		{fault.Invalid, 422, "Проверьте данные"},
		{fault.Forbidden, 403, "Сюда нет доступа"},
		{fault.NotFound, 404, "Не нашли"},
		{fault.Conflict, 409, "Данные уже изменились"},
		{fault.Limited, 429, "Слишком много попыток"},
		{fault.Unavailable, 503, "Сервис сейчас не отвечает"},
		{fault.Internal, 500, "Страница не открылась"},
	} {
		thrown = fmt.Errorf("store: %w", fault.New(c.kind, "some.code", "Что сделать.").WithField("sum").Because(errors.New("тайна базы")))
		w := do(h, httptest.NewRequest("GET", "/page", nil))
		words := "Что сделать."
		if c.kind == fault.Internal {
			words = "Поломка у нас"
		}
		if w.Code != c.status || !strings.Contains(w.Body.String(), "<h1>"+c.title+"</h1>") || !strings.Contains(w.Body.String(), words) {
			t.Errorf("%v: page %d %s", c.kind, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "тайна") || strings.Contains(w.Body.String(), "some.code") {
			t.Errorf("%v: the page tells the cause or the code", c.kind)
		}
		r := httptest.NewRequest("GET", "/page", nil)
		r.Header.Set("Accept", "application/json")
		for _, w := range []*httptest.ResponseRecorder{do(h, r), do(h, httptest.NewRequest("GET", "/api/v1/x", nil))} {
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			if w.Code != c.status || p.Status != c.status || p.Code != "some.code" || p.Detail != "Что сделать." || p.Title != c.title || len(p.Errors) != 1 || p.Errors[0].Location != "sum" {
				t.Errorf("%v: problem %d %+v", c.kind, w.Code, p)
			}
			if w.Header().Get("Content-Type") != "application/problem+json" || strings.Contains(w.Body.String(), "тайна") {
				t.Errorf("%v: %s %s", c.kind, w.Header().Get("Content-Type"), w.Body)
			}
		}
		if retry := w.Header().Get("Retry-After"); (retry != "") != (c.kind == fault.Unavailable) {
			t.Errorf("%v: Retry-After %q", c.kind, retry)
		}
	}
}

func TestStrangerIsSentToSignIn(t *testing.T) {
	h, _ := site(t, Route{Method: "GET", Pattern: "/home", Resource: "bill", Action: "read", Handler: func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.Unauthenticated, "x", "Войдите.")
	}})
	w := do(h, httptest.NewRequest("GET", "/home?month=2026-10", nil))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/sign-in?next=%2Fhome%3Fmonth%3D2026-10" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
}

type later struct{ error }

func (later) RetryAfter() time.Duration { return 90 * time.Second }

func TestRepeatIsToldWhen(t *testing.T) {
	h, _ := site(t, Route{Method: "GET", Pattern: "/x", Resource: "x", Action: "read", Handler: func(http.ResponseWriter, *http.Request) error {
		return later{fault.New(fault.Limited, "x", "Попробуйте в 14:20.")}
	}})
	if w := do(h, httptest.NewRequest("GET", "/x", nil)); w.Header().Get("Retry-After") != "90" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	h, _ := site(t, Route{Method: "POST", Pattern: "/pay", Resource: "payment", Action: "make", Handler: ok})
	if w := do(h, httptest.NewRequest("GET", "/nothing", nil)); w.Code != 404 || !strings.Contains(w.Body.String(), "Такой страницы нет") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := do(h, httptest.NewRequest("GET", "/pay", nil)); w.Code != 405 || !strings.Contains(w.Header().Get("Allow"), "POST") {
		t.Errorf("%d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	if w := do(h, httptest.NewRequest("GET", "/api/v1/nothing", nil)); w.Code != 404 || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Content-Type"))
	}
}

func TestLogHoldsIdsOnly(t *testing.T) {
	var log bytes.Buffer
	h, s := site(t, Route{Method: "GET", Pattern: "/bills/{id}", Resource: "bill", Action: "read", Handler: func(http.ResponseWriter, *http.Request) error { panic("сломалось") }})
	s.Log = slog.New(slog.NewJSONHandler(&log, nil))
	s.Identify = func(r *http.Request) (*http.Request, error) { SetActor(r.Context(), "42", "s"); return r, nil }
	w := do(h, httptest.NewRequest("GET", "/bills/1600123456?name=Иванова", nil))
	var line struct{ Request, Method, Route, Actor, Error, Case, Stack, Level string }
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatalf("one line of JSON is wanted: %v in %s", err, log.String())
	}
	if w.Code != 500 || line.Route != "/bills/{id}" || line.Actor != "42" || line.Level != "ERROR" || line.Error != "panic: сломалось" || line.Stack == "" {
		t.Errorf("%d %+v", w.Code, line)
	}
	if line.Request != w.Header().Get("X-Request-Id") || !strings.Contains(w.Body.String(), "<strong>"+line.Case+"</strong>") {
		t.Errorf("the page does not carry the case number of the log: %+v", line)
	}
	if regexp.MustCompile(`1600123456|Иванова`).MatchString(log.String()) {
		t.Errorf("the log tells an account or a name: %s", log.String())
	}
}

func TestPolicyAllowsNothingInline(t *testing.T) {
	h, s := site(t)
	s.FormOrigins = []string{"https://bank.example"}
	csp := do(h, httptest.NewRequest("GET", "/nothing", nil)).Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self' https://bank.example;"} {
		if !strings.Contains(csp, part) {
			t.Errorf("%q is missing in %s", part, csp)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Error(csp)
	}
}
