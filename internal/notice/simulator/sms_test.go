package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kvit/internal/fault"
	"kvit/internal/notice/channel"
	"kvit/internal/notice/simulator"
	"kvit/internal/notice/sms"
)

const anna = "+79161234567"

func gateway(t *testing.T, profile string, o simulator.Options) (*simulator.Gateway, *sms.Client) {
	t.Helper()
	o.Login, o.Password = "kvit", "secret"
	g := simulator.NewGateway(o)
	server := httptest.NewServer(g.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(g.Wait)
	c, err := sms.New(sms.Access{Profile: profile, URL: server.URL, Login: "kvit", Password: "secret", Sender: "KVIT"})
	if err != nil {
		t.Fatal(err)
	}
	return g, c
}

func TestATextArrivesByEveryProfile(t *testing.T) {
	for _, profile := range []string{"smsc", "smsru"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			g, c := gateway(t, profile, simulator.Options{})
			id, err := c.Send(t.Context(), anna, channel.Message{Key: "k1", Text: "К оплате 6 214,35 ₽\r\nдо 15 декабря"})
			if err != nil || id == "" {
				t.Fatal(id, err)
			}
			got := g.Got()
			if len(got) != 1 || got[0].To != "79161234567" || got[0].Text != "К оплате 6 214,35 ₽ до 15 декабря" || got[0].Kind != simulator.SMS {
				t.Errorf("the person got %+v", got)
			}
			if r, err := c.Ask(t.Context(), anna, id); err != nil || r.State != channel.Delivered {
				t.Errorf("report %+v, %v", r, err)
			}
			if r, err := c.Ask(t.Context(), anna, "777"); err != nil || r.State != channel.Missing {
				t.Errorf("of a text never sent: %+v, %v", r, err)
			}
			id, err = c.Send(t.Context(), "+79990000000", channel.Message{Key: "k2", Text: "Проверка"})
			if err != nil {
				t.Fatal(err)
			}
			if r, err := c.Ask(t.Context(), "+79990000000", id); err != nil || r.State != channel.Failed {
				t.Errorf("out of reach: %+v, %v", r, err)
			}
		})
	}
}

func TestFaultsOfAGateway(t *testing.T) {
	for _, c := range []struct {
		name, profile string
		o             simulator.Options
		kind          fault.Kind
		unsure        bool
		taken         int
	}{
		{"an error in a good answer", "smsc", simulator.Options{Refuse: 1}, fault.Invalid, false, 0},
		{"the same of another", "smsru", simulator.Options{Refuse: 1}, fault.Invalid, false, 0},
		{"429", "smsc", simulator.Options{Busy: 1}, fault.Limited, false, 0},
		{"busy in words", "smsru", simulator.Options{Busy: 1}, fault.Limited, false, 0},
		{"500", "smsc", simulator.Options{Fail: 1}, fault.Unavailable, true, 0},
		{"a lost answer", "smsc", simulator.Options{Lose: 1}, fault.Unavailable, true, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g, client := gateway(t, c.profile, c.o)
			_, err := client.Send(t.Context(), anna, channel.Message{Key: "k", Text: "Проверка"})
			if !fault.Is(err, c.kind) || channel.IsUnsure(err) != c.unsure || len(g.Got()) != c.taken {
				t.Errorf("got %v with %d taken", err, len(g.Got()))
			}
			if err != nil && strings.Contains(err.Error(), "79161234567") {
				t.Errorf("the fault names the telephone: %v", err)
			}
		})
	}
}

func TestALostAnswerIsAskedAboutAndTheSameKeyIsTakenOnce(t *testing.T) {
	g, c := gateway(t, "smsc", simulator.Options{Lose: 1})
	m := channel.Message{Key: "bill-2026-11-77", Text: "Проверка"}
	id, err := c.Send(t.Context(), anna, m)
	if !channel.IsUnsure(err) || id == "" {
		t.Fatal(id, err)
	}
	if r, err := c.Ask(t.Context(), anna, id); err != nil || r.State != channel.Delivered {
		t.Errorf("report %+v, %v", r, err)
	}
	if _, err := c.Send(t.Context(), anna, m); !fault.Is(err, fault.Limited) || len(g.Got()) != 1 {
		t.Errorf("sent again: %v, %d taken", err, len(g.Got()))
	}
}

