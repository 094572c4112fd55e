// Package simulator is an on-line cash register for tests and trials: a server of its own that speaks the register's
// protocol over the network and misbehaves on demand: errors, lost answers, late printing, doubled and lost call-backs,
// refusals, a closed fiscal drive.
//
// It prints into memory, each external_id once, as the real one does, and holds documents to the format of fiscal data.
package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"kvit/internal/fiscal/atol"
)

// Options set the temper. Probabilities are 0 to 1.
type Options struct {
	Login, Password string
	Group           string
	Delay           time.Duration // of printing
	Fail            float64       // 500 before anything is done
	Lose            float64       // the document is taken, the answer is lost
	Refuse          float64       // the till could not print it
	Double          float64       // of call-backs sent twice
	Silent          float64       // of call-backs never sent
	Closed          time.Duration // how long from the start the fiscal drive is closed
	Seed            uint64
	Zone            *time.Location // of the till; nil: of this computer
}

// Server is the simulator.
type Server struct {
	o       Options
	started time.Time
	http    *http.Client
	wg      sync.WaitGroup

	mu      sync.Mutex
	rng     *rand.Rand
	tokens  map[string]bool
	byID    map[string]*document // by uuid
	outside map[string]string    // uuid by external id
	printed int64
}

type document struct {
	uuid      string
	operation string
	doc       atol.Document
	at        time.Time
	refused   *atol.Trouble
	printed   *atol.Printed
}

// New makes a simulator.
func New(o Options) *Server {
	if o.Zone == nil {
		o.Zone = time.Local
	}
	return &Server{o: o, started: time.Now(), http: &http.Client{Timeout: 5 * time.Second}, rng: rand.New(rand.NewPCG(o.Seed, 1)),
		tokens: map[string]bool{}, byID: map[string]*document{}, outside: map[string]string{}}
}

// stamp writes a moment by the clock of the till.
func (s *Server) stamp(t time.Time) string { return atol.Stamp(t.In(s.o.Zone)) }

// Handler serves the protocol.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /possystem/v5/getToken", s.getToken)
	mux.HandleFunc("POST /possystem/v5/{group}/{operation}", s.authorised(s.register))
	mux.HandleFunc("GET /possystem/v5/{group}/report/{uuid}", s.authorised(s.report))
	return mux
}

// Wait waits until every call-back has gone.
func (s *Server) Wait() { s.wg.Wait() }

// Forget ends all tokens, as the register does after a day.
func (s *Server) Forget() { s.mu.Lock(); s.tokens = map[string]bool{}; s.mu.Unlock() }

// Document is a document the till has printed.
type Document struct {
	Operation string
	atol.Document
	atol.Printed
}

// Printed gives what the till has printed, in no order.
func (s *Server) Printed() (list []Document) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.byID {
		if s.settle(d); d.printed != nil {
			list = append(list, Document{d.operation, d.doc, *d.printed})
		}
	}
	return list
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client is away
}

func trouble(code int, kind, text string) *atol.Trouble {
	return &atol.Trouble{Code: code, Type: kind, Text: text}
}

func (s *Server) getToken(w http.ResponseWriter, r *http.Request) {
	var in struct{ Login, Pass string }
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&in); err != nil || in.Login != s.o.Login || in.Pass != s.o.Password {
		answer(w, http.StatusUnauthorized, map[string]any{"error": trouble(12, "system", "Неверный логин или пароль пользователя"), "token": nil})
		return
	}
	s.mu.Lock()
	token := fmt.Sprintf("t%016x", s.rng.Uint64())
	s.tokens[token] = true
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"error": nil, "token": token, "timestamp": s.stamp(time.Now())})
}

func (s *Server) authorised(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		known, fails := s.tokens[r.Header.Get("Token")], s.chance(s.o.Fail)
		s.mu.Unlock()
		switch {
		case fails:
			answer(w, http.StatusInternalServerError, map[string]any{"error": trouble(50, "system", "Сервис временно недоступен")})
		case !known:
			answer(w, http.StatusUnauthorized, map[string]any{"error": trouble(11, "system", "Срок действия токена истёк")})
		case r.PathValue("group") != s.o.Group:
			answer(w, http.StatusBadRequest, map[string]any{"error": trouble(20, "system", "Код группы не относится к компании")})
		default:
			next(w, r)
		}
	}
}

// chance draws; the lock is held.
func (s *Server) chance(p float64) bool { return p > 0 && s.rng.Float64() < p }

