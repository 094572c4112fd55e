// Package simulator is the other side of messages for tests and trials: a gateway of text messages and calls, a mail
// server and a push service, each a server of its own that speaks the real protocol over the network and misbehaves on
// demand: refuses, is busy, answers with an error in a good answer, loses its answer, delivers late or never, tells nobody.
//
// Owns nothing but memory: what was received, to be read by a person or a test. It reads requests by code of its own, so
// that it proves the clients. A telephone that ends in 0000 is out of reach: what goes to it is never delivered.
package simulator

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Options set the temper. Shares are 0 to 1.
type Options struct {
	Login, Password string
	Callback        string        // where the gateway calls back; '': it is asked only
	Slow            time.Duration // before every answer
	Late            time.Duration // until a message is delivered
	Fail            float64       // an error of the server, nothing was taken
	Refuse          float64       // refused for good; the gateway says it in an answer of status 200
	Busy            float64       // too many: 429, 451
	Lose            float64       // taken, but the answer is lost
	Undelivered     float64       // taken and never delivered
	Silent          float64       // call-backs never sent
	Seed            uint64
}

// Kinds of what a person receives.
const (
	SMS  = "sms"
	Call = "call"
	Mail = "mail"
	Push = "push"
)

// Got is what a person received.
type Got struct {
	Kind    string    `json:"kind"`
	To      string    `json:"to"` // telephone without plus, address, number of the subscription
	Subject string    `json:"subject,omitempty"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
	Header  string    `json:"header,omitempty"` // of a letter, as it came
}

// heard is the memory of a simulator.
type heard struct {
	o Options

	mu   sync.Mutex
	rng  *rand.Rand
	list []Got
}

func newHeard(o Options) heard { return heard{o: o, rng: rand.New(rand.NewPCG(o.Seed, 1))} }

// keepMax bounds the memory: the oldest are forgotten.
const keepMax = 200_000

// keep remembers what was received; the lock is held.
func (h *heard) keep(g Got) {
	if len(h.list) >= keepMax {
		h.list = h.list[keepMax/2:]
	}
	h.list = append(h.list, g)
}

// Got gives what was received, in order.
func (h *heard) Got() []Got {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Got(nil), h.list...)
}

// fate is what happens to one request.
type fate struct{ fail, refuse, busy, lose, undelivered, silent bool }

// draw waits as long as the simulator is slow and decides.
func (h *heard) draw() fate {
	time.Sleep(h.o.Slow)
	h.mu.Lock()
	defer h.mu.Unlock()
	chance := func(p float64) bool { return p > 0 && h.rng.Float64() < p }
	return fate{chance(h.o.Fail), chance(h.o.Refuse), chance(h.o.Busy), chance(h.o.Lose), chance(h.o.Undelivered), chance(h.o.Silent)}
}
