package app

import (
	"context"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/decimal"
)

// plantMeters gives the resident three meters, one of them of two rates, of the town's first supplier he has. It tells the
// supplier and the number of the account.
func (w *town) plantMeters() (supplierID int64, printed string) {
	w.t.Helper()
	ctx := context.Background()
	err := w.a.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		members, err := account.ListMembers(ctx, tx, w.own.BuildingID, w.own.HouseholdID, w.a.now())
		if err != nil {
			return err
		}
		of := members[0]
		supplierID, printed = of.SupplierID, of.Claim.Printed
		open, s := calc.Term{From: 20200101}, &fact.Set{Building: w.own.BuildingID}
		for i, service := range []string{"cold_water", "hot_water", "electricity"} {
			id := int64(i + 1)
			s.Subscriptions = append(s.Subscriptions, fact.Subscription{Household: w.own.HouseholdID, AccountID: of.AccountID, Service: service, SupplierID: of.SupplierID, ServiceID: 900 + id, Mode: fact.Issued, Term: open})
			s.Meters = append(s.Meters, fact.Meter{ID: id, AccountID: of.AccountID, Service: service, Serial: "77000" + strings.Repeat("1", i+1), Digits: 5, Registers: uint8(1 + i/2), Term: open})
			for _, zone := range [][]calc.Zone{{calc.AllDay}, {calc.AllDay}, {calc.Day, calc.Night}}[i] {
				on := calendar.DateOf(w.a.now().Time()).AddDays(-30)
				s.Readings = append(s.Readings, fact.Reading{MeterID: id, ID: fact.ReadingID(id, on, zone), On: on, Zone: zone, Value: decimal.FromInt(100 * int64(zone+1)), Accepted: true})
			}
		}
		out := fact.NewWriter()
		if err := out.Add(s, w.a.now()); err != nil {
			return err
		}
		return out.Write(ctx, tx)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return supplierID, printed
}

var fieldKey = regexp.MustCompile(`name="_key" value="([^"]+)"`)

// TestReadingsOfAllMeters is T3 of ux.md: two pages and four fields, three pages where a figure looks odd; the operator does
// the same on the resident's behalf, and a program and a robot find the reading known.
func TestReadingsOfAllMeters(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		supplierID, printed := w.plantMeters()
		v := w.visitor(access.Resident, 0)
		form := func(page *httptest.ResponseRecorder, cold string) url.Values {
			t.Helper()
			found := fieldKey.FindStringSubmatch(page.Body.String())
			for _, field := range []string{"r1-0", "r2-0", "r3-1", "r3-2"} {
				if page.Code != 200 || found == nil || !strings.Contains(page.Body.String(), `name="`+field+`"`) {
					t.Fatalf("the form lacks %s: %d %s", field, page.Code, page.Body.String())
				}
			}
			return url.Values{"_key": {found[1]}, "r1-0": {cold}, "r2-0": {" 104,5 м³"}, "r3-1": {"0290"}, "r3-2": {"350"}}
		}
		asked := v.do("POST", "/readings", form(v.do("GET", "/readings", nil), "1060"))
		if asked.Code != 200 || !strings.Contains(asked.Body.String(), "больше, чем могло") && !strings.Contains(asked.Body.String(), "лишнюю цифру") {
			t.Fatalf("an odd figure: %d %.3000s", asked.Code, asked.Body.String())
		}
		done := v.do("POST", "/readings", form(asked, "106"))
		to := done.Header().Get("Location")
		if done.Code != 303 || !strings.HasPrefix(to, "/readings/") {
			t.Fatalf("given: %d %q %.2000s", done.Code, to, done.Body.String())
		}
		for _, want := range []string{"Показания приняты", "Попадут в счёт за", "Горячая вода", "4,5", "106"} {
			if page := v.do("GET", to, nil); page.Code != 200 || !strings.Contains(page.Body.String(), want) {
				t.Errorf("the receipt lacks %q: %d", want, page.Code)
			}
		}
		code := account.HouseholdCode(w.own.HouseholdID)
		if page := w.visitor(access.CentreOperator, 0).do("GET", "/c/account/"+code+"/readings", nil); page.Code != 200 || !strings.Contains(page.Body.String(), "Передано") {
			t.Errorf("the operator sees: %d", page.Code)
		}
		program := w.visitor(access.APIToken, supplierID)
		query := url.Values{"account": {printed}, "meter": {"770001"}, "value": {"106"}}
		if out := program.do("GET", "/ivr/readings?"+query.Encode(), nil); out.Code != 200 || !strings.Contains(out.Body.String(), "уже принято") {
			t.Errorf("the robot: %d %s", out.Code, out.Body.String())
		}
		query.Set("value", "107")
		if out := program.do("POST", "/ivr/readings", query); out.Code != 200 || !strings.Contains(out.Body.String(), "Заменить его?") {
			t.Errorf("the robot with another figure: %d %s", out.Code, out.Body.String())
		}
		if home := v.do("GET", "/home", nil); home.Code != 200 || !strings.Contains(home.Body.String(), `href="/readings"`) {
			t.Errorf("home: %d", home.Code)
		}
		report, err := w.a.Check(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range report.Invariants {
			if strings.HasPrefix(x.ID, "I18.") && x.Count > 0 { // the meters were planted beside the demo's services
				t.Errorf("%s: %v", x.ID, x.Rows)
			}
		}
	})
}
