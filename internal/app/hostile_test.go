package app

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/web/webtest"
)

// scripts are ways to make a page run something (reliability.md S8): tags, handlers, schemes, breaks out of attributes, comments
// and texts, templates, byte tricks. Each calls a name that a page of ours never has.
func scripts() (list []string) {
	for _, tag := range []string{"script", "ScRiPt", "svg/onload=zzhit()", "img src=x onerror=zzhit()", "body onload=zzhit()", "iframe src=javascript:zzhit()", "a href=javascript:zzhit()", "details open ontoggle=zzhit()",
		"input autofocus onfocus=zzhit()", "marquee onstart=zzhit()", "video><source onerror=zzhit()", "math><mi xlink:href=javascript:zzhit()", "object data=javascript:zzhit()", "embed src=javascript:zzhit()", "base href=//zzhit/", "link rel=stylesheet href=//zzhit", "style>@import'//zzhit'", "meta http-equiv=refresh content=0;url=//zzhit", "form action=//zzhit", "template"} {
		list = append(list, "<"+tag+">zzhit()</"+strings.Fields(tag)[0]+">", "\"><"+tag+">", "'><"+tag+">")
	}
	list = append(list, "=cmd|' /C calc'!A0", "+7*7", "-7*7", "@SUM(1)", "\t=7*7", "\r=7*7") // alone at the beginning of a cell
	return append(list, "</textarea><script>zzhit()</script>", "--><script>zzhit()</script>", "]]><script>zzhit()</script>", "\" onmouseover=\"zzhit()", "' onfocus='zzhit()", "{{zzhit}}", "${zzhit()}", "javascript:zzhit()", "=HYPERLINK(\"//zzhit\")", "\u2028<script>zzhit()</script>", "<scr\x09ipt>zzhit()</script>", "&lt;script&gt;zzhit()&lt;/script&gt;")
}

// runs are what a page would hold if a script got through as it is.
var runs = []string{"<script>zzhit", "<ScRiPt>zzhit", "<svg/onload", "<img src=x", "<iframe", "<body onload", "<details open ontoggle", "<marquee", "<object", "<embed", "<base href=//", "<meta http-equiv=refresh", "<math>", "\" onmouseover=\"zz", "' onfocus='zz", "href=\"javascript:", "</textarea><script"}

// TestNothingTypedRuns: sixty scripts in the texts people and suppliers give are shown as texts on every page.
func TestNothingTypedRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: one page after another has nothing to race with")
	}
	w := newTown(t, dbtest.SQLite(t))
	ctx := context.Background()
	list := scripts()
	if len(list) < 60 {
		t.Fatalf("only %d scripts", len(list))
	}
	resident, supplier, centre := w.visitor(access.Resident, 0), w.visitor(access.SupplierAdmin, w.a1), w.visitor(access.CentreOperator, 0)
	owner := access.Actor{Role: access.Resident, BuildingID: w.own.BuildingID, HouseholdID: w.own.HouseholdID}
	begun, err := w.a.Appeals.Begin(ctx, owner, "hostile-1", appeal.Plea{Line: 1, Reason: appeal.ReasonOther, Words: "x"})
	if err == nil {
		_, err = w.a.Appeals.Send(ctx, owner, begun.Number)
	}
	if err != nil {
		t.Fatal(err)
	}
	pages := []struct {
		who  *visitor
		path string
	}{{resident, "/home"}, {resident, "/bill"}, {resident, "/bill/lines/1"}, {resident, "/bill/why"}, {resident, "/readings"}, {resident, "/payments"}, {resident, "/accounts"}, {resident, "/appeals"}, {resident, "/appeals/" + begun.Number}, {resident, "/appeals/" + begun.Number + "/calculation"},
		{resident, "/bill/pay"}, {supplier, "/s/home"}, {supplier, "/s/intakes"}, {supplier, "/s/appeals"}, {centre, "/s/appeals/" + begun.Number}, {centre, "/c/today"}, {centre, "/c/find?q=1600"}, {centre, "/c/review"}, {centre, "/c/conflicts"}}
	const together = 8 // scripts in one text
	for i := 0; i < len(list); i += together {
		text := strings.Join(list[i:min(len(list), i+together)], " ")
		w.poison(text)
		for _, p := range pages {
			out := p.who.do("GET", p.path, nil)
			if out.Code >= 500 {
				t.Errorf("%s: %d with %q", p.path, out.Code, text)
			}
			body := out.Body.String()
			for _, run := range runs {
				if strings.Contains(body, run) {
					t.Errorf("%s holds %q of %q", p.path, run, text)
				}
			}
			for _, fault := range webtest.Active(body) {
				t.Errorf("%s: %s of %q", p.path, fault, text)
			}
		}
		w.tablesRun(supplier, centre, text)
		typed := url.Values{"reason": {"other"}, "words": {text}, "_key": {fmt.Sprintf("hostile-key-%d", i)}}
		for _, path := range []string{"/bill/lines/2/dispute", "/", "/signin", "/accounts"} {
			typed.Set("number", text)
			typed.Set("login", text)
			typed.Set("words", text+strings.Repeat("я", 1001))
			body := resident.do("POST", path, typed).Body.String()
			for _, run := range runs {
				if strings.Contains(body, run) {
					t.Errorf("the form %s gives %q back", path, run)
				}
			}
		}
	}
	var paid string
	if err := w.a.DB.Handle().QueryRow("SELECT public_id FROM payment_order LIMIT 1").Scan(&paid); err != nil {
		t.Fatal(err)
	}
	w.linksOfOthers(resident, []string{"/paid/" + paid, "/city?house=" + w.ownHouse(), "/bill", "/bill/pay", "/payments", "/help"})
}

// poison puts a text wherever somebody gives one.
func (w *town) poison(text string) {
	w.t.Helper()
	ctx := context.Background()
	err := w.a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, query := range []string{
			"UPDATE supplier SET name = $1, phone = $1, address = $1", "UPDATE service SET name = $1 || service_id", "UPDATE building SET street = $1, locality = $1", "UPDATE household SET flat = $1", "UPDATE account_claim SET flat = $1, printed = $1 || account_id",
			"UPDATE intake_file SET name = $1", "UPDATE intake_issue SET value = $1, hint = $1, row_text = $1", "UPDATE appeal SET words = $1, service = $1, answer = $1, shown_source = $1", "UPDATE appeal_step SET words = $1", "UPDATE payment_order SET reason = $1",
			"UPDATE person_home SET title = $1", "UPDATE refund_request SET comment = $1, answer = $1",
		} {
			if _, err := tx.ExecContext(ctx, query, text); err != nil {
				return fmt.Errorf("%w in %s", err, query)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
