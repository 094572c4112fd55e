// Package simulator is an acquirer for tests and the demo: a server of its own that speaks the protocol of YooKassa, T-Bank,
// Raiffeisenbank (СБП) or CloudPayments over the network, shows the payer a page, and misbehaves on demand: errors before and after
// the work is done, late, doubled, shuffled and lost notifications, silence.
//
// It knows nothing of our tables and keeps its payments in memory.
package simulator

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"kvit/internal/money"
	"kvit/internal/payment/gateway"
)

// Kinds: whose protocol is spoken.
const (
	YooKassa      = "yookassa"
	TBank         = "tbank"
	Raiffeisen    = "raiffeisen"
	CloudPayments = "cloudpayments"
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
	Kind      string // YooKassa by default
	Mode      string // Manual by default
	ID        string // of the shop, terminal or merchant
	Secret    string
	Callback  string        // where notifications go; empty: nowhere
	Base      string        // of its own pages
	Links     string        // where links of СБП lead; its own pages by default
	Delay     time.Duration // before each notification
	Duplicate float64
	Shuffle   float64       // held back until the next one has gone
	Lose      float64       // notifications
	Fail      float64       // calls answered with an error, half of them after they were done
	KeyLife   time.Duration // how long a key of idempotence is remembered; a day by default
	Seed      uint64
}

// dialect is one acquirer's protocol over the payments there are.
type dialect interface {
	routes(mux *http.ServeMux)
	// note writes the notification of what happened to a payment, or of its refund.
	note(p *payment, r *refund) note
}

// note is a notification on its way.
type note struct {
	body        []byte
	contentType string
	headers     map[string]string
}

// payment is a payment as the simulator keeps it.
type payment struct {
	gateway.Request
	id       string
	link     string // id of its link of СБП
	state    string
	shown    bool         // its payer has seen it
	taken    money.Amount // of a payment captured; less than Sum when a part of a held sum was taken
	returned money.Amount
	reason   string // in the words of the dialect
	token    string // the way of paying that was kept
	created  time.Time
	paid     time.Time
	refunds  []*refund
}

// refund is a sum that went back.
type refund struct {
	id, mark string
	sum      money.Amount
	at       time.Time
}

// Server is the simulator.
type Server struct {
	o        Options
	speaks   dialect
	mu       sync.Mutex
	rng      *rand.Rand
	list     []*payment
	byID     map[string]*payment
	refunds  map[string]*refund
	owner    map[*refund]*payment
	tokens   map[string]bool
	keys     map[string]remembered
	receipts map[string][]object
	held     *note
	seq      int
	http     *http.Client
	wg       sync.WaitGroup
}

// New makes a simulator.
func New(o Options) *Server {
	if o.Mode == "" {
		o.Mode = Manual
	}
	if o.KeyLife == 0 {
		o.KeyLife = 24 * time.Hour
	}
	s := &Server{
		o: o, rng: rand.New(rand.NewPCG(o.Seed, 1)), byID: map[string]*payment{}, refunds: map[string]*refund{}, owner: map[*refund]*payment{}, tokens: map[string]bool{}, keys: map[string]remembered{}, receipts: map[string][]object{},
		http: &http.Client{Timeout: 5 * time.Second},
	}
	switch o.Kind {
	case TBank:
		s.speaks = &tbankSide{s}
	case Raiffeisen:
		s.speaks = &raiffeisenSide{s}
	case CloudPayments:
		s.speaks = &cloudSide{s}
	default:
		s.speaks = &yookassaSide{s}
	}
	return s
}

// SetBase tells the simulator where it is reached, once its port is known.
func (s *Server) SetBase(base string) { s.mu.Lock(); s.o.Base = base; s.mu.Unlock() }

// SetCallback tells where notifications go.
func (s *Server) SetCallback(url string) { s.mu.Lock(); s.o.Callback = url; s.mu.Unlock() }

// SetMode tells who decides from now on.
func (s *Server) SetMode(mode string) { s.mu.Lock(); s.o.Mode = mode; s.mu.Unlock() }

// Wait waits until every notification has gone.
func (s *Server) Wait() { s.wg.Wait() }

