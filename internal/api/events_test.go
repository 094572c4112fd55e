package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event"
	"kvit/internal/event/feed"
)

// owns gives a supplier an account and tells of payments to it.
func (p *program) owns(id int64) {
	p.t.Helper()
	b := account.Batch{Accounts: []account.Account{{BuildingID: 1, AccountID: id, SupplierID: p.supplier.ID, Number: fmt.Sprint("№", id), OpenedAt: 1}}}
	if err := p.db.WriteLocal(context.Background(), func(tx *db.Tx) error { return b.Write(context.Background(), tx) }); err != nil {
		p.t.Fatal(err)
	}
}

func (p *program) paid(id int64, sums ...int64) {
	p.t.Helper()
	var list []event.Event
	for _, sum := range sums {
		list = append(list, event.Event{BuildingID: 1, AccountID: id, At: now(), Body: event.Payment{Operation: "op", Sum: sum}})
	}
	if err := p.db.WriteLocal(context.Background(), func(tx *db.Tx) error { return event.Write(context.Background(), tx, list) }); err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.feed.Catch(context.Background()); err != nil {
		p.t.Fatal(err)
	}
}

// page reads a page of the feed: the sums told and where it ended.
func (p *program) page(query string) (sums []int64, end EventTotals) {
	p.t.Helper()
	r := p.do("GET", "/api/v1/events"+query, nil)
	if r.status != 200 || r.header.Get("Content-Type") != ndjson {
		p.t.Fatalf("%d %s %s", r.status, r.header.Get("Content-Type"), r.body)
	}
	for line := range bytes.Lines(r.body) {
		var x struct {
			feed.Message
			Summary *EventTotals
		}
		if err := json.Unmarshal(line, &x); err != nil {
			p.t.Fatal(err)
		}
		if x.Summary != nil {
			return sums, *x.Summary
		}
		sums = append(sums, sumOf(p.t, &x.Message))
		if x.Supplier != p.supplier.Code || !strings.HasPrefix(x.Account, "№") || x.ID == "" || x.At.IsZero() {
			p.t.Errorf("%+v", x)
		}
	}
	p.t.Fatalf("a page without a summary: %s", r.body)
	return nil, end
}

func sumOf(t *testing.T, m *feed.Message) int64 {
	t.Helper()
	var b event.Payment
	if err := json.Unmarshal(m.Data, &b); err != nil {
		t.Fatal(err)
	}
	return b.Sum
}

// TestFeedPages: pages go on from any place, the same whenever they are read again, and are the supplier's own.
func TestFeedPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		a, b := c.program("voda", "event:read"), c.program("gaz", "event:read")
		a.owns(11)
		b.owns(21)
		a.paid(11, 1, 2, 3)
		b.paid(21, 70)
		for query, want := range map[string]string{"": "[1 2 3] 3 false", "?limit=2": "[1 2] 2 true", "?after=2": "[3] 3 false", "?after=3": "[] 3 false", "?after=2000-01-01": "[1 2 3] 3 false", "?after=2100-01-01T00:00:00Z": "[] 3 false"} {
			for range 2 {
				sums, end := a.page(query)
				if got := fmt.Sprint(sums, " ", end.Cursor, " ", end.More); got != want {
					t.Errorf("%q: %s, want %s", query, got, want)
				}
			}
		}
		if sums, _ := b.page(""); fmt.Sprint(sums) != "[70]" {
			t.Errorf("the other supplier: %v", sums)
		}
		a.do("GET", "/api/v1/events?after=yesterday", nil).refused(t, "no place", 422, "feed.after")
		a.do("GET", "/api/v1/events?limit=0", nil).refused(t, "no limit", 422, "request.invalid")
		c.program("stoki", "intake:read").do("GET", "/api/v1/events", nil).refused(t, "without the scope", 403, "access.forbidden")
	})
}

// TestFeedIsFollowed: a stream tells what was, then what happens, and goes on after a break where it broke.
func TestFeedIsFollowed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d).program("voda", "event:read")
		p.owns(11)
		p.paid(11, 1, 2)
		first, stop := p.follow("?after=1", "")
		if got := first(); got != 2 {
			t.Errorf("what was: %d", got)
		}
		p.paid(11, 3)
		if got := first(); got != 3 {
			t.Errorf("what happened: %d", got)
		}
		stop()
		p.paid(11, 4)
		again, stop := p.follow("?after=1", "3")
		if got := again(); got != 4 {
			t.Errorf("after the break: %d", got)
		}
		stop()
	})
}

