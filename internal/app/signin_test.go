package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/notice"
	"kvit/internal/notice/channel"
	esiasim "kvit/internal/person/esia/simulator"
	"kvit/internal/portal"
	"kvit/internal/signin"
)

// caller is a browser without scripts that keeps its cookies, in a town whose messages are at hand.
type caller struct {
	visitor
	sent *[]signin.Delivery
}

// signInTown is a town on a clock to turn, with a simulator of Госуслуги and the messages that were sent.
func signInTown(t *testing.T, d *db.DB) (w *town, sent *[]signin.Delivery, clock *time.Duration) {
	t.Helper()
	clock = new(time.Duration)
	now := func() calendar.Micros { return calendar.MicrosOf(time.Now().Add(*clock)) }
	stand, err := esiasim.New(esiasim.Options{ClientID: "KVIT", Now: func() time.Time { return now().Time() }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(stand.Handler())
	t.Cleanup(server.Close)
	w = newTownWith(t, d, Settings{Clock: now, ESIA: ESIA{URL: server.URL, ClientID: "KVIT", Signer: server.URL + "/signer"}})
	sent = new([]signin.Delivery)
	w.a.SignIn.Deliver = func(_ context.Context, x signin.Delivery) error {
		*sent = append(*sent, x)
		return nil
	}
	w.a.Notices.Ways.SMS = texter{sent}
	return w, sent, clock
}

// texter takes text messages of the module of messages.
type texter struct{ sent *[]signin.Delivery }

func (g texter) Send(_ context.Context, to string, m channel.Message) (string, error) {
	*g.sent = append(*g.sent, signin.Delivery{To: to, Key: m.Key, Text: m.Text})
	return m.Key, nil
}

func newCaller(w *town, sent *[]signin.Delivery) *caller {
	return &caller{visitor{w: w}, sent}
}

// ask asks for a page, or sends a form with the token of the last one, and keeps cookies.
func (c *caller) ask(method, path string, form url.Values) *httptest.ResponseRecorder {
	c.w.t.Helper()
	out := c.do(method, path, form)
	for _, set := range out.Result().Cookies() {
		kept := c.cookies[:0]
		for _, old := range c.cookies {
			if old.Name != set.Name {
				kept = append(kept, old)
			}
		}
		if c.cookies = kept; set.MaxAge >= 0 {
			c.cookies = append(c.cookies, set)
		}
	}
	if found := formToken.FindStringSubmatch(out.Body.String()); found != nil {
		c.token = found[1]
	}
	return out
}

// follow sends a form and opens the page it leads to.
func (c *caller) follow(path string, form url.Values) (where string, page *httptest.ResponseRecorder) {
	c.w.t.Helper()
	out := c.ask("POST", path, form)
	if out.Code != http.StatusSeeOther {
		c.w.t.Fatalf("POST %s: %d %.400s", path, out.Code, text(out))
	}
	where = out.Header().Get("Location")
	return where, c.ask("GET", where, nil)
}

var tags = regexp.MustCompile(`(?s)<head.*?</head>|<[^>]*>`)

// text is a page without its markup.
func text(out *httptest.ResponseRecorder) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(out.Body.String(), " ")), " ")
}

func (c *caller) session() string {
	for _, x := range c.cookies {
		if x.Name == c.w.a.cookieName(portal.SessionCookie) {
			return x.Value
		}
	}
	return ""
}

func (c *caller) last() signin.Delivery { return (*c.sent)[len(*c.sent)-1] }

var codeIn = regexp.MustCompile(`\d{3} \d{3}`)

// signIn walks P10 by telephone and gives where it ends.
func (c *caller) signIn(phone, next string) (where string, page *httptest.ResponseRecorder) {
	c.w.t.Helper()
	c.ask("GET", "/signin?next="+url.QueryEscape(next), nil)
	c.follow("/signin", url.Values{"contact": {phone}, "way": {"sms"}, "next": {next}})
	return c.follow("/signin/code", url.Values{"code": {codeIn.FindString(c.last().Text)}})
}

func holds(t *testing.T, what string, out *httptest.ResponseRecorder, status int, words ...string) {
	t.Helper()
	body := text(out)
	if out.Code != status {
		t.Errorf("%s: %d, want %d: %.300s", what, out.Code, status, body)
	}
	for _, word := range words {
		if !strings.Contains(body, word) {
			t.Errorf("%s says no %q: %.500s", what, word, body)
		}
	}
}

