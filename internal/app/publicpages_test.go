package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/guide"
	"kvit/internal/web/webtest"
)

// Weights of ux.md 17, as a browser fetches pages.
const (
	firstVisitMax = 100 << 10
	firstRequests = 9
	nextPageMax   = 20 << 10
)

// TestPublicPages opens every page for everybody as a stranger: markup, words, weight, a title of its own, links that lead
// somewhere, and search engines let in; files say how long they may be kept.
func TestPublicPages(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: one request after another has nothing to race with")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		v := w.visitor(access.Anonymous, 0)
		house := w.ownHouse()
		titles := map[string]string{}
		for _, path := range []string{"/", "/?for=readings", "/qr", "/tariffs", "/tariffs?house=" + house, "/tariffs?house=" + house + "&day=2026-01-01&with=31.10.2026", "/tariffs?supplier=voda&day=x",
			"/city", "/city?house=" + house, "/city?q=" + url.QueryEscape("Неизвестная 1"), "/city?house=нет", "/status", "/help", "/help?q=" + url.QueryEscape("пени"), "/help?q=xyz", "/help/bill", "/accessibility", "/privacy"} {
			page := v.do("GET", path, nil)
			text := page.Body.String()
			if page.Code != http.StatusOK {
				t.Errorf("%s: %d", path, page.Code)
				continue
			}
			for _, fault := range append(webtest.Markup(text), webtest.Tone(text)...) {
				t.Errorf("%s: %s", path, fault)
			}
			if n := webtest.Weight(text); n > nextPageMax {
				t.Errorf("%s: %d bytes compressed", path, n)
			}
			w.links(t, path, text)
			if strings.Contains(text, `content="noindex"`) != strings.HasPrefix(path, "/qr") {
				t.Errorf("%s: what search engines are told", path)
			}
			title, bare := regexp.MustCompile(`<title>([^<]*)`).FindStringSubmatch(text)[1], strings.SplitN(path, "?", 2)[0]
			if other := titles[title]; other != "" && other != bare {
				t.Errorf("%s is called as %s", path, other)
			}
			titles[title] = bare
		}
		for _, file := range []string{"/robots.txt", "/.well-known/security.txt", "/tariffs.csv?house=" + house} {
			if got := v.do("GET", file, nil); got.Code != http.StatusOK || got.Header().Get("Cache-Control") != "public, max-age=3600" || got.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %v", file, got.Code, got.Header())
			}
		}
		w.answers(t)
		w.firstVisit(t, v)
		w.byCode(t, v)
	})
}

// ownHouse is the code of the house of the town's resident.
func (w *town) ownHouse() (code string) {
	w.t.Helper()
	if err := w.a.DB.Handle().QueryRow("SELECT code FROM building WHERE building_id = $1", w.own.BuildingID).Scan(&code); err != nil {
		w.t.Fatal(err)
	}
	return url.QueryEscape(code)
}

var hrefs = regexp.MustCompile(`(?:href|action)="(/[^"#?]*)`)

// links fails when a page leads where no route is.
func (w *town) links(t *testing.T, page, text string) {
	t.Helper()
	for _, m := range hrefs.FindAllStringSubmatch(text, -1) {
		if !w.leads(m[1]) {
			t.Errorf("%s leads to %s, and nothing is there", page, m[1])
		}
	}
}

// leads tells whether some route takes a path.
func (w *town) leads(path string) bool {
	for i := range w.routes {
		if reaches(w.routes[i].Pattern, path) {
			return true
		}
	}
	return false
}

// patterns are the expressions of patterns, made once.
var patterns sync.Map

// reaches tells whether a pattern of net/http takes a path.
func reaches(pattern, path string) bool {
	known, ok := patterns.Load(pattern)
	if !ok {
		known, _ = patterns.LoadOrStore(pattern, expression(pattern))
	}
	return known.(*regexp.Regexp).MatchString(path)
}

func expression(pattern string) *regexp.Regexp {
	pattern = regexp.QuoteMeta(strings.ReplaceAll(pattern, "{$}", ""))
	pattern = regexp.MustCompile(`\\\{[a-z]+\\\.\\\.\\\.\\\}`).ReplaceAllString(pattern, ".+")
	pattern = regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(pattern, "[^/]+")
	return regexp.MustCompile("^" + pattern + "$")
}