// follow opens a stream; next gives the sum of the next event.
func (p *program) follow(query, last string) (next func() int64, stop func()) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.server.URL+"/api/v1/events"+query, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Accept", eventStream)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := p.server.Client().Do(req)
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != eventStream {
		p.t.Fatal(err, res)
	}
	lines := bufio.NewScanner(res.Body)
	return func() int64 {
		p.t.Helper()
		id := ""
		for lines.Scan() {
			if x, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				id = x
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var m feed.Message
				if err := json.Unmarshal([]byte(data), &m); err != nil || m.Cursor != id {
					p.t.Fatalf("%v: %s under id %s", err, data, id)
				}
				return sumOf(p.t, &m)
			}
		}
		p.t.Fatalf("the stream ended: %v", lines.Err())
		return 0
	}, func() { cancel(); res.Body.Close() }
}

// TestWebhooksByAPI: made, shown without its secret, changed over, refused where the address is not public, not found by
// others.
func TestWebhooksByAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		p, other := c.program("voda", "webhook:read", "webhook:write"), c.program("gaz", "webhook:read", "webhook:write")
		var made, turned Webhook
		p.do("POST", "/api/v1/webhooks", []byte(`{"url":"https://erp.example/in","kinds":["payment"]}`), "Content-Type", "application/json").decode(t, 201, &made)
		if !strings.HasPrefix(made.Secret, "whsec_") || made.State != "active" || made.URL != "https://erp.example/in" {
			t.Errorf("%+v", made)
		}
		r := p.do("GET", "/api/v1/webhooks", nil)
		if r.status != 200 || bytes.Contains(r.body, []byte("whsec_")) || !bytes.Contains(r.body, []byte("erp.example")) {
			t.Errorf("%d %s", r.status, r.body)
		}
		path := fmt.Sprintf("/api/v1/webhooks/%d", made.ID)
		p.do("POST", path+"/rotate", nil).decode(t, 200, &turned)
		if turned.Secret == made.Secret || !strings.HasPrefix(turned.Secret, "whsec_") {
			t.Errorf("the new secret is %q", turned.Secret)
		}
		p.do("POST", path+"/disable", nil).decode(t, 200, &turned)
		if turned.State != "disabled" || turned.Reason == "" {
			t.Errorf("%+v", turned)
		}
		var again struct{ Messages int }
		p.do("POST", path+"/replay", []byte(`{"after":"0"}`), "Content-Type", "application/json").decode(t, 200, &again)
		for _, call := range []struct{ method, path string }{{"GET", path + "/deliveries"}, {"POST", path + "/rotate"}, {"POST", path + "/disable"}, {"POST", path + "/enable"}, {"DELETE", path}} {
			other.do(call.method, call.path, nil).refused(t, call.method+" "+call.path+" by another supplier", 404, "webhook.unknown")
		}
		if r := p.do("DELETE", path, nil); r.status != 204 {
			t.Errorf("removed: %d %s", r.status, r.body)
		}
		p.do("POST", path+"/enable", nil).refused(t, "an address that was removed", 404, "webhook.unknown")
		if r := p.do("GET", "/api/v1/webhooks", nil); r.status != 200 || !bytes.Contains(r.body, []byte(`"webhooks":[]`)) {
			t.Errorf("left: %s", r.body)
		}
		if r := p.do("POST", "/api/v1/webhooks", []byte(`{"url":"https://erp.example/all"}`), "Content-Type", "application/json"); r.status != 201 || !bytes.Contains(r.body, []byte(`"kinds":[]`)) {
			t.Errorf("told of everything: %d %s", r.status, r.body)
		}
		p.do("POST", "/api/v1/webhooks", []byte(`{"url":"https://127.0.0.1/"}`), "Content-Type", "application/json").refused(t, "this machine", 422, "webhook.url")
		p.do("POST", "/api/v1/webhooks", []byte(`{"url":"https://erp.example/","kinds":["gossip"]}`), "Content-Type", "application/json").refused(t, "an unknown kind", 422, "webhook.kind")
	})
}
