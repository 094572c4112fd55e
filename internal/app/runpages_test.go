package app

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/charge"
	"kvit/internal/charge/record"
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
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
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
		b, _ := w.change(0)
		own, _ := w.computes(b)
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
		if text := vera.until(run, "черновик, ждёт утверждения"); !strings.Contains(text, "начали вы") || strings.Contains(text, run+"/approve") {
			t.Errorf("who began it is not told why he cannot approve: %.3000s", text)
		}
		if out := vera.do("POST", run+"/approve", begin); out.Code != 403 {
			t.Errorf("approved by an operator: %d", out.Code)
		}
		w.stoppedAndFailed(vera, run)
		w.draftPages(vera, run)
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
		if out := vera.do("GET", run+"/drafts", nil); out.Code != 404 {
			t.Errorf("drafts of issued bills: %d", out.Code)
		}
		w.reissuePages(vera, olga, run, own)
		if out := olga.do("POST", run+"/close", olga.fill(run+"/close", nil)); out.Code != 303 {
			t.Errorf("closed: %d", out.Code)
		}
		olga.until(run, "месяц закрыт")
		if out := vera.do("GET", "/c/runs/new?month=2026-10", nil); out.Code != 422 {
			t.Errorf("a closed month may be begun: %d", out.Code)
		}
		w.issuedPages(olga, 2)
		w.sound()
	})
}

// stoppedAndFailed takes a run through the states it has when it is stopped and when a check does not hold.
func (w *town) stoppedAndFailed(staff *visitor, run string) {
	w.t.Helper()
	id := run[len("/c/runs/"):]
	for _, x := range []struct{ breaks, mends, says string }{
		{"UPDATE charge_run SET state = 'paused' WHERE run_id = ", "UPDATE charge_run SET cause = '' WHERE run_id = ", "приостановлен"},
		{"UPDATE charge_building SET lines = lines + 1 WHERE run_id = ", "UPDATE charge_building SET lines = lines - 1 WHERE run_id = ", "проверки не сошлись"},
	} {
		w.exec(x.breaks + id)
		if x.says != "приостановлен" { // checked once more
			w.exec("UPDATE charge_run SET state = 'running' WHERE run_id = " + id)
			w.press(staff, run, "/resume")
		}
		page := staff.until(run, x.says)
		w.exec(x.mends + id)
		found := formKeys.FindStringSubmatch(page)
		if found == nil {
			w.t.Fatalf("%s: nothing to press", x.says)
		}
		if out := staff.do("POST", run+"/resume", url.Values{web.KeyField: {found[1]}}); out.Code != 303 {
			w.t.Errorf("%s, gone on with: %d", x.says, out.Code)
		}
		staff.until(run, "черновик")
	}
}

// press sends a form with a key of its own.
func (w *town) press(staff *visitor, page, step string) {
	w.t.Helper()
	if out := staff.do("POST", page+step, url.Values{web.KeyField: {web.NewKey()}}); out.Code != 303 {
		w.t.Errorf("%s%s: %d %s", page, step, out.Code, out.Body.String())
	}
}

func (w *town) exec(query string) {
	w.t.Helper()
	if _, err := w.a.DB.Handle().ExecContext(context.Background(), query); err != nil {
		w.t.Fatal(err)
	}
}

var draftLinks = regexp.MustCompile(`href="(/c/runs/[0-9]+/drafts/[^"?]+)"`)

// draftPages looks at the bills of a run that is not approved: a list, one of them, its paper; nothing is kept and nobody pays.
func (w *town) draftPages(staff *visitor, run string) {
	w.t.Helper()
	page := run + "/drafts"
	if text := staff.do("GET", run, nil).Body.String(); !strings.Contains(text, page) {
		w.t.Error("the run does not lead to its drafts")
	}
	found := draftLinks.FindStringSubmatch(staff.do("GET", page, nil).Body.String())
	if found == nil {
		w.t.Fatal("no drafts")
	}
	if out := staff.do("GET", found[1], nil); out.Code != 200 || !strings.Contains(out.Body.String(), "Платить по нему нельзя") || strings.Contains(out.Body.String(), "/bill/pay") || strings.Contains(out.Body.String(), `"/pay/`) {
		w.t.Errorf("a draft: %d", out.Code)
	}
	if out := staff.do("GET", found[1]+"/pdf", nil); out.Code != 200 || !strings.HasPrefix(out.Body.String(), "%PDF") {
		w.t.Errorf("its paper: %d", out.Code)
	}
	d, err := w.a.Bills.Draft(context.Background(), bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}, billed)
	if err != nil || d.Status != bill.StatusDraft || len(d.Lines) == 0 || d.Debts() != nil || w.count("SELECT count(*) FROM bill_snapshot") != 0 {
		w.t.Errorf("%+v, %v", d, err)
	}
}

