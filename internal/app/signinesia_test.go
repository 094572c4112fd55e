package app

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/person"
)

// consent walks the simulator's page and gives the address it leads back to.
func consent(t *testing.T, address, answer string, who int) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	form := u.Query()
	form.Set("answer", answer)
	form.Set("person", []string{"1000298933", "1000298934", "1000298935"}[who])
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	out, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	out.Body.Close()
	return strings.TrimPrefix(out.Header.Get("Location"), "http://127.0.0.1:8080")
}

// TestSignInByESIA: the one who was sent away comes back, and only a confirmed account opens what a home owes.
func TestSignInByESIA(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, sent, _ := signInTown(t, d)
		ctx := context.Background()
		for who, want := range []string{"/home", "/welcome", "/welcome"} {
			oid := []string{"1000298933", "1000298934", "1000298935"}[who]
			id, _, err := w.a.People.ByContact(ctx, person.ESIA, oid)
			if err == nil {
				_, err = w.a.People.AddHome(ctx, person.Home{PersonID: id, Building: w.own.BuildingID, Household: w.own.HouseholdID, Role: person.Owner, Rights: access.AllRights, Actor: "test"})
			}
			if err != nil {
				t.Fatal(err)
			}
			c := newCaller(w, sent)
			out := c.ask("GET", "/signin/esia", nil)
			if out.Code != 303 {
				t.Fatalf("to Госуслуги: %d %s", out.Code, text(out))
			}
			back := consent(t, out.Header().Get("Location"), "yes", who)
			thief := newCaller(w, sent)
			thief.ask("GET", "/signin", nil)
			holds(t, "another's answer", thief.ask("GET", back, nil), 422, "уже не действует")
			out = c.ask("GET", back, nil)
			if got := out.Header().Get("Location"); got != want {
				t.Errorf("person %d is led to %q, want %q: %s", who, got, want, text(out))
			}
			bill := c.ask("GET", "/bill", nil)
			if opened := bill.Code == 200; opened != (want == "/home") {
				t.Errorf("person %d, the bill: %d", who, bill.Code)
			}
			if more := c.ask("GET", "/more", nil); (more.Code == 200) != (want == "/home") {
				t.Errorf("person %d, pages about homes: %d", who, more.Code)
			}
		}
		c := newCaller(w, sent)
		out := c.ask("GET", "/signin/esia", nil)
		holds(t, "a refusal", c.ask("GET", consent(t, out.Header().Get("Location"), "no", 0), nil), 422, "Вы не дали Госуслугам")
	})
}
