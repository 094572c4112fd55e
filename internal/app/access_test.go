package app

import (
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/portal"
	"kvit/internal/web"
)

// The actors of the matrix, one letter each.
var actors = map[byte]access.Role{
	'a': access.Anonymous, 'r': access.Resident, 'o': access.SupplierOperator, 'm': access.SupplierAdmin, 'c': access.CentreOperator,
	'k': access.CentreAccountant, 'u': access.Auditor, 't': access.APIToken, 'd': access.Clerk,
}

// mayOpen is the matrix of reliability.md section 7 for the routes there are, written apart from the table the program
// asks: whose letter is here may, everybody else is refused. A route without a row fails the test.
var mayOpen = map[string]string{
	"GET /{$}": "aromckut", "POST /{$}": "aromcku", "GET /pay/{token}": "aromckut", "GET /pay/{token}/check": "aromckut", "POST /pay/{token}/check": "aromcku",
	"GET /paid/{id}": "aromckut", "GET /paid/{id}/qr.svg": "aromckut", "POST /signout": "aromcku",
	"POST /hooks/acquirer/{name}": "at", "GET /style": "aromckut", "GET /static/{hash}/{name...}": "aromckut", "POST /view": "aromcku", "GET /demo": "aromckut", "POST /demo": "aromcku",
	"GET /manifest.webmanifest": "aromckut", "GET /sw.js": "aromckut", "GET /offline": "aromckut",
	"GET /demo/states": "aromckut", "POST /demo/states": "aromcku",
	"GET /home": "rcku", "GET /bills": "rcku", "GET /bill": "rcku", "GET /bill.pdf": "rcku", "GET /bill.json": "rcku", "GET /bill/qr.svg": "rcku", "GET /bill/why": "rcku", "GET /bill/lines/{n}": "rcku", "GET /bill/pay": "r", "POST /bill/pay": "r",
	"GET /payments": "romcku",
	"GET /s/home":   "omckut", "GET /s/intakes": "omckut", "POST /s/intakes": "om", "GET /s/uploads/{id}": "omt", "POST /s/uploads/{id}": "om", "GET /s/uploads/{id}/trial": "omt",
	"POST /s/uploads/{id}/apply": "om", "GET /s/intakes/{id}": "omckut", "GET /s/intakes/{id}/broken.csv": "omckut", "POST /s/intakes/{id}/rows": "om", "POST /s/intakes/{id}/replay": "om",
	"GET /s/payments": "omkut", "GET /s/payments/{day}/register": "omkut",
	"GET /s/webhooks": "omt", "POST /s/webhooks": "m", "GET /s/webhooks/{id}": "omt", "POST /s/webhooks/{id}": "m",
	"GET /s/exchange": "omcku", "GET /s/exchange/{supplier}/{code}/{number}": "omcku", "GET /s/exchange/{supplier}/{code}/{number}/file": "omcku", "POST /s/exchange/{supplier}/{code}/{number}": "omc",
	"GET /c/today": "cku", "POST /c/today": "cku", "GET /c/find": "cku", "GET /c/account/{code}": "cku", "GET /c/account/{code}/bill": "cku", "GET /c/account/{code}/bill.pdf": "cku", "POST /c/account/{code}/basket": "c",
	"GET /c/account/{code}/facts": "cku", "POST /c/account/{code}/facts": "c", "GET /c/review": "cu", "GET /c/review/{id}": "cu",
	"POST /c/review/{id}": "c", "POST /c/decision/{id}/undo": "c",
	"GET /c/account/{code}/bill/why": "cku", "GET /c/account/{code}/bill/lines/{n}": "cku",
	"GET /bill/issued/{month}": "rcku", "GET /bill/issued/{month}/pdf": "rcku", "GET /c/account/{code}/issued/{month}": "cku", "GET /c/account/{code}/issued/{month}/pdf": "cku",
	"GET /c/account/{code}/issued/{month}/withdraw": "ck", "POST /c/account/{code}/issued/{month}/withdraw": "ck", "GET /c/account/{code}/issued/{month}/replace": "ck",
	"POST /c/account/{code}/issued/{month}/replace": "ck",
	"GET /c/runs": "cku", "GET /c/runs/{id}": "cku", "GET /c/runs/{id}/differences": "cku", "GET /c/runs/{id}/differences.csv": "cku", "GET /c/runs/new": "ck", "POST /c/runs": "ck",
	"POST /c/runs/{id}/pause": "ck", "POST /c/runs/{id}/resume": "ck", "GET /c/runs/{id}/approve": "k", "POST /c/runs/{id}/approve": "k", "GET /c/runs/{id}/publish": "k", "POST /c/runs/{id}/publish": "k",
	"GET /c/runs/{id}/close": "k", "POST /c/runs/{id}/close": "k",
	"GET /c/payouts": "cku", "POST /c/payouts": "k", "GET /c/payouts/{id}": "cku", "POST /c/payouts/{id}": "k", "GET /c/payouts/{id}/register": "cku", "GET /c/payouts/{id}/order": "k",
	"POST /c/requisites/{id}": "k", "POST /c/claims/{id}": "k", "GET /c/days": "cku", "POST /c/days": "k", "GET /c/days/{no}/pdf": "cku", "GET /c/trace": "cku",
	"GET /s/payouts": "om", "GET /s/payouts/{id}": "om", "POST /s/payouts/{id}": "om", "GET /s/payouts/{id}/register": "om", "GET /s/trace": "om",
	"GET /c/copies": "cku", "POST /c/copies": "k",
	"GET /c/gis": "cku", "GET /c/gis/export": "cku", "POST /c/gis/retry": "c", "POST /c/gis/import": "c",
	"GET /api/openapi.json": "aromckut", "GET /api/openapi.yaml": "aromckut",
	"POST /api/v1/intakes": "t", "GET /api/v1/intakes": "t", "GET /api/v1/intakes/{id}": "t", "GET /api/v1/intakes/{id}/rows": "t", "PUT /api/v1/profile": "t", "GET /api/v1/profile": "t",
	"GET /api/v1/registers/{day}": "t", "GET /api/v1/payments": "t", "GET /api/v1/events": "t",
	"GET /api/v1/webhooks": "t", "POST /api/v1/webhooks": "t", "POST /api/v1/webhooks/{id}/rotate": "t", "POST /api/v1/webhooks/{id}/disable": "t", "POST /api/v1/webhooks/{id}/enable": "t",
	"DELETE /api/v1/webhooks/{id}": "t", "POST /api/v1/webhooks/{id}/replay": "t", "GET /api/v1/webhooks/{id}/deliveries": "t",
	"GET /readings": "rckud", "POST /readings": "rcd", "GET /readings/{id}": "rckud", "GET /ivr/readings": "t", "POST /ivr/readings": "t", "POST /api/v1/readings": "t",
	"GET /c/account/{code}/readings": "c", "POST /c/account/{code}/readings": "c", "GET /c/account/{code}/readings/{id}": "cku",
	"GET /c/houses": "omckut", "GET /c/houses/{code}": "omckut", "GET /s/houses": "omckut", "GET /s/houses/{code}": "omckut", "GET /house": "rcku", "GET /more": "r",
	"GET /c/conflicts": "omckut", "GET /s/conflicts": "omckut", "GET /c/conflicts/{id}": "omckut", "POST /c/conflicts/{id}": "c", "GET /c/conflicts/rule/{attribute}": "c", "POST /c/conflicts/rule/{attribute}": "c",
	"GET /api/v1/conflicts": "t",
	"GET /api/v1/houses":    "t", "GET /api/v1/houses/{code}": "t", "GET /open-data/losses.csv": "aromckut",
	"GET /autopay": "r", "POST /autopay": "r", "GET /devices": "r", "POST /devices": "r", "GET /c/devices": "cku", "POST /c/devices": "c",
	"POST /iot/v1/readings": "", "POST /iot/v1/up": "", "POST /iot/v1/waterius": "", // a device's own secret opens them
	"GET /s/missing": "omcku", "GET /s/missing.csv": "omcku", "GET /s/meters": "omckut", "GET /s/meters/{id}": "omckut", "POST /s/meters/{id}": "omc", "GET /c/account/{code}/meters": "cku", "GET /readings/meters/{id}": "rckud",
	"GET /api/v1/accounts/{supplier}/{number}/meters": "t", "GET /s/houses/{code}/meters": "omct", "POST /s/houses/{code}/meters": "omc", "GET /api/v1/houses/{code}/meters": "t", "POST /api/v1/meters/steps": "t", "POST /api/v1/meters/links": "t", "POST /api/v1/readings/answers": "t",
	"POST /api/v1/facts": "t", "GET /api/v1/accounts/{supplier}/{number}/facts": "t",
	"GET /c/account/{code}/facts/{ref}/withdraw": "c", "POST /c/account/{code}/facts/{ref}/withdraw": "c",
	"GET /c/runs/{id}/drafts": "cku", "GET /c/runs/{id}/drafts/{code}": "cku", "GET /c/runs/{id}/drafts/{code}/pdf": "cku", "GET /c/runs/{id}/reissue": "ck", "POST /c/runs/{id}/reissue": "ck",
	"GET /agents/{code}": "aromckut", "POST /agents/{code}": "aromckut", // the agent's own secret opens them
	"GET /qr": "aromckut", "POST /qr": "aromcku", "GET /qr/{token}": "aromckut", "GET /qr/{token}/check": "aromckut", "POST /qr/{token}/check": "aromcku",
	"GET /c/agents": "cku", "GET /c/agents/{code}": "cku",
	"GET /readings/photos/{id}": "rckud", "GET /s/photos/{id}": "omckut", "POST /api/v1/readings/{receipt}/photos": "t",
	"GET /c/reconcile": "cku", "POST /c/reconcile": "ck", "GET /c/reconcile/{id}": "cku", "POST /c/reconcile/{id}": "ck", "POST /c/reconcile/{id}/accept": "k",
	"GET /profile/bots": "r", "POST /profile/bots": "r", "POST /hooks/bot/{channel}": "aromckutd", "POST /hooks/voice": "",
	"GET /accounts": "r", "POST /accounts": "r", "GET /cards": "r", "POST /cards": "r", "GET /payments/{id}/refund": "r", "POST /payments/{id}/refund": "r", "GET /bill/bank.svg": "rcku",
	"GET /c/advances": "cku", "POST /c/advances": "ck", "GET /c/refunds": "cku", "POST /c/refunds": "ck", "GET /c/refunds/{id}": "cku", "POST /c/refunds/{id}": "ck", "GET /c/disputes": "cku", "POST /c/disputes": "ck", "GET /c/disputes/{id}": "cku", "POST /c/disputes/{id}": "ck",
	"GET /c/money": "cku", "POST /c/money": "ck", "GET /c/money/{id}": "cku", "POST /c/money/{id}": "ck", "POST /c/money/{id}/confirm": "k", "GET /c/money/orders": "k",
	"GET /c/reissues/{id}": "cku", "POST /c/reissues/{id}/confirm": "k", "POST /c/reissues/{id}/pause": "k", "POST /c/reissues/{id}/resume": "k",
}

