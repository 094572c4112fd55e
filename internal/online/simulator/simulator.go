// Package simulator is a supplier's program for trials: it answers balance queries as the protocol says, or fails as
// programs do.
package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"kvit/internal/online"
)

// Modes of failing.
const (
	Right   = "right"
	Slow    = "slow"    // answers after Delay
	Silent  = "silent"  // takes the request and never answers
	Wrong   = "wrong"   // sums that cannot be
	Garbage = "garbage" // no JSON
	Broken  = "broken"  // 500
	Foreign = "foreign" // accounts nobody asked about
)

// Modes lists them.
var Modes = []string{Right, Slow, Silent, Wrong, Garbage, Broken, Foreign}

// Options of a simulator.
type Options struct {
	Secret    []byte
	Mode      string
	Delay     time.Duration
	Balances  map[string]int64 // kopecks; an account that is not here gets a made-up balance, unless OnlyGiven
	OnlyGiven bool
	Now       func() time.Time
}

// Simulator answers.
type Simulator struct {
	mu    sync.Mutex
	o     Options
	asked int
	since time.Time
}

// New makes a simulator.
func New(o Options) *Simulator {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Secret = bytes.TrimSpace(o.Secret)
	return &Simulator{o: o, since: o.Now()}
}

// Fail changes how it answers from now on.
func (s *Simulator) Fail(mode string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.Mode = mode
}

// Asked is how many requests came.
func (s *Simulator) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// staleAfter is how old a signed request may be.
const staleAfter = 5 * time.Minute

// ServeHTTP answers a balance query.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked++
	o := s.o
	s.mu.Unlock()
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	if status := o.refuses(r, body); status != 0 {
		http.Error(w, http.StatusText(status), status)
		return
	}
	switch o.Mode {
	case Slow:
		select {
		case <-time.After(o.Delay):
		case <-r.Context().Done():
			return
		}
	case Silent:
		<-r.Context().Done()
		return
	case Garbage:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "<html>Ведутся работы</html>")
		return
	case Broken:
		http.Error(w, "ошибка", http.StatusInternalServerError)
		return
	}
	var q online.Request
	if json.Unmarshal(body, &q) != nil || len(q.Accounts) > online.AccountsMax {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(s.answer(&o, &q)) //nolint:errcheck // the client went away
}

// refuses tells why a request is not answered: its signature, its age.
func (o *Options) refuses(r *http.Request, body []byte) int {
	id, timestamp := r.Header.Get(online.HeaderID), r.Header.Get(online.HeaderTimestamp)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	age := o.Now().Sub(time.Unix(seconds, 0))
	switch {
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed
	case err != nil || age > staleAfter || age < -staleAfter, r.Header.Get(online.HeaderSignature) != online.Sign(o.Secret, id, timestamp, body):
		return http.StatusUnauthorized
	}
	return 0
}

func (s *Simulator) answer(o *Options, q *online.Request) online.Answer {
	a := online.Answer{ID: q.ID, Balances: []online.Told{}}
	for _, number := range q.Accounts {
		due, ok := o.Balances[number]
		if !ok && (o.OnlyGiven || strings.HasPrefix(number, "kvit-ping-")) {
			a.Errors = append(a.Errors, online.Absent{Account: number, Code: "unknown"})
			continue
		}
		if !ok {
			due = madeUp(number)
		}
		switch o.Mode {
		case Wrong:
			due = 1 << 60
		case Foreign:
			number += "0"
		}
		a.Balances = append(a.Balances, online.Told{Account: number, Due: &due, AsOf: s.since.UTC().Truncate(time.Second)})
	}
	return a
}

// madeUp is a balance that is always the same for a number.
func madeUp(number string) int64 {
	h := fnv.New32a()
	io.WriteString(h, number) //nolint:errcheck // of a hash
	return int64(h.Sum32() % 500_000)
}
