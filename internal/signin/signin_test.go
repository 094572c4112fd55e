package signin

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// desk is the module with a clock to turn and the messages it sent.
type desk struct {
	t      *testing.T
	ctx    context.Context
	m      *Module
	clock  time.Time
	mu     sync.Mutex
	sent   []Delivery
	told   []Warning
	alerts []string
	fail   error
}

func each(t *testing.T, run func(d *desk)) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := &desk{t: t, ctx: context.Background(), clock: time.Date(2026, 11, 26, 11, 5, 0, 0, time.UTC)}
		now := func() calendar.Micros { return calendar.MicrosOf(d.clock) }
		a, err := access.New(database, t.TempDir(), now)
		if err != nil {
			t.Fatal(err)
		}
		d.m = New(Deps{
			DB: database, Access: a, People: person.New(database, a, now), Zone: time.FixedZone("MSK", 3*3600), Now: now, BaseURL: func() string { return "http://localhost:8080" },
			Deliver: func(_ context.Context, x Delivery) error {
				d.mu.Lock()
				defer d.mu.Unlock()
				d.sent = append(d.sent, x)
				return d.fail
			},
			Tell: func(_ context.Context, _ *db.Tx, x Warning) error {
				d.told = append(d.told, x)
				return nil
			},
			Alert: func(_ context.Context, prefix string, _, _ int64) { d.alerts = append(d.alerts, prefix) },
		})
		run(d)
	})
}

const phone = "+7 900 123-45-67"

var spaced = regexp.MustCompile(`\d{3} \d{3}`)

// code is the one in the last message.
func (d *desk) code() string { return spaced.FindString(d.sent[len(d.sent)-1].Text) }