// people are the rows of homes and of those who see them.
var people = map[string]string{
	"POST /accounts/choose": "r", "GET /accounts/add": "aromckutd", "POST /accounts/add": "aromckud", "GET /accounts/add/{token}": "aromckutd", "POST /accounts/add/{token}": "aromckud", "GET /accounts/added": "r",
	"GET /accounts/give": "r", "POST /accounts/give": "r", "GET /accounts/flats": "r", "POST /accounts/flats": "r", "GET /accounts/shares": "r", "POST /accounts/shares": "r",
	"GET /c/account/{code}/act": "c", "POST /c/account/{code}/act": "c", "POST /acting/end": "aromckud",
	"GET /accounts/part": "r", "POST /accounts/part": "r", "GET /accounts/part/new": "r", "POST /accounts/part/new": "r",
	"GET /accounts/leave/{id}": "r", "POST /accounts/leave/{id}": "r", "GET /accounts/final/{id}": "r", "POST /c/account/{code}/people": "c",
}

// desks are the rows of cash desks and their receipts.
var desks = map[string]string{
	"GET /k": "d", "GET /k/account/{code}": "d", "GET /k/account/{code}/print": "d", "GET /k/account/{code}/pay": "d", "POST /k/account/{code}/pay": "d",
	"GET /k/account/{code}/readings": "d", "POST /k/account/{code}/readings": "d", "GET /k/account/{code}/readings/{id}": "d",
	"GET /k/receipts/{name}": "dku", "POST /k/receipts/{name}": "d", "GET /k/shift": "d", "POST /k/shift": "d", "POST /k/shift/move": "d", "POST /k/shift/close": "d",
	"GET /k/shifts": "dku", "GET /k/shifts/{name}": "dku", "GET /c/receipts": "cku", "POST /c/receipts": "ck", "GET /paid/{id}/receipts/{n}/qr.svg": "aromckutd", "POST /hooks/cashbox": "at",
}

