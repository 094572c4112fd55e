package room

import (
	"bytes"
	"context"
	"net/http"
	"time"
)

// batchMax bounds the events of one answer.
const batchMax = 100

// After waits for events past one, up to a time, and gives them as the messenger misbehaves: told twice, in another order.
func (r *Room) After(ctx context.Context, id int64, wait time.Duration) []Event {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		r.mu.Lock()
		list, changed := r.past(id), r.changed
		r.mu.Unlock()
		if len(list) > 0 {
			return list
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		case <-timer.C:
			return nil
		}
	}
}

// past are the events after one. The lock is held.
func (r *Room) past(id int64) (list []Event) {
	for _, e := range r.events {
		if e.ID > id && len(list) < batchMax {
			list = append(list, e)
		}
	}
	return r.shuffled(list)
}

// shuffled doubles events and lets neighbours change places. The lock is held.
func (r *Room) shuffled(list []Event) (out []Event) {
	for _, e := range list {
		out = append(out, e)
		if r.chance(r.o.Duplicate) {
			out = append(out, e)
		}
	}
	for i := 1; i < len(out); i++ {
		if r.chance(r.o.Shuffle) {
			out[i-1], out[i] = out[i], out[i-1]
		}
	}
	return out
}

func (r *Room) chance(share float64) bool { return share > 0 && r.rng.Float64() < share }

// Fate is what becomes of a call.
type Fate int

// Fates.
const (
	Done Fate = iota
	Lost      // done, and not answered
	TooMany
)

// Fate decides what becomes of a call, and lets the time of an answer pass. to is the chat it writes to, 0 is none.
func (r *Room) Fate(to int64) Fate {
	time.Sleep(r.o.Delay)
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.people[to]
	switch {
	case r.chance(r.o.TooMany), r.o.Pace && p != nil && time.Since(p.last) < 900*time.Millisecond:
		return TooMany
	case r.chance(r.o.Lose):
		return Lost
	}
	return Done
}

// Allows tells whether a token is that of the bot.
func (r *Room) Allows(token string) bool { return token == r.o.Token }

// Hook is how events are told by calls.
type Hook struct {
	URL    string
	Header string // of the secret
	Secret string
	Body   func(Event) []byte
}

// Tell begins to tell events by calls; with an empty address it ends.
func (r *Room) Tell(h Hook) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hook = h
}

// Hooked is where events are told.
func (r *Room) Hooked() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hook.URL
}

// callPause is how soon a call that failed is made again.
const callPause = 200 * time.Millisecond

// Run tells events by calls, where that was asked for, until the context ends.
func (r *Room) Run(ctx context.Context) {
	client := http.Client{Timeout: 5 * time.Second}
	for ctx.Err() == nil {
		r.mu.Lock()
		h, from, changed := r.hook, r.hooked, r.changed
		list := r.past(from)
		r.mu.Unlock()
		told := h.URL != "" && r.call(ctx, &client, h, list)
		if told && len(list) > 0 {
			r.mu.Lock()
			for i := range list {
				r.hooked = max(r.hooked, list[i].ID)
			}
			r.mu.Unlock()
			continue
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-time.After(callPause):
		}
	}
}

// call tells events one after another; false when one was not taken.
func (r *Room) call(ctx context.Context, client *http.Client, h Hook, list []Event) bool {
	for i := range list {
		q, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(h.Body(list[i])))
		if err != nil {
			return false
		}
		q.Header.Set("Content-Type", "application/json")
		q.Header.Set(h.Header, h.Secret)
		res, err := client.Do(q)
		if err != nil {
			return false
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return false
		}
	}
	return true
}
