package app

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/charge/record"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestFactsAreToldByHand: the centre sees what is known, is shown what a fact would cost before it is written, writes it
// with a reason, and takes it as written once; others only look.
func TestFactsAreToldByHand(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, w := context.Background(), newTown(t, d)
		path := "/c/account/" + account.HouseholdCode(w.own.HouseholdID) + "/facts"
		var supplier, number string
		if err := d.Handle().QueryRowContext(ctx, `SELECT s.code, a.number FROM household_link l JOIN account a ON a.building_id = l.building_id AND a.account_id = l.account_id
			JOIN supplier s ON s.supplier_id = a.supplier_id WHERE l.building_id = $1 AND l.household_id = $2 ORDER BY a.account_id LIMIT 1`, w.own.BuildingID, w.own.HouseholdID).Scan(&supplier, &number); err != nil {
			t.Fatal(err)
		}
		text := "- {supplier: " + supplier + ", account: \"" + number + "\", residents: 3, services: [{service: waste_per_person, meters: [{id: A1}]}]}\n"
		r, err := w.a.Records.Load(ctx, access.Actor{Role: access.System}, record.Load{By: "facts", Sources: []record.Source{{Name: "facts.yaml", Body: strings.NewReader(text)}}})
		if err != nil || !r.OK {
			t.Fatalf("%+v %v", r, err)
		}
		operator, auditor := w.visitor(access.CentreOperator, 0), w.visitor(access.Auditor, 0)
		if page := auditor.do("GET", path, nil).Body.String(); !strings.Contains(page, "файл facts.yaml, строка 1") || strings.Contains(page, `name="add"`) || strings.Contains(page, "/withdraw") {
			t.Errorf("an auditor sees\n%s", page)
		}
		form := func(step string) url.Values {
			return url.Values{"kind": {"absence"}, "left": {"03.10.2026"}, "returned": {"18.10.2026"}, "persons": {"2"}, "recorded": {"20.10.2026"}, "reason": {"справка <вуза>"}, "step": {step}}
		}
		without := form("check")
		without.Del("reason")
		if page := operator.do("POST", path, without); page.Code != 422 || !strings.Contains(page.Body.String(), "Напишите основание") {
			t.Errorf("no reason: %d", page.Code)
		}
		stays := func() (n int) {
			if err := d.Handle().QueryRowContext(ctx, "SELECT count(*) FROM charge_stay WHERE kind = 'absent' AND source LIKE 'person:%'").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if page := operator.do("POST", path, form("check")); page.Code != 200 || !strings.Contains(page.Body.String(), "станет") || !strings.Contains(page.Body.String(), `value="save"`) || stays() != 0 {
			t.Errorf("asked what changes: %d, %d written", page.Code, stays())
		}
		for range 2 { // pressed twice
			if page := operator.do("POST", path, form("save")); page.Code != 303 || stays() != 1 {
				t.Errorf("written: %d, %d rows\n%s", page.Code, stays(), page.Body.String())
			}
		}
		if page := operator.do("GET", path, nil).Body.String(); !strings.Contains(page, "справка &lt;вуза&gt;") || !strings.Contains(page, "03.10.2026 – 18.10.2026") {
			t.Errorf("it is not shown:\n%s", page)
		}
		late := form("save")
		late.Set("left", "03.08.2020")
		late.Set("returned", "03.08.2020")
		if page := operator.do("POST", path, late); page.Code != 422 || !strings.Contains(page.Body.String(), "п. 91") {
			t.Errorf("an application too late: %d", page.Code)
		}
		w.everyForm(operator, path)
		w.takenBack(operator, path)
	})
}

