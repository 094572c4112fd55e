package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kvit/internal/fault"
	"kvit/internal/web/webtest"
)

func samplePage(title string) Page {
	return Page{
		Title: title, Name: "Квит", Path: "/style", Token: "sample-token-of-a-form", Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
		Prefs: Prefs{Text: 125, Theme: "dark", Lang: sampleLang}, HelpPhone: "8 800 000-00-00", HelpHours: "ежедневно с 8 до 20", SignIn: "/sign-in",
	}
}

func failure(err error) webtest.Component {
	a := settled(err)
	f := Failure{Page: samplePage(a.Kind.title()), Status: a.status, Message: a.Message}
	if a.status >= 500 {
		f.Number = "004417"
	}
	return FailurePage(f)
}

func samples() []webtest.Sample {
	return []webtest.Sample{
		{Name: "style-all", Page: StylePage(Style{samplePage("Оформление")})},
		{Name: "notfound-page", Page: failure(errNoPage)},
		{Name: "forbidden-page", Page: failure(fault.New(fault.Forbidden, "x", "Эта страница открыта сотрудникам расчётного центра. Попросите доступ у администратора."))},
		{Name: "unknown-page", Page: failure(fault.New(fault.Unauthenticated, "x", "Войдите, чтобы открыть эту страницу."))},
		{Name: "conflict-page", Page: failure(fault.New(fault.Conflict, "x", "Месяц уже закрыт. Откройте страницу ещё раз."))},
		{Name: "limited-page", Page: failure(fault.New(fault.Limited, "x", "Попробуйте в 14:20."))},
		{Name: "invalid-page", Page: failure(fault.New(fault.Invalid, "x", "Сумму пишут цифрами: 1182,42."))},
		{Name: "away-page", Page: failure(fault.New(fault.Unavailable, "x", "Банк не отвечает. Попробуйте через минуту."))},
		{Name: "broken-page", Page: failure(context.DeadlineExceeded)},
	}
}

func TestPages(t *testing.T) { webtest.All(t, samples()) }

func TestTitlesAreUnique(t *testing.T) { webtest.UniqueTitles(t, samples()) }

func TestScreens(t *testing.T) { webtest.Screens(t, StaticRoute().Handler, samples()) }

func TestTextsStayText(t *testing.T) {
	for _, p := range webtest.Payloads {
		v := Failure{Page: samplePage(p), Status: 500, Message: p, Number: p}
		v.Crumbs, v.Nav, v.Path, v.HelpPhone, v.Actor = []Link{{p, p}}, []NavItem{{Title: p, Href: p, Icon: "home"}}, p, p, p
		v.Notices = []Notice{{Title: p, Text: p, Link: &Link{p, p}}}
		webtest.XSS(t, FailurePage(v))
	}
}

// site is a small program around the plumbing, with everything allowed.
func site(t *testing.T, routes ...Route) (http.Handler, *Site) {
	t.Helper()
	s := &Site{
		Name: "Квит", Key: []byte("0123456789abcdef0123456789abcdef"), SignInPath: "/sign-in", HelpPhone: "8 800 000-00-00",
		Allow: func(*http.Request, *Route) error { return nil },
	}
	var table Routes
	table.Add(StaticRoute(), PrefsRoute())
	table.Add(routes...)
	h, err := table.Handler(s)
	if err != nil {
		t.Fatal(err)
	}
	return h, s
}

func do(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
