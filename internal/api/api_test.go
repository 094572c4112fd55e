package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/record"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event/feed"
	"kvit/internal/event/webhook"
	"kvit/internal/exchange"
	"kvit/internal/housing"
	"kvit/internal/payment"
	"kvit/internal/supplier"
	"kvit/internal/tariff"
	"kvit/internal/web"
)

// centre is an installation with the API before it.
type centre struct {
	t         *testing.T
	db        *db.DB
	exchange  *exchange.Module
	payments  *payment.Module
	suppliers *supplier.Module
	houses    *housing.Module
	access    *access.Module
	feed      *feed.Module
	server    *httptest.Server
	queued    []int64
}

// sample is the catalogue of the tests.
var sample = tariff.Standard()

func now() calendar.Micros { return calendar.MicrosOf(time.Now()) }

func open(t *testing.T, d *db.DB) *centre {
	t.Helper()
	dir := t.TempDir()
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	c := &centre{t: t, db: d, suppliers: supplier.New(d, now), houses: housing.New(d, now)}
	c.payments = payment.New(d, nil, time.UTC, now, slog.Default())
	if c.access, err = access.New(d, filepath.Join(dir, "keys"), now); err != nil {
		t.Fatal(err)
	}
	c.exchange = exchange.New(exchange.Deps{DB: d, Blobs: blobs, Suppliers: c.suppliers, Houses: c.houses, Payments: c.payments, Dir: dir, Now: now, Log: slog.Default()})
	var routes web.Routes
	c.exchange.OnDelivered = func(_ context.Context, _ *db.Tx, id int64) error {
		c.queued = append(c.queued, id)
		return nil
	}
	charges := charge.New(charge.Deps{DB: d, Now: now, Catalog: func(context.Context, calendar.Micros) (*tariff.Catalog, error) { return sample, nil }})
	records := record.New(record.Deps{DB: d, Suppliers: c.suppliers, Charges: charges, Now: now, Today: func() calendar.Date { return calendar.DateOf(time.Now()) }})
	c.feed = feed.New(d, tariff.New(d, now).Current, time.UTC, now)
	calls := webhook.New(webhook.Deps{DB: d, Access: c.access, Feed: c.feed, Guard: &webhook.Guard{}, Now: now})
	routes.Add(New(Deps{Exchange: c.exchange, Records: records, Feed: c.feed, Webhooks: calls, TempDir: dir, Log: slog.Default()}).Routes()...)
	handler, err := routes.Handler(&web.Site{Key: make([]byte, 32), Identify: c.identify, Allow: func(r *http.Request, route *web.Route) error {
		return access.FromContext(r.Context()).Require(route.Resource, route.Action)
	}})
	if err != nil {
		t.Fatal(err)
	}
	c.server = httptest.NewServer(handler)
	t.Cleanup(c.server.Close)
	return c
}

func (c *centre) identify(r *http.Request) (*http.Request, error) {
	actor := access.Actor{Role: access.Anonymous}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		var err error
		if actor, err = c.access.FindToken(r.Context(), token); err != nil {
			return r, err
		}
	}
	return r.WithContext(access.WithActor(r.Context(), actor)), nil
}

// program is a supplier's program with its token.
type program struct {
	*centre
	supplier supplier.Supplier
	token    string
}

func (c *centre) program(code string, scopes ...string) *program {
	c.t.Helper()
	s, err := c.suppliers.Ensure(context.Background(), code)
	if err != nil {
		c.t.Fatal(err)
	}
	if len(scopes) == 0 {
		scopes = []string{"intake:write", "intake:read", "register:read"}
	}
	_, token, err := c.access.CreateToken(context.Background(), access.Actor{Role: access.System}, code, s.ID, scopes, time.Hour)
	if err != nil {
		c.t.Fatal(err)
	}
	return &program{centre: c, supplier: s, token: token}
}

// actor is who the token says.
func (p *program) actor() access.Actor {
	p.t.Helper()
	a, err := p.access.FindToken(context.Background(), p.token)
	if err != nil {
		p.t.Fatal(err)
	}
	return a
}

// cutReader breaks off at its end.
type cutReader struct{ r io.Reader }

func (c *cutReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// reply is an answer read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (p *program) do(method, path string, body []byte, header ...string) reply {
	p.t.Helper()
	req, err := http.NewRequest(method, p.server.URL+path, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := p.server.Client().Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, b}
}

func (r reply) decode(t *testing.T, status int, v any) {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
}

// refused checks that an answer is a problem of a code.
func (r reply) refused(t *testing.T, what string, status int, code string) {
	t.Helper()
	var p web.Problem
	if err := json.Unmarshal(r.body, &p); err != nil || r.status != status || p.Status != status || p.Code != code || r.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: %d %s %s, want %d %s", what, r.status, r.header.Get("Content-Type"), r.body, status, code)
	}
}