func (s *Server) register(w http.ResponseWriter, r *http.Request) {
	var doc atol.Document
	operation := r.PathValue("operation")
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&doc); err != nil {
		answer(w, http.StatusBadRequest, map[string]any{"status": atol.StatusFail, "error": trouble(30, "system", "Передан некорректный JSON: "+err.Error())})
		return
	}
	if operation != atol.Sell && operation != atol.SellRefund && operation != atol.Correction {
		answer(w, http.StatusBadRequest, map[string]any{"status": atol.StatusFail, "error": trouble(31, "system", "Операция не поддерживается")})
		return
	}
	if found := atol.Validate(operation, &doc); len(found) > 0 {
		answer(w, http.StatusBadRequest, map[string]any{"status": atol.StatusFail, "error": trouble(32, "system", "Ошибка валидации: "+found[0].String())})
		return
	}
	report, lost := s.take(operation, doc)
	if lost {
		hangUp(w)
		return
	}
	answer(w, http.StatusOK, report)
}

// take keeps a document; one met before is answered with the first one's uuid. lost: the answer does not arrive.
func (s *Server) take(operation string, doc atol.Document) (report atol.Report, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	report = atol.Report{Timestamp: s.stamp(now), Status: atol.StatusWait, ExternalID: doc.ExternalID}
	lost = s.chance(s.o.Lose)
	if uuid, ok := s.outside[doc.ExternalID]; ok {
		report.UUID, report.Error = uuid, trouble(33, "system", "В системе существует чек с external_id : "+doc.ExternalID)
		return report, lost
	}
	d := &document{uuid: fmt.Sprintf("%08x-%04x-4000-8000-%012x", s.rng.Uint32(), s.rng.Uint32()&0xffff, s.rng.Uint64()&0xffffffffffff), operation: operation, doc: doc, at: now}
	if s.chance(s.o.Refuse) {
		d.refused = trouble(3807, "driver", "Нет бумаги в принтере ККТ")
	}
	s.byID[d.uuid], s.outside[doc.ExternalID] = d, d.uuid
	report.UUID = d.uuid
	s.callBack(d)
	return report, lost
}

// hangUp breaks the connection without an answer.
func hangUp(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		c.Close()
	}
}

// settle prints a document whose time has come, or says why it cannot be. The lock is held.
func (s *Server) settle(d *document) {
	now := time.Now()
	if d.printed != nil || d.refused != nil || now.Sub(d.at) < s.o.Delay {
		return
	}
	if now.Sub(s.started) < s.o.Closed {
		d.refused = trouble(3924, "driver", "Фискальный накопитель закрыт: архив ФН закрыт")
		return
	}
	s.printed++
	d.printed = &atol.Printed{
		Total: d.doc.Body().Total, FNSSite: "nalog.gov.ru", FN: "9999078900000001", Shift: 1, DateTime: s.stamp(now), Number: int(s.printed), FD: s.printed,
		Register: "0000000001012345", FP: 1_000_000_000 + int64(s.rng.Uint32()%2_000_000_000), OFDINN: "7709364346", OFDReceiptURL: "https://ofd.example/rec/" + d.uuid,
	}
}

func (s *Server) reportOf(d *document) atol.Report {
	s.settle(d)
	r := atol.Report{UUID: d.uuid, ExternalID: d.doc.ExternalID, Timestamp: s.stamp(time.Now()), Status: atol.StatusWait}
	switch {
	case d.refused != nil:
		r.Status, r.Error = atol.StatusFail, d.refused
	case d.printed != nil:
		r.Status, r.Payload = atol.StatusDone, d.printed
	default:
		r.Error = trouble(34, "system", "Нет информации, попробуйте позднее")
	}
	return r
}

func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	d, ok := s.byID[r.PathValue("uuid")]
	var report atol.Report
	if ok {
		report = s.reportOf(d)
	}
	s.mu.Unlock()
	if !ok {
		answer(w, http.StatusNotFound, map[string]any{"status": atol.StatusFail, "error": trouble(34, "system", "Чек не найден")})
		return
	}
	answer(w, http.StatusOK, report)
}

// callBack tells the sender when the document is printed. The lock is held.
func (s *Server) callBack(d *document) {
	if d.doc.Service == nil || d.doc.Service.CallbackURL == "" || s.chance(s.o.Silent) {
		return
	}
	times := 1
	if s.chance(s.o.Double) {
		times = 2
	}
	s.wg.Go(func() {
		time.Sleep(s.o.Delay)
		s.mu.Lock()
		body, err := json.Marshal(s.reportOf(d))
		s.mu.Unlock()
		for range times {
			if err != nil {
				return
			}
			var res *http.Response
			if res, err = s.http.Post(d.doc.Service.CallbackURL, "application/json", bytes.NewReader(body)); err == nil {
				res.Body.Close()
			}
		}
	})
}