// answers fill the form of a kind: fields without an answer here are left empty.
var answers = map[record.Kind]url.Values{
	record.Absence: {"left": {"05.10.2026"}, "returned": {"20.10.2026"}, "persons": {"1"}, "recorded": {"21.10.2026"}}, record.Residents: {"persons": {"2"}, "from": {"01.10.2026"}},
	record.Owners: {"persons": {"1"}, "from": {"01.10.2026"}}, record.Party: {"from": {"15.10.2026"}}, record.Reading: {"counter": {"0"}, "date": {"31.10.2026"}, "value": {"12,5"}, "zone": {""}},
	record.Volume: {"taken": {"0"}, "month": {"2026-10"}, "volume": {"3,5"}, "zone": {"day"}}, record.Benefit: {"name": {"ветеран"}, "percent": {"50"}, "from": {"01.10.2026"}, "netted": {"true"}, "services": {"cold_water, sewage"}},
	record.Event: {"whom": {"house"}, "service": {"cold_water"}, "event": {"outage"}, "date": {"07.10.2026"}, "hours": {"30"}}, record.Act: {"taken": {"0"}, "act": {"check"}, "date": {"08.10.2026"}},
	record.Service: {"member": {"0"}, "service": {"sewage"}, "mode": {"computed"}, "from": {"01.10.2026"}, "meter_possible": {"true"}}, record.Meter: {"taken": {"0"}, "meter": {"0012"}, "installed": {"01.10.2026"}, "digits": {"5"}},
	record.Verification: {"counter": {"0"}, "until": {"01.10.2030"}}, record.GasFactor: {"counter": {"0"}, "month": {"2026-10"}, "value": {"1,07"}}, record.Object: {"taken": {"0"}, "object": {"garden"}, "count": {"320"}},
	record.Instalment: {"taken": {"0"}, "month": {"2026-10"}, "amount": {"100,50"}}, record.Fine: {"taken": {"0"}, "month": {"2026-10"}, "overcharged": {"450"}}, record.Premises: {"area": {"54,3"}, "rooms": {"2"}},
	record.Area: {"area": {"56,1"}, "from": {"11.10.2026"}}, record.House: {"from": {"01.10.2026"}, "area": {"5420,6"}, "heating.mode": {"season"}, "heating.months": {"10-05..05-10"}},
	record.Resource: {"service": {"cold_water"}, "month": {"2026-10"}, "volume": {"186,35"}},
}

// everyForm opens the form of every kind of facts, is told what the fact would change, and writes it.
func (w *town) everyForm(operator *visitor, path string) {
	w.t.Helper()
	for kind, form := range answers {
		if page := operator.do("GET", path+"?add="+string(kind), nil); page.Code != 200 || !strings.Contains(page.Body.String(), `name="reason"`) {
			w.t.Errorf("form of %s: %d", kind, page.Code)
		}
		form.Set("kind", string(kind))
		form.Set("reason", "по заявлению")
		for step, status := range map[string]int{"check": 200, "save": 303} {
			form.Set("step", step)
			if page := operator.do("POST", path, form); page.Code != status {
				w.t.Errorf("%s of %s: %d %s", step, kind, page.Code, wrongOf(page.Body.String()))
			}
		}
	}
	if page := operator.do("GET", path, nil).Body.String(); strings.Count(page, "по заявлению") < len(answers) {
		w.t.Errorf("of %d facts %d are shown", len(answers), strings.Count(page, "по заявлению"))
	}
}

var wrongs = regexp.MustCompile(`class="bad"[^>]*>[^<]*`)

func wrongOf(page string) []string { return wrongs.FindAllString(page, -1) }

// takenBack withdraws a fact by its page: a reason is asked for, what it changes is told, and it is gone once.
func (w *town) takenBack(operator *visitor, path string) {
	w.t.Helper()
	found := regexp.MustCompile(`href="(` + path + `/[^"]+/withdraw)"`).FindStringSubmatch(operator.do("GET", path, nil).Body.String())
	if found == nil {
		w.t.Fatal("no fact can be withdrawn")
	}
	rows := w.count("SELECT count(*) FROM charge_stay")
	if page := operator.do("POST", found[1], url.Values{"step": {"check"}}); page.Code != 422 || !strings.Contains(page.Body.String(), "почему факт отменяют") {
		w.t.Errorf("without a reason: %d", page.Code)
	}
	if page := operator.do("POST", found[1], url.Values{"step": {"check"}, "reason": {"ошибка"}}); page.Code != 200 || !strings.Contains(page.Body.String(), "разница") {
		w.t.Errorf("what it changes: %d", page.Code)
	}
	for _, status := range []int{303, 404} { // pressed twice
		if page := operator.do("POST", found[1], url.Values{"step": {"save"}, "reason": {"ошибка"}}); page.Code != status {
			w.t.Errorf("withdrawn: %d, want %d", page.Code, status)
		}
	}
	if n := w.count("SELECT count(*) FROM charge_stay WHERE persons < 0 AND source LIKE 'person:%: ошибка'"); n != 1 || w.count("SELECT count(*) FROM charge_stay") != rows+1 {
		w.t.Errorf("%d rows take it back", n)
	}
}