// deliver hands a body over and gives what the API said of it at once.
func (p *program) deliver(query string, body []byte, header ...string) Intake {
	p.t.Helper()
	var i Intake
	r := p.do("POST", "/api/v1/intakes?"+query, body, header...)
	r.decode(p.t, http.StatusAccepted, &i)
	if r.header.Get("Location") != "/api/v1/intakes/"+strconv.FormatInt(i.ID, 10) {
		p.t.Errorf("Location %q of intake %d", r.header.Get("Location"), i.ID)
	}
	return i
}

// run works the queue off and asks how an intake ended.
func (p *program) run(id int64) Intake {
	p.t.Helper()
	if err := p.exchange.RunPending(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	return p.ask(id)
}

func (p *program) ask(id int64) (i Intake) {
	p.t.Helper()
	p.do("GET", "/api/v1/intakes/"+strconv.FormatInt(id, 10), nil).decode(p.t, http.StatusOK, &i)
	return i
}

// rows reads the stream of verdicts to its summary.
func (p *program) rows(id int64) (rows []Row, last Intake) {
	p.t.Helper()
	r := p.do("GET", "/api/v1/intakes/"+strconv.FormatInt(id, 10)+"/rows", nil)
	if r.status != http.StatusOK || r.header.Get("Content-Type") != ndjson {
		p.t.Fatalf("%d %s: %s", r.status, r.header.Get("Content-Type"), r.body)
	}
	lines := bytes.Split(bytes.TrimSpace(r.body), []byte("\n"))
	for _, line := range lines[:len(lines)-1] {
		var row Row
		if err := json.Unmarshal(line, &row); err != nil {
			p.t.Fatal(err)
		}
		rows = append(rows, row)
	}
	var s Summary
	if err := json.Unmarshal(lines[len(lines)-1], &s); err != nil || s.Summary.ID != id {
		p.t.Fatalf("%v: the last line is no summary: %s", err, lines[len(lines)-1])
	}
	return rows, s.Summary
}

// table is a register of twenty rows, the third of them broken.
var table = func() string {
	var b strings.Builder
	b.WriteString("Лицевой счёт;ФИО;Адрес;Период;К оплате\n")
	for i := 1; i <= 20; i++ {
		due := fmt.Sprintf("%d,50", 1000+i)
		if i == 3 {
			due = "много"
		}
		fmt.Fprintf(&b, "1000000%02d;Иванов И. И.;ул. Садовая, д. 1, кв. %d;10.2026;%s\n", i, i, due)
	}
	return b.String()
}()

const records = `{"account":"100000001","payer":"Иванов И. И.","address":"ул. Садовая, д. 1, кв. 1","service":"Отопление","opening":0,"charge":120050,"due":120050}
{"account":"100000002","payer":"Петров П. П.","address":"ул. Садовая, д. 1, кв. 2","service":"Отопление","charge":130000,"due":130000}
{"account":"100000003","payer":"Сидоров
{"account":"100000004","payer":"Орлова О. О.","address":"ул. Садовая, д. 1, кв. 4","service":"Отопление","charge":90000,"due":90000.5}
`

func TestWhoMayCall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		own, other := c.program("gaz"), c.program("teplo")
		nobody, wrong := &program{centre: c}, &program{centre: c, token: own.token + "0"}
		reader, writer := c.program("gaz", "intake:read"), c.program("gaz", "intake:write")
		id := own.run(own.deliver("name=a.csv", []byte(table)).ID).ID
		path := "/api/v1/intakes/" + strconv.FormatInt(id, 10)
		for _, x := range []struct {
			what         string
			who          *program
			method, path string
			status       int
			code         string
		}{
			{"no token", nobody, "GET", "/api/v1/intakes", 401, "access.sign_in"},
			{"no token, a file", nobody, "POST", "/api/v1/intakes?name=a.csv", 401, "access.sign_in"},
			{"wrong token", wrong, "GET", "/api/v1/intakes", 401, "token.unknown"},
			{"reader writes", reader, "POST", "/api/v1/intakes?name=a.csv", 403, "access.forbidden"},
			{"reader describes a layout", reader, "PUT", "/api/v1/profile?name=x", 403, "access.forbidden"},
			{"writer reads", writer, "GET", path, 403, "access.forbidden"},
			{"writer lists", writer, "GET", "/api/v1/intakes", 403, "access.forbidden"},
			{"reader takes a register", reader, "GET", "/api/v1/registers/2026-11-23", 403, "access.forbidden"},
			{"reader takes payments", reader, "GET", "/api/v1/payments?day=2026-11-23", 403, "access.forbidden"},
			{"foreign intake", other, "GET", path, 404, "file.unknown"},
			{"foreign rows", other, "GET", path + "/rows", 404, "file.unknown"},
			{"unknown intake", own, "GET", "/api/v1/intakes/999999999", 404, "file.unknown"},
			{"no number", own, "GET", "/api/v1/intakes/abc", 422, "request.invalid"},
			{"unknown parameter", own, "POST", "/api/v1/intakes?name=a.csv&dryrun=true", 422, "request.invalid"},
			{"limit out of bounds", own, "GET", "/api/v1/intakes?limit=1000", 422, "request.invalid"},
			{"bad month", own, "POST", "/api/v1/intakes?name=a.csv&month=10.2026", 422, "request.invalid"},
			{"no name", own, "POST", "/api/v1/intakes", 422, "upload.name"},
			{"no bytes", own, "POST", "/api/v1/intakes?name=a.csv", 422, "upload.empty"},
			{"unknown layout", own, "POST", "/api/v1/intakes?name=a.csv&profile=x", 422, "profile.missing"},
			{"foreign layout", other, "GET", "/api/v1/profile?name=x", 404, "profile.unknown"},
			{"no payments that day", own, "GET", "/api/v1/registers/2026-11-23", 404, "register.empty"},
			{"bad day", own, "GET", "/api/v1/registers/yesterday", 422, "request.invalid"},
			{"unknown path", own, "GET", "/api/v1/nothing", 404, "page.unknown"},
		} {
			r := x.who.do(x.method, x.path, nil)
			r.refused(t, x.what, x.status, x.code)
			if got := r.header.Get("WWW-Authenticate"); (got == "Bearer") != (x.status == 401) {
				t.Errorf("%s: WWW-Authenticate %q", x.what, got)
			}
		}
		var list struct{ Intakes []Intake }
		other.do("GET", "/api/v1/intakes", nil).decode(t, 200, &list)
		if list.Intakes == nil || len(list.Intakes) != 0 {
			t.Errorf("another supplier sees %+v", list.Intakes)
		}
	})
}

func TestIdempotencyKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := open(t, d)
		p, other := c.program("gaz"), c.program("teplo")
		key := []string{"Idempotency-Key", "k1"}
		first := p.deliver("name=a.csv", []byte(table), key...)
		if again := p.deliver("name=a.csv", []byte(table), key...); again.ID != first.ID {
			t.Errorf("the same key and body: intakes %d and %d", first.ID, again.ID)
		}
		p.do("POST", "/api/v1/intakes?name=a.csv", []byte(table+"\n"), key...).refused(t, "other body", 409, "key.other_input")
		p.do("POST", "/api/v1/intakes?name=a.csv&dryRun=true", []byte(table), key...).refused(t, "other parameters", 409, "key.other_input")
		if foreign := other.deliver("name=a.csv", []byte(table), key...); foreign.ID == first.ID {
			t.Error("a key of one supplier is another's")
		}
		done := p.run(first.ID)
		if again := p.deliver("name=a.csv", []byte(table), key...); again.ID != first.ID || again.State != done.State {
			t.Errorf("after the end: %+v, want %+v", again, done)
		}
		if twin := p.run(p.deliver("name=a.csv", []byte(table)).ID); twin.State != exchange.StateDuplicate || twin.DuplicateOf != first.ID || twin.ID == first.ID || twin.Rows != done.Rows {
			t.Errorf("the same bytes without a key: %+v %+v", twin, twin.Refusal)
		} else if rows, _ := p.rows(twin.ID); len(rows) != 1 {
			t.Errorf("rows of a duplicate: %+v", rows)
		}
	})
}

