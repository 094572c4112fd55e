package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/person"
	"kvit/internal/portal"
)

// save ends adding a home: the cookie of what the paper opened goes along.
func (v *visitor) save(found *httptest.ResponseRecorder, role person.Role, title string) *httptest.ResponseRecorder {
	v.w.t.Helper()
	before := v.cookies
	v.cookies = append(slices.Clone(v.cookies), found.Result().Cookies()...)
	out := v.do("POST", "/accounts/add", url.Values{"do": {"save"}, "role": {string(role)}, "title": {title}})
	v.cookies = before
	if out.Code != http.StatusSeeOther {
		v.w.t.Errorf("saving a home as %s: %d", role, out.Code)
	}
	return out
}

// visit is a person of a telephone with a browser, looking at a home.
func (w *town) visit(phone string, home int64) (v *visitor, who int64) {
	w.t.Helper()
	ctx := context.Background()
	who, _, err := w.a.People.ByContact(ctx, person.Phone, phone)
	if err != nil {
		w.t.Fatal(err)
	}
	session, err := w.a.Access.StartPerson(ctx, who, home)
	if err != nil {
		w.t.Fatal(err)
	}
	v = w.visitor(access.Anonymous, 0)
	v.cookies = []*http.Cookie{{Name: w.a.cookieName(portal.SessionCookie), Value: session}}
	page := v.do("GET", "/more", nil)
	v.cookies = append(v.cookies, page.Result().Cookies()...)
	if found := formToken.FindStringSubmatch(page.Body.String()); found != nil {
		v.token = found[1]
	}
	return v, who
}

// answers is what pages answer a visitor, in words of the matrix. Whoever has no home left is led to where he adds one.
func (v *visitor) answers(want map[string]int) {
	v.w.t.Helper()
	for path, code := range want {
		out := v.do("GET", path, nil)
		if out.Code == http.StatusSeeOther && out.Header().Get("Location") == "/welcome" {
			out.Code = http.StatusForbidden
		}
		if out.Code != code {
			v.w.t.Errorf("GET %s: %d, want %d", path, out.Code, code)
		}
	}
}

// TestWhoSeesAHome is the part of the matrix of reliability.md section 7 that depends on who a person is to a home: an owner, one he
// trusts to see, one to pay, who only pays, who moved out, and a resident of the same flat elsewhere.
func TestWhoSeesAHome(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		owner := w.visitor(access.Resident, 0)
		owner.answers(map[string]int{"/home": 200, "/bill": 200, "/bill.pdf": 200, "/payments": 200, "/readings": 200, "/autopay": 200, "/accounts": 200, "/accounts/give": 200, "/accounts/flats": 200, "/accounts/shares": 404})
		w.trusted(owner)
		w.payerOnly()
		w.neighbour(owner)
		w.movesOut(owner)
		if r, err := w.a.Check(context.Background()); err != nil || !r.OK {
			t.Errorf("%v, %v", err, broken(r))
		}
	})
}

