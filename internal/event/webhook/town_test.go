package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
)

// receiver is a supplier's program.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []feed.Message
	heads  []http.Header
	bodies [][]byte
	answer func(m *feed.Message, try int) int // status; 0 cuts the connection
	tries  map[string]int
}

func newReceiver(t *testing.T, answer func(m *feed.Message, try int) int) *receiver {
	r := &receiver{answer: answer, tries: map[string]int{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	var m feed.Message
	_ = json.Unmarshal(body, &m) // a wrong body shows as an empty id
	r.mu.Lock()
	r.tries[m.ID]++
	status := 200
	if r.answer != nil {
		status = r.answer(&m, r.tries[m.ID])
	}
	if status/100 == 2 {
		r.got, r.heads, r.bodies = append(r.got, m), append(r.heads, q.Header.Clone()), append(r.bodies, body)
	}
	r.mu.Unlock()
	if status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "сказано")
}

func (r *receiver) sums() (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.got {
		list = append(list, m.Account+string(m.Data))
	}
	return list
}

// town is one supplier with some accounts, his endpoint and a clock that is moved by hand.
type town struct {
	t        *testing.T
	db       *db.DB
	m        *Module
	actor    access.Actor
	clock    atomic.Int64
	endpoint Endpoint
	secret   string
}

func newTown(t *testing.T, d *db.DB, r *receiver, signing string, kinds ...event.Kind) *town {
	t.Helper()
	ctx := context.Background()
	w := &town{t: t, db: d}
	w.clock.Store(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).UnixMicro())
	now := func() calendar.Micros { return calendar.Micros(w.clock.Load()) }
	s, err := supplier.New(d, now).Ensure(ctx, "voda")
	if err != nil {
		t.Fatal(err)
	}
	var b account.Batch
	for id := range int64(20) {
		b.Accounts = append(b.Accounts, account.Account{BuildingID: 1, AccountID: 100 + id, SupplierID: s.ID, Number: fmt.Sprint("N", id), OpenedAt: 1})
	}
	w.write(func(tx *db.Tx) error { return b.Write(ctx, tx) })
	people, err := access.New(d, t.TempDir(), now)
	if err != nil {
		t.Fatal(err)
	}
	feeds := feed.New(d, tariff.New(d, now).Current, time.UTC, now)
	guard := &Guard{}
	if r != nil {
		guard.Private = []string{strings.TrimPrefix(r.URL, "http://")}
	}
	w.m = New(Deps{DB: d, Access: people, Feed: feeds, Guard: guard, Now: now})
	w.actor = access.Actor{Role: access.SupplierAdmin, SupplierID: s.ID, Name: "olga"}
	if r != nil {
		if w.endpoint, w.secret, err = w.m.Create(ctx, w.actor, r.URL+"/hook", kinds, signing); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *town) write(fn func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.db.WriteLocal(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// pay tells of payments: account and sum.
func (w *town) pay(list ...[2]int64) {
	w.t.Helper()
	var events []event.Event
	for _, p := range list {
		events = append(events, event.Event{BuildingID: 1, AccountID: 100 + p[0], At: w.m.Now(), Body: event.Payment{Sum: p[1]}})
	}
	w.write(func(tx *db.Tx) error { return event.Write(context.Background(), tx, events) })
	if _, err := w.m.Feed.Catch(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// deliver does what jobs do, until nothing is ready.
func (w *town) deliver() (jobs int) {
	w.t.Helper()
	ctx := context.Background()
	for {
		var list [][2]int64
		err := w.m.Dispatch(ctx, func(_ context.Context, _ *db.Tx, endpoint, claim int64) error {
			list = append(list, [2]int64{endpoint, claim})
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, j := range list {
			jobs++
			if err := w.m.Run(ctx, j[0], j[1]); err != nil {
				w.t.Fatal(err)
			}
		}
		if len(list) == 0 {
			return jobs
		}
		w.pass(time.Millisecond)
	}
}

func (w *town) pass(d time.Duration) { w.clock.Add(int64(d / time.Microsecond)) }

func (w *town) state() Endpoint {
	w.t.Helper()
	e, err := w.m.Find(context.Background(), w.actor, w.endpoint.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}
