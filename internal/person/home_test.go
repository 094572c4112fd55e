package person

import (
	"context"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// TestRightsFollowTheTerm: before its time a home opens nothing, after it only who lived there reads.
func TestRightsFollowTheTerm(t *testing.T) {
	day := calendar.Date(20261110)
	for _, x := range []struct {
		name string
		home Home
		want access.Rights
	}{
		{"собственник", Home{Role: Owner, Rights: access.AllRights}, access.AllRights},
		{"новый собственник до своего дня", Home{Role: Owner, Rights: access.AllRights, From: 20261111}, ""},
		{"новый собственник в свой день", Home{Role: Owner, Rights: access.AllRights, From: 20261110}, access.AllRights},
		{"последний день", Home{Role: Owner, Rights: access.AllRights, To: 20261110}, access.AllRights},
		{"прежний собственник", Home{Role: Owner, Rights: access.AllRights, To: 20261109}, "sd"},
		{"прежний наниматель", Home{Role: Tenant, Rights: access.AllRights, To: 20261109}, "sd"},
		{"доверенное лицо после срока", Home{Role: Trusted, Rights: ScopeRead, To: 20261109}, ""},
		{"ждал подтверждения и не дождался", Home{Role: Owner, Rights: PayOnly, To: 20261109}, ""},
		{"плательщик", Home{Role: Payer, Rights: PayOnly}, "p"},
	} {
		if got := x.home.RightsOn(day); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}

// TestServicesAreShared: without an agreement the owner pays for capital repair only.
func TestServicesAreShared(t *testing.T) {
	s := Shares{"тко": Owner}
	for service, want := range map[string]Role{"тко": Owner, "хвс": Tenant} {
		if got := s.Of(service, false); got != want {
			t.Errorf("%s: %s", service, got)
		}
	}
	if s.Of("кр", true) != Owner {
		t.Error("capital repair is not the owner's")
	}
	day := calendar.Date(20261110)
	owner, tenant := Home{Role: Owner, Rights: access.AllRights}, Home{Role: Tenant, Rights: access.AllRights}
	left, pending := tenant, tenant
	left.To, pending.Rights = 20261101, PayOnly
	if !Shared([]Home{owner, tenant}, day) || Shared([]Home{owner, left}, day) || Shared([]Home{owner, pending}, day) {
		t.Error("a home is shared by an owner and a tenant who live there today, and by nobody else")
	}
}

// who makes a person of a telephone.
func (m *Module) who(t *testing.T, phone string) int64 {
	t.Helper()
	id, _, err := m.ByContact(context.Background(), Phone, phone)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestTheFirstManagesAndOthersWait: of two with the same paper the second waits; he is told on, taken in, or not.
func TestTheFirstManagesAndOthersWait(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, m *Module) {
		told := map[int64]int{}
		m.Tell = func(_ context.Context, _ *db.Tx, x Message) error { told[x.Person]++; return nil }
		first, second, payer := m.who(t, "+79000000001"), m.who(t, "+79000000002"), m.who(t, "+79000000003")
		settle := func(who int64, role Role) Home {
			id, err := m.Settle(ctx, Home{PersonID: who, Building: 1, Household: 10, Role: role, Proof: "code", Actor: "test"})
			if err != nil {
				t.Fatal(err)
			}
			h, err := m.Find(ctx, who, id)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		one, two, three := settle(first, Owner), settle(second, Owner), settle(payer, Payer)
		if one.Rights != access.AllRights || !two.Pending() || three.Rights != PayOnly || told[first] != 1 {
			t.Fatalf("%+v, %+v, %+v, told %v", one, two, three, told)
		}
		if err := m.TakeBack(ctx, "test", second, one.ID, ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("who waits closes the owner: %v", err)
		}
		if err := m.Confirm(ctx, "test", payer, two.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a payer confirms: %v", err)
		}
		if err := m.Confirm(ctx, "test", first, two.ID); err != nil {
			t.Fatal(err)
		}
		if err := m.TakeBack(ctx, "test", first, two.ID, ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an owner closes another: %v", err)
		}
		if err := m.TakeBack(ctx, "centre", 0, two.ID, "продал квартиру"); err != nil || told[second] != 2 {
			t.Errorf("the centre closes: %v, told %v", err, told)
		}
		if err := m.TakeBack(ctx, "test", first, three.ID, ""); err != nil {
			t.Error(err)
		}
		if list, err := m.People(ctx, 1, 10); err != nil || len(list) != 1 || list[0].PersonID != first {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// TestWhatWasGivenEndsWithWhoGaveIt: an invitation is its telephone's alone and once; it is nothing when who gave it has gone.
func TestWhatWasGivenEndsWithWhoGaveIt(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, m *Module) {
		owner, son, stranger := m.who(t, "+79000000001"), m.who(t, "+79000000002"), m.who(t, "+79000000003")
		id, err := m.Settle(ctx, Home{PersonID: owner, Building: 1, Household: 10, Role: Owner, Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		a, err := m.Enter(ctx, access.Actor{Role: access.Resident, UserID: owner, HomeID: id})
		if err != nil {
			t.Fatal(err)
		}
		for _, phone := range []string{"900", "+7 900 000-00-01"} {
			if _, err := m.Give(ctx, "key-"+phone, a, phone, ScopePay, 0); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", phone, err)
			}
		}
		for range 2 {
			if _, err := m.Give(ctx, "key-1", a, "8 900 000 00 02", ScopePay, 0); err != nil {
				t.Fatal(err)
			}
		}
		list, err := m.InvitesTo(ctx, son)
		if err != nil || len(list) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := m.Accept(ctx, stranger, list[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger took it: %v", err)
		}
		home, err := m.Accept(ctx, son, list[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Accept(ctx, son, list[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("taken twice: %v", err)
		}
		if _, err := m.Give(ctx, "key-2", a, "8 900 000 00 03", ScopeSee, 0); err != nil {
			t.Fatal(err)
		}
		day := m.Today()
		if _, err := m.Leave(ctx, "test", owner, id, day.AddDays(1000)); !fault.Is(err, fault.Invalid) {
			t.Errorf("a day too far: %v", err)
		}
		if _, err := m.Leave(ctx, "test", owner, id, day); err != nil {
			t.Fatal(err)
		}
		if h, err := m.Find(ctx, son, home); err != nil || h.To != day {
			t.Errorf("what was given outlives who gave it: %+v, %v", h, err)
		}
		if list, err = m.InvitesTo(ctx, stranger); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		m.Day = func() calendar.Date { return day.AddDays(1) }
		next, err := m.Settle(ctx, Home{PersonID: stranger, Building: 1, Household: 10, Role: Owner, Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if h, err := m.Find(ctx, stranger, next); err != nil || h.From != day.AddDays(1) || !h.Manages(m.Today()) {
			t.Errorf("who comes after sees before his day: %+v, %v", h, err)
		}
		if a, err = m.Enter(ctx, a); err != nil || a.Reach("bill", "read") != access.Own || a.Reach("payment", "pay") != access.None || a.To != day {
			t.Errorf("who moved out: %+v, %v", a, err)
		}
	})
}

// TestSharesAreTheOwners: the owner alone decides; what he decided stands.
func TestSharesAreTheOwners(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, m *Module) {
		owner, tenant := m.who(t, "+79000000001"), m.who(t, "+79000000002")
		actor := func(who int64, role Role) access.Actor {
			if _, err := m.AddHome(ctx, Home{PersonID: who, Building: 1, Household: 10, Role: role, Rights: access.AllRights, Actor: "test"}); err != nil {
				t.Fatal(err)
			}
			return access.Actor{Role: access.Resident, UserID: who, BuildingID: 1, HouseholdID: 10}
		}
		a, b := actor(owner, Owner), actor(tenant, Tenant)
		if err := m.Share(ctx, b, Shares{"хвс": Owner}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a tenant decides: %v", err)
		}
		if err := m.Share(ctx, a, Shares{"хвс": Owner}); err != nil {
			t.Fatal(err)
		}
		if s, shared, err := m.SharesOf(ctx, 1, 10); err != nil || !shared || s["хвс"] != Owner {
			t.Errorf("%v, %t, %v", s, shared, err)
		}
		if _, shared, err := m.SharesOf(ctx, 1, 11); err != nil || shared {
			t.Errorf("nobody lives there, and it is shared: %v", err)
		}
	})
}