// trusted: whoever was let in may what was given, until it is taken back; nobody else takes the invitation.
func (w *town) trusted(owner *visitor) {
	w.t.Helper()
	for i, x := range []struct {
		scope access.Rights
		want  map[string]int
	}{
		{person.ScopeSee, map[string]int{"/home": 200, "/bill": 200, "/bill.pdf": 200, "/payments": 200, "/bill/pay": 403, "/readings": 403, "/autopay": 403, "/accounts/give": 403, "/accounts/flats": 403, "/devices": 403}},
		{person.ScopePay, map[string]int{"/bill": 200, "/bill/pay": 200, "/readings": 403, "/autopay": 200, "/accounts/give": 403}},
		{person.ScopeRead, map[string]int{"/bill": 200, "/bill/pay": 200, "/readings": 200, "/autopay": 200, "/accounts/give": 403}},
	} {
		phone := fmt.Sprintf("+7901000000%d", i)
		form := url.Values{"phone": {"8 (901) 000-00-0" + fmt.Sprint(i)}, "scope": {string(x.scope)}, "term": {"1"}, "_key": {"give-access-" + fmt.Sprint(i)}}
		for range 2 { // pressed twice it is one invitation
			if out := owner.do("POST", "/accounts/give", form); out.Code != 200 || !strings.Contains(out.Body.String(), "+7 901 ***-**-0") {
				w.t.Fatalf("giving access: %d", out.Code)
			}
		}
		relative, who := w.visit(phone, 0)
		relative.answers(map[string]int{"/bill": 403, "/home": 303})
		invites, err := w.a.People.InvitesTo(context.Background(), who)
		if err != nil || len(invites) != 1 || invites[0].To == 0 {
			w.t.Fatalf("invitations %+v, %v", invites, err)
		}
		answer := url.Values{"do": {"accept"}, "invite": {fmt.Sprint(invites[0].ID)}}
		if stranger, _ := w.visit("+79019999999", 0); stranger.do("POST", "/accounts", answer).Code != 404 {
			w.t.Error("somebody else took an invitation")
		}
		if out := relative.do("POST", "/accounts", answer); out.Code != 303 {
			w.t.Fatalf("accepting: %d", out.Code)
		}
		relative.answers(x.want)
		homes, err := w.a.People.Homes(context.Background(), who)
		if err != nil || len(homes) != 1 {
			w.t.Fatalf("%+v, %v", homes, err)
		}
		of := url.Values{"do": {"close"}, "of": {fmt.Sprint(homes[0].ID)}}
		if a, b := relative.do("POST", "/accounts", url.Values{"do": {"close"}, "of": {fmt.Sprint(w.own.HomeID)}}).Code, owner.do("POST", "/accounts", of).Code; a != 404 || b != 303 {
			w.t.Errorf("the trusted closes the owner %d, the owner the trusted %d", a, b)
		}
		relative.answers(map[string]int{"/bill": 403, "/bill/pay": 403})
	}
	if out := owner.do("POST", "/accounts", url.Values{"do": {"close"}, "of": {fmt.Sprint(w.own.HomeID)}}); out.Code != 403 {
		w.t.Errorf("the owner closed his own access: %d", out.Code)
	}
}

// paper is the number and the code of a household's paper.
func (w *town) paper(ref bill.Ref) (number, code string) {
	w.t.Helper()
	b, err := w.a.Bills.At(context.Background(), ref, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := w.a.Bills.CodeOf(context.Background(), ref)
	if err != nil {
		w.t.Fatal(err)
	}
	return b.Suppliers[0].Account, c.Typed
}

// payerOnly: a paper lets one pay, not see; whoever says he lives there waits for the owner, who takes him in or not.
func (w *town) payerOnly() {
	w.t.Helper()
	number, code := w.paper(bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID})
	form := url.Values{"number": {number}, "code": {code}}
	payer, _ := w.visit("+79020000001", 0)
	payer.save(payer.do("POST", "/accounts/add", form), person.Payer, "мама")
	payer.answers(map[string]int{"/home": 303, "/bill": 403, "/bill.pdf": 403, "/bill.json": 403, "/bill/pay": 200, "/readings": 403, "/payments": 200, "/accounts": 200, "/accounts/added": 200})
	newcomer, who := w.visit("+79020000002", 0)
	newcomer.save(newcomer.do("POST", "/accounts/add", form), person.Tenant, "")
	newcomer.answers(map[string]int{"/bill": 403, "/accounts/give": 403, "/accounts/added": 200})
	homes, err := w.a.People.Homes(context.Background(), who)
	if err != nil || len(homes) != 1 || !homes[0].Pending() {
		w.t.Fatalf("%+v, %v", homes, err)
	}
	of := url.Values{"do": {"confirm"}, "of": {fmt.Sprint(homes[0].ID)}}
	if a, b := payer.do("POST", "/accounts", of).Code, w.visitor(access.Resident, 0).do("POST", "/accounts", of).Code; a != 404 || b != 303 {
		w.t.Errorf("confirmed by a payer %d, by the owner %d", a, b)
	}
	newcomer.answers(map[string]int{"/bill": 200, "/accounts/give": 200, "/accounts/shares": 200})
	w.shared(newcomer)
	centre, page := w.visitor(access.CentreOperator, 0), "/c/account/"+w.householdCode()
	if text := centre.do("GET", page, nil).Body.String(); !strings.Contains(text, "+7 902 ***-**-02") || !strings.Contains(text, "наниматель") {
		w.t.Error("the centre does not see who sees the household")
	}
	if text := w.visitor(access.Auditor, 0).do("GET", page, nil).Body.String(); strings.Contains(text, "+7 902") {
		w.t.Error("an auditor sees a telephone")
	}
	end := url.Values{"do": {"close"}, "of": {fmt.Sprint(homes[0].ID)}, "reason": {""}}
	if out := centre.do("POST", page+"/people", end); out.Code != 422 {
		w.t.Errorf("closed without a reason: %d", out.Code)
	}
	end.Set("reason", "договор найма закончился")
	if out := centre.do("POST", page+"/people", end); out.Code != 303 {
		w.t.Errorf("closed by the centre: %d", out.Code)
	}
	newcomer.answers(map[string]int{"/bill": 403})
}