// handovers are the rows of houses that go to other centres and come from them.
var handovers = map[string]string{
	"GET /c/handovers": "cku", "POST /c/handovers": "ck", "POST /c/handovers/file": "ck", "POST /c/handovers/peers": "k", "GET /c/handovers/{id}": "cku", "POST /c/handovers/{id}": "ck",
	"GET /c/handovers/{id}/messages/{n}": "ck", "POST /handover/messages": "aromckutd",
}

// signing are the rows of who proves who he is, and of what is his own.
var signing = map[string]string{
	"GET /signin": "aromckutd", "POST /signin": "aromckud", "GET /signin/code": "aromckutd", "POST /signin/code": "aromckud", "POST /signin/again": "aromckud",
	"GET /signin/link/{token}": "aromckutd", "POST /signin/link/{token}": "aromckud", "GET /signin/esia": "aromckutd", "GET /signin/esia/back": "aromckutd",
	"POST /signin/passkey/begin": "aromckud", "POST /signin/passkey": "aromckud", "GET /not-me": "aromckutd", "POST /not-me": "aromckud",
	"GET /staff/signin": "aromckutd", "POST /staff/signin": "aromckud", "GET /staff/signin/code": "aromckutd", "POST /staff/signin/code": "aromckud",
	"GET /welcome": "r", "GET /profile": "r", "GET /proof": "r", "POST /proof": "r", "POST /profile/contacts": "r", "POST /profile/contacts/remove": "r",
	"POST /profile/sessions": "r", "POST /profile/passkeys/begin": "r", "POST /profile/passkeys": "r", "POST /profile/passkeys/remove": "r",
}

