package whole

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kvit/internal/db/dbtest"
)

// proxy stands between the program and its database and breaks what goes through it (F9, F11).
type proxy struct {
	t  *testing.T
	to string
	l  net.Listener

	closed  atomic.Bool  // connections are refused
	silent  atomic.Bool  // bytes wait, as for packets that are lost and sent again
	delay   atomic.Int64 // of each piece of bytes, nanoseconds
	commits atomic.Int64 // cut after this many more commits were sent on; 0: never

	mu   sync.Mutex
	open map[net.Conn]bool
}

// through points a place at a proxy before its PostgreSQL.
func (p *place) through() *proxy {
	p.t.Helper()
	at := len(p.flags) - 1
	u, err := url.Parse(p.flags[at])
	if err != nil {
		p.t.Fatal(err)
	}
	x := &proxy{t: p.t, to: u.Host, open: map[net.Conn]bool{}}
	if x.l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { x.l.Close(); x.cut() })
	go x.accept()
	u.Host = x.l.Addr().String()
	p.flags = append(append([]string{}, p.flags[:at]...), u.String())
	return x
}

func (x *proxy) accept() {
	for {
		in, err := x.l.Accept()
		if err != nil {
			return
		}
		if x.closed.Load() {
			in.Close()
			continue
		}
		out, err := net.Dial("tcp", x.to)
		if err != nil {
			in.Close()
			continue
		}
		x.mu.Lock()
		x.open[in], x.open[out] = true, true
		x.mu.Unlock()
		go x.copy(out, in, true)
		go x.copy(in, out, false)
	}
}

// copy passes bytes on until either side ends. Requests carry commits.
func (x *proxy) copy(to, from net.Conn, requests bool) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			time.Sleep(time.Duration(x.delay.Load()))
			for x.silent.Load() {
				time.Sleep(20 * time.Millisecond)
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
			if requests && bytes.Contains(bytes.ToLower(buf[:n]), []byte("commit\x00")) && x.commits.Load() > 0 && x.commits.Add(-1) == 0 {
				return // the commit is on its way, its answer is not
			}
		}
		if err != nil {
			return
		}
	}
}

// cut ends all connections.
func (x *proxy) cut() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for c := range x.open {
		c.Close()
	}
	clear(x.open)
}

// answered asks for a page; it must be answered within five seconds, whatever with.
func (p *place) answered(path string) (status int) {
	p.t.Helper()
	began := time.Now()
	status, _ = p.fetch(path)
	if took := time.Since(began); took > 5*time.Second || status == 0 {
		p.t.Errorf("%s answered %d after %s", path, status, took)
	}
	return status
}

func (p *place) fetch(path string) (status int, body string) {
	res, err := http.Get("http://" + p.address + path)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20)) // shown when it is wrong
	return res.StatusCode, string(text)
}

// recovers waits until a page that needs the database is served again.
func (p *place) recovers(path string, within time.Duration) {
	p.t.Helper()
	for end := time.Now().Add(within); ; time.Sleep(50 * time.Millisecond) {
		status, body := p.fetch(path)
		if status == 200 {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("after %s: %d %.300s", within, status, strings.TrimSpace(body))
		}
	}
}

// TestBrokenNetworkToTheDatabase breaks what lies between the program and PostgreSQL: pages answer, come back soon, and a payment
// whose commit was sent and whose answer was lost is one payment. The data are those of the same payments over a sound network.
func TestBrokenNetworkToTheDatabase(t *testing.T) {
	city := makeCity(t, "20", "22")
	long := os.Getenv("KVIT_KILLS") != ""
	cuts := 2
	if long {
		cuts = 20
	}
	places := map[string]*place{}
	for _, name := range []string{"sound", "broken"} {
		dir := t.TempDir()
		p := &place{t: t, flags: []string{"--data", dir, "--database-url", dbtest.PostgresURL(t)}, dir: dir}
		p.bank("--mode", "captured")
		p.takeCity(city)
		places[name] = p
	}
	sound, p := places["sound"], places["broken"]
	homes, _ := sound.homes()
	pay := func(i int) []string {
		return append([]string{"--json", "pay", "--sum", fmt.Sprintf("%d.%02d", 50+i, i), "--ahead", "--key", fmt.Sprint("k", i)}, of(homes[0])...)
	}
	for i := range cuts + 1 {
		sound.run(pay(i)...)
	}
	x := p.through()
	var paid struct{ Payment string }
	if err := json.Unmarshal(p.run(pay(0)...), &paid); err != nil {
		t.Fatal(err)
	}
	cut := 0
	for i := 1; i <= cuts; i++ {
		x.commits.Store(int64(1 + rand.IntN(4)))
		if _, status := p.try(pay(i)...); status != 0 {
			cut++
		}
		x.commits.Store(0)
		p.run(pay(i)...)
	}
	t.Logf("%d of %d payments lost the answer to a commit", cut, cuts)
	page := "/paid/" + paid.Payment
	freeAddress(t, p)
	p.serveAtAddress()
	p.recovers(page, 10*time.Second)
	x.cut()
	p.answered(page)
	p.recovers(page, 10*time.Second)
	x.closed.Store(true) // the database restarts
	x.cut()
	if status := p.answered(page); status != http.StatusServiceUnavailable {
		t.Errorf("without a database: %d", status)
	}
	x.closed.Store(false)
	p.recovers(page, 10*time.Second)
	if long {
		x.slow(p, page)
	}
	sound.try("reconcile", "run") // as the server does; what it finds is not asked here
	p.try("reconcile", "run")
	p.run("check")
	if got, want := digest(p), digest(sound); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

// slow breaks the network for long: each piece late, then none for half a minute.
func (x *proxy) slow(p *place, page string) {
	x.delay.Store(int64(200 * time.Millisecond))
	p.answered(page)
	x.delay.Store(0)
	p.recovers(page, 10*time.Second)
	x.silent.Store(true)
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		if status := p.answered(page); status != http.StatusServiceUnavailable {
			p.t.Errorf("in a black hole: %d", status)
		}
	}
	x.silent.Store(false)
	p.recovers(page, 10*time.Second)
}