func (w *town) householdCode() string {
	b, err := w.a.Bills.At(context.Background(), bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return b.Household
}

// shared: an owner and a tenant see each his own part of the bill, and the parts are the whole.
func (w *town) shared(tenant *visitor) {
	w.t.Helper()
	owner := w.visitor(access.Resident, 0)
	whole, err := w.a.Bills.At(context.Background(), bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	name := func(l *bill.Line) string {
		if l.Service == "" {
			return l.SupplierName
		}
		return l.Service
	}
	one := name(&whole.Lines[0])
	if out := tenant.do("POST", "/accounts/shares", url.Values{"owner": {one}}); out.Code != 403 {
		w.t.Errorf("a tenant decides who pays: %d", out.Code)
	}
	if out := owner.do("POST", "/accounts/shares", url.Values{"owner": {one}}); out.Code != 303 {
		w.t.Fatalf("sharing: %d", out.Code)
	}
	mine, theirs := owner.do("GET", "/bill.json", nil).Body.String(), tenant.do("GET", "/bill.json", nil).Body.String()
	for i := range whole.Lines {
		l := &whole.Lines[i]
		text := fmt.Sprintf(`"account":%q,"service":%q`, l.Account, l.Service)
		if owners := name(l) == one; strings.Contains(mine, text) != owners || strings.Contains(theirs, text) == owners {
			w.t.Errorf("%s %s: the owner's %t, the tenant's %t", l.SupplierName, l.Service, strings.Contains(mine, text), strings.Contains(theirs, text))
		}
	}
}

// neighbour: a resident of another house sees nothing of this one, by whatever number he asks.
func (w *town) neighbour(owner *visitor) {
	w.t.Helper()
	var other bill.Ref
	err := w.a.DB.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRowContext(context.Background(), "SELECT building_id, household_id FROM household_link WHERE building_id > 0 AND building_id <> $1 AND household_id <> 0 ORDER BY building_id, household_id LIMIT 1", w.own.BuildingID).Scan(&other.Building, &other.Household)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	_, home, err := w.a.demoOwner(context.Background(), "+79030000001", other)
	if err != nil {
		w.t.Fatal(err)
	}
	v, _ := w.visit("+79030000001", home)
	v.answers(map[string]int{
		"/bill": 200, fmt.Sprintf("/accounts/leave/%d", w.own.HomeID): 404, fmt.Sprintf("/accounts/final/%d", w.own.HomeID): 404,
	})
	for _, form := range []url.Values{{"home": {fmt.Sprint(w.own.HomeID)}}, {"home": {"x"}}} {
		if out := v.do("POST", "/accounts/choose", form); out.Code != 404 {
			w.t.Errorf("choosing a foreign home: %d", out.Code)
		}
	}
	if out := v.do("GET", fmt.Sprintf("/bill/pay?home=%d", w.own.HomeID), nil); out.Code != 404 {
		w.t.Errorf("paying for a foreign home: %d", out.Code)
	}
	own, foreign := owner.do("GET", "/bill.json", nil).Body.String(), v.do("GET", "/bill.json", nil).Body.String()
	if own == foreign || !strings.Contains(foreign, `"lines"`) {
		t := foreign[:min(len(foreign), 200)]
		w.t.Errorf("the neighbour's bill: %s", t)
	}
}

// movesOut: who moved out sees his own time only, to read; his paper opens nothing; who comes after him sees nothing before his day.
func (w *town) movesOut(owner *visitor) {
	w.t.Helper()
	ref := bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID}
	number, code := w.paper(ref)
	last := w.a.People.Today()
	tomorrow := last.AddDays(1)
	path := fmt.Sprintf("/accounts/leave/%d", w.own.HomeID)
	if out := owner.do("POST", path, url.Values{"last": {"вчера"}}); out.Code != 422 {
		w.t.Errorf("a day that is none: %d", out.Code)
	}
	if out := owner.do("POST", path, url.Values{"last": {last.String()}}); out.Code != 200 || !strings.Contains(out.Body.String(), "сложится итоговый счёт") {
		w.t.Fatalf("moving out: %d", out.Code)
	}
	owner.answers(map[string]int{"/home": 200, fmt.Sprintf("/accounts/final/%d", w.own.HomeID): 404})
	w.a.People.Day = func() calendar.Date { return tomorrow }
	at := func(d calendar.Date) string { return "/bill?at=" + d.String() }
	owner.answers(map[string]int{
		"/home": 303, "/bill": 303, at(last): 200, "/bill.pdf": 200, "/bill/why": 404, "/bill/qr.svg": 404, "/bill/pay": 403, "/readings": 403, "/autopay": 403, "/accounts/give": 403,
		"/payments": 200, "/accounts": 200, fmt.Sprintf("/accounts/final/%d", w.own.HomeID): 200,
	})
	if out := w.visitor(access.Anonymous, 0).do("POST", "/accounts/add", url.Values{"number": {number}, "code": {code}}); out.Code != 422 {
		w.t.Errorf("the paper of who moved out: %d", out.Code)
	}
	number, code = w.paper(ref)
	next, who := w.visit("+79040000001", 0)
	next.save(next.do("POST", "/accounts/add", url.Values{"number": {number}, "code": {code}}), person.Owner, "")
	homes, err := w.a.People.Homes(context.Background(), who)
	if err != nil || len(homes) != 1 || homes[0].From != tomorrow || homes[0].Rights != access.AllRights {
		w.t.Fatalf("%+v, %v", homes, err)
	}
	next.answers(map[string]int{"/bill": 200, at(last.AddDays(-1)): 404, "/home": 200, "/accounts/give": 200})
	if out := next.do("GET", "/payments", nil).Body.String(); strings.Contains(out, "/paid/") {
		w.t.Error("the new owner sees payments from before his day")
	}
}

// TestNothingTellsWhetherANumberExists is S1: unknown and known numbers are answered alike and as quickly, and five tries of a number or
// of a network are all there are.
func TestNothingTellsWhetherANumberExists(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newTown(t, d), context.Background()
		number, code := w.paper(bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID})
		const tries = 1000
		took := map[string][]time.Duration{}
		for range tries {
			for _, n := range []string{number, "9999999999"} {
				start := time.Now()
				if _, err := w.a.Bills.FindByTyped(ctx, n, "22222222"); err == nil {
					t.Fatal("a wrong code opened a bill")
				}
				took[n] = append(took[n], time.Since(start))
			}
		}
		median := func(list []time.Duration) time.Duration { slices.Sort(list); return list[len(list)/2] }
		if a, b := median(took[number]), median(took["9999999999"]); (a - b).Abs() >= 5*time.Millisecond {
			t.Errorf("a number there is takes %v, another %v", a, b)
		}
		v := w.visitor(access.Anonymous, 0)
		ask := func(number, code string) *httptest.ResponseRecorder {
			return v.do("POST", "/accounts/add", url.Values{"number": {number}, "code": {code}})
		}
		known, unknown := ask(number, "2222 2222"), ask("9999999999", "2222 2222")
		same := strings.NewReplacer(number, "N", "9999999999", "N")
		if known.Code != 422 || strip(same.Replace(known.Body.String())) != strip(same.Replace(unknown.Body.String())) {
			t.Error("a number there is is answered otherwise than one that is not")
		}
		for range 3 {
			ask(number, "3333 3333")
		}
		if out := ask(number, code); out.Code != 422 || !strings.Contains(out.Body.String(), "Слишком много попыток") {
			t.Errorf("the sixth try: %d", out.Code)
		}
	})
}