// documents are the rows of documents and of the page that checks them.
var documents = map[string]string{
	"GET /documents": "r", "POST /documents": "r", "GET /documents/paper": "r", "POST /documents/paper": "r", "GET /documents/{number}": "r", "GET /documents/{number}/pdf": "r", "POST /documents/{number}/mail": "r",
	"GET /bill/issued/{month}/xml": "rcku", "GET /check": "aromckutd", "GET /check.json": "aromckutd", "GET /check/{number}": "aromckutd", "GET /check/forgery": "aromckutd", "POST /check/forgery": "aromckud",
	"GET /c/documents": "cku", "GET /c/documents/{number}": "cku", "GET /c/documents/{number}/pdf": "cku", "POST /c/documents/{number}": "ck", "GET /c/forgeries": "cku", "POST /c/forgeries": "ck", "GET /c/forgeries/{id}/photo": "cku",
}

// publicPages are the rows of pages for everybody and of what the centre tells there.
var publicPages = map[string]string{
	"GET /c/status": "cku", "POST /c/status": "ck", "POST /c/account/{code}/renew": "ck",
	"GET /tariffs": "aromckut", "GET /tariffs.csv": "aromckut", "GET /city": "aromckut", "GET /status": "aromckut", "POST /status/subscribe": "aromcku", "GET /status/confirm/{code}": "aromckut", "POST /status/confirm/{code}": "aromcku", "GET /status/leave/{code}": "aromckut", "POST /status/leave/{code}": "aromckut", "GET /status/feed.atom": "aromckut", "GET /help": "aromckut", "GET /help/bill": "aromckut",
	"GET /accessibility": "aromckut", "GET /privacy": "aromckut", "GET /robots.txt": "aromckut", "GET /.well-known/security.txt": "aromckut", "POST /forget": "aromcku",
	"GET /pay/{token}/readings": "aromckut", "POST /pay/{token}/readings": "aromcku", "GET /pay/{token}/readings/{id}": "aromckut",
}

