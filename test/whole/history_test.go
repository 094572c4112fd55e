package whole

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// What a client asked about a payment, and what is known from the answer. A payment only goes from none over paid to back.
type (
	asked string
	state int
)

const (
	askPay    asked = "pay"
	askCancel asked = "cancel"
	askStatus asked = "status"
	askOther  asked = "pay with another sum"
)

const (
	none state = iota
	paid
	back
	unknown // no answer: it may have been done, then or never
)

// step is one request and its answer in a history.
type step struct {
	payment    int
	ask        asked
	began, end time.Time
	state      state // of the payment, as the answer tells
}

// history is what many clients asked at once and were told.
type history struct {
	mu    sync.Mutex
	steps []step
}

func (h *history) add(s step) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.steps = append(h.steps, s)
}

// reach waits until so many requests were answered.
func (h *history) reach(answers int) {
	for {
		h.mu.Lock()
		n := len(h.steps) - h.seen(askPay, unknown) - h.seen(askCancel, unknown) - h.seen(askStatus, unknown)
		h.mu.Unlock()
		if n >= answers {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// faults are the answers no order of the requests explains, in which each happened between its beginning and its end.
func (h *history) faults() (list []string) {
	of := map[int][]step{}
	for _, s := range h.steps {
		of[s.payment] = append(of[s.payment], s)
	}
	for payment, steps := range of {
		slices.SortFunc(steps, func(a, b step) int { return a.began.Compare(b.began) })
		for _, s := range steps {
			if why := unexplained(s, steps); why != "" {
				list = append(list, fmt.Sprintf("payment %d: %s from %s to %s told %d: %s", payment, s.ask, s.began.Format("05.000"), s.end.Format("05.000"), s.state, why))
			}
		}
	}
	slices.Sort(list)
	return list
}

// causes are the requests that bring a payment to a state.
var causes = map[state]asked{paid: askPay, back: askCancel}

// unexplained tells why an answer cannot be: nobody had asked for what it tells, or an earlier answer told of a later state.
func unexplained(s step, steps []step) string {
	if s.state == unknown {
		return ""
	}
	for reached, cause := range causes {
		begun := slices.ContainsFunc(steps, func(o step) bool { return o.ask == cause && o.began.Before(s.end) })
		if s.state >= reached && !begun {
			return "nobody had asked for it"
		}
	}
	for _, o := range steps {
		if o.state != unknown && o.state > s.state && o.end.Before(s.began) {
			return fmt.Sprintf("%s had told %d before it began", o.ask, o.state)
		}
	}
	return ""
}

// last is the latest state told of each payment.
func (h *history) last() map[int]state {
	list := map[int]state{}
	for _, s := range h.steps {
		if s.state != unknown {
			list[s.payment] = max(list[s.payment], s.state)
		}
	}
	return list
}

// seen counts answers of a kind.
func (h *history) seen(a asked, s state) (n int) {
	for i := range h.steps {
		if h.steps[i].ask == a && h.steps[i].state == s {
			n++
		}
	}
	return n
}
