package whole

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
)

// receiver is a supplier's program that is called: slow, now and then ill. It keeps what it took, in order.
type receiver struct {
	mu    sync.Mutex
	took  []string
	again map[string]bool
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	io.Copy(io.Discard, q.Body) //nolint:errcheck // only its header counts
	time.Sleep(5 * time.Millisecond)
	r.mu.Lock()
	defer r.mu.Unlock()
	id := q.Header.Get("webhook-id")
	if !r.again[id] {
		r.again[id], r.took = true, append(r.took, id)
	}
}

func (r *receiver) count() int { r.mu.Lock(); defer r.mu.Unlock(); return len(r.took) }

// TestCallsSurviveKills: the server that calls a supplier's program is killed again and again; every message comes, those
// of one account in their order.
func TestCallsSurviveKills(t *testing.T) {
	const messages = 150
	dir := t.TempDir()
	p := &place{t: t, flags: []string{"--data", dir}, dir: dir}
	p.takeCity(makeCity(t, "40", "5"))
	homes, _ := p.homes()
	code, _, _ := strings.Cut(homes[0], ":")
	r := &receiver{again: map[string]bool{}}
	server := httptest.NewServer(r)
	defer server.Close()
	p.env = append(p.env, "KVIT_PRIVATE_HOSTS="+strings.TrimPrefix(server.URL, "http://"))
	freeAddress(t, p)
	var key struct{ Token string }
	p.runJSON(&key, "users", "token", "--supplier", code, "--scopes", "webhook:write,event:read")
	kill := p.serveAtAddress()
	p.haveCalled(server.URL+"/", key.Token)
	p.tellOf(code, messages)
	kill()
	for killed := 0; r.count() < messages; killed++ {
		if killed > 20 {
			t.Fatalf("%d of %d messages came", r.count(), messages)
		}
		kill := p.serveAtAddress()
		time.Sleep(time.Duration(200+rand.IntN(400)) * time.Millisecond)
		kill()
		p.write("UPDATE webhook_endpoint SET claimed_until = 0", "UPDATE webhook_delivery SET next_at = 0")
	}
	last := map[string]string{}
	for _, id := range r.took {
		account, seq := id[:strings.LastIndex(id, "_")], id[strings.LastIndex(id, "_")+1:]
		if was := last[account]; len(seq) < len(was) || len(seq) == len(was) && seq <= was {
			t.Errorf("%s came after %s", id, was)
		}
		last[account] = seq
	}
	if len(r.took) != messages {
		t.Errorf("%d messages, want %d", len(r.took), messages)
	}
}

// haveCalled makes an address be called with events of payments.
func (p *place) haveCalled(address, token string) {
	p.t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://"+p.address+"/api/v1/webhooks", strings.NewReader(fmt.Sprintf(`{"url":%q,"kinds":["payment"]}`, address)))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		text, _ := io.ReadAll(res.Body) // only to be shown
		p.t.Fatalf("%d: %s", res.StatusCode, text)
	}
}

// tellOf writes so many events of payments to a supplier's accounts.
func (p *place) tellOf(code string, n int) {
	p.t.Helper()
	d, err := db.Open(context.Background(), db.Config{Path: filepath.Join(p.dir, "kvit.db")})
	if err != nil {
		p.t.Fatal(err)
	}
	defer d.Close()
	err = d.WriteLocal(context.Background(), func(tx *db.Tx) error {
		var accounts [][2]int64
		err := tx.Scan(context.Background(), "SELECT a.building_id, a.account_id FROM account a JOIN supplier s ON s.supplier_id = a.supplier_id WHERE s.code = $1 AND a.building_id > 0 ORDER BY a.account_id LIMIT 20", []any{code}, func(v []int64, _ []byte) error {
			accounts = append(accounts, [2]int64{v[0], v[1]})
			return nil
		})
		list := make([]event.Event, n)
		for i := range list {
			of := accounts[i%len(accounts)]
			list[i] = event.Event{BuildingID: of[0], AccountID: of[1], At: calendar.MicrosOf(time.Now()), Body: event.Payment{Operation: fmt.Sprint(i), Day: "2026-11-20", Sum: 100}}
		}
		if err != nil {
			return err
		}
		return event.Write(context.Background(), tx, list)
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// write runs statements on the data.
func (p *place) write(queries ...string) {
	p.t.Helper()
	d, err := db.Open(context.Background(), db.Config{Path: filepath.Join(p.dir, "kvit.db")})
	if err != nil {
		p.t.Fatal(err)
	}
	defer d.Close()
	err = d.WriteLocal(context.Background(), func(tx *db.Tx) error {
		for _, q := range queries {
			if _, err := tx.ExecContext(context.Background(), q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}