// appeals are the rows of what residents ask to have checked.
var appeals = map[string]string{
	"GET /bill/lines/{n}/dispute": "r", "POST /bill/lines/{n}/dispute": "r", "GET /appeals": "r", "GET /appeals/{number}": "r", "POST /appeals/{number}": "r", "GET /appeals/{number}/calculation": "r", "GET /appeals/{number}/photos/{n}": "r",
	"GET /my-data": "r", "POST /my-data": "r", "GET /my-data/file": "r",
	"GET /s/appeals": "omct", "GET /s/waiting": "omct", "GET /api/v1/waiting": "t", "GET /s/appeals/{number}": "omct", "POST /s/appeals/{number}": "omc", "GET /s/appeals/{number}/photos/{n}": "omct",
	"GET /api/v1/appeals": "t", "GET /api/v1/appeals/{number}": "t", "POST /api/v1/appeals/{number}/accept": "t", "POST /api/v1/appeals/{number}/answer": "t",
}

// init adds the rows of desks; what everybody may, a clerk may too.
func init() {
	maps.Copy(mayOpen, publicPages)
	for route, who := range mayOpen {
		if strings.Contains(who, "aromcku") {
			mayOpen[route] = who + "d"
		}
	}
	mayOpen["GET /demo/phone"] = "aromckutd"
	maps.Copy(mayOpen, map[string]string{"GET /notices": "r", "GET /notices/settings": "r", "POST /notices/settings": "r", "POST /notices": "r", "GET /notices/{id}": "r", "POST /hooks/sms": "aromckutd",
		"GET /c/notices": "cku", "GET /c/notices/waves": "cku", "POST /c/notices/waves": "ck", "GET /c/notices/wordings": "cku", "GET /c/notices/wordings/{name}": "cku", "POST /c/notices/wordings/{name}": "ck"})
	maps.Copy(mayOpen, desks)
	maps.Copy(mayOpen, handovers)
	maps.Copy(mayOpen, people)
	maps.Copy(mayOpen, signing)
	maps.Copy(mayOpen, documents)
	maps.Copy(mayOpen, appeals)
}

// town is the program on a small city, with a session for every role.
type town struct {
	t       *testing.T
	a       *App
	handler http.Handler
	routes  []web.Route
	own     access.Actor // the resident
	a1, b1  int64        // two suppliers

	crew map[byte]*visitor // somebody of every role, where a test keeps them
}

func newTown(t *testing.T, d *db.DB) *town {
	t.Helper()
	s := Settings{Data: t.TempDir()}
	giveTown(t, d, s.Data)
	return newTownWith(t, d, s)
}