// reissuePages replaces bills after a wrong area is found: one person prepares, another starts, the former bill is marked.
func (w *town) reissuePages(first, second *visitor, run string, own *bill.Line) {
	w.t.Helper()
	ctx := context.Background()
	form := func(reason string) url.Values {
		return url.Values{"reason": {reason}, "houses": {""}, "suppliers": {""}}
	}
	if out := first.do("POST", run+"/reissue", first.fill(run+"/reissue", form(""))); out.Code != 422 {
		w.t.Errorf("without a reason: %d", out.Code)
	}
	text := fmt.Sprintf("{fact: premises, supplier: %s, account: %q, area: 60}", own.Supplier, own.Account)
	told, err := w.a.Records.Load(ctx, access.Actor{Role: access.System}, record.Load{By: "facts", Sources: []record.Source{{Name: "f.yaml", Body: strings.NewReader(text)}}})
	if err != nil || !told.OK {
		w.t.Fatalf("%+v, %v", told, err)
	}
	r, err := w.a.Charges.Recalculate(ctx, charge.Recalculation{In: billed, From: billed, Cause: "обмер", Actor: "olga"})
	if err == nil {
		err = w.a.Charges.Approve(ctx, r.Run, "vera")
	}
	if err != nil {
		w.t.Fatal(err)
	}
	out := first.do("POST", run+"/reissue", first.fill(run+"/reissue", form("ошибка в площади")))
	page := out.Header().Get("Location")
	if text := first.do("GET", page, nil).Body.String(); out.Code != 303 || !strings.Contains(text, "подготовили вы") || !strings.Contains(text, "188,40") { // 6 м² × 31,40 ₽
		w.t.Errorf("prepared: %d %s %.3000s", out.Code, page, text)
	}
	confirm := url.Values{"wave": {"5000"}, "pause": {"0"}}
	if out := first.do("POST", page+"/confirm", confirm); out.Code != 403 {
		w.t.Errorf("started by an operator: %d", out.Code)
	}
	if out := second.do("POST", page+"/confirm", second.fill(page, url.Values{"wave": {"много"}, "pause": {"0"}})); out.Code != 422 {
		w.t.Errorf("a wave without a number: %d", out.Code)
	}
	if out := second.do("POST", page+"/confirm", second.fill(page, confirm)); out.Code != 303 {
		w.t.Errorf("started: %d %s", out.Code, out.Body.String())
	}
	second.until(page, "счета заменены")
	if n := w.count("SELECT count(*) FROM bill_snapshot WHERE version = 2"); n != 1 {
		w.t.Errorf("%d bills were replaced", n)
	}
}

// issuedPages takes the resident's issued bill through its pages from its newest version on: shown, replaced, withdrawn.
func (w *town) issuedPages(staff *visitor, version int) {
	w.t.Helper()
	resident := w.visitor(access.Resident, 0)
	if text := resident.do("GET", "/bill", nil).Body.String(); !strings.Contains(text, fmt.Sprintf("/bill/issued/2026-10?version=%d", version)) {
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
	if out := staff.do("POST", page+"/replace", staff.fill(page+"/replace", url.Values{"version": {strconv.Itoa(version)}})); out.Code != 422 {
		w.t.Errorf("replaced without a reason: %d", out.Code)
	}
	for _, step := range []struct{ path, version, says string }{{"/replace", strconv.Itoa(version), "Заменён"}, {"/withdraw", strconv.Itoa(version + 1), "Отозван"}} {
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
		for end := time.Now().Add(2 * time.Minute); w.count("SELECT count(*) FROM bill_publication WHERE state = 'done'") == 0; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the publication was not taken up")
			}
		}
		w.sound()
	})
}
