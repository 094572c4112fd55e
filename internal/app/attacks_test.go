package app

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/inert"
	"kvit/internal/web/webtest"
)

// TestAttacks goes through the attacks of reliability.md section 8 that concern every route alike. One town serves them all:
// none of them may change anything. What concerns addresses alone is asked on one database, what a database is given on the other.
func TestAttacks(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: one request after another has nothing to race with")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.crew = map[byte]*visitor{}
		for letter, role := range actors {
			w.crew[letter] = w.visitor(role, map[bool]int64{true: w.a1}[strings.Contains("omt", string(letter))])
		}
		if d.Dialect == db.Postgres {
			t.Run("names that lead elsewhere", w.oddNames)
			return
		}
		t.Run("methods", w.methods)
		t.Run("reading changes nothing", w.readingChangesNothing)
		t.Run("foreign host", w.foreignHost)
		t.Run("half signed in", w.halfSignedIn)
	})
}

// declared are the methods some route of the program takes at a path.
func (w *town) declared(path string) (methods []string) {
	for i := range w.routes {
		if r := &w.routes[i]; reaches(r.Pattern, path) && !slices.Contains(methods, r.Method) {
			methods = append(methods, r.Method)
		}
	}
	if slices.Contains(methods, http.MethodGet) {
		methods = append(methods, http.MethodHead)
	}
	return methods
}

// methods is S7: what a route does not declare it refuses with 405, says what it takes, and sets nothing; HEAD is GET without
// a body; a form field or a header that names another method is only a field or a header.
func (w *town) methods(t *testing.T) {
	stranger := w.crew['a']
	for i := range w.routes {
		path := pathValues.Replace(w.routes[i].Pattern)
		methods := w.declared(path)
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
			if slices.Contains(methods, method) {
				continue
			}
			out := stranger.do(method, path, url.Values{"_method": {w.routes[i].Method}})
			allow := strings.Split(strings.ReplaceAll(out.Header().Get("Allow"), " ", ""), ",")
			slices.Sort(allow)
			slices.Sort(methods)
			if out.Code != http.StatusMethodNotAllowed || !slices.Equal(allow, methods) || out.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s %s: %d, Allow %q, want %q", method, path, out.Code, allow, methods)
			}
		}
	}
	for _, path := range []string{"/", "/signin", "/tariffs", "/help", "/home", "/nothing", "/sw.js", "/api/openapi.json"} {
		get, head := w.crew['r'].do("GET", path, nil), w.crew['r'].do("HEAD", path, nil)
		if head.Code != get.Code || head.Header().Get("Content-Type") != get.Header().Get("Content-Type") {
			t.Errorf("HEAD %s: %d %s, GET %d %s", path, head.Code, head.Header().Get("Content-Type"), get.Code, get.Header().Get("Content-Type"))
		}
	}
}

// noted are the tables that a look at a page may write to, each with its reason.
var noted = map[string]string{
	"session": "when it was last used", "privacy_look": "who of the staff looked at a home", "audit_event": "what staff has read", "audit_head": "the end of the chain of audit",
	"setting": "the secret of the codes of bills, made when it is first needed", "charge_sheet": "a projection of facts, made anew when it is stale (docs/decisions/0005)",
	"statement_delivery": "that an issued bill was opened", "bill_code": "the code of a home, made when it is first shown",
}

// readingChangesNothing is S7 too: everybody follows every link he sees, by GET, and the database is the same afterwards.
func (w *town) readingChangesNothing(t *testing.T) {
	before, seen := w.digests(), 0
	for _, letter := range []byte("arockud") {
		seen += w.crawl(t, w.crew[letter])
	}
	if seen < 150 {
		t.Errorf("only %d pages were found: the crawl has lost its way", seen)
	}
	for table, digest := range w.digests() {
		if noted[table] == "" && digest != before[table] {
			t.Errorf("a GET wrote to %s: %s, was %s", table, digest, before[table])
		}
	}
}

// perRoute is how many addresses of one route a visitor opens.
const perRoute = 2