func TestAWrongPasswordIsOurs(t *testing.T) {
	g := simulator.NewGateway(simulator.Options{Login: "kvit", Password: "other"})
	server := httptest.NewServer(g.Handler())
	defer server.Close()
	for _, profile := range []string{"smsc", "smsru"} {
		c, err := sms.New(sms.Access{Profile: profile, URL: server.URL, Login: "kvit", Password: "secret"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Send(t.Context(), anna, channel.Message{Key: "k", Text: "Проверка"}); fault.CodeOf(err) != "notice.setup" {
			t.Errorf("%s: %v", profile, err)
		}
	}
}

func TestACallReadsACodeFigureByFigure(t *testing.T) {
	g, c := gateway(t, "smsc", simulator.Options{})
	if _, err := c.Voice().Send(t.Context(), anna, channel.Message{Key: "k", Text: "Код для входа: 482 913."}); err != nil {
		t.Fatal(err)
	}
	if got := g.Got(); len(got) != 1 || got[0].Kind != simulator.Call || got[0].Text != "Код для входа: 4, 8, 2, 9, 1, 3. Повторяю. Код для входа: 4, 8, 2, 9, 1, 3" {
		t.Errorf("heard %+v", got)
	}
	if _, other := gateway(t, "smsru", simulator.Options{}); other.Voice() != nil {
		t.Error("a gateway without calls calls")
	}
}

func TestWhatIsNoTelephoneOrHasALinkIsRefusedHere(t *testing.T) {
	g, c := gateway(t, "smsc", simulator.Options{})
	for _, m := range []struct{ to, text string }{{"nobody", "Проверка"}, {"+7916", "Проверка"}, {anna + "\r\n1", "Проверка"}, {anna, ""}, {anna, strings.Repeat("я", 700)}, {anna, "kvit.ru"}} {
		if _, err := c.Send(t.Context(), m.to, channel.Message{Key: "k", Text: m.text}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q to %q: %v", m.text, m.to, err)
		}
	}
	if len(g.Got()) > 0 {
		t.Error("something was sent")
	}
}

func TestCallBacksAreRead(t *testing.T) {
	for _, profile := range []string{"smsc", "smsru"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			told := make(chan url.Values, 1)
			door := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if err := r.ParseForm(); err == nil {
					told <- r.PostForm
				}
			}))
			t.Cleanup(door.Close)
			_, c := gateway(t, profile, simulator.Options{Callback: door.URL})
			id, err := c.Send(t.Context(), anna, channel.Message{Key: "k", Text: "Проверка"})
			if err != nil {
				t.Fatal(err)
			}
			select {
			case form := <-told:
				if ids, answer := c.Hint(form); !slices.Equal(ids, []string{id}) || answer == "" {
					t.Errorf("hint about %v (%q), want %s", ids, answer, id)
				}
			case <-time.After(10 * time.Second):
				t.Error("no call-back")
			}
		})
	}
}

func TestAGatewayOfAnotherKindIsAProfile(t *testing.T) {
	const text = `
profile: own
title: Свой шлюз
url: https://sms.example
json: true
headers: {Authorization: "Bearer {password}"}
send:
  path: /v1/messages
  fields: {number: "{to}", destination: "{sender}", text: "{text}"}
  id: message_id
  code: error.code
codes: {busy: [limit]}
states: {waiting: [queued], delivered: [done], failed: [dead]}
`
	if _, err := sms.ReadProfile([]byte(text)); err != nil {
		t.Fatal(err)
	}
	for old, with := range map[string]string{"path: /v1/messages": "path: ''", "{to}": "7", "  id: message_id": "", "json: true": "jsoon: true", "json: true\n": "json: true\nown_id: true\n"} {
		if _, err := sms.ReadProfile([]byte(strings.Replace(text, old, with, 1))); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q for %q passes: %v", with, old, err)
		}
	}
	if _, err := sms.FindProfile("unheard"); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown profile: %v", err)
	}
}

// TestWhatPeopleWriteIsHeard: the earlier first, each once by its id; nothing is no fault, a wrong password is.
func TestWhatPeopleWriteIsHeard(t *testing.T) {
	t.Parallel()
	g, c := gateway(t, "smsc", simulator.Options{})
	if list, err := c.Inbox(t.Context(), 0); err != nil || len(list) != 0 || !c.Hears() {
		t.Fatalf("an empty inbox: %+v, %v", list, err)
	}
	g.Write("79161234567", "ХВС 123")
	g.Write("79161234568", "ГВС\r\n45")
	list, err := c.Inbox(t.Context(), 0)
	if err != nil || len(list) != 2 || list[0].Text != "ХВС 123" || list[0].From != "79161234567" || list[1].Text != "ГВС 45" {
		t.Fatalf("%+v, %v", list, err)
	}
	if more, err := c.Inbox(t.Context(), list[0].ID); err != nil || len(more) != 1 || more[0].ID != list[1].ID {
		t.Errorf("after the first: %+v, %v", more, err)
	}
	_, other := gateway(t, "smsru", simulator.Options{})
	if _, err := other.Inbox(t.Context(), 0); other.Hears() || fault.CodeOf(err) != "notice.setup" {
		t.Errorf("a gateway that does not hear: %v", err)
	}
	server := httptest.NewServer(g.Handler())
	defer server.Close()
	stranger, err := sms.New(sms.Access{Profile: "smsc", URL: server.URL, Login: "kvit", Password: "wrong"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.Inbox(t.Context(), 0); fault.CodeOf(err) != "notice.setup" {
		t.Errorf("a wrong password: %v", err)
	}
}