func (d *desk) send(browser, contact string) error {
	return d.m.Send(d.ctx, Ask{Browser: browser, Contact: contact, Channel: SMS, Purpose: SignIn, Network: "192.0.2.1"})
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// want holds an error to the code of its fault; "" is none.
func (d *desk) want(err error, code, what string) {
	d.t.Helper()
	if err == nil && code != "" || err != nil && (code == "" || fault.CodeOf(err) != code) {
		d.t.Errorf("%s: %v, want %q", what, err, code)
	}
}

// proof signs a browser in by a contact and gives the proof.
func (d *desk) proof(contact string) Proof {
	d.t.Helper()
	d.must(d.send("browser", contact))
	p, err := d.m.Finish(d.ctx, "browser", d.code())
	d.must(err)
	return p
}

func wrongOf(code string) string {
	digits := []byte(strings.ReplaceAll(code, " ", ""))
	digits[0] = '0' + (digits[0]-'0'+1)%10
	return string(digits)
}

// TestS2CodesAreHardToGuess: 6 digits, 5 minutes, 5 tries, single use, for the browser that asked.
func TestS2CodesAreHardToGuess(t *testing.T) {
	each(t, func(d *desk) {
		d.must(d.send("mine", phone))
		code := d.code()
		if want := "Код для входа: " + code + ". Никому его не называйте, даже сотруднику расчётного центра"; d.sent[0].Text != want || d.sent[0].To != "+79001234567" {
			t.Errorf("the message: %+v", d.sent[0])
		}
		_, err := d.m.Finish(d.ctx, "another", code)
		d.want(err, "proof.late", "another browser")
		_, err = d.m.Finish(d.ctx, "mine", "12345")
		d.want(err, "proof.form", "five digits")
		for i := range 4 {
			_, err = d.m.Finish(d.ctx, "mine", wrongOf(code))
			d.want(err, "proof.wrong", fmt.Sprint("wrong code ", i+1))
		}
		_, err = d.m.Finish(d.ctx, "mine", wrongOf(code))
		d.want(err, "proof.tries", "the fifth wrong code")
		_, err = d.m.Finish(d.ctx, "mine", code)
		d.want(err, "proof.tries", "the right code after five wrong ones")

		d.must(d.m.Again(d.ctx, "mine", Call, "192.0.2.1"))
		if last := d.sent[len(d.sent)-1]; last.Channel != Call || !regexp.MustCompile(`\d, \d, \d, \d, \d, \d\. Повторяю`).MatchString(last.Text) {
			t.Errorf("a call says %+v", last)
		}
		d.clock = d.clock.Add(5*time.Minute + time.Second)
		_, err = d.m.Finish(d.ctx, "mine", "000000")
		d.want(err, "proof.late", "after five minutes")

		d.must(d.m.Again(d.ctx, "mine", SMS, "192.0.2.1"))
		p, err := d.m.Finish(d.ctx, "mine", "\u00a0"+strings.ReplaceAll(d.code(), " ", "-")+" ")
		d.want(err, "", "pasted with spaces and a dash")
		if p.Value != "+79001234567" || p.Purpose != SignIn {
			t.Errorf("%+v", p)
		}
		_, err = d.m.Finish(d.ctx, "mine", d.code())
		d.want(err, "proof.late", "a code used again")
	})
}

// TestS2RaceOfFifty: fifty at once with a right code get in once; fifty wrong ones are five tries; fifty wishes are three codes.
func TestS2RaceOfFifty(t *testing.T) {
	each(t, func(d *desk) {
		fifty := func(do func() error) (good int) {
			var wg sync.WaitGroup
			results := make([]error, 50)
			for i := range results {
				wg.Go(func() { results[i] = do() })
			}
			wg.Wait()
			for _, err := range results {
				if err == nil {
					good++
				}
			}
			return good
		}
		d.must(d.send("mine", phone))
		code := d.code()
		if n := fifty(func() error { _, err := d.m.Finish(d.ctx, "mine", code); return err }); n != 1 {
			t.Errorf("one code let in %d", n)
		}
		d.must(d.send("mine", phone))
		code = d.code()
		wrong := fifty(func() error {
			_, err := d.m.Finish(d.ctx, "mine", wrongOf(code))
			if fault.CodeOf(err) == "proof.wrong" {
				return nil
			}
			return errors.New("over")
		})
		if wrong != 4 {
			t.Errorf("%d wrong codes were looked at before the last one", wrong)
		}
		if n := fifty(func() error { return d.send(NewSecret(), "+79007654321") }); n != 3 {
			t.Errorf("%d codes of fifty wishes at once", n)
		}
	})
}

// TestS4LinkIsSpentOnce: a link of a letter works once, for 15 minutes, and ends the code beside it.
func TestS4LinkIsSpentOnce(t *testing.T) {
	each(t, func(d *desk) {
		link := func() string {
			d.must(d.send("mine", "anna@example.ru"))
			last := d.sent[len(d.sent)-1]
			_, rest, found := strings.Cut(last.Text, "http://localhost:8080/signin/link/")
			if !found || last.Channel != Mail {
				t.Fatalf("the letter: %+v", last)
			}
			token, _, _ := strings.Cut(rest, "\n")
			return token
		}
		token := link()
		code := d.code()
		p, err := d.m.SpendLink(d.ctx, token)
		d.want(err, "", "a link")
		if p.Value != "anna@example.ru" {
			t.Errorf("%+v", p)
		}
		_, err = d.m.SpendLink(d.ctx, token)
		d.want(err, "proof.link", "the link again")
		_, err = d.m.Finish(d.ctx, "mine", code)
		d.want(err, "proof.late", "its code")
		token = link()
		d.clock = d.clock.Add(15*time.Minute + time.Second)
		_, err = d.m.SpendLink(d.ctx, token)
		d.want(err, "proof.link", "after 15 minutes")
	})
}

// A known contact and an unknown one are answered alike, and a message that did not go is said so.
func TestNothingTellsWhoIsThere(t *testing.T) {
	each(t, func(d *desk) {
		_, _, err := d.m.People.ByContact(d.ctx, person.Phone, "+79001234567")
		d.must(err)
		d.must(d.send("b", phone))
		d.must(d.send("b", "+79007654321"))
		if a, b := d.sent[0], d.sent[1]; spaced.ReplaceAllString(a.Text, "") != spaced.ReplaceAllString(b.Text, "") || a.Person != b.Person {
			t.Errorf("%+v and %+v", a, b)
		}
		d.fail = errors.New("no line")
		d.want(d.send("b", "+79007654321"), "proof.send", "a message that does not go")
		d.want(d.send("b", "12345"), "contact.phone", "no telephone")
	})
}

// TestS6SessionsAreNewAndEnd: each sign-in and each rise of rights has an id of its own; a person sees and ends his sessions.
func TestS6SessionsAreNewAndEnd(t *testing.T) {
	each(t, func(d *desk) {
		in := func(secret string) Entered {
			e, err := d.m.Enter(d.ctx, d.proof(phone), Device{secret, "Firefox, Windows"})
			d.must(err)
			return e
		}
		one, two := in("first"), in("second")
		if one.Token == two.Token || len(one.Token) != 64 || one.Person != two.Person {
			t.Errorf("%+v and %+v", one, two)
		}
		actor := func(token string) access.Actor {
			a, err := d.m.Access.FindSession(d.ctx, token)
			d.must(err)
			return a
		}
		d.clock = d.clock.Add(time.Hour)
		ask := Ask{Browser: "mine", Contact: phone, Purpose: Fresh, Person: one.Person, Network: "192.0.2.1"}
		d.must(d.m.Send(d.ctx, ask))
		p, err := d.m.Finish(d.ctx, "mine", d.code())
		d.must(err)
		_, err = d.m.Enter(d.ctx, p, Device{"first", "x"})
		d.want(err, "proof.purpose", "a code to prove again signs nobody in")
		_, err = d.m.Refresh(d.ctx, p, one.Person+1, one.Token)
		d.want(err, "proof.purpose", "another person's session")
		renewed, err := d.m.Refresh(d.ctx, p, one.Person, one.Token)
		d.must(err)
		if renewed == one.Token || actor(one.Token).Role != access.Anonymous || actor(renewed).FreshAt != d.m.Now() {
			t.Errorf("after the proof: old %+v, new %+v", actor(one.Token), actor(renewed))
		}
		list, err := d.m.Access.Sessions(d.ctx, one.Person)
		d.must(err)
		if len(list) != 2 || list[0].Device != "Firefox, Windows" {
			t.Fatalf("%+v", list)
		}
		d.must(d.m.Access.EndSessionOf(d.ctx, one.Person+1, access.SessionKey(two.Token)))
		if actor(two.Token).Role != access.Resident {
			t.Error("another person ended a session")
		}
		d.must(d.m.Access.EndSessionOf(d.ctx, one.Person, access.SessionKey(two.Token)))
		if actor(two.Token).Role != access.Anonymous || actor(renewed).Role != access.Resident {
			t.Error("the wrong session ended")
		}
		d.clock = d.clock.Add(31 * 24 * time.Hour)
		if actor(renewed).Role != access.Anonymous {
			t.Error("a session of 31 days")
		}
	})
}