var fetched = regexp.MustCompile(`(?:src|href)="(/static/[^"#]+)`)

// firstVisit adds up what a browser fetches for the first page: the page, what it names, and the fonts its words need.
func (w *town) firstVisit(t *testing.T, v *visitor) {
	t.Helper()
	page := v.do("GET", "/", nil)
	size, seen := webtest.Weight(page.Body.String()), map[string]bool{}
	names := []string{}
	for _, m := range fetched.FindAllStringSubmatch(page.Body.String(), -1) {
		names = append(names, m[1])
	}
	base := names[0][:strings.Index(names[0][len("/static/"):], "/")+len("/static/")]
	for _, name := range append(names, base+"/fonts/onest-core-600.woff2") {
		if seen[name] {
			continue
		}
		seen[name] = true
		size += w.fetch(t, name)
	}
	t.Logf("first visit: %d bytes, %d requests", size, len(seen)+1)
	if size > firstVisitMax || len(seen)+1 > firstRequests {
		t.Errorf("first visit: %d bytes of %d, %d requests of %d", size, firstVisitMax, len(seen)+1, firstRequests)
	}
}

// fetch is the size of a file as it travels.
func (w *town) fetch(t *testing.T, path string) int {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	out := httptest.NewRecorder()
	w.handler.ServeHTTP(out, r)
	if out.Code != http.StatusOK {
		t.Errorf("%s: %d", path, out.Code)
	}
	return out.Body.Len()
}

// byCode walks a bill opened by its code: readings without signing in and without history, the device that is known after it
// and forgets it, and a code that was renewed.
func (w *town) byCode(t *testing.T, v *visitor) {
	t.Helper()
	ctx := context.Background()
	ref := bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}
	code, err := w.a.Bills.CodeOf(ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	link := "/pay/" + code.Token
	page := v.do("GET", link, nil)
	says := func(path string, status int, want, never string) string {
		t.Helper()
		got := v.do("GET", path, nil)
		if text := got.Body.String(); got.Code != status || !strings.Contains(text, want) || never != "" && strings.Contains(text, never) {
			t.Errorf("%s: %d, without %q or with %q", path, got.Code, want, never)
		}
		return got.Body.String()
	}
	form := says(link+"/readings", http.StatusOK, "Отправить показания", "Прошлые показания")
	field, key := regexp.MustCompile(`name="(r\d+-\d+)"`).FindStringSubmatch(form), regexp.MustCompile(`name="_key" value="([^"]+)"`).FindStringSubmatch(form)
	if field == nil || key == nil {
		t.Fatal("the home has no meter to give readings of")
	}
	sent := v.do("POST", link+"/readings", url.Values{field[1]: {"много"}, "_key": {key[1]}})
	if sent.Code != http.StatusUnprocessableEntity {
		t.Errorf("a figure that is none: %d", sent.Code)
	}
	v.cookies = append(v.cookies, page.Result().Cookies()...)
	says("/", http.StatusOK, "Продолжить с", "")
	if forgot := v.do("POST", "/forget", nil); forgot.Code != http.StatusSeeOther || !strings.Contains(forgot.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("forget: %d %v", forgot.Code, forgot.Header())
	}
	if _, err := w.a.Bills.RenewCode(ctx, ref, "x"); err != nil {
		t.Fatal(err)
	}
	says(link, http.StatusGone, "больше не действует", "К оплате")
	says("/", http.StatusOK, "лицевого счёта", "Продолжить с")
	says("/pay/00000000000000000000", http.StatusNotFound, "счёта нет", "К оплате")
}

// answers fails when an answer of the guide leads where no route is.
func (w *town) answers(t *testing.T) {
	t.Helper()
	for _, q := range guide.Questions() {
		for _, l := range q.Links {
			if path, _, _ := strings.Cut(l.Href, "?"); !w.leads(path) {
				t.Errorf("%s leads to %s, and nothing is there", q.ID, l.Href)
			}
		}
	}
}
