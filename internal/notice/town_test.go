package notice

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/notice/mail"
	"kvit/internal/notice/simulator"
	"kvit/internal/notice/sms"
	"kvit/internal/person"
)

var moscow = time.FixedZone("MSK", 3*3600)

// town is the module with the other sides on loopback and a clock of its own.
type town struct {
	*Module
	t       *testing.T
	ctx     context.Context
	gateway *simulator.Gateway
	post    *simulator.Post
	paid    sync.Map // households that owe nothing

	mu    sync.Mutex
	clock time.Time
}

func (w *town) at(text string) {
	w.t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, moscow)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.clock = moment
	w.mu.Unlock()
}

func (w *town) pass(d time.Duration) {
	w.mu.Lock()
	w.clock = w.clock.Add(d)
	w.mu.Unlock()
}

func (w *town) time() calendar.Micros {
	w.mu.Lock()
	defer w.mu.Unlock()
	return calendar.MicrosOf(w.clock)
}

func each(t *testing.T, o simulator.Options, run func(t *testing.T, w *town)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { run(t, newTown(t, d, o)) })
}

func newTown(t *testing.T, d *db.DB, o simulator.Options) *town {
	t.Helper()
	w := &town{t: t, ctx: t.Context()}
	w.at("2026-12-05 12:00")
	o.Login, o.Password = "kvit", "secret"
	w.gateway, w.post = simulator.NewGateway(o), simulator.NewPost(o, nil)
	server := httptest.NewServer(w.gateway.Handler())
	t.Cleanup(server.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go w.post.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { w.post.Close() })
	texts, err := sms.New(sms.Access{Profile: "smsc", URL: server.URL, Login: "kvit", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	letters, err := mail.New(mail.Server{URL: "smtp://" + l.Addr().String(), From: "kvit@centre.example"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := access.New(d, t.TempDir(), w.time)
	if err != nil {
		t.Fatal(err)
	}
	own := func(c Channel, key string) string {
		if c == SMS || c == Voice {
			return texts.OwnID(key)
		}
		return ""
	}
	w.Module = New(Deps{DB: d, Access: a, People: person.New(d, a, w.time), Ways: Ways{SMS: texts, Voice: texts.Voice(), Mail: letters}, Ask: w.ask, OwnID: own, Phone: "8 800 000-00-00", Zone: moscow, Now: w.time, Log: slog.New(slog.DiscardHandler)})
	return w
}

// ask answers for a town where everybody owes the same until he pays, and has one meter.
func (w *town) ask(_ context.Context, q Question) (Answer, error) {
	_, paid := w.paid.Load(q.Household)
	return Answer{Done: paid && q.Ask != AskBill, Words: map[string]string{"сумма": "6\u00a0214,35\u00a0₽", "срок": "15 января", "месяц": "декабрь", "пени": "15 февраля", "счётчики": "холодная вода"}}, nil
}

// resident makes a person with a telephone, and mail when asked, who lives in a household.
func (w *town) resident(household int64, rights access.Rights, phone, mailbox string) int64 {
	w.t.Helper()
	id, _, err := w.People.ByContact(w.ctx, person.Phone, phone)
	if err == nil && mailbox != "" {
		err = w.People.AddContact(w.ctx, id, person.Email, mailbox)
	}
	if err == nil {
		_, err = w.People.AddHome(w.ctx, person.Home{PersonID: id, Building: 1, Household: household, Role: person.Owner, Rights: rights, Proof: "paper", Actor: "test"})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *town) order(o Order) {
	w.t.Helper()
	if err := w.DB.Write(w.ctx, func(tx *db.Tx) error { return Send(w.ctx, tx, o) }); err != nil {
		w.t.Fatal(err)
	}
}

// run plans and sends what is due now.
func (w *town) run() {
	w.t.Helper()
	if _, err := w.Plan(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Deliver(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

// log is «channel state reason» of every message, in order.
func (w *town) log() (list []string) {
	w.t.Helper()
	err := w.DB.Read(w.ctx, func(tx *db.Tx) error {
		list = nil
		all, err := listNotices(w.ctx, tx, "notice_id > 0 ORDER BY notice_id")
		for i := range all {
			list = append(list, fmt.Sprintf("%s %s %s", all[i].Channel, all[i].State, all[i].Reason))
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func (w *town) got() int { return len(w.gateway.Got()) + len(w.post.Got()) }
