package app

import (
	"net/url"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/db/dbtest"
)

// TestADisputeIsThreeScreens walks T10 without scripts: from the line what is wrong, what will be sent, the number; one text is
// typed. Then the supplier of the line answers, another one finds nothing, and the resident says that it is solved.
func TestADisputeIsThreeScreens(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: one page after another has nothing to race with")
	}
	w := newTown(t, dbtest.SQLite(t))
	resident := w.visitor(access.Resident, 0)
	holds := func(page string, words ...string) {
		t.Helper()
		for _, word := range words {
			if !strings.Contains(page, word) {
				t.Errorf("the page does not say %q", word)
			}
		}
	}
	form := "/bill/lines/1/dispute"
	holds(resident.do("GET", "/bill/lines/1", nil).Body.String(), form, "Не согласен")
	holds(resident.do("GET", form, nil).Body.String(), "Что не так", "name=\"words\"", "Весь счёт") // screen 1
	bad := resident.do("POST", form, url.Values{"words": {"много"}, "_key": {"walk-key-0001"}})
	if bad.Code != 422 || !strings.Contains(bad.Body.String(), "много") {
		t.Errorf("a form without a reason: %d, or what was typed is lost", bad.Code)
	}
	asked := url.Values{"reason": {"other"}, "words": {"много"}, "aside": {"yes"}, "_key": {"walk-key-0001"}}
	draft := resident.do("POST", form, asked)
	at := draft.Header().Get("Location")
	if draft.Code != 303 || !strings.HasPrefix(at, "/appeals/") {
		t.Fatalf("%d %s", draft.Code, at)
	}
	if again := resident.do("POST", form, asked).Header().Get("Location"); again != at {
		t.Errorf("the second press leads to %s", again)
	}
	holds(resident.do("GET", at, nil).Body.String(), "Отправить", "Кому", "Ответ –", "Что платить сейчас") // screen 2
	for range 2 {
		if sent := resident.do("POST", at, url.Values{"do": {"send"}}); sent.Code != 303 {
			t.Fatalf("sent: %d", sent.Code)
		}
	}
	holds(resident.do("GET", at, nil).Body.String(), "Обращение №", "отправлено", "Остальное можно оплатить отдельно") // screen 3
	holds(resident.do("GET", "/bill", nil).Body.String(), "на проверке")
	holds(resident.do("GET", "/home", nil).Body.String(), "На проверке")
	holds(resident.do("GET", "/bill/pay", nil).Body.String(), "в «Весь счёт» эта сумма не входит")
	w.answered(resident, at)
}

// answered lets both suppliers try to answer; the one whose line it is can.
func (w *town) answered(resident *visitor, at string) {
	w.t.Helper()
	page := strings.Replace(at, "/appeals/", "/s/appeals/", 1)
	seen := 0
	for _, id := range []int64{w.a1, w.b1} {
		v := w.visitor(access.SupplierOperator, id)
		out := v.do("GET", page, nil)
		waits := v.do("GET", "/s/waiting", nil).Body.String()
		if own := out.Code == 200; strings.Contains(waits, page) != own || strings.Contains(waits, "1<span class=\"vh\"> ждут ответа") != own || strings.Contains(waits, "Всё отвечено") == own {
			w.t.Errorf("supplier %d, its own %t: what waits is\n%s", id, own, waits)
		}
		if out.Code == 404 {
			if v.do("POST", page, url.Values{"do": {"answer"}, "outcome": {"explained"}, "words": {"x"}, "_key": {"foreign-0001"}}).Code != 404 {
				w.t.Error("another supplier answers")
			}
			continue
		}
		seen++
	}
	if seen > 1 {
		w.t.Error("an appeal is seen by two suppliers")
	}
	centre := w.visitor(access.CentreOperator, 0)
	preview := centre.do("POST", page, url.Values{"do": {"preview"}, "outcome": {"explained"}, "words": {"Проверили, верно"}, "_key": {"centre-00001"}})
	if preview.Code != 200 || !strings.Contains(preview.Body.String(), "Так увидит житель") {
		w.t.Errorf("preview: %d", preview.Code)
	}
	if out := centre.do("POST", page, url.Values{"do": {"answer"}, "outcome": {"explained"}, "words": {"Проверили, верно"}, "instead": {"поставщик просил"}, "_key": {"centre-00002"}}); out.Code != 303 {
		w.t.Errorf("answer: %d", out.Code)
	}
	if out := resident.do("POST", at, url.Values{"do": {"solve"}}); out.Code != 303 || !strings.Contains(resident.do("GET", at, nil).Body.String(), "решено") {
		w.t.Errorf("solved: %d", out.Code)
	}
}
