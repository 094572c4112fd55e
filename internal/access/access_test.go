package access

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

func module(t *testing.T, d *db.DB) (*Module, *time.Time) {
	t.Helper()
	clock := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	m, err := New(d, t.TempDir(), func() calendar.Micros { return calendar.MicrosOf(clock) })
	if err != nil {
		t.Fatal(err)
	}
	return m, &clock
}

// signIn walks both steps.
func signIn(m *Module, login, password, code, network string) (string, error) {
	step, err := m.StartSignIn(context.Background(), login, password, network)
	if err != nil {
		return "", err
	}
	return m.FinishSignIn(context.Background(), step, code, network)
}

const password = "четыре разных слова"

func user(t *testing.T, m *Module) (seed string) {
	t.Helper()
	link, err := m.CreateUser(context.Background(), Actor{Role: System}, NewUser{Login: "anna", Password: password, Role: CentreOperator})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("secret")
}

func TestStaffSignIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		m, clock := module(t, d)
		seed := user(t, m)
		code := func() string { c, _ := totp.GenerateCode(seed, *clock); return c }
		used := code()
		token, err := signIn(m, "anna", password, used, "10.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		if a, err := m.FindSession(ctx, token); err != nil || a.Role != CentreOperator || a.Name != "anna" {
			t.Fatalf("%+v, %v", a, err)
		}
		if _, err := signIn(m, "anna", password, used, "10.0.0.1"); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a code used again: %v", err)
		}
		*clock = clock.Add(time.Minute)
		for name, try := range map[string][3]string{"wrong password": {"anna", "не тот пароль вовсе", code()}, "wrong code": {"anna", password, "000000"}, "unknown login": {"boris", password, code()}} {
			if _, err := signIn(m, try[0], try[1], try[2], "10.0.0.2"); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%s: %v", name, err)
			}
		}
		*clock = clock.Add(31 * time.Minute)
		if a, _ := m.FindSession(ctx, token); a.Role != Anonymous {
			t.Error("an idle staff session still works")
		}
	})
}

func TestManyFailuresWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m, clock := module(t, d)
		seed := user(t, m)
		for range failuresMax {
			if _, err := signIn(m, "anna", "не тот пароль вовсе", "000000", "10.0.0.1"); err == nil {
				t.Fatal("signed in with a wrong password")
			}
		}
		code, _ := totp.GenerateCode(seed, *clock)
		if _, err := signIn(m, "anna", password, code, "10.0.0.9"); !fault.Is(err, fault.Limited) {
			t.Fatalf("after ten failures: %v, want Limited", err)
		}
		*clock = clock.Add(failureWait + time.Minute)
		code, _ = totp.GenerateCode(seed, *clock)
		if _, err := signIn(m, "anna", password, code, "10.0.0.9"); err != nil {
			t.Fatalf("after the wait: %v", err)
		}
	})
}

// TestANetworkThatGuessesWaits is S5: ten failures from one network, of whatever names, and it waits; others do not.
func TestANetworkThatGuessesWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m, clock := module(t, d)
		seed := user(t, m)
		for i := range failuresMax {
			if _, err := signIn(m, "nobody"+string(rune('a'+i)), "не тот пароль вовсе", "000000", "10.0.0.1"); err == nil {
				t.Fatal("signed in with a wrong password")
			}
		}
		code, _ := totp.GenerateCode(seed, *clock)
		if _, err := signIn(m, "anna", password, code, "10.0.0.1"); !fault.Is(err, fault.Limited) {
			t.Errorf("from a network that guessed ten times: %v, want Limited", err)
		}
		if _, err := signIn(m, "anna", password, code, "10.0.0.9"); err != nil {
			t.Errorf("from another network: %v", err)
		}
	})
}

func TestWeakPasswordsAreRefused(t *testing.T) {
	for _, p := range []string{"короткий", "qwertyqwerty", "anna-anna-anna", "парольпароль1", "aaaaaaaaaaaa", "121212121212", "Admin123456!", "квартплата2026", "Qwerty123456Admin", "1q2w3e4r5t6y", "водоканал-1234567890", "пароль от жкх"} {
		if judgePassword("anna", p) == nil {
			t.Errorf("%q was taken", p)
		}
	}
	for _, p := range []string{password, "correct horse battery", "синий трактор едет", "x7-Kq92-mmTz"} {
		if err := judgePassword("anna", p); err != nil {
			t.Errorf("%q: %v", p, err)
		}
	}
}

func TestTokens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		m, clock := module(t, d)
		_, token, err := m.CreateToken(ctx, Actor{Role: System}, "учёт", 7, []string{"intake:write"}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		a, err := m.FindToken(ctx, token)
		if err != nil || a.SupplierID != 7 || a.Require("intake", "write") != nil || a.Require("register", "read") == nil {
			t.Fatalf("%+v, %v", a, err)
		}
		if _, err := m.FindToken(ctx, token+"0"); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("another token: %v", err)
		}
		*clock = clock.Add(2 * time.Hour)
		if _, err := m.FindToken(ctx, token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("an expired token: %v", err)
		}
		if _, _, err := m.CreateToken(ctx, Actor{Role: System}, "x", 7, []string{"всё:сразу"}, time.Hour); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown scope: %v", err)
		}
	})
}

// An actor of one supplier never reaches another's data, whatever the resource and role.
func TestSupplierScopeNeverWidens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Actor{Role: rapid.SampledFrom([]Role{SupplierOperator, SupplierAdmin, APIToken, Resident}).Draw(t, "role"), SupplierID: rapid.Int64Range(0, 5).Draw(t, "own"),
			BuildingID: 1, HouseholdID: 1}
		other := rapid.Int64Range(0, 5).Draw(t, "other")
		for resource, actions := range Table {
			for action := range actions {
				a.Scopes = append(a.Scopes, resource+":"+action)
				if a.Reach(resource, action) != Supplier {
					continue
				}
				s, err := a.Scope(resource, action)
				if err == nil && s.Sees(other) != (other != 0 && other == a.SupplierID) {
					t.Fatalf("%+v of %s:%s sees supplier %d", a, resource, action, other)
				}
			}
		}
	})
}

// Every role has a decision for every resource of the matrix, and what reliability.md forbids stays forbidden.
func TestMatrix(t *testing.T) {
	never := map[Role][]string{
		Anonymous:        {"bill:read", "payment:read", "intake:read", "intake:write", "review:read", "subscriber:read", "audit:read", "register:read", "centre:read"},
		Resident:         {"intake:read", "intake:write", "review:decide", "subscriber:read", "audit:read", "register:read", "centre:read"},
		SupplierOperator: {"bill:read", "review:read", "review:decide", "subscriber:read", "audit:read", "payment:pay", "centre:read"},
		CentreOperator:   {"intake:write", "payment:pay", "payment:assign", "audit:read"},
		Auditor:          {"intake:write", "review:decide", "payment:pay", "payment:assign"},
	}
	for role, pairs := range never {
		a := Actor{Role: role, SupplierID: 3, BuildingID: 1, HouseholdID: 1}
		for _, pair := range pairs {
			resource, action := cut(pair)
			if !Declared(resource, action) {
				t.Errorf("%s is not in the table", pair)
			}
			if a.Require(resource, action) == nil {
				t.Errorf("%s may %s", role, pair)
			}
		}
	}
}

func cut(pair string) (string, string) {
	for i := range pair {
		if pair[i] == ':' {
			return pair[:i], pair[i+1:]
		}
	}
	return pair, ""
}
