package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"syscall"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/person"
	"kvit/internal/portal"
)

// PageBench is how fast a page of a resident is over HTTP on loopback.
type PageBench struct {
	Database   string  `json:"database"`
	Households int     `json:"households"` // in the database
	Page       string  `json:"page"`
	Clients    int     `json:"clients"`
	Reads      int     `json:"reads"`
	P50us      int64   `json:"p50us"`
	P95us      int64   `json:"p95us"`
	P99us      int64   `json:"p99us"`
	PerSecond  float64 `json:"perSecond"`
	CPUus      int64   `json:"cpuUs"`  // processor time of this process for one page, the asking with it
	Failed     int     `json:"failed"` // answers other than a page
	Load       float64 `json:"load"`   // of the machine in the last minute, when the page was done
}

// benchedPages are those people open most.
var benchedPages = []string{"/home", "/bill", "/bill/lines/1", "/bill/pay", "/readings", "/house"}

// benchPeople is how many people sign in for a benchmark: each looks at a home of his own.
const benchPeople = 200

// BenchPages opens residents' pages of random households of the data there are, each page so many times with each number of
// clients. The people are made up and have no home any more when it is over.
func (a *App) BenchPages(ctx context.Context, reads int, clients []int) (list []PageBench, err error) {
	refs, err := a.benchRefs(ctx)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(20261126, 1))
	rng.Shuffle(len(refs), func(i, k int) { refs[i], refs[k] = refs[k], refs[i] })
	households := len(refs)
	people, err := a.benchSignedIn(ctx, refs[:min(benchPeople, len(refs))])
	defer func() { err = errors.Join(err, a.benchSignedOut(ctx, people)) }()
	if err != nil {
		return nil, err
	}
	defer a.quiet()()
	handler, err := a.Handler(nil)
	if err != nil {
		return nil, err
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	for _, n := range clients {
		for _, page := range benchedPages {
			b := pageReader{address: server.URL + page, cookie: a.cookieName(portal.SessionCookie), people: people, clients: max(1, n)}
			res, err := b.measure(reads)
			if err != nil {
				return nil, fmt.Errorf("page %s: %w", page, err)
			}
			res.Database, res.Households, res.Page = a.DB.Dialect.String(), households, page
			list = append(list, res)
		}
	}
	return list, nil
}

// benchPerson is a person of the benchmark.
type benchPerson struct {
	id, home int64
	session  string
}

func (a *App) benchSignedIn(ctx context.Context, refs []bill.Ref) (list []benchPerson, err error) {
	for _, ref := range refs {
		p := benchPerson{}
		if p.id, err = a.People.Create(ctx); err != nil {
			return list, err
		}
		if p.home, err = a.People.AddHome(ctx, person.Home{PersonID: p.id, Building: ref.Building, Household: ref.Household, Role: person.Owner, Rights: access.AllRights, Proof: "demo", Actor: "bench"}); err != nil {
			return list, err
		}
		if p.session, err = a.Access.StartPerson(ctx, p.id, p.home); err != nil {
			return list, err
		}
		list = append(list, p)
	}
	return list, nil
}

func (a *App) benchSignedOut(ctx context.Context, list []benchPerson) (err error) {
	for _, p := range list {
		err = errors.Join(err, a.Access.EndSessions(ctx, p.id, ""), a.People.CloseHome(ctx, "bench", p.id, p.home))
	}
	return err
}

// pageReader opens one page as many people.
type pageReader struct {
	address, cookie string
	people          []benchPerson
	clients         int
}

// measure opens the page once for each client to warm up, and then so many times.
func (p *pageReader) measure(reads int) (res PageBench, err error) {
	client := &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: p.clients},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	for i := range p.clients {
		if _, err := p.open(client, i); err != nil {
			return res, err
		}
	}
	times, status := make([]time.Duration, reads), make([]int, reads)
	used := cpuTime()
	seconds, err := timed(func() error {
		return inParallel(p.clients, reads, func(i int) (err error) {
			begun := time.Now()
			status[i], err = p.open(client, i)
			times[i] = time.Since(begun)
			return err
		})
	})
	if err != nil {
		return res, err
	}
	for _, s := range status {
		if s != http.StatusOK {
			res.Failed++
		}
	}
	us := func(q float64) int64 { return quantile(times, q).Microseconds() }
	res.Clients, res.Reads, res.PerSecond, res.CPUus, res.Load = p.clients, reads, float64(reads)/seconds, (cpuTime()-used).Microseconds()/int64(max(1, reads)), loadAverage()
	res.P50us, res.P95us, res.P99us = us(0.5), us(0.95), us(0.99)
	return res, nil
}

// open opens the page as one of the people, to its last byte.
func (p *pageReader) open(client *http.Client, i int) (status int, err error) {
	req, err := http.NewRequest(http.MethodGet, p.address, http.NoBody)
	if err != nil {
		return 0, err
	}
	req.AddCookie(&http.Cookie{Name: p.cookie, Value: p.people[i%len(p.people)].session})
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

// loadAverage is how many processes wait for the machine, mean of a minute; 0 where the system does not tell.
func loadAverage() (load float64) {
	if runtime.GOOS != "linux" {
		return 0
	}
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) != nil {
		return 0
	}
	return float64(info.Loads[0]) / (1 << 16)
}
