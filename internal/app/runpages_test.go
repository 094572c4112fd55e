package app

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/web"
)

var formKeys = regexp.MustCompile(`name="` + web.KeyField + `" value="([^"]+)"`)

// fill opens the page that asks and gives the form it would send.
func (v *visitor) fill(page string, form url.Values) url.Values {
	v.w.t.Helper()
	out := v.do("GET", page, nil)
	found := formKeys.FindStringSubmatch(out.Body.String())
	if out.Code != 200 || found == nil {
		v.w.t.Fatalf("%s: %d, no form: %.300s", page, out.Code, out.Body.String())
	}
	if form == nil {
		form = url.Values{}
	}
	form.Set(web.KeyField, found[1])
	return form
}

// until opens a page again until it says something.
func (v *visitor) until(page, says string) string {
	v.w.t.Helper()
	text := ""
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if text = v.do("GET", page, nil).Body.String(); strings.Contains(text, says) {
			return text
		}
	}
	v.w.t.Fatalf("%s never said %q: %.2000s", page, says, text)
	return ""
}

// TestAMonthGoesThroughItsPages: one person begins a run, another approves and publishes it, and the month is closed; a
// form pressed twice leads to the same page and does nothing more.
func TestAMonthGoesThroughItsPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		jobs, err := w.a.startJobs(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer jobs.Stop()
		olga, vera := w.visitor(access.CentreAccountant, 0), w.visitor(access.CentreOperator, 0)
		for _, form := range []url.Values{{"month": {"2026-13"}}, {"month": {"2026-10"}, "houses": {"нет такого"}}} {
			if out := olga.do("GET", "/c/runs/new?"+form.Encode(), nil); out.Code != 422 {
				t.Errorf("%v: %d", form, out.Code)
			}
		}
		begin := vera.fill("/c/runs/new?month=2026-10", url.Values{"month": {"2026-10"}})
		first := vera.do("POST", "/c/runs", begin)
		run := first.Header().Get("Location")
		if again := vera.do("POST", "/c/runs", begin); first.Code != 303 || again.Header().Get("Location") != run {
			t.Fatalf("begun: %d %s, again %s", first.Code, run, again.Header().Get("Location"))
		}
		if text := vera.until(run, "ждёт утверждения"); !strings.Contains(text, "начали вы") || strings.Contains(text, run+"/approve") {
			t.Errorf("who began it is not told why he cannot approve: %.3000s", text)
		}
		if out := vera.do("POST", run+"/approve", begin); out.Code != 403 {
			t.Errorf("approved by an operator: %d", out.Code)
		}
		approve := olga.fill(run+"/approve", nil)
		for range 2 {
			if out := olga.do("POST", run+"/approve", approve); out.Code != 303 || out.Header().Get("Location") != run {
				t.Errorf("approved: %d %s", out.Code, out.Body.String())
			}
		}
		if out := olga.do("POST", run+"/publish", olga.fill(run+"/publish", url.Values{"wave": {"много"}, "pause": {"0"}})); out.Code != 422 || !strings.Contains(out.Body.String(), "много") {
			t.Errorf("a wave without a number: %d", out.Code)
		}
		publish := olga.fill(run+"/publish", url.Values{"wave": {"20"}, "pause": {"0"}})
		for range 2 {
			if out := olga.do("POST", run+"/publish", publish); out.Code != 303 {
				t.Errorf("published: %d %s", out.Code, out.Body.String())
			}
		}
		olga.until(run, "счета выставлены")
		if out := olga.do("POST", run+"/close", olga.fill(run+"/close", nil)); out.Code != 303 {
			t.Errorf("closed: %d", out.Code)
		}
		olga.until(run, "месяц закрыт")
		if out := vera.do("GET", "/c/runs/new?month=2026-10", nil); out.Code != 422 {
			t.Errorf("a closed month may be begun: %d", out.Code)
		}
		w.issuedPages(olga)
		w.sound()
	})
}

// issuedPages takes the resident's issued bill through its pages: shown, replaced, withdrawn.
func (w *town) issuedPages(staff *visitor) {
	w.t.Helper()
	resident := w.visitor(access.Resident, 0)
	if text := resident.do("GET", "/bill", nil).Body.String(); !strings.Contains(text, "/bill/issued/2026-10?version=1") {
		w.t.Errorf("the page of the bill does not name the issued one: %.500s", text)
	}
	for path, says := range map[string]string{"/bill/issued/2026-10": "выставлен", "/bill/issued/2026-10/pdf": "%PDF"} {
		if out := resident.do("GET", path, nil); out.Code != 200 || !strings.Contains(out.Body.String(), says) {
			w.t.Errorf("%s: %d", path, out.Code)
		}
	}
	for _, path := range []string{"/bill/issued/2026-09", "/bill/issued/2026-10?version=7", "/bill/issued/x"} {
		if out := resident.do("GET", path, nil); out.Code != 404 {
			w.t.Errorf("%s: %d", path, out.Code)
		}
	}
	b, err := w.a.Bills.At(context.Background(), bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	page := "/c/account/" + b.Household + "/issued/2026-10"
	if out := staff.do("POST", page+"/replace", staff.fill(page+"/replace", url.Values{"version": {"1"}})); out.Code != 422 {
		w.t.Errorf("replaced without a reason: %d", out.Code)
	}
	for _, step := range []struct{ path, version, says string }{{"/replace", "1", "Заменён"}, {"/withdraw", "2", "Отозван"}} {
		form := staff.fill(page+step.path, url.Values{"version": {step.version}, "reason": {"ошибка поставщика"}})
		for range 2 {
			if out := staff.do("POST", page+step.path, form); out.Code != 303 {
				w.t.Errorf("%s: %d %s", step.path, out.Code, out.Body.String())
			}
		}
		if text := resident.do("GET", "/bill/issued/2026-10?version="+step.version, nil).Body.String(); !strings.Contains(text, step.says) || !strings.Contains(text, "ошибка поставщика") {
			w.t.Errorf("the resident is not told %q: %.3000s", step.says, text)
		}
	}
}

// TestAPublicationGoesOnAfterARestart: what was begun on a page is taken up by the next server.
func TestAPublicationGoesOnAfterARestart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newTown(t, d)
		run := w.approved()
		if _, err := w.a.Bills.BeginPublication(ctx, bill.PublishRequest{Run: run, Wave: 10, Actor: "vera", Background: true}, nil); err != nil {
			t.Fatal(err) // the server stopped before it worked on it
		}
		jobs, err := w.a.startJobs(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer jobs.Stop()
		if err := w.a.takeUpRuns(ctx); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(30 * time.Second); w.count("SELECT count(*) FROM bill_publication WHERE state = 'done'") == 0; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the publication was not taken up")
			}
		}
		w.sound()
	})
}