// Handler serves the protocol and the payer's page.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	s.speaks.routes(mux)
	mux.HandleFunc("GET /pay/{id}", s.page)
	mux.HandleFunc("POST /pay/{id}", s.decide)
	mux.HandleFunc("GET /{link}", s.page) // where a link of СБП leads on this test stand
	return mux
}

// create registers a payment and, unless its payer decides, decides it. The lock is held.
func (s *Server) create(r gateway.Request) *payment {
	s.seq++
	p := &payment{Request: r, id: s.newID(), state: gateway.Pending, created: time.Now().UTC()}
	p.link = fmt.Sprintf("AD10%028X", uint64(s.seq)<<32|uint64(s.rng.Uint32()))
	if s.o.Kind == Raiffeisen { // it has no other number of a payment than that of its link
		p.id = p.link
	}
	s.list, s.byID[p.id], s.byID[p.link] = append(s.list, p), p, p
	known := r.Saved == "" || s.tokens[r.Saved]
	switch {
	case s.o.Mode == Declined || !known:
		s.decline(p, declinedNoMoney)
	case s.o.Mode == Captured || s.o.Mode == Manual && r.Saved != "":
		s.pay(p)
	}
	return p
}

// newID is an id in the form of the dialect. The lock is held.
func (s *Server) newID() string {
	if s.o.Kind == TBank || s.o.Kind == CloudPayments {
		return fmt.Sprintf("%d", 3_000_000_000+int64(s.seq)*1000+int64(s.rng.IntN(1000)))
	}
	hi, lo := s.rng.Uint64(), s.rng.Uint64()
	return fmt.Sprintf("%08x-000f-5000-8000-%012x", uint32(hi), lo&0xffffffffffff)
}

// Why a payment was declined.
const declinedNoMoney = "insufficient_funds"

// pay is the payer's payment: the sum is held, or taken. The lock is held.
func (s *Server) pay(p *payment) {
	if p.state != gateway.Pending {
		return
	}
	p.paid = time.Now().UTC()
	if p.Save {
		s.seq++
		p.token = fmt.Sprintf("token-%06d-%08x", s.seq, s.rng.Uint32())
		s.tokens[p.token] = true
	}
	if p.Hold {
		p.state = gateway.Authorised
	} else {
		p.state, p.taken = gateway.Captured, p.Sum
	}
	s.tell(s.speaks.note(p, nil))
}

// decline ends a payment that was not taken. The lock is held.
func (s *Server) decline(p *payment, reason string) {
	if p.state != gateway.Pending {
		return
	}
	p.state, p.reason = gateway.Declined, reason
	if reason == "expired_on_confirmation" {
		p.state = gateway.Expired
	}
	s.tell(s.speaks.note(p, nil))
}

// capture takes a held sum or a part of it; false when it is not held. The lock is held.
func (s *Server) capture(p *payment, sum money.Amount) bool {
	if p.state != gateway.Authorised || sum <= 0 || sum > p.Sum {
		return false
	}
	p.state, p.taken = gateway.Captured, sum
	s.tell(s.speaks.note(p, nil))
	return true
}

// cancel lets a held sum go; false when it is not held. The lock is held.
func (s *Server) cancel(p *payment) bool {
	if p.state != gateway.Authorised {
		return false
	}
	p.state, p.reason = gateway.Cancelled, "canceled_by_merchant"
	s.tell(s.speaks.note(p, nil))
	return true
}

// giveBack returns a part of what was taken; nil when there is not so much left. The lock is held.
func (s *Server) giveBack(p *payment, sum money.Amount, mark string) *refund {
	if p.state != gateway.Captured || sum <= 0 || sum > p.taken-p.returned {
		return nil
	}
	s.seq++
	r := &refund{id: s.newID(), sum: sum, mark: mark, at: time.Now().UTC()}
	p.returned += sum
	p.refunds, s.refunds[r.id], s.owner[r] = append(p.refunds, r), r, p
	s.tell(s.speaks.note(p, r))
	return r
}

// linkBase is where links of СБП lead. The lock is held.
func (s *Server) linkBase() string {
	if s.o.Links != "" {
		return strings.TrimRight(s.o.Links, "/")
	}
	return s.o.Base
}
