package app

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/autopay"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/money"
	"kvit/internal/person"
	"kvit/internal/web"
)

// part is what somebody has to pay of the home's bill.
func (p *autopayer) part(who int64) (mine, whole money.Amount) {
	p.t.Helper()
	b, err := p.a.Bills.At(context.Background(), p.ref, 0)
	if err == nil {
		err = p.a.Bills.Divide(context.Background(), b, who)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return b.Total, b.Whole
}

var agreementField = regexp.MustCompile(`name="of" value="(\d+)"`)

// agree shares the bill of the home by the pages: one offers so many per cent, the other agrees.
func (p *autopayer) agree(mother, son *visitor, motherHome, sonHome int64) (id string) {
	p.t.Helper()
	form := url.Values{"way": {"percent"}, web.KeyField: {"agreement-key-1"}, fmt.Sprintf("part-%d", motherHome): {"66,67"}, fmt.Sprintf("part-%d", sonHome): {"33,33 %"}}
	if out := mother.do("POST", "/accounts/part/new", form); out.Code != 303 {
		p.t.Fatalf("offering: %d %s", out.Code, out.Body)
	}
	page := son.do("GET", "/accounts/part", nil).Body.String()
	found := agreementField.FindStringSubmatch(page)
	if found == nil || !strings.Contains(page, "Согласиться") {
		p.t.Fatalf("the offer is not on the page: %s", page)
	}
	if out := son.do("POST", "/accounts/part", url.Values{"of": {found[1]}, "do": {"accept"}}); out.Code != 303 {
		p.t.Fatalf("agreeing: %d", out.Code)
	}
	return found[1]
}

// TestAFamilySharesItsBill: two people of a home agree on parts; each sees his own, autopay of one pays that and no more, what he
// paid counts for him alone; the whole stays payable, and the parts are the whole to the kopeck until the agreement ends.
func TestAFamilySharesItsBill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, ctx := newPayer(t, d), context.Background()
		due := p.due()
		mother, motherID := p.visit(demoFamilyPhone, 0)
		son, sonID := p.visit(demoTrustedPhone, 0)
		homes := map[int64]int64{}
		people, err := p.a.People.People(ctx, p.ref.Building, p.ref.Household)
		for i := range people {
			homes[people[i].PersonID] = people[i].ID
		}
		if err != nil || homes[motherID] == 0 || homes[sonID] == 0 {
			t.Fatal(homes, err)
		}
		id := p.agree(mother, son, homes[motherID], homes[sonID])
		hers, _ := p.part(motherID)
		his, whole := p.part(sonID)
		if want := money.Split(due, []int64{6_667, 3_333}); hers != want[0] || his != want[1] || whole != due {
			t.Fatalf("parts %v and %v of %v", hers, his, due)
		}
		for path, sum := range map[string]money.Amount{"/home": his, "/bill": his, "/bill/pay": his, "/bill/pay?mode=whole": due, "/accounts/part": hers} {
			if page := son.do("GET", path, nil).Body.String(); !strings.Contains(page, sum.Format()) {
				t.Errorf("%s does not say %s", path, sum.Format())
			}
		}
		p.payPart(sonID, his)
		left, whole := p.part(motherID)
		if mine, _ := p.part(sonID); mine != 0 || left != hers || whole != due-his {
			t.Errorf("after one has paid: his %v, hers %v of %v", mine, left, whole)
		}
		if r, err := p.a.Check(ctx); err != nil || !r.OK {
			t.Errorf("%v, %+v", err, broken(r))
		}
		if out := mother.do("POST", "/accounts/part", url.Values{"of": {id}, "do": {"end"}}); out.Code != 303 {
			t.Fatalf("ending: %d", out.Code)
		}
		if mine, _ := p.part(sonID); mine != due-his {
			t.Errorf("ended: %v", mine)
		}
		p.on(20261231)
		if s := p.ruleOf(sonID); s.Rule.State != autopay.Paused {
			t.Errorf("autopay of a part there is no more of: %s", s.Rule.State)
		}
	})
}

