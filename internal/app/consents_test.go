package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/notice"
	"kvit/internal/person"
	"kvit/internal/privacy"
)

// agreed is a person who has begun everything that stands on a consent, in a home of his own.
type agreed struct {
	t    *testing.T
	a    *App
	who  int64
	home int64 // of another, whom he let in
	ref  bill.Ref
}

func newAgreed(t *testing.T, a *App, n int64) *agreed {
	t.Helper()
	ctx := context.Background()
	who, err := a.People.Create(ctx)
	if err != nil {
		t.Fatal(err)
	}
	friend, err := a.People.Create(ctx)
	if err != nil {
		t.Fatal(err)
	}
	x := &agreed{t: t, a: a, who: who, home: friend, ref: bill.Ref{Building: 1, Household: 1000 + n}}
	add := func(h person.Home) error {
		h.Building, h.Household, h.Actor = x.ref.Building, x.ref.Household, "test"
		_, err := a.People.AddHome(ctx, h)
		return err
	}
	for _, begin := range []func() error{
		func() error { return add(person.Home{PersonID: who, Role: person.Owner, Rights: access.AllRights}) },
		func() error {
			return add(person.Home{PersonID: friend, Role: person.Trusted, Rights: person.ScopeSee, GivenBy: who})
		},
		func() error { return a.People.AddContact(ctx, who, person.Telegram, fmt.Sprintf("90%d", n)) },
		func() error { return a.Notices.AddBrowser(ctx, who, fmt.Sprintf("browser-%d", n)) },
		func() error {
			return a.Documents.SetPaperless(ctx, access.Actor{Role: access.Resident, UserID: who}.String(), x.ref, true)
		},
		func() error { return x.keepCard(n) },
	} {
		if err := begin(); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// keepCard keeps a card as the payment that agreed to it would have.
func (x *agreed) keepCard(n int64) error {
	return x.a.DB.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.ExecContext(context.Background(), `INSERT INTO payment_saved (saved_id, order_id, building_id, household_id, person_id, gateway, method, token, title, expires_month, consent, consent_version, state, actor, created_at, changed_at)
			VALUES ($1, $2, 0, 0, $3, 'bank', 'card', 'token', 'Карта', 0, 'да', '1', 'active', 'test', 1, 1)`, fmt.Sprintf("card-%d", n), n, x.who)
		return err
	})
}

// uses are what is done with the person's data now, by the consent each stands on.
func (x *agreed) uses(round string) map[privacy.Consent]bool {
	x.t.Helper()
	ctx := context.Background()
	paper, err := x.a.Documents.PaperlessOf(ctx, x.ref)
	if err != nil {
		x.t.Fatal(err)
	}
	cards, err := x.a.Payments.ListPersons(ctx, x.who)
	if err != nil {
		x.t.Fatal(err)
	}
	homes, err := x.a.People.Homes(ctx, x.home)
	if err != nil {
		x.t.Fatal(err)
	}
	compared, err := x.a.Privacy.AllowedNow(ctx, x.who, privacy.Compare)
	if err != nil {
		x.t.Fatal(err)
	}
	out := map[privacy.Consent]bool{privacy.Electronic: paper.Given, privacy.Cards: len(cards) > 0, privacy.Trusted: len(homes) > 0, privacy.Compare: compared}
	maps.Copy(out, x.messages(round))
	return out
}

// messages are the ways a warning goes by, and whether a new bill is told.
func (x *agreed) messages(round string) map[privacy.Consent]bool {
	x.t.Helper()
	ctx, out := context.Background(), map[privacy.Consent]bool{privacy.Messages: false, privacy.Push: false, privacy.Bots: false}
	err := x.a.DB.Write(ctx, func(tx *db.Tx) error {
		o := notice.Order{Key: fmt.Sprintf("bill-%d-%s", x.who, round), Topic: notice.Bill, Person: x.who, At: x.a.now()}
		if err := notice.Send(ctx, tx, o); err != nil {
			return err
		}
		o.Key, o.Topic, o.Words = "warning"+o.Key, notice.Security, map[string]string{"итог": "проверка"}
		return notice.Send(ctx, tx, o)
	})
	if err == nil {
		_, err = x.a.Notices.Plan(ctx)
	}
	if err == nil {
		err = x.a.DB.Read(ctx, func(tx *db.Tx) error {
			rows, err := tx.QueryContext(ctx, "SELECT n.state, n.topic || ':' || n.channel FROM notice n JOIN notice_order o ON o.order_id = n.order_id WHERE n.person_id = $1 AND o.client_key LIKE $2", x.who, "%-"+round)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var state, name string
				if err := rows.Scan(&state, &name); err != nil {
					return err
				}
				out[privacy.Push] = out[privacy.Push] || name == "security:push"
				out[privacy.Bots] = out[privacy.Bots] || name == "security:telegram"
				out[privacy.Messages] = out[privacy.Messages] || state != "skipped" && name[:4] == "bill"
			}
			return rows.Err()
		})
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return out
}

