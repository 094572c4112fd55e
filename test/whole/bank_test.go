package whole

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/db"
)

// TestABrokenHistoryIsFound: the check of histories finds answers that were lost, doubled in time or made up.
func TestABrokenHistoryIsFound(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(ms)) }
	pay, lost := step{1, askPay, at(10), at(20), paid}, step{1, askPay, at(10), at(20), unknown}
	for name, c := range map[string]struct {
		steps  []step
		faults int
	}{
		"seen while it is paid":       {[]step{pay, {1, askStatus, at(12), at(15), paid}, {1, askStatus, at(16), at(18), none}}, 1},
		"either is right meanwhile":   {[]step{pay, {1, askStatus, at(12), at(15), none}, {1, askStatus, at(13), at(16), paid}}, 0},
		"lost":                        {[]step{pay, {1, askStatus, at(21), at(25), none}}, 1},
		"an answer lost may be done":  {[]step{lost, {1, askStatus, at(30), at(31), paid}}, 0},
		"an answer lost may be never": {[]step{lost, {1, askStatus, at(30), at(31), none}}, 0},
		"made up":                     {[]step{{1, askStatus, at(1), at(2), paid}, pay}, 1},
		"back again":                  {[]step{pay, {1, askCancel, at(21), at(22), back}, {1, askPay, at(23), at(24), paid}}, 1},
		"taken back by nobody":        {[]step{pay, {1, askStatus, at(21), at(22), back}}, 1},
	} {
		h := history{steps: c.steps}
		if got := h.faults(); len(got) != c.faults {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// crowd is so many clients at once, each asking till so many answers came, and how often the server is killed meanwhile.
type crowd struct{ clients, asks, kills int }

// size is small every day; at night it is what reliability.md asks for.
func (c crowd) atNight() crowd {
	if os.Getenv("KVIT_KILLS") != "" {
		return crowd{clients: 16, asks: 400, kills: 12}
	}
	return c
}

// client asks as a network of terminals does.
type client struct {
	p        *place
	http     *http.Client
	accounts []string
	history  *history
}

const terminals = `agents: [{code: crowd, dialect: cyberplat, accounts: any, pays: basket, auth: ip, ips: [127.0.0.0/8], rate: 10000, cancel: 1, min: 1, max: 100000}]`

// ask asks about a payment and adds the answer to the history; false when there was none. The sum and the account follow
// from the payment's number.
func (c *client) ask(a asked, payment int) bool {
	q := url.Values{"receipt": {fmt.Sprint(9000 + payment)}}
	switch a {
	case askPay, askOther:
		sum := 100 + payment%50
		if a == askOther {
			sum++
		}
		q.Set("action", "payment")
		q.Set("number", c.accounts[payment%len(c.accounts)])
		q.Set("amount", fmt.Sprintf("%d.00", sum))
		q.Set("date", time.Now().Format("2006-01-02T15:04:05"))
	default:
		q.Set("action", string(a))
	}
	s := step{payment: payment, ask: a, began: time.Now()}
	s.state = c.told(a, "http://"+c.p.address+"/agents/crowd?"+q.Encode())
	s.end = time.Now()
	c.history.add(s)
	return s.state != unknown
}

// told is what an answer says of the payment; the codes are the dialect's.
func (c *client) told(a asked, address string) state {
	res, err := c.http.Get(address)
	if err != nil {
		return unknown
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	_, code, found := strings.Cut(string(body), "<code>")
	code, _, closed := strings.Cut(code, "</code>")
	if err != nil || !found || !closed {
		return unknown
	}
	switch code + string(a) {
	case "0" + string(askPay), "0" + string(askStatus):
		return paid
	case "0" + string(askCancel), "7" + string(askPay), "7" + string(askStatus):
		return back
	case "6" + string(askStatus), "6" + string(askCancel):
		return none
	case "4" + string(askOther): // the number is used; what became of it is not told
		return unknown
	case "-1" + string(a), "8" + string(a):
		return unknown
	}
	c.p.t.Errorf("%s: the answer %s", a, body)
	return unknown
}

// work asks by a seed about payments that others ask about at the same time. Without an answer it waits a little and goes on.
func (c *client) work(seed uint64, size crowd) {
	rng := rand.New(rand.NewPCG(seed, 61))
	for answered := 0; answered < size.asks; {
		a := []asked{askPay, askPay, askPay, askPay, askCancel, askStatus, askStatus, askStatus}[rng.IntN(8)]
		if c.ask(a, answered/3*2+rng.IntN(4)) {
			answered++
		} else {
			time.Sleep(50 * time.Millisecond)
		}
	}
}

// TestTheBankLosesNothing: many clients pay, take back and ask at once, about the same payments, while the server is killed
// and its connections to the database are cut; readers see the book add up at every moment. No answer contradicts another,
// and in the end each payment is as it was last told, once.
func TestTheBankLosesNothing(t *testing.T) {
	city := makeCity(t, "30", "23")
	size := crowd{clients: 8, asks: 24, kills: 1}.atNight()
	eachPlace(t, func(t *testing.T, p *place) {
		p.takeCity(city)
		homes, _ := p.homes()
		list := filepath.Join(t.TempDir(), "agents.yaml")
		write(t, list, terminals)
		p.run("agents", "load", list)
		freeAddress(t, p)
		kill := p.serveAtAddress()
		c := &client{p: p, http: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: size.clients}}, accounts: homes, history: &history{}}
		stop := p.readAlways()
		var wg sync.WaitGroup
		for n := range size.clients {
			wg.Go(func() { c.work(uint64(n), size) })
		}
		for n := range size.kills {
			c.history.reach((2*n + 1) * size.clients * size.asks / (2*size.kills + 1))
			p.cutConnections()
			c.history.reach((2*n + 2) * size.clients * size.asks / (2*size.kills + 1))
			kill()
			kill = p.serveAtAddress()
		}
		wg.Wait()
		for payment, last := range c.history.last() {
			c.ask(askStatus, payment)
			if last > none {
				c.ask(askOther, payment)
			}
		}
		if reads := stop(); reads == 0 {
			t.Error("nobody read the book")
		}
		for _, f := range c.history.faults() {
			t.Error(f)
		}
		h := c.history
		if h.seen(askPay, paid) == 0 || h.seen(askCancel, back) == 0 || h.seen(askStatus, none) == 0 || h.seen(askPay, unknown)+h.seen(askStatus, unknown) == 0 {
			t.Errorf("the history says little: %d paid, %d taken back, %d without an answer", h.seen(askPay, paid), h.seen(askCancel, back), h.seen(askPay, unknown))
		}
		kill()
		p.run("check")
	})
}

// open opens the data beside the program.
func (p *place) open() *db.DB {
	p.t.Helper()
	c := db.Config{Path: filepath.Join(p.dir, "kvit.db")}
	if len(p.flags) > 2 {
		c = db.Config{URL: p.flags[3]}
	}
	d, err := db.Open(context.Background(), c)
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

// readAlways reads the book again and again beside the program: in each snapshot all of it sums to zero, and what the
// channels owe the buildings is what the accounts got. stop ends it and tells how often it read.
func (p *place) readAlways() (stop func() int) {
	d, done, ended, reads := p.open(), make(chan struct{}), make(chan struct{}), 0
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
			var entries, balances, cleared, parts int64
			err := d.Read(context.Background(), func(tx *db.Tx) error {
				return tx.QueryRowContext(context.Background(), `SELECT coalesce((SELECT CAST(sum(amount_kop) AS BIGINT) FROM ledger_entry), 0), coalesce((SELECT CAST(sum(balance_kop) AS BIGINT) FROM ledger_balance), 0),
					coalesce((SELECT CAST(sum(balance_kop) AS BIGINT) FROM ledger_balance WHERE name LIKE 'clearing:%' AND building_id <> 0), 0), coalesce((SELECT CAST(sum(amount_kop) AS BIGINT) FROM payment_part WHERE posted_at > 0), 0)`).
					Scan(&entries, &balances, &cleared, &parts)
			})
			if err != nil {
				continue // its own connection was cut
			}
			if reads++; entries != 0 || balances != 0 || cleared != parts {
				p.t.Errorf("a reader saw entries %d, balances %d, cleared %d of parts %d", entries, balances, cleared, parts)
			}
		}
	}()
	return func() int { close(done); <-ended; d.Close(); return reads }
}

// cutConnections cuts every connection to the database, in the middle of whatever it does. SQLite has none.
func (p *place) cutConnections() {
	if len(p.flags) <= 2 {
		return
	}
	d := p.open()
	defer d.Close()
	_, err := d.Handle().ExecContext(context.Background(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	if err != nil {
		p.t.Error(err)
	}
}
