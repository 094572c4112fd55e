package person

import (
	"context"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestSessionsEnterInOneQuery: one query gives what looking for the session and for its homes give; who was signed out, here or
// from another device, is nobody with the next request, and a home taken back opens nothing.
func TestSessionsEnterInOneQuery(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, at := context.Background(), calendar.Micros(1_000_000)
		now := func() calendar.Micros { return at }
		sessions, err := access.New(d, t.TempDir(), now)
		if err != nil {
			t.Fatal(err)
		}
		m := New(d, sessions, now)
		who, err := m.Create(ctx)
		if err != nil {
			t.Fatal(err)
		}
		enter := func(token string) access.Actor {
			t.Helper()
			got, err := m.EnterSession(ctx, token)
			if err != nil {
				t.Fatal(err)
			}
			want, err := sessions.FindSession(ctx, token)
			if err == nil && want.Role == access.Resident && want.UserID != 0 {
				want, err = m.Enter(ctx, want)
			}
			if err != nil || got.String() != want.String() || got.HomeID != want.HomeID || got.BuildingID != want.BuildingID || got.HouseholdID != want.HouseholdID ||
				got.Rights != want.Rights || got.Limited != want.Limited || got.FreshAt != want.FreshAt || got.Role != want.Role {
				t.Fatalf("one query gives %+v, two give %+v %v", got, want, err)
			}
			return got
		}
		start := func(home int64) string {
			t.Helper()
			token, err := sessions.StartPerson(ctx, who, home)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		bare := start(0)
		if a := enter(bare); a.Role != access.Resident || a.UserID != who || a.HomeID != 0 {
			t.Errorf("a person without homes: %+v", a)
		}
		var homes []int64
		for _, household := range []int64{10, 20, 30} {
			id, err := m.AddHome(ctx, Home{PersonID: who, Building: 1, Household: household, Role: Owner, Rights: access.AllRights, Actor: "test"})
			if err != nil {
				t.Fatal(err)
			}
			homes = append(homes, id)
		}
		chosen, here, there := start(homes[1]), start(homes[2]), start(homes[2])
		if a := enter(chosen); a.HouseholdID != 20 {
			t.Errorf("the chosen home: %+v", a)
		}
		if err := m.CloseHome(ctx, "test", who, homes[1]); err != nil {
			t.Fatal(err)
		}
		if a := enter(chosen); a.HouseholdID != 10 {
			t.Errorf("a home taken back still opens: %+v", a)
		}
		if err := sessions.EndSession(ctx, chosen); err != nil {
			t.Fatal(err)
		}
		if err := sessions.EndSessions(ctx, who, here); err != nil {
			t.Fatal(err)
		}
		for name, token := range map[string]string{"signed out": chosen, "«это не я» on another device": there, "no id": "x", "": ""} {
			if a := enter(token); a.Role != access.Anonymous || a.UserID != 0 {
				t.Errorf("%s: %+v", name, a)
			}
		}
		if a := enter(here); a.HouseholdID != 30 {
			t.Errorf("the device that stays: %+v", a)
		}
		at += 31 * 24 * 3600 * 1_000_000
		if a := enter(here); a.Role != access.Anonymous {
			t.Errorf("a session of last month: %+v", a)
		}
	})
}
