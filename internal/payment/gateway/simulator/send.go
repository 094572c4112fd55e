package simulator

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"time"
)

// tell sends word of something, as the temper says. The lock is held.
func (s *Server) tell(n note) {
	if s.rng.Float64() < s.o.Lose || s.o.Callback == "" || n.body == nil {
		return
	}
	times := 1
	if s.rng.Float64() < s.o.Duplicate {
		times = 2
	}
	if s.held == nil && s.rng.Float64() < s.o.Shuffle {
		s.held = &n
		return
	}
	for range times {
		s.send(n)
	}
	if s.held != nil {
		s.send(*s.held)
		s.held = nil
	}
}

// send delivers a notification after the delay, trying a few times.
func (s *Server) send(n note) {
	url, delay := s.o.Callback, s.o.Delay
	s.wg.Go(func() {
		time.Sleep(delay)
		for range 5 {
			req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(n.body))
			if err != nil {
				return
			}
			req.Header.Set("Content-Type", n.contentType)
			for name, value := range n.headers {
				req.Header.Set(name, value)
			}
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

// remembered is the answer to a call with a key.
type remembered struct {
	status int
	answer []byte
	body   string
	at     time.Time
}

// tempered answers some calls with an error: half of them are not done, half are done and nobody hears of it.
func (s *Server) tempered(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		chance := s.rng.Float64()
		s.mu.Unlock()
		if chance < s.o.Fail {
			if chance < s.o.Fail/2 {
				next(httptest.NewRecorder(), r)
			}
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		next(w, r)
	}
}

// silent tells whether questions get no answer.
func (s *Server) silent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.o.Mode == Silent
}
