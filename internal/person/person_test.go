package person

import (
	"context"
	"sync"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

func each(t *testing.T, run func(t *testing.T, ctx context.Context, m *Module)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := func() calendar.Micros { return 1_000_000 }
		a, err := access.New(d, t.TempDir(), now)
		if err != nil {
			t.Fatal(err)
		}
		run(t, context.Background(), New(d, a, now))
	})
}

func TestNormalContacts(t *testing.T) {
	for _, x := range []struct {
		kind       Kind
		typed, out string
	}{
		{Phone, "8 (900) 123-45-67", "+79001234567"}, {Phone, "+7 900 123 45 67", "+79001234567"}, {Phone, "9001234567", "+79001234567"},
		{Phone, "900123456", ""}, {Phone, "900123456x", ""}, {Phone, "+1 900 123 45 67 8", ""},
		{Email, " Anna@Example.RU ", "anna@example.ru"}, {Email, "anna@example", ""}, {Email, "anna", ""}, {Email, "a@b.ru\nBcc: x@y.ru", ""}, {Email, "a@b@c.ru", ""},
	} {
		got, err := Normal(x.kind, x.typed)
		if got != x.out || (err == nil) != (x.out != "") {
			t.Errorf("%s %q: %q, %v", x.kind, x.typed, got, err)
		}
	}
	if got := Mask(Phone, "+79001234567"); got != "+7 900 ***-**-67" {
		t.Error(got)
	}
	if got := Mask(Email, "anna@example.ru"); got != "a***@example.ru" {
		t.Error(got)
	}
}

func TestOneContactIsOnePerson(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, m *Module) {
		var wg sync.WaitGroup
		ids := make([]int64, 8)
		for i := range ids {
			wg.Go(func() {
				id, _, err := m.ByContact(ctx, Phone, "+79001234567")
				if err != nil {
					t.Error(err)
				}
				ids[i] = id
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Fatalf("one telephone, several people: %v", ids)
			}
		}
		other, created, err := m.ByContact(ctx, Phone, "+79007654321")
		if err != nil || !created {
			t.Fatal(other, created, err)
		}
		if err := m.AddContact(ctx, other, Phone, "+79001234567"); fault.CodeOf(err) != "contact.taken" {
			t.Errorf("somebody else's telephone: %v", err)
		}
		list, err := m.Contacts(ctx, ids[0])
		if err != nil || len(list) != 1 || list[0].Value != "+79001234567" {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := m.CloseContact(ctx, ids[0], list[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := m.AddContact(ctx, other, Phone, "+79001234567"); err != nil {
			t.Errorf("a telephone that was given up: %v", err)
		}
	})
}

func TestEnterFollowsTheHomes(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, m *Module) {
		who, err := m.Create(ctx)
		if err != nil {
			t.Fatal(err)
		}
		add := func(building, household int64, rights access.Rights) int64 {
			id, err := m.AddHome(ctx, Home{PersonID: who, Building: building, Household: household, Role: Owner, Rights: rights, Actor: "test"})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		first, second := add(1, 10, access.AllRights), add(2, 20, "sp")
		if again := add(1, 10, access.AllRights); again != first {
			t.Errorf("the same home twice: %d and %d", first, again)
		}
		enter := func(home int64) access.Actor {
			a, err := m.Enter(ctx, access.Actor{UserID: who, Role: access.Resident, HomeID: home})
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		if a := enter(second); a.HouseholdID != 20 || a.Reach("payment", "pay") != access.Own || a.Reach("reading", "write") != access.None || a.Reach("autopay", "own") != access.Own || a.Reach("device", "own") != access.None {
			t.Errorf("a home to see and pay for: %+v", a)
		}
		if a := enter(0); a.HouseholdID != 10 || a.Reach("reading", "write") != access.Own {
			t.Errorf("no home chosen: %+v", a)
		}
		if err := m.CloseHome(ctx, "test", who+1, second); err != nil {
			t.Fatal(err)
		}
		if a := enter(second); a.HouseholdID != 20 {
			t.Error("another person took the home away")
		}
		if err := m.CloseHome(ctx, "test", who, second); err != nil {
			t.Fatal(err)
		}
		if a := enter(second); a.HouseholdID != 10 {
			t.Errorf("a home that was taken back still opens: %+v", a)
		}
	})
}
