// Package simulator is an acquirer for tests and the demo: a server of its own that speaks the acquirer's protocol
// over the network, shows the payer a page, and misbehaves on demand: late, doubled, shuffled and lost
// notifications, silence.
//
// It knows nothing of our tables and keeps its payments in memory.
package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"kvit/internal/money"
	"kvit/internal/payment/gateway/acquirer"
)

// Modes: who decides what becomes of a payment.
const (
	Manual   = "manual"   // the payer, on the page
	Captured = "captured" // every payment succeeds at once
	Declined = "declined" // every payment is declined at once
	Silent   = "silent"   // nothing is ever known
)

// Options set the simulator's temper. Probabilities are 0 to 1.
type Options struct {
	Mode      string
	Secret    string
	Callback  string        // where notifications go; empty: nowhere
	Base      string        // of its own pages
	Delay     time.Duration // before each notification
	Duplicate float64
	Shuffle   float64 // held back until the next one has gone
	Lose      float64
	Seed      uint64
}

// Server is the simulator.
type Server struct {
	o    Options
	mu   sync.Mutex
	rng  *rand.Rand
	byID map[string]*acquirer.Payment
	keys map[string]string
	seen map[string]bool // refund keys
	held *note
	seq  int
	http *http.Client
	wg   sync.WaitGroup
}

// note is a notification on its way.
type note struct {
	id   string
	body []byte
}

// New makes a simulator.
func New(o Options) *Server {
	if o.Mode == "" {
		o.Mode = Manual
	}
	return &Server{o: o, rng: rand.New(rand.NewPCG(o.Seed, 1)), byID: map[string]*acquirer.Payment{}, keys: map[string]string{}, seen: map[string]bool{},
		http: &http.Client{Timeout: 5 * time.Second}}
}

// SetBase tells the simulator where it is reached, once its port is known.
func (s *Server) SetBase(base string) { s.o.Base = base }

// SetCallback tells where notifications go.
func (s *Server) SetCallback(url string) { s.mu.Lock(); s.o.Callback = url; s.mu.Unlock() }

// Wait waits until every notification has gone.
func (s *Server) Wait() { s.wg.Wait() }

// Handler serves the protocol and the payer's page.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/payments", s.authorised(s.create))
	mux.HandleFunc("GET /v1/payments", s.authorised(s.findByKey))
	mux.HandleFunc("GET /v1/payments/{id}", s.authorised(s.find))
	mux.HandleFunc("POST /v1/payments/{id}/refunds", s.authorised(s.refund))
	mux.HandleFunc("GET /pay/{id}", s.page)
	mux.HandleFunc("POST /pay/{id}", s.decide)
	return mux
}

func (s *Server) authorised(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+s.o.Secret {
			http.Error(w, "unauthorised", http.StatusUnauthorized)
			return
		}
		if s.o.Mode == Silent && r.Method == http.MethodGet {
			s.answer(w, http.StatusServiceUnavailable, nil)
			return
		}
		next(w, r)
	}
}

func (s *Server) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client is away
}

func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	var p acquirer.Payment
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&p); err != nil || p.Sum <= 0 || r.Header.Get("Idempotence-Key") == "" {
		s.answer(w, http.StatusBadRequest, map[string]string{"error": "sum, key"})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, ok := s.keys[r.Header.Get("Idempotence-Key")]; ok {
		s.answer(w, http.StatusOK, s.byID[id])
		return
	}
	s.seq++
	p.ID = fmt.Sprintf("sim-%06d-%08x", s.seq, s.rng.Uint32())
	p.State, p.RedirectURL = "pending", s.o.Base+"/pay/"+p.ID
	s.byID[p.ID], s.keys[r.Header.Get("Idempotence-Key")] = &p, p.ID
	switch s.o.Mode {
	case Captured:
		s.settle(&p, "captured", "")
	case Declined:
		s.settle(&p, "declined", "не хватает денег на карте")
	}
	s.answer(w, http.StatusCreated, &p)
}