// newTownWith is a town under settings of a test's own.
func newTownWith(t *testing.T, d *db.DB, s Settings) *town {
	t.Helper()
	ctx := context.Background()
	if s.Data == "" {
		s.Data = t.TempDir()
	}
	s.BaseURL, s.Log = "http://127.0.0.1:8080", slog.New(slog.DiscardHandler)
	a, err := build(d, s)
	if err != nil {
		t.Fatal(err)
	}
	a.requests = slog.New(slog.DiscardHandler)
	doors, err := a.FillDemo(ctx, DemoOptions{Households: 60, Seed: 5, Month: calendar.NewMonth(2026, 10)})
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, a: a}
	if w.handler, err = a.Handler(doors); err != nil {
		t.Fatal(err)
	}
	site, err := a.site()
	if err != nil {
		t.Fatal(err)
	}
	w.routes = a.routes(site, []portal.DemoDoor{{}}).List()
	if _, w.own, err = a.Access.SpendDemoLink(ctx, doors[0].Token); err == nil {
		w.own, err = a.People.Enter(ctx, w.own)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT min(supplier_id), max(supplier_id) FROM intake_file WHERE purpose = 'charges' AND state = 'applied'").Scan(&w.a1, &w.b1)
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

// visitor is somebody with a browser, or a program with its token.
type visitor struct {
	w       *town
	cookies []*http.Cookie
	token   string // of forms
	bearer  string
}

var formToken = regexp.MustCompile(`name="` + web.TokenField + `" value="([^"]+)"`)

func (w *town) visitor(role access.Role, supplier int64) *visitor {
	w.t.Helper()
	ctx, v := context.Background(), &visitor{w: w}
	a := access.Actor{Role: role, Name: "кто-то", SupplierID: supplier}
	switch role {
	case access.APIToken:
		_, token, err := w.a.Access.CreateToken(ctx, access.Actor{Role: access.System}, "x", supplier, []string{"intake:write", "intake:read", "register:read", "fact:read", "fact:write", "event:read", "webhook:read", "webhook:write", "reading:write", "reading:answer", "meter:read", "meter:write", "house:read", "conflict:read", "appeal:read", "appeal:answer"}, time.Hour)
		if err != nil {
			w.t.Fatal(err)
		}
		v.bearer = token
		return v
	case access.Anonymous:
	case access.Resident:
		a = w.own
		fallthrough
	default:
		link, err := w.a.Access.DemoLink(ctx, a)
		if err != nil {
			w.t.Fatal(err)
		}
		session, _, err := w.a.Access.SpendDemoLink(ctx, link)
		if err != nil {
			w.t.Fatal(err)
		}
		v.cookies = append(v.cookies, &http.Cookie{Name: w.a.cookieName(portal.SessionCookie), Value: session})
	}
	page := v.do("GET", "/signin", nil)
	v.cookies = append(v.cookies, page.Result().Cookies()...)
	found := formToken.FindStringSubmatch(page.Body.String())
	if found == nil {
		w.t.Fatalf("the page of signing in has no form: %d", page.Code)
	}
	v.token = found[1]
	return v
}

func (v *visitor) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	var body io.Reader
	if method != "GET" {
		if form == nil {
			form = url.Values{}
		}
		form.Set(web.TokenField, v.token)
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, body)
	r.RemoteAddr = "127.0.0.1:5000"
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if v.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+v.bearer)
	}
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	out := httptest.NewRecorder()
	v.w.handler.ServeHTTP(out, r)
	return out
}

// refused tells whether an answer says «not you».
func refused(r *httptest.ResponseRecorder) bool {
	return r.Code == http.StatusForbidden || r.Code == http.StatusUnauthorized || r.Code == http.StatusSeeOther && strings.HasPrefix(r.Header().Get("Location"), "/signin?")
}

var pathValues = strings.NewReplacer("{$}", "", "{token}", "AAAAAAAAAAAAAAAAAAAAAA", "{id}", "1", "{n}", "1", "{day}", "2026-10-15", "{month}", "2026-10", "{code}", "1", "{receipt}", "x", "{ref}", "x", "{supplier}", "x", "{number}", "1", "{hash}", "0", "{name...}", "app.css", "{name}", "1-1-1")

