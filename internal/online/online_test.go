package online_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/online"
	"kvit/internal/online/simulator"
	"kvit/internal/supplier"
)

const secret = "0123456789abcdef0123456789abcdef"

// budget is short, so that silence costs a test little.
const budget = 150 * time.Millisecond

// centre asks one supplier, who is a simulator.
type centre struct {
	t     *testing.T
	d     *db.DB
	m     *online.Module
	s     *simulator.Simulator
	clock atomic.Int64 // microseconds
}

func newCentre(t *testing.T, d *db.DB, o simulator.Options) *centre {
	t.Helper()
	c := &centre{t: t, d: d}
	c.clock.Store(1_790_000_000_000_000)
	now := func() calendar.Micros { return calendar.Micros(c.clock.Load()) }
	o.Secret, o.Now = []byte(secret), func() time.Time { return now().Time() }
	c.s = simulator.New(o)
	server := httptest.NewServer(c.s)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	suppliers := supplier.New(d, now)
	text := "- {code: voda, name: Вода, online: {url: '" + server.URL + "', secret: voda}}\n- {code: tihie, name: Тихие}\n"
	if _, err := suppliers.Load(context.Background(), strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	c.m = online.New(online.Deps{DB: d, Now: now, Budget: budget, Secret: func(name string) ([]byte, error) {
		if name != "voda" {
			return nil, errors.New("none")
		}
		return []byte(secret + "\n"), nil
	}})
	return c
}

func (c *centre) voda() (s supplier.Supplier) {
	c.t.Helper()
	err := c.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		s, err = supplier.Find(context.Background(), tx, "voda")
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

func (c *centre) ask(numbers ...string) (map[int64]online.Balance, time.Duration) {
	c.t.Helper()
	var list []online.Account
	for i, n := range numbers {
		list = append(list, online.Account{Building: 1, ID: int64(i + 1), SupplierID: c.voda().ID, Number: n})
	}
	begun := time.Now()
	known, err := c.m.Ask(context.Background(), list)
	if err != nil {
		c.t.Fatal(err)
	}
	return known, time.Since(begun)
}

func (c *centre) pass(d time.Duration) { c.clock.Add(int64(d / time.Microsecond)) }

func (c *centre) count() (n int64) {
	c.t.Helper()
	if err := c.d.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRowContext(context.Background(), "SELECT count(*) FROM online_balance").Scan(&n)
	}); err != nil {
		c.t.Fatal(err)
	}
	return n
}

// TestAnAnswerIsAFact: asked in one request, kept with both moments, not asked for again while fresh, not written again
// while nothing changed.
func TestAnAnswerIsAFact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newCentre(t, d, simulator.Options{Balances: map[string]int64{"100": 12345, "200": -50}, OnlyGiven: true})
		known, _ := c.ask("100", "200", "300")
		if len(known) != 2 || known[1].Due != 12345 || known[2].Due != -50 || !known[1].Fresh || known[1].AsOf == 0 {
			t.Fatalf("%+v", known)
		}
		c.ask("100", "200")
		if c.s.Asked() != 1 || c.count() != 2 {
			t.Errorf("asked %d times, rows %d", c.s.Asked(), c.count())
		}
		c.pass(2 * time.Minute)
		if known, _ := c.ask("100"); known[1].Due != 12345 || c.s.Asked() != 2 || c.count() != 2 {
			t.Errorf("later: %+v, asked %d times, rows %d", known, c.s.Asked(), c.count())
		}
	})
}

// TestWhoeverFailsCostsTheBudgetAtMost: the last known balance is shown; after three failures he is left alone, then tried
// once.
func TestWhoeverFailsCostsTheBudgetAtMost(t *testing.T) {
	for _, mode := range simulator.Modes[1:] {
		t.Run(mode, func(t *testing.T) {
			c := newCentre(t, dbtest.One(t), simulator.Options{Delay: 2 * budget})
			known, _ := c.ask("100")
			due := known[1].Due
			c.s.Fail(mode)
			for range 6 {
				c.pass(2 * time.Minute)
				known, took := c.ask("100")
				if known[1].Due != due || mode != simulator.Slow && known[1].Fresh || took > 4*budget {
					t.Errorf("%+v after %s", known, took)
				}
				time.Sleep(10 * time.Millisecond) // the call behind the page ends
			}
			if mode == simulator.Slow || mode == simulator.Silent {
				return // those calls are still on their way
			}
			before := c.s.Asked()
			c.pass(time.Second)
			c.ask("100")
			if c.s.Asked() != before {
				t.Errorf("asked %d times, then %d: he was to be left alone", before, c.s.Asked())
			}
			c.s.Fail(simulator.Right)
			c.pass(2 * time.Minute)
			if known, _ := c.ask("100"); !known[1].Fresh {
				t.Errorf("well again: %+v", known)
			}
		})
	}
}

// TestConformance: a program as documented passes, and each way of failing is found.
func TestConformance(t *testing.T) {
	c := newCentre(t, dbtest.One(t), simulator.Options{})
	s := c.voda()
	if p := c.m.Ping(context.Background(), &s, "100", true); !p.OK || len(p.Probes) != 7 || p.Due == nil {
		t.Errorf("%+v", p)
	}
	for _, mode := range []string{simulator.Wrong, simulator.Garbage, simulator.Broken, simulator.Foreign} {
		c.s.Fail(mode)
		if p := c.m.Ping(context.Background(), &s, "100", true); p.OK || p.Probes[0].OK {
			t.Errorf("%s: %+v", mode, p.Probes)
		}
	}
	s.Online.Secret = "nobody"
	if p := c.m.Ping(context.Background(), &s, "", false); p.OK || !strings.Contains(p.Probes[0].Says, "keys/online") {
		t.Errorf("without a secret: %+v", p)
	}
}