// settle decides a payment and sends word of it. The lock is held.
func (s *Server) settle(p *acquirer.Payment, state, reason string) {
	if p.State != "pending" {
		return
	}
	p.State, p.Reason = state, reason
	body, err := json.Marshal(acquirer.Event{Type: "payment." + state, PaymentID: p.ID})
	if err != nil {
		panic(err) // two strings
	}
	s.seq++
	n := &note{fmt.Sprintf("evt-%06d-%s", s.seq, p.ID), body}
	if s.rng.Float64() < s.o.Lose || s.o.Callback == "" {
		return
	}
	times := 1
	if s.rng.Float64() < s.o.Duplicate {
		times = 2
	}
	if s.held == nil && s.rng.Float64() < s.o.Shuffle {
		s.held = n
		return
	}
	for range times {
		s.send(n)
	}
	if s.held != nil {
		s.send(s.held)
		s.held = nil
	}
}

// send delivers a notification after the delay, trying a few times.
func (s *Server) send(n *note) {
	url, delay := s.o.Callback, s.o.Delay
	s.wg.Go(func() {
		time.Sleep(delay)
		for range 5 {
			req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(n.body))
			if err != nil {
				return
			}
			at := time.Now()
			req.Header.Set("webhook-id", n.id)
			req.Header.Set("webhook-timestamp", fmt.Sprint(at.Unix()))
			req.Header.Set("webhook-signature", acquirer.Sign([]byte(s.o.Secret), n.id, at, n.body))
			res, err := s.http.Do(req)
			if err == nil {
				res.Body.Close()
				if res.StatusCode < 500 {
					return
				}
			}
			time.Sleep(200 * time.Millisecond)
		}
	})
}

func (s *Server) find(w http.ResponseWriter, r *http.Request) { s.give(w, r.PathValue("id")) }

func (s *Server) findByKey(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	id := s.keys[r.URL.Query().Get("key")]
	s.mu.Unlock()
	s.give(w, id)
}

func (s *Server) give(w http.ResponseWriter, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.byID[id]
	if !ok {
		s.answer(w, http.StatusNotFound, nil)
		return
	}
	s.answer(w, http.StatusOK, p)
}

func (s *Server) refund(w http.ResponseWriter, r *http.Request) {
	var in struct{ Sum money.Amount }
	err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&in)
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.byID[r.PathValue("id")]
	key := r.PathValue("id") + "/" + r.Header.Get("Idempotence-Key")
	switch {
	case err != nil || !ok || p.State != "captured" || in.Sum <= 0:
		s.answer(w, http.StatusBadRequest, nil)
	case s.seen[key]:
		s.answer(w, http.StatusOK, p)
	case p.Refunded+in.Sum > p.Sum:
		s.answer(w, http.StatusConflict, nil)
	default:
		s.seen[key] = true
		p.Refunded += in.Sum
		s.answer(w, http.StatusOK, p)
	}
}

// page is what the payer sees at the bank.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	p, ok := s.byID[r.PathValue("id")]
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Учебный банк</title>
<h1>Учебный банк</h1><p>Это не настоящий банк: деньги не спишутся.</p><p>%s</p><p><strong>%s</strong></p>
<form method="post"><p><button name="do" value="captured">Оплатить</button></p><p><button name="do" value="declined">Отказать: нет денег на карте</button></p>
<p><button name="do" value="nothing">Уйти, ничего не решив</button></p></form></html>`, html.EscapeString(p.Description), p.Sum.Format())
}

// decide does what the payer pressed and sends him back.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	p, ok := s.byID[r.PathValue("id")]
	if ok {
		switch r.FormValue("do") {
		case "captured":
			s.settle(p, "captured", "")
		case "declined":
			s.settle(p, "declined", "не хватает денег на карте")
		}
	}
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	http.Redirect(w, r, p.ReturnURL, http.StatusSeeOther)
}