// TestMatrix asks every route as every actor.
func TestMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: one request after another has nothing to race with")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		visitors := map[byte]*visitor{}
		for letter, role := range actors {
			visitors[letter] = w.visitor(role, map[bool]int64{true: w.a1}[strings.Contains("omt", string(letter))])
		}
		for i := range w.routes {
			r := &w.routes[i]
			key := r.Method + " " + r.Pattern
			may, known := mayOpen[key]
			if !known {
				t.Errorf("%s has no row in the matrix", key)
				continue
			}
			for letter := range actors {
				v := visitors[letter]
				if key == "POST /signout" && letter != 'a' { // it would end the session that is still needed
					v = w.visitor(actors[letter], map[bool]int64{true: w.a1}[strings.Contains("omt", string(letter))])
				}
				out := v.do(r.Method, pathValues.Replace(r.Pattern), nil)
				want := strings.IndexByte(may, letter) >= 0
				if key == "POST /hooks/cashbox" { // a hint anybody may give: it only makes us ask
					if out.Code != http.StatusUnprocessableEntity {
						t.Errorf("%s as %s: %d", key, actors[letter], out.Code)
					}
					continue
				}
				if key == "POST /hooks/acquirer/{name}" { // whoever calls is refused or not by the signature, not by who he is
					if out.Code != http.StatusServiceUnavailable && out.Code != http.StatusUnauthorized {
						t.Errorf("%s as %s: %d", key, actors[letter], out.Code)
					}
					continue
				}
				if refused(out) == want || out.Code >= 500 {
					t.Errorf("%s as %s: status %d %s, may: %t", key, actors[letter], out.Code, out.Header().Get("Location"), want)
				}
			}
		}
	})
}

// TestForeignObjectsAreNotFound: what belongs to another supplier is not there, whichever way it is asked for.
func TestForeignObjectsAreNotFound(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newTown(t, d)
		own, other, centre := w.visitor(access.SupplierOperator, w.a1), w.visitor(access.SupplierOperator, w.b1), w.visitor(access.CentreOperator, 0)
		var id int64
		var name, code string
		if err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT f.file_id, f.name, s.code FROM intake_file f JOIN supplier s ON s.supplier_id = f.supplier_id WHERE f.supplier_id = $1 AND f.purpose = 'charges' ORDER BY f.file_id LIMIT 1", w.a1).Scan(&id, &name, &code)
		}); err != nil {
			t.Fatal(err)
		}
		u, err := w.a.Exchange.Keep(ctx, w.a1, code, "мой.csv", strings.NewReader("счёт;сумма\n1;2\n"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{fmt.Sprintf("/s/intakes/%d", id), fmt.Sprintf("/s/intakes/%d/broken.csv", id)} {
			if a, b, c := own.do("GET", path, nil), other.do("GET", path, nil), centre.do("GET", path, nil); a.Code != 200 || b.Code != 404 || c.Code != 200 {
				t.Errorf("%s: own %d, other %d, centre %d", path, a.Code, b.Code, c.Code)
			}
		}
		for _, path := range []string{fmt.Sprintf("/s/intakes/%d/rows", id), fmt.Sprintf("/s/intakes/%d/replay", id), "/s/uploads/" + u.ID + "/apply", "/s/uploads/" + u.ID} {
			if b := other.do("POST", path, url.Values{"issue": {"1"}, "value": {"5"}, "supplier": {code}}); b.Code != 404 {
				t.Errorf("POST %s by another supplier: %d", path, b.Code)
			}
		}
		if a, b := own.do("GET", "/s/uploads/"+u.ID, nil), other.do("GET", "/s/uploads/"+u.ID, nil); a.Code != 200 || b.Code != 404 {
			t.Errorf("an upload: own %d, other %d", a.Code, b.Code)
		}
		for _, path := range []string{"/s/home", "/s/intakes", "/s/intakes?supplier=" + url.QueryEscape(code), "/s/payments"} {
			if b := other.do("GET", path, nil); b.Code != 200 || strings.Contains(b.Body.String(), name) {
				t.Errorf("%s tells another supplier %q: %d", path, name, b.Code)
			}
		}
		answer := func(id int64) string {
			path := fmt.Sprintf("/s/intakes/%d", id)
			page := other.do("GET", path, nil).Body.String()
			return strip(strings.NewReplacer(path, "", url.QueryEscape(path), "").Replace(page))
		}
		if missing, foreign := answer(999999999), answer(id); missing != foreign {
			t.Errorf("a foreign file and one that is not there answer differently:\n%s\n%s", missing, foreign)
		}
	})
}

// strip takes away what differs on every page.
func strip(page string) string {
	return regexp.MustCompile(`value="[^"]{20,}"|[0-9a-f-]{6,}`).ReplaceAllString(page, "")
}

