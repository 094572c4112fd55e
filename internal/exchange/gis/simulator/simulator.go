// Package simulator is a ГИС ЖКХ for tests and trials: a server of its own that speaks the asynchronous SOAP protocol
// over loopback and misbehaves on demand. It takes messages and loses the receipt, answers late, twice or partly, says
// «уже существует», refuses, closes for days and changes a code list.
//
// It knows nothing of our tables and keeps what it took in memory.
package simulator

import (
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/exchange/gis"
)

// Options set the simulator's temper. Probabilities are 0 to 1.
type Options struct {
	Lose       float64       // calls whose answer is lost; half of them were not taken either
	Double     float64       // messages that are worked twice
	Partial    float64       // objects that an answer is silent about; the next one may tell
	Refuse     float64       // objects that are refused for good
	Delay      time.Duration // from the receipt to the result
	Closed     time.Duration // nothing is answered so long from the start
	ChangeList time.Duration // the code list changes so long after the start; 0: never
	Seed       uint64
	Now        func() calendar.Micros
}

// Saved is an object the simulator has.
type Saved struct {
	Kind   gis.Kind
	Entity string // whose it is: objects of one are saved in the order they came
	Text   string // what it says, without its TransportGUID
	GUID   string
	Unique string
	Order  int
}

// Server is the simulator.
type Server struct {
	o        Options
	began    calendar.Micros
	mu       sync.Mutex
	rng      *rand.Rand
	messages map[string]*message // by both GUIDs
	saved    map[string]Saved    // by TransportGUID
	accounts map[string]Saved    // by number
	refused  map[string]bool
	unique   map[string]bool // numbers given
	largest  map[gis.Kind]int
}

// message is a message that was taken.
type message struct {
	guid, own string
	at        calendar.Micros
	results   []result
	list      bool
}

// New makes a simulator.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = func() calendar.Micros { return calendar.MicrosOf(time.Now()) }
	}
	return &Server{o: o, began: o.Now(), rng: rand.New(rand.NewPCG(o.Seed, 2)), messages: map[string]*message{}, saved: map[string]Saved{}, accounts: map[string]Saved{}, refused: map[string]bool{},
		unique: map[string]bool{}, largest: map[gis.Kind]int{}}
}

// Saved are the objects that were saved, by TransportGUID.
func (s *Server) Saved() map[string]Saved {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make(map[string]Saved, len(s.saved))
	for k, v := range s.saved {
		list[k] = v
	}
	return list
}

// Refused tells whether an object was refused for good.
func (s *Server) Refused(guid string) bool { s.mu.Lock(); defer s.mu.Unlock(); return s.refused[guid] }

// Largest is how many objects the largest message of a kind had.
func (s *Server) Largest(k gis.Kind) int { s.mu.Lock(); defer s.mu.Unlock(); return s.largest[k] }

// Handler serves all services.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{service}/services/{name}", s.call)
	return mux
}

func (s *Server) since() time.Duration {
	return time.Duration(s.o.Now()-s.began) * time.Microsecond
}

func (s *Server) call(w http.ResponseWriter, r *http.Request) {
	q, err := read(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.since() < s.o.Closed:
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	case err != nil:
		say(w, http.StatusInternalServerError, failure("FMT001300", "Сообщение не разобрано"))
		return
	case s.chance(s.o.Lose) && s.chance(0.5):
		panic(http.ErrAbortHandler) // it never came
	}
	status, answer := s.answer(q)
	if s.chance(s.o.Lose) && s.chance(0.5) {
		panic(http.ErrAbortHandler) // it was taken, the answer is lost
	}
	say(w, status, answer)
}

// chance throws a coin; the caller holds the lock.
func (s *Server) chance(share float64) bool { return share > 0 && s.rng.Float64() < share }

// fated tells whether an object is among a share of all: always the same of one object.
func fated(guid string, share float64) bool {
	h := fnv.New32a()
	h.Write([]byte(guid)) //nolint:errcheck // it never fails
	return float64(h.Sum32()%10000) < share*10000
}

func (s *Server) answer(q *request) (int, any) {
	switch q.body.XMLName.Local {
	case "getStateRequest":
		return s.state(q)
	case "exportNsiItemRequest":
		return http.StatusOK, s.take(q, &message{list: true})
	}
	kind, objects := q.objects()
	if n := len(objects); n == 0 || n > gis.Operations[kind].Max {
		return http.StatusInternalServerError, failure("FMT001300", "Число объектов в сообщении вне границ схемы")
	}
	if m := s.messages[q.message]; m != nil {
		return http.StatusOK, receipt{Message: m.guid, Own: m.own}
	}
	s.largest[kind] = max(s.largest[kind], len(objects))
	m := &message{}
	for range 1 + s.coin(s.o.Double) {
		for _, o := range objects {
			m.results = append(m.results, s.save(kind, o))
		}
	}
	return http.StatusOK, s.take(q, m)
}

func (s *Server) coin(share float64) int {
	if s.chance(share) {
		return 1
	}
	return 0
}

// take gives a message its GUID and keeps it.
func (s *Server) take(q *request, m *message) receipt {
	m.guid, m.own, m.at = newGUID(s.rng), q.message, s.o.Now()
	s.messages[m.guid], s.messages[m.own] = m, m
	return receipt{Message: m.guid, Own: m.own}
}

func (s *Server) state(q *request) (int, any) {
	m := s.messages[q.body.find("MessageGUID")]
	if m == nil {
		return http.StatusInternalServerError, failure(gis.UnknownMessage, "Сообщение не найдено")
	}
	a := state{State: gis.StateReceived, Message: m.guid}
	if m.list {
		a.State, a.list = gis.StateDone, s.list()
		return http.StatusOK, a
	}
	switch age := time.Duration(s.o.Now()-m.at) * time.Microsecond; {
	case age >= s.o.Delay:
		a.State = gis.StateDone
		for _, r := range m.results {
			if !s.chance(s.o.Partial) {
				a.results = append(a.results, r)
			}
		}
	case age >= s.o.Delay/2:
		a.State = gis.StateProcessing
	}
	return http.StatusOK, a
}