func (p *autopayer) ruleOf(who int64) *autopay.State {
	p.t.Helper()
	s, err := p.a.Autopay.Find(context.Background(), p.sharer(who), p.ref)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// sharer is somebody the home was opened to, to see and to pay.
func (p *autopayer) sharer(who int64) access.Actor {
	return access.Actor{Role: access.Resident, UserID: who, BuildingID: p.ref.Building, HouseholdID: p.ref.Household, Rights: person.ScopePay}
}

// payPart sets somebody's autopay and lets its day come: it takes his part.
func (p *autopayer) payPart(who int64, part money.Amount) {
	p.t.Helper()
	p.today = 20261201
	set, err := p.a.Autopay.TurnOn(context.Background(), p.sharer(who), p.ref, autopay.Rule{Day: 10, Cap: part})
	if err != nil || set.PersonID != who || !set.OfPart {
		p.t.Fatalf("%+v, %v", set, err)
	}
	if s := p.ruleOf(who); s.Preview == nil || s.Preview.Sum != part || s.Preview.Above {
		p.t.Errorf("the preview says %+v, the part is %v", s.Preview, part)
	}
	if s, err := p.a.Autopay.Find(context.Background(), p.own, p.ref); err != nil || s.Rule != nil {
		p.t.Errorf("another's rule is seen: %+v, %v", s.Rule, err)
	}
	p.on(20261209)
	p.on(20261210)
	turns := p.ruleOf(who).Turns
	if len(turns) != 1 || turns[0].State != autopay.Paid || turns[0].Sum != part {
		p.t.Fatalf("%+v", turns)
	}
}

// TestAutopayOfAnOwnersPart: the autopay an owner set for his home pays his services once he lets it to a tenant.
func TestAutopayOfAnOwnersPart(t *testing.T) {
	d := dbtest.SQLite(t)
	p, ctx := newPayer(t, d), context.Background()
	owner := access.Actor{Role: access.Resident, UserID: p.own.UserID, BuildingID: p.ref.Building, HouseholdID: p.ref.Household, Rights: access.AllRights}
	tenant, _, err := p.a.People.ByContact(ctx, person.Phone, "+79030000077")
	if err != nil || owner.UserID == 0 {
		t.Fatal(owner, err)
	}
	p.today = 20261201
	if set, err := p.a.Autopay.TurnOn(ctx, owner, p.ref, autopay.Rule{Day: 10, Cap: 100_000_00}); err != nil || set.PersonID != 0 {
		t.Fatalf("%+v, %v", set, err)
	}
	if _, err := p.a.People.AddHome(ctx, person.Home{PersonID: tenant, Building: p.ref.Building, Household: p.ref.Household, Role: person.Tenant, Rights: access.AllRights, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	b, err := p.a.Bills.At(ctx, p.ref, 0)
	if err != nil {
		t.Fatal(err)
	}
	shares := person.Shares{}
	for i := range b.Lines {
		if shares[b.Lines[i].ServiceKey()] = person.Tenant; i == 0 {
			shares[b.Lines[i].ServiceKey()] = person.Owner
		}
	}
	if err := p.a.People.Share(ctx, owner, shares); err != nil {
		t.Fatal(err)
	}
	due := p.due()
	mine, _ := p.part(owner.UserID)
	if mine == 0 || mine == due {
		t.Fatalf("the owner's part is %v of %v", mine, due)
	}
	p.on(20261209)
	p.on(20261210)
	s, err := p.a.Autopay.Find(ctx, owner, p.ref)
	if err != nil || len(s.Turns) != 1 || s.Turns[0].State != autopay.Paid || s.Turns[0].Sum != mine || p.due() != due-mine {
		t.Errorf("%+v, %v; due %v", s.Turns, err, p.due())
	}
}
