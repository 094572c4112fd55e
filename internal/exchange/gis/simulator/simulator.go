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
	"strings"
	"sync"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/exchange/gis"
)

// Options set the simulator's temper. Probabilities are 0 to 1.
type Options struct {
	Lose       float64             // calls whose answer is lost; half of them were not taken either
	Double     float64             // messages that are worked twice
	Partial    float64             // objects that an answer is silent about; the next one may tell
	Refuse     float64             // objects that are refused for good
	Busy       float64             // objects that are refused once, for want of time
	Newer      string              // a text a newer schema does not allow: a message with it is refused as a whole
	NoAccess   float64             // organisations that did not give the centre their rights
	GivenIn    time.Duration       // they do so long after the start; 0: never
	Delay      time.Duration       // from the receipt to the result
	Closed     time.Duration       // nothing is answered so long from the start
	ChangeList time.Duration       // the code list changes so long after the start; 0: never
	Flats      map[string][]string // numbers of flats by codes of houses
	FlatsMade  int                 // flats of any other house that is asked about: 1, 2 …
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
	node   *node

	Archived bool   // of a meter
	Version  string // of a changed meter
	Number   string // on a changed meter
}

// Server is the simulator.
type Server struct {
	o        Options
	began    calendar.Micros
	mu       sync.Mutex
	rng      *rand.Rand
	messages map[string]*message // by both GUIDs
	saved    map[string]Saved    // by TransportGUID
	standing map[string]Saved    // the objects there are, by what they are about
	refused  map[string]bool
	wasBusy  map[string]bool
	unique   map[string]bool // numbers given
	acked    map[string]bool // notices that are acknowledged
	largest  map[gis.Kind]int
}

// message is a message that was taken.
type message struct {
	guid, own string
	at        calendar.Micros
	kind      gis.Kind
	org       string
	results   []result
	query     *node // nil: objects were sent
}

// New makes a simulator.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = func() calendar.Micros { return calendar.MicrosOf(time.Now()) }
	}
	if o.Flats == nil {
		o.Flats = map[string][]string{}
	}
	return &Server{o: o, began: o.Now(), rng: rand.New(rand.NewPCG(o.Seed, 2)), messages: map[string]*message{}, saved: map[string]Saved{}, standing: map[string]Saved{}, refused: map[string]bool{},
		wasBusy: map[string]bool{}, unique: map[string]bool{}, acked: map[string]bool{}, largest: map[gis.Kind]int{}}
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

// Standing is how many objects there are that can be only once: accounts, meters, documents.
func (s *Server) Standing() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.standing) }

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
		s.say(w, http.StatusInternalServerError, failure(gis.CodeFormat, "Сообщение не разобрано"))
		return
	case s.chance(s.o.Lose) && s.chance(0.5):
		panic(http.ErrAbortHandler) // it never came
	}
	status, answer := s.answer(q)
	if s.chance(s.o.Lose) && s.chance(0.5) {
		panic(http.ErrAbortHandler) // it was taken, the answer is lost
	}
	s.say(w, status, answer)
}

// chance throws a coin; the caller holds the lock.
func (s *Server) chance(share float64) bool { return share > 0 && s.rng.Float64() < share }

// fated tells whether an object is among a share of all: always the same of one object.
func fated(guid string, share float64) bool {
	return float64(hash(guid)%10000) < share*10000
}

func hash(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text)) //nolint:errcheck // it never fails
	return h.Sum64()
}

func (s *Server) answer(q *request) (int, node) {
	if q.body.XMLName.Local == "getStateRequest" {
		return s.state(q)
	}
	if m := s.messages[q.message]; m != nil {
		return http.StatusOK, receipt(m)
	}
	if kind, asked := queries[q.body.XMLName.Local]; asked {
		return http.StatusOK, s.take(q, &message{kind: kind, query: q.body})
	}
	kind, objects := q.objects()
	if bad := q.broken(kind, objects); bad != "" {
		return http.StatusInternalServerError, failure(gis.CodeFormat, bad)
	}
	if s.o.Newer != "" && strings.Contains(q.body.plain(), s.o.Newer) {
		return http.StatusInternalServerError, failure(gis.CodeFormat, "Документ не соответствует схеме")
	}
	if fated(q.org, s.o.NoAccess) && (s.o.GivenIn == 0 || s.since() < s.o.GivenIn) {
		return http.StatusInternalServerError, failure(gis.CodeAccess, "Доступ запрещён для поставщика данных")
	}
	s.largest[kind] = max(s.largest[kind], len(objects))
	m := &message{kind: kind}
	for range 1 + s.coin(s.o.Double) {
		for _, o := range objects {
			m.results = append(m.results, s.save(q, kind, o))
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
func (s *Server) take(q *request, m *message) node {
	m.guid, m.own, m.org, m.at = newGUID(s.rng), q.message, q.org, s.o.Now()
	s.messages[m.guid], s.messages[m.own] = m, m
	return receipt(m)
}

func (s *Server) state(q *request) (int, node) {
	m := s.messages[q.body.find("MessageGUID")]
	if m == nil {
		return http.StatusInternalServerError, failure(gis.UnknownMessage, "Сообщение не найдено")
	}
	switch age := time.Duration(s.o.Now()-m.at) * time.Microsecond; {
	case m.kind == kindList || m.kind == kindOwnList || m.query != nil && age >= s.o.Delay:
		return http.StatusOK, state(m, gis.StateDone, s.has(m))
	case age >= s.o.Delay:
		return http.StatusOK, state(m, gis.StateDone, results(m.kind, s.heard(m.results)))
	case age >= s.o.Delay/2:
		return http.StatusOK, state(m, gis.StateProcessing, nil)
	}
	return http.StatusOK, state(m, gis.StateReceived, nil)
}

// heard are the results an answer does not keep silent about.
func (s *Server) heard(all []result) (list []result) {
	for i := range all {
		if !s.chance(s.o.Partial) {
			list = append(list, all[i])
		}
	}
	return list
}