// TestSignInByTelephone is P10 as people walk it: a known telephone opens its home, a new one its own empty place.
func TestSignInByTelephone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, sent, clock := signInTown(t, d)
		c := newCaller(w, sent)
		where, page := c.signIn("8 900 000-00-01", "/bill")
		if holds(t, "the bill", page, 200); where != "/bill" {
			t.Errorf("a known telephone leads to %s", where)
		}
		stranger := newCaller(w, sent)
		where, page = stranger.signIn("+7 911 555-00-11", "")
		if holds(t, "a new person", page, 200, "счетов здесь пока нет", "Добавить счёт"); where != "/welcome" {
			t.Errorf("a new telephone leads to %s", where)
		}
		if out := stranger.ask("GET", "/bill", nil); out.Code != 303 || out.Header().Get("Location") != "/welcome" {
			t.Errorf("a bill of nobody: %d %s", out.Code, out.Header().Get("Location"))
		}

		slow := newCaller(w, sent)
		slow.ask("GET", "/signin", nil)
		holds(t, "no telephone", slow.ask("POST", "/signin", url.Values{"contact": {"12"}}), 422, "Телефон пишут так")
		slow.follow("/signin", url.Values{"contact": {"9005550022"}})
		holds(t, "a wrong code", slow.ask("POST", "/signin/code", url.Values{"code": {"000001"}}), 422, "Код не подошёл")
		slow.follow("/signin/again", url.Values{"way": {"call"}})
		if slow.last().Channel != signin.Call {
			t.Errorf("asked for a call, got %+v", slow.last())
		}
		slow.follow("/signin/again", url.Values{"way": {"sms"}})
		out := slow.ask("POST", "/signin/again", url.Values{"way": {"sms"}})
		holds(t, "a fourth code", out, 429, "Слишком много попыток. Новый код можно запросить ")
		if out.Header().Get("Retry-After") == "" {
			t.Error("a program is not told when to come again")
		}
		for range 5 {
			out = slow.ask("POST", "/signin/code", url.Values{"code": {"000001"}})
		}
		holds(t, "five wrong codes", out, 429, "Пять попыток прошли")
		*clock = 6 * time.Minute
		holds(t, "a late code", slow.ask("POST", "/signin/code", url.Values{"code": {codeIn.FindString(slow.last().Text)}}), 422, "Код больше не действует")
	})
}

// TestS6FixationAndFreshProof: a session planted before signing in is not the one after; what matters asks again who one is.
func TestS6FixationAndFreshProof(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, sent, clock := signInTown(t, d)
		c := newCaller(w, sent)
		c.cookies = append(c.cookies, &http.Cookie{Name: w.a.cookieName(portal.SessionCookie), Value: strings.Repeat("ab", 32)}, &http.Cookie{Name: w.a.cookieName("proof"), Value: strings.Repeat("cd", 32)})
		c.signIn("+79000000001", "")
		first := c.session()
		if first == strings.Repeat("ab", 32) || len(first) != 64 {
			t.Fatalf("the session after signing in: %s", first)
		}
		*clock = 20 * time.Minute
		c.ask("GET", "/profile", nil)
		where, page := c.follow("/profile/contacts", url.Values{"contact": {"anna@example.ru"}})
		holds(t, "an old proof", page, 200, "подтвердите ещё раз, что это вы", "+7 900 ***-**-01")
		if where != "/proof?next=%2Fprofile" {
			t.Errorf("adding a contact with an old proof leads to %s", where)
		}
		id := regexp.MustCompile(`name="contact" value="(\d+)"`).FindStringSubmatch(page.Body.String())[1]
		holds(t, "somebody else's contact", c.ask("POST", "/proof", url.Values{"contact": {"1"}}), 422, "Выберите, куда прислать код")
		c.follow("/proof", url.Values{"contact": {id}, "next": {"/profile"}})
		where, _ = c.follow("/signin/code", url.Values{"code": {codeIn.FindString(c.last().Text)}})
		second := c.session()
		if where != "/profile" || second == first {
			t.Errorf("after the proof: %s, session changed: %t", where, second != first)
		}
		if a, err := w.a.Access.FindSession(context.Background(), first); err != nil || a.Role != access.Anonymous {
			t.Errorf("the session before the proof: %+v, %v", a, err)
		}
		if err := w.a.Tell(context.Background()); err != nil { // what the town has for him already
			t.Fatal(err)
		}
		c.follow("/profile/contacts", url.Values{"contact": {"anna@example.ru"}})
		if !strings.HasPrefix(c.last().Text, "Код, чтобы добавить этот контакт: ") {
			t.Errorf("the message does not say what its code is for: %s", c.last().Text)
		}
		_, page = c.follow("/signin/code", url.Values{"code": {codeIn.FindString(c.last().Text)}})
		holds(t, "the profile", page, 200, "anna@example.ru", "+7 900 000-00-01", "это устройство")
		if err := w.a.Tell(context.Background()); err != nil {
			t.Fatal(err)
		}
		if c.last().To != "+79000000001" || !strings.Contains(c.last().Text, "Добавлен новый способ входа: a***@example.ru") {
			t.Errorf("the old contact was told %+v", c.last())
		}
	})
}