// TestEachUseEndsWithItsConsent is the table of uses and consents: of whoever takes one back the use that stands on it ends at once
// and every other goes on; given again, what asks each time goes on too.
func TestEachUseEndsWithItsConsent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		a.Notices.CheckBrowser = func(raw string) (string, error) { return raw, nil }
		a.Notices.Ways.Telegram = a.Notices.Ways.Push // nothing is sent here, only planned
		for i, text := range privacy.Texts {
			x := newAgreed(t, a, int64(i+1))
			for use, goes := range x.uses("before") {
				if !goes {
					t.Fatalf("%s does not go on before anything is taken back", use)
				}
			}
			actor := access.Actor{Role: access.Resident, UserID: x.who}
			for range 2 {
				if err := a.Privacy.Withdraw(ctx, actor, text.Consent); err != nil {
					t.Fatal(err)
				}
			}
			after := x.uses("after")
			for _, use := range slices.Sorted(maps.Keys(after)) {
				if after[use] != (use != text.Consent) {
					t.Errorf("%s was taken back: %s goes on: %t", text.Consent, use, after[use])
				}
			}
			if err := a.Privacy.Give(ctx, actor, text.Consent, "page"); err != nil {
				t.Fatal(err)
			}
			asks := []privacy.Consent{privacy.Electronic, privacy.Messages, privacy.Compare}
			if again := x.uses("again"); slices.Contains(asks, text.Consent) && !again[text.Consent] {
				t.Errorf("%s was given again, and its use does not go on", text.Consent)
			}
		}
	})
}

// TestTheCentreActsForAResident: with a reason, for half an hour, for what a home needs and never for money; the resident is told
// and sees it among who looked.
func TestTheCentreActsForAResident(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newTown(t, d)
	ctx := context.Background()
	staff := w.visitor(access.CentreOperator, 0)
	code := w.householdCode()
	act := "/c/account/" + code + "/act"
	if out := staff.do("POST", act, map[string][]string{"reason": {"да"}}); out.Code != 422 {
		t.Errorf("without a reason: %d", out.Code)
	}
	if out := w.visitor(access.Auditor, 0).do("POST", act, map[string][]string{"reason": {"просто посмотреть"}}); out.Code != 403 {
		t.Errorf("an auditor acts: %d", out.Code)
	}
	if out := staff.do("POST", act, map[string][]string{"reason": {"звонок, просит справку"}}); out.Code != 303 || out.Header().Get("Location") != "/home" {
		t.Fatalf("acting: %d %s", out.Code, out.Body)
	}
	staff.answers(map[string]int{"/home": 200, "/bill": 200, "/readings": 200, "/documents": 200, "/bill/pay": 403, "/autopay": 403, "/accounts": 403, "/accounts/give": 403, "/my-data": 403, "/profile": 403, "/cards": 403, "/c/today": 403})
	token, err := w.a.Bills.CodeOf(ctx, bill.Ref{Building: w.own.BuildingID, Household: w.own.HouseholdID})
	if err != nil {
		t.Fatal(err)
	}
	if out := staff.do("POST", "/pay/"+token.Token+"/check", map[string][]string{"mode": {"all"}, "_key": {"acting-pays-1"}}); out.Code != 403 {
		t.Errorf("money out by the code of the bill: %d", out.Code)
	}
	if out := staff.do("POST", "/documents", map[string][]string{"kind": {"nodebt"}, "_key": {"acting-doc-1"}}); out.Code >= 400 {
		t.Fatalf("a document: %d %s", out.Code, out.Body)
	}
	looks, err := w.a.Privacy.LooksAt(ctx, w.own.BuildingID, w.own.HouseholdID, 0, 100)
	if err != nil || !slices.ContainsFunc(looks, func(l privacy.Look) bool {
		return l.What == "сделан документ по вашей просьбе" && l.Why == "звонок, просит справку"
	}) {
		t.Errorf("not among who looked: %+v, %v", looks, err)
	}
	var told int
	if err := d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM notice_order WHERE client_key LIKE 'acting:%' AND household_id = $1 AND words LIKE '%просит справку%'", w.own.HouseholdID).Scan(&told)
	}); err != nil || told != 1 {
		t.Errorf("told %d times, %v", told, err)
	}
	if out := staff.do("POST", "/acting/end", nil); out.Code != 303 {
		t.Errorf("ending: %d", out.Code)
	}
	staff.answers(map[string]int{"/c/today": 200})
	if out := staff.do("GET", "/home", nil); out.Code == 200 {
		t.Error("a resident's page opens after the end")
	}
}