// crawl opens what a visitor is led to from his first pages, some addresses of each route.
func (w *town) crawl(t *testing.T, v *visitor) (opened int) {
	t.Helper()
	queue, known, times := []string{"/", "/home", "/s/home", "/c/today", "/k", "/more", "/help"}, map[string]bool{}, map[string]int{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		bare, _, _ := strings.Cut(path, "?")
		route := w.routeOf(bare)
		if known[path] || route == "" || times[route] == perRoute || strings.HasPrefix(bare, "/static/") || strings.HasPrefix(bare, "/demo") {
			continue
		}
		known[path], times[route], opened = true, times[route]+1, opened+1
		out := v.do("GET", path, nil)
		if out.Code >= 500 {
			t.Errorf("%s: %d", path, out.Code)
		}
		if strings.HasPrefix(out.Header().Get("Content-Type"), "text/html") {
			for _, m := range regexp.MustCompile(`href="(/[^"#]*)`).FindAllStringSubmatch(out.Body.String(), -1) {
				queue = append(queue, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
	}
	return opened
}

// routeOf is the pattern of the route that a GET of a path reaches; ” when none.
func (w *town) routeOf(path string) string {
	for i := range w.routes {
		if r := &w.routes[i]; r.Method == http.MethodGet && reaches(r.Pattern, path) {
			return r.Pattern
		}
	}
	return ""
}

// digests tell the content of every table: how many rows, and a sum over them that no order changes.
func (w *town) digests() map[string]string {
	w.t.Helper()
	ctx, list := context.Background(), map[string]string{}
	rows, err := w.a.DB.Handle().QueryContext(ctx, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			w.t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if rows.Err() != nil || len(tables) < 100 {
		w.t.Fatalf("%d tables: %v", len(tables), rows.Err())
	}
	for _, table := range tables {
		list[table] = w.digest(table)
	}
	return list
}

func (w *town) digest(table string) string {
	w.t.Helper()
	rows, err := w.a.DB.Handle().QueryContext(context.Background(), `SELECT * FROM "`+table+`"`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	count, sum := 0, uint64(0)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			w.t.Fatal(err)
		}
		count++
		sum += hashed(fmt.Sprint(values...))
	}
	if rows.Err() != nil {
		w.t.Fatal(rows.Err())
	}
	return fmt.Sprintf("%d rows, %x", count, sum)
}

// hashed is FNV-1a.
func hashed(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// oddNames is S10: names in an address that would lead out of a folder, or that no system or database takes, are names of
// nothing: never a file, never a fault of ours.
func (w *town) oddNames(t *testing.T) {
	for _, odd := range []string{"..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%5c%2e%2e%5cboot.ini", "a%00b", "%ff%fe", "CON", strings.Repeat("%D1%8F", 300), "%E2%80%AEfdp.exe", "%0d%0aSet-Cookie:%20a=b", "-1", "99999999999999999999", "1e3"} {
		values := regexp.MustCompile(`\{[a-z]+(\.\.\.)?\}`)
		for i := range w.routes {
			r := &w.routes[i]
			if r.Method != http.MethodGet || !values.MatchString(r.Pattern) {
				continue
			}
			who := w.crew[mayOpen["GET "+r.Pattern][0]]
			out := who.do("GET", values.ReplaceAllString(r.Pattern, odd), nil)
			if out.Code >= 500 || strings.Contains(out.Body.String(), "root:") || out.Header().Get("Set-Cookie") != "" && strings.Contains(out.Header().Get("Set-Cookie"), "a=b") {
				t.Errorf("%s with %s: %d", r.Pattern, odd, out.Code)
			}
		}
	}
	for _, query := range []string{"/c/find?q=a%00b", "/c/find?q=%ff", "/help?q=%00", "/bill?at=%00", "/tariffs?house=%00", "/s/intakes?supplier=%ff", "/c/find?%00=1"} {
		if out := w.crew['c'].do("GET", query, nil); out.Code != http.StatusUnprocessableEntity && out.Code != http.StatusForbidden {
			t.Errorf("%s: %d", query, out.Code)
		}
	}
	for _, path := range []string{"/", "/signin", "/staff/signin", "/accounts/add", "/check/forgery"} {
		if out := w.crew['a'].do("POST", path, url.Values{"number": {"1\x002"}, "login": {"\xff"}, "words": {"\x00"}}); out.Code != http.StatusUnprocessableEntity {
			t.Errorf("POST %s with bytes that are no text: %d", path, out.Code)
		}
	}
	if out := w.crew['t'].do("GET", "/api/v1/accounts/x%00/1/facts", nil); out.Code != http.StatusNotFound {
		t.Errorf("a zero byte in an address of the API: %d", out.Code)
	}
}

// foreignHost is S9: what a request calls us is not what we call ourselves.
func (w *town) foreignHost(t *testing.T) {
	const evil = "evil.example"
	for _, path := range []string{"/", "/signin", "/signin?by=mail", "/home", "/robots.txt", "/.well-known/security.txt", "/check", "/help", "/manifest.webmanifest", "/sw.js", "/api/openapi.json", "/nothing", "/profile", "/bill", "/demo"} {
		r := httptest.NewRequest("GET", "http://"+evil+path, nil)
		for _, header := range []string{"X-Forwarded-Host", "X-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded"} {
			r.Header.Set(header, map[bool]string{true: "host=" + evil, false: evil}[header == "Forwarded"])
		}
		for _, c := range w.crew['r'].cookies {
			r.AddCookie(c)
		}
		out := httptest.NewRecorder()
		w.handler.ServeHTTP(out, r)
		if strings.Contains(out.Body.String(), "//"+evil) || strings.Contains(fmt.Sprint(out.Header()), evil) {
			t.Errorf("%s repeats a foreign host: %d %v", path, out.Code, out.Header())
		}
	}
}

// halfSignedIn is S5: a password alone opens nothing to staff, whoever he is; the code of his application does.
func (w *town) halfSignedIn(t *testing.T) {
	ctx := context.Background()
	const password = "четыре разных слова подряд"
	link, err := w.a.Access.CreateUser(ctx, access.Actor{Role: access.System}, access.NewUser{Login: "half", Password: password, Role: access.CentreOperator})
	if err != nil {
		t.Fatal(err)
	}
	v := w.visitor(access.Anonymous, 0)
	out := v.do("POST", "/staff/signin", url.Values{"login": {"half"}, "password": {password}})
	if out.Code != http.StatusSeeOther || len(out.Result().Cookies()) != 1 {
		t.Fatalf("a right password: %d", out.Code)
	}
	step := out.Result().Cookies()[0]
	v.cookies = append(v.cookies, step, &http.Cookie{Name: w.a.cookieName("session"), Value: step.Value})
	for _, path := range []string{"/c/today", "/c/find?q=1", "/s/home", "/k", "/home", "/profile"} {
		if got := v.do("GET", path, nil); !refused(got) {
			t.Errorf("%s is open to a password alone: %d", path, got.Code)
		}
	}
	v.cookies = v.cookies[:len(v.cookies)-1]
	seed, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	code, err := totp.GenerateCode(seed.Query().Get("secret"), w.a.now().Time())
	if err != nil {
		t.Fatal(err)
	}
	if got := v.do("POST", "/staff/signin/code", url.Values{"code": {code}, "next": {"//evil.example"}}); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/c/today" {
		t.Errorf("with the code: %d %s", got.Code, got.Header().Get("Location"))
	}
}

// tablesRun opens the tables that spreadsheets open and fails on a cell that would be run (reliability.md 10).
func (w *town) tablesRun(supplier, centre *visitor, text string) {
	w.t.Helper()
	var file int64
	if err := w.a.DB.Handle().QueryRow("SELECT file_id FROM intake_issue WHERE file_id IN (SELECT file_id FROM intake_file WHERE supplier_id = $1) LIMIT 1", w.a1).Scan(&file); err != nil {
		w.t.Fatal(err)
	}
	for path, who := range map[string]*visitor{
		fmt.Sprintf("/s/intakes/%d/broken.csv?all=yes", file): supplier, "/open-data/losses.csv": centre, "/s/missing.csv": centre, "/tariffs.csv?house=" + w.ownHouse(): centre,
	} {
		out := who.do("GET", path, nil)
		if out.Code != http.StatusOK {
			w.t.Errorf("%s: %d", path, out.Code)
			continue
		}
		body := strings.TrimPrefix(out.Body.String(), "\ufeff")
		table := csv.NewReader(strings.NewReader(body))
		if first, _, _ := strings.Cut(body, "\n"); strings.Contains(first, ";") {
			table.Comma = ';'
		}
		table.FieldsPerRecord = -1
		rows, err := table.ReadAll()
		if err != nil {
			w.t.Fatalf("%s: %v", path, err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if inert.Cell(inert.Bare(cell)) != cell {
					w.t.Errorf("%s holds %q of %q: a spreadsheet would run it", path, cell, text)
				}
			}
		}
	}
}

// linksOfOthers puts addresses that run where suppliers, tills and banks give addresses, and fails when a page leads to one.
func (w *town) linksOfOthers(resident *visitor, pages []string) {
	w.t.Helper()
	for _, address := range []string{"javascript:zzhit()", " JavaScript:zzhit()", "java\tscript:zzhit()", "vbscript:zzhit()", "data:text/html,zzhit", "//zzhit\u202e.example"} {
		err := w.a.DB.Write(context.Background(), func(tx *db.Tx) error {
			for _, query := range []string{
				`UPDATE supplier SET phone = $1, reach = '{"site":' || $2 || ',"email":' || $2 || ',"emergency":[' || $2 || ']}'`, "UPDATE payment_order SET redirect_url = $1, state = 'pending', method = 'sbp'", "UPDATE fiscal_receipt SET url = $1",
			} {
				args := []any{address, fmt.Sprintf("%q", address)}
				if !strings.Contains(query, "$2") {
					args = args[:1]
				}
				if _, err := tx.ExecContext(context.Background(), query, args...); err != nil {
					return fmt.Errorf("%w in %s", err, query)
				}
			}
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, path := range pages {
			for _, fault := range webtest.Active(resident.do("GET", path, nil).Body.String()) {
				w.t.Errorf("%s: %q became %s", path, address, fault)
			}
		}
	}
}