// TestS4MailLinkWaitsForAButton: scanners that open the link spend nothing; the button works once, in any browser.
func TestS4MailLinkWaitsForAButton(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, sent, _ := signInTown(t, d)
		c := newCaller(w, sent)
		c.ask("GET", "/signin?by=mail", nil)
		c.follow("/signin", url.Values{"contact": {"anna@example.ru"}, "by": {"mail"}})
		_, rest, _ := strings.Cut(c.last().Text, "http://127.0.0.1:8080")
		link, _, _ := strings.Cut(rest, "\n")
		for range 3 {
			scanner := newCaller(w, sent)
			holds(t, "a scanner", scanner.ask("GET", link, nil), 200, "Нажмите кнопку")
			if scanner.session() != "" {
				t.Error("a scanner was let in")
			}
		}
		phone := newCaller(w, sent)
		phone.ask("GET", link, nil)
		if where, _ := phone.follow(link, nil); where != "/welcome" || phone.session() == "" {
			t.Errorf("the button leads to %s", where)
		}
		holds(t, "the link again", phone.ask("POST", link, nil), 422, "Ссылка больше не действует")
	})
}

// reads opens the only new message there is: it is new until then, and another's address of it leads nowhere.
func (c *caller) reads(order int64) {
	c.w.t.Helper()
	link := fmt.Sprintf("/notices/%d", order)
	holds(c.w.t, "the messages", c.ask("GET", "/notices", nil), 200, "Новых: 1")
	holds(c.w.t, "what is behind «Ещё»", c.ask("GET", "/more", nil), 200, "новых: 1")
	holds(c.w.t, "a message of nobody", c.ask("GET", link+"0", nil), 404, "Такого сообщения у вас нет")
	holds(c.w.t, "the message", c.ask("GET", link, nil), 200, "Код ••••")
	if out := c.ask("GET", "/notices", nil); strings.Contains(out.Body.String(), "Новых: ") {
		c.w.t.Error("the message is new after it was opened")
	}
	c.ask("POST", "/notices", url.Values{"do": {"all"}})
}

// TestNotMePage: the code of a warning ends the sessions, on whatever device it is typed.
func TestNotMePage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, sent, _ := signInTown(t, d)
		own, thief := newCaller(w, sent), newCaller(w, sent)
		own.signIn("+79000000001", "")
		tell := func() {
			t.Helper()
			if err := w.a.Tell(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		tell() // what the town has for him already
		own.ask("GET", "/notices", nil)
		own.ask("POST", "/notices", url.Values{"do": {"all"}})
		thief.signIn("+79000000001", "")
		tell()
		if !strings.Contains(own.last().Text, "вошли с нового устройства") || strings.Contains(own.last().Text, "://") {
			t.Fatalf("a new device was told so: %+v", own.last())
		}
		_, code, _ := strings.Cut(own.last().Text, "Код ")
		log, err := w.a.Notices.Search(context.Background(), notice.Query{Contact: "+79000000001", Topic: notice.Security, State: notice.Sent})
		if err != nil || len(log) != 1 || log[0].State != notice.Sent || strings.Contains(log[0].Text, code) || !strings.Contains(log[0].Text, "Код ••••") {
			t.Fatalf("the log of messages: %+v, %v", log, err)
		}
		own.reads(log[0].OrderID)
		helper := newCaller(w, sent)
		helper.ask("GET", "/not-me", nil)
		holds(t, "another code", helper.ask("POST", "/not-me", url.Values{"code": {"000000000000"}}), 422, "Код не подошёл")
		if out := thief.ask("GET", "/bill", nil); out.Code != 200 {
			t.Errorf("a wrong code ended a session: %d", out.Code)
		}
		holds(t, "the code", helper.ask("POST", "/not-me", url.Values{"code": {code}}), 200, "Все устройства вышли")
		if out := thief.ask("GET", "/bill", nil); out.Code != 303 {
			t.Errorf("the thief still sees the bill: %d", out.Code)
		}
	})
}