func TestBrokenLines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d).program("gaz")
		got := p.run(p.deliver("month=2026-10", []byte(records), "Content-Type", "application/x-ndjson; charset=utf-8").ID)
		if got.State != exchange.StateApplied || got.Month != "2026-10" || got.Rows != 4 || got.Quarantined != 2 || got.Applied+got.Repaired != 2 {
			t.Fatalf("%+v", got)
		}
		rows, last := p.rows(got.ID)
		if len(rows) < 2 || last.Quarantined != 2 {
			t.Fatalf("%+v, %+v", rows, last)
		}
		bad := map[int]Row{}
		for _, r := range rows {
			if r.Verdict == "quarantined" {
				bad[r.Pos] = r
			}
		}
		if x := bad[3]; x.Unit != "line" || x.Code != "row.json" || x.Hint == "" || x.No == 0 {
			t.Errorf("the line that is no JSON: %+v", x)
		}
		if x := bad[4]; x.Code != "row.money_bad" || x.Field != "due" || x.Value != "90000.5" {
			t.Errorf("half a kopeck: %+v", x)
		}
		if same := p.run(p.deliver("month=2026-10", []byte(records), "Content-Type", ndjson).ID); same.State != exchange.StateDuplicate || same.DuplicateOf != got.ID {
			t.Errorf("the same records for the same month: %+v", same)
		}
		if next := p.run(p.deliver("month=2026-11", []byte(records), "Content-Type", ndjson).ID); next.State != exchange.StateApplied || next.Month != "2026-11" {
			t.Errorf("the same records for the next month: %+v", next)
		}
		none := p.run(p.deliver("name=r.ndjson", []byte(records+"\n"), "Content-Type", ndjson).ID)
		if none.State != exchange.StateRefused || none.Refusal == nil || none.Refusal.Code != "file.no_month" {
			t.Errorf("records without a month: %+v", none)
		}
		odd := p.run(p.deliver("name=a.pdf", []byte("%PDF-1.7 ...")).ID)
		if odd.State != exchange.StateRefused || odd.Refusal == nil || odd.Refusal.Code != "file.kind" {
			t.Errorf("no register at all: %+v", odd)
		}
	})
}

func TestRowsWaitForTheEnd(t *testing.T) {
	p := open(t, dbtest.SQLite(t)).program("gaz")
	i := p.deliver("name=a.csv", []byte(table))
	if i.State != exchange.StateQueued || len(p.queued) != 1 || p.queued[0] != i.ID {
		t.Errorf("%+v, queue %v", i, p.queued)
	}
	p.do("GET", "/api/v1/intakes/"+strconv.FormatInt(i.ID, 10)+"/rows", nil).refused(t, "rows of a waiting intake", 409, "intake.unfinished")
	p.do("POST", "/api/v1/intakes?name=a.csv", []byte("--x\r\n"), "Content-Type", "multipart/form-data; boundary=x").refused(t, "a form", 422, "upload.multipart")
}

func TestListIsPaged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d).program("gaz")
		var want []int64
		for i := range 5 {
			id := p.deliver("month=2026-10", []byte(strings.Replace(records, "120050", strconv.Itoa(120050+i), 2)), "Content-Type", ndjson).ID
			want = append([]int64{id}, want...)
			if i == 2 {
				p.run(id)
			}
		}
		var got []int64
		for cursor := ""; ; {
			var page struct {
				Intakes []Intake
				Next    string
			}
			p.do("GET", "/api/v1/intakes?limit=2"+cursor, nil).decode(t, 200, &page)
			for _, i := range page.Intakes {
				got = append(got, i.ID)
			}
			if page.Next == "" {
				break
			}
			cursor = "&cursor=" + page.Next
		}
		if len(got) != len(want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%v, want %v", got, want)
			}
		}
	})
}

func TestProfile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d).program("gaz")
		layout := `{"kind":"csv","encoding":"utf-8","delimiter":";","header_rows":1,"money":"rub_comma","columns":{"account":0,"fio":1,"address":2,"period":3,"due":4}}`
		if r := p.do("PUT", "/api/v1/profile?name=monthly", []byte(layout), "Content-Type", "application/json"); r.status != 204 {
			t.Fatalf("%d %s", r.status, r.body)
		}
		var got, want map[string]any
		p.do("GET", "/api/v1/profile?name=monthly", nil).decode(t, 200, &got)
		if err := json.Unmarshal([]byte(layout), &want); err != nil || len(got) != len(want) || got["delimiter"] != ";" {
			t.Errorf("%v, want %v", got, want)
		}
		p.do("PUT", "/api/v1/profile?name=bad", []byte(`{"kind":"word"}`), "Content-Type", "application/json").refused(t, "unknown kind", 422, "profile.value")
		p.do("PUT", "/api/v1/profile?name=bad", []byte(`{"kind":`), "Content-Type", "application/json").refused(t, "half a document", 422, "request.invalid")
		p.do("PUT", "/api/v1/profile?name=bad", []byte(`{"kind":"csv","header_rows":"one"}`), "Content-Type", "application/json").refused(t, "a word for a number", 422, "profile.value")
		p.do("PUT", "/api/v1/profile?name=bad", []byte(`[1]`), "Content-Type", "application/json").refused(t, "a list", 422, "profile.value")
		i := p.run(p.deliver("name=a.csv&profile=monthly", []byte(table)).ID)
		if i.State != exchange.StateApplied || i.Applied != 19 || i.Quarantined != 1 {
			t.Errorf("%+v", i)
		}
	})
}
