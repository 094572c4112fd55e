package whole

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// serve starts the server on a free port and gives its address; stop kills it.
func (p *place) serve(args ...string) (base string, stop func()) {
	p.t.Helper()
	cmd := p.command(append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	stop = killer(cmd)
	p.t.Cleanup(stop)
	ready := make(chan string, 1)
	go func() {
		s := bufio.NewScanner(out)
		for s.Scan() {
			if _, address, ok := strings.Cut(s.Text(), "http://"); ok {
				ready <- "http://" + address
			}
		}
	}()
	select {
	case base = <-ready:
		return base, stop
	case <-time.After(time.Minute):
		p.t.Fatal("the server was not ready in a minute")
		return "", stop
	}
}

func killer(cmd *exec.Cmd) func() {
	return func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // killed on purpose
	}
}

// ask calls the API and decodes its answer; it fails unless the status is the one wanted.
func ask(t *testing.T, method, url, token string, body io.Reader, status int, v any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		req.Header.Set("Content-Type", "application/x-ndjson")
		req.Header.Set("Idempotency-Key", "october")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %.500s", method, url, res.StatusCode, status, text)
	}
	if v != nil {
		if err := json.Unmarshal(text, v); err != nil {
			t.Fatalf("%s %s: %v in %.300s", method, url, err, text)
		}
	}
}

// TestADeliverySurvivesAKill hands records over by the API, kills the server at once, and finds them taken in, once,
// after the next start.
func TestADeliverySurvivesAKill(t *testing.T) {
	const rows = 3000
	var body strings.Builder
	for i := range rows {
		fmt.Fprintf(&body, `{"account":"%06d","payer":"Иванов И. И.","address":"г. Приок, ул. Ленина, д. 1, кв. %d","period":"2026-10","charge":10000,"due":10000}`+"\n", 1000+i, i+1)
	}
	eachPlace(t, func(t *testing.T, p *place) {
		write(t, p.dir+"/suppliers.yaml", "- code: VODA\n  name: Водоканал\n")
		p.run("suppliers", "load", p.dir+"/suppliers.yaml")
		var key struct{ Token string }
		p.runJSON(&key, "users", "token", "--supplier", "VODA", "--scopes", "intake:write,intake:read")
		base, stop := p.serve()
		var sent struct{ ID json.Number }
		ask(t, http.MethodPost, base+"/api/v1/intakes?name=october.ndjson", key.Token, strings.NewReader(body.String()), http.StatusAccepted, &sent)
		stop()
		base, _ = p.serve()
		var again struct{ ID json.Number }
		ask(t, http.MethodPost, base+"/api/v1/intakes?name=october.ndjson", key.Token, strings.NewReader(body.String()), http.StatusAccepted, &again)
		if again.ID != sent.ID {
			t.Errorf("the same key is delivery %s, want %s", again.ID, sent.ID)
		}
		var got struct {
			State string
			Rows  int
		}
		for until := time.Now().Add(5 * time.Minute); got.State != "applied"; time.Sleep(100 * time.Millisecond) {
			if got.State == "refused" || time.Now().After(until) {
				t.Fatalf("not taken in within five minutes: %+v", got)
			}
			ask(t, http.MethodGet, base+"/api/v1/intakes/"+sent.ID.String(), key.Token, nil, http.StatusOK, &got)
		}
		if got.Rows != rows {
			t.Errorf("%d rows, want %d", got.Rows, rows)
		}
		p.run("check")
	})
}