// TestRegisterHoldsOwnPaymentsOnly: the register of a day, by page and by API, is the supplier's own.
func TestRegisterHoldsOwnPaymentsOnly(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newTown(t, d)
		var day calendar.Date
		var supplier, sum int64
		if err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT paid_on, supplier_id, CAST(sum(amount_kop) AS BIGINT) FROM payment_part WHERE kind <> 'suspense' AND posted_at > 0 GROUP BY paid_on, supplier_id ORDER BY count(*) DESC, paid_on LIMIT 1").Scan(&day, &supplier, &sum)
		}); err != nil {
			t.Fatal(err)
		}
		program := w.visitor(access.APIToken, supplier)
		out := program.do("GET", "/api/v1/payments?day="+day.String(), nil)
		if out.Code != 200 || !strings.Contains(out.Body.String(), fmt.Sprintf(`"sum":%d}`, sum)) {
			t.Errorf("payments of the day: %d, want the sum %d in %.300s", out.Code, sum, out.Body.String())
		}
		if out := w.visitor(access.SupplierOperator, supplier).do("GET", "/s/payments/"+day.String()+"/register", nil); out.Code != 200 {
			t.Errorf("the register by page: %d", out.Code)
		}
	})
}

// TestDemoDoorsOnLoopbackOnly: a demo's door opens for this machine under its own name.
func TestDemoDoorsOnLoopbackOnly(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		link, err := w.a.Access.DemoLink(context.Background(), w.own)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			remote, host, proxied string
			want                  int
		}{
			{"127.0.0.1:5000", "127.0.0.1:8080", "", 303},
			{"[::1]:5000", "[::1]:8080", "", 303},
			{"127.0.0.1:5000", "localhost:8080", "", 303},
			{"192.0.2.7:5000", "127.0.0.1:8080", "", 403},
			{"127.0.0.1:5000", "evil.example:8080", "", 403},
			{"127.0.0.1:5000", "127.0.0.1:8080", "192.0.2.7", 403},
			{"127.0.0.1:5000", "127.0.0.1.evil.example", "", 403},
		} {
			v := w.visitor(access.Anonymous, 0)
			r := httptest.NewRequest("POST", "http://"+c.host+"/demo", strings.NewReader(url.Values{web.TokenField: {v.token}, "door": {link}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.RemoteAddr = c.remote
			if c.proxied != "" {
				r.Header.Set("X-Forwarded-For", c.proxied)
			}
			for _, cookie := range v.cookies {
				r.AddCookie(cookie)
			}
			out := httptest.NewRecorder()
			w.handler.ServeHTTP(out, r)
			if out.Code != c.want {
				t.Errorf("%+v: %d", c, out.Code)
			}
		}
		handler, err := w.a.Handler(nil)
		if err != nil {
			t.Fatal(err)
		}
		w.handler = handler
		if out := w.visitor(access.Anonymous, 0).do("POST", "/demo", url.Values{"door": {link}}); out.Code != 404 {
			t.Errorf("a server that is no demo: %d", out.Code)
		}
	})
}

// TestNextLeadsNowhereElse: after signing in nobody is sent to another site.
func TestNextLeadsNowhereElse(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		v := w.visitor(access.Anonymous, 0)
		for _, next := range []string{"https://evil.example", "//evil.example", `/\evil.example`, `\\evil.example`, "/%2fevil.example/..//x", "javascript:alert(1)", "/\t/evil.example", "http:evil.example", "/home\r\nX: y"} {
			page := v.do("GET", "/signin?next="+url.QueryEscape(next), nil)
			if page.Code != 200 {
				t.Errorf("%q: %d", next, page.Code)
			}
			for _, found := range regexp.MustCompile(`name="next" value="([^"]*)"`).FindAllStringSubmatch(page.Body.String(), -1) {
				if to := html.UnescapeString(found[1]); to != "" && !regexp.MustCompile(`^/[^/\\\x00-\x20][^\\\x00-\x20]*$`).MatchString(to) {
					t.Errorf("%q: a form leads to %q", next, to)
				}
			}
		}
	})
}
