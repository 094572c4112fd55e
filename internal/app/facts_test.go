package app

import (
	"context"
	"net/url"
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
		if page := auditor.do("GET", path, nil).Body.String(); !strings.Contains(page, "файл facts.yaml, строка 1") || strings.Contains(page, "?add=") {
			t.Errorf("an auditor sees\n%s", page)
		}
		form := func(step string) url.Values {
			return url.Values{"kind": {"absence"}, "left": {"03.10.2026"}, "returned": {"18.10.2026"}, "persons": {"2"}, "recorded": {"20.10.2026"}, "reason": {"справка <вуза>"}, "step": {step}}
		}
		for _, kind := range []string{"absence", "residents", "reading", "benefit", "event"} {
			if page := operator.do("GET", path+"?add="+kind, nil); page.Code != 200 || !strings.Contains(page.Body.String(), `name="reason"`) {
				t.Errorf("form of %s: %d", kind, page.Code)
			}
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
	})
}
